//! Where a process's memory lies, and its files written relative to that, FORMAT.md "Templates".
//!
//! The kernel moves a few areas to random places: the program, its heap, the libraries, the stack. Each gets a base. An
//! address becomes its distance from the base of its area, and only where that reads back as the very same digits.

use procglass_model::bundle::template::{BASES_MAX, Digits, push_hex, push_hole, push_literal};

/// A larger hole in the address space parts two areas: nothing says that they move together.
const GAP: u64 = 16 << 20;
/// What lies at the same place in every process needs no base: the kernel's half, with `[vsyscall]`.
const KERNEL: u64 = 1 << 63;
/// The stack holds the arguments at a fixed distance from its end, and what is below them at a random one.
const BELOW: u64 = 64 << 10;

/// Fields of `stat` that are addresses, proc_pid_stat(5): where they lie does not depend on the stack's random part...
const STAT_FIELDS: &[usize] = &[26, 27, 45, 46, 47, 48, 49, 50, 51];
/// ... and where it does.
const STAT_STACK: &[usize] = &[28, 29];
/// Addresses in the auxiliary vector, getauxval(3): `AT_PHDR`, `AT_BASE`, `AT_ENTRY`, `AT_EXECFN`, `AT_SYSINFO_EHDR`...
const AUXV: &[u64] = &[3, 7, 9, 31, 33];
/// ... and those below the arguments: `AT_PLATFORM`, `AT_BASE_PLATFORM`, `AT_RANDOM`.
const AUXV_STACK: &[u64] = &[15, 24, 25];

/// One area: all mappings that move together.
#[derive(Clone, Copy, Debug)]
struct Area {
    start: u64,
    end: u64,
    base: u64,
}

/// A line of `maps`, taken apart.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: u64,
    end: u64,
    /// The area that it lies in, unless that is the kernel's.
    area: Option<usize>,
    /// Where the space behind the addresses is.
    rest: usize,
    /// Where the next line begins.
    next: usize,
}

/// The areas of a process, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Layout {
    areas: Vec<Area>,
    lines: Vec<Option<Line>>,
    /// Where the pointers to arguments and environment begin, in the last of the areas.
    stack: Option<u64>,
    /// The template made last.
    pub(super) template: Vec<u8>,
}

impl Layout {
    pub(super) fn clear(&mut self) {
        self.areas.clear();
        self.stack = None;
    }

    /// The bases by letter.
    pub(super) fn bases(&self) -> impl Iterator<Item = u64> {
        self.areas.iter().map(|area| area.base).chain(self.stack)
    }

    /// Whether nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// Finds the areas in `maps` and the stack in `stat`, and makes the template of `maps`. False: there is nothing to
    /// be relative to.
    pub(super) fn learn(&mut self, maps: &[u8], stat: &[u8]) -> bool {
        self.clear();
        self.split(maps);
        if self.areas.is_empty() {
            return false;
        }
        self.stack = field(stat, 28)
            .filter(|stack| self.areas.len() < BASES_MAX && self.areas.iter().any(|area| area.holds(*stack)));
        self.template.clear();
        let mut begin = 0;
        for line in &self.lines {
            match line {
                Some(line) => {
                    let base = line.area.and_then(|at| Some((at, self.areas.get(at)?.base)));
                    hole(&mut self.template, base, line.start);
                    self.template.push(b'-');
                    hole(&mut self.template, base, line.end);
                    push_literal(&mut self.template, maps.get(line.rest..line.next).unwrap_or_default());
                    begin = line.next;
                }
                None => {
                    let next = next_line(maps, begin);
                    push_literal(&mut self.template, maps.get(begin..next).unwrap_or_default());
                    begin = next;
                }
            }
        }
        true
    }

    /// The lines, and the areas that they make up.
    fn split(&mut self, maps: &[u8]) {
        self.lines.clear();
        let (mut at, mut after_stack) = (0, false);
        while at < maps.len() {
            let Some(mut line) = line(maps, at) else {
                self.lines.push(None);
                at = next_line(maps, at);
                continue;
            };
            let Line { start, end, rest, next, .. } = line;
            at = next;
            if start < KERNEL {
                let text = maps.get(rest..next).unwrap_or_default();
                let (heap, stack) = (text.ends_with(b"[heap]\n"), text.ends_with(b"[stack]\n"));
                self.place(start, end, heap, heap || stack || after_stack);
                after_stack = stack;
                line.area = self.areas.len().checked_sub(1);
            }
            self.lines.push(Some(line));
        }
    }

    /// Adds a mapping to the last area, or begins another.
    fn place(&mut self, start: u64, end: u64, heap: bool, apart: bool) {
        let (first, full) = (self.areas.is_empty(), self.areas.len() + 1 >= BASES_MAX);
        match self.areas.last_mut() {
            Some(area) if full || !apart && start.wrapping_sub(area.end) <= GAP => {
                // Programs and heaps grow upwards from where they begin, the other areas downwards from their end.
                if area.base == area.end {
                    area.base = end;
                }
                area.end = end;
            }
            _ => self.areas.push(Area { start, end, base: if first || heap { start } else { end } }),
        }
    }

    /// `stat` as a template.
    pub(super) fn stat(&mut self, stat: &[u8]) {
        self.template.clear();
        let after = after_name(stat);
        push_literal(&mut self.template, stat.get(..after).unwrap_or_default());
        // Field 3 is the first after the name.
        let fields = stat.get(after..).unwrap_or_default().split(|byte| *byte == b' ');
        for (number, text) in (3..).zip(fields) {
            if number > 3 {
                self.template.push(b' ');
            }
            let index = match decimal(text) {
                Some(value) if STAT_FIELDS.contains(&number) => self.index(value),
                Some(value) if STAT_STACK.contains(&number) => self.near_stack(value),
                _ => None,
            };
            match (index, decimal(text)) {
                (Some((index, base)), Some(value)) => {
                    push_hole(&mut self.template, index, base, value, Digits::Decimal);
                }
                _ => push_literal(&mut self.template, text),
            }
        }
    }

    /// `syscall` as a template: its arguments, stack pointer and program counter.
    pub(super) fn syscall(&mut self, text: &[u8]) {
        self.template.clear();
        for (at, word) in text.split(|byte| *byte == b' ').enumerate() {
            if at > 0 {
                self.template.push(b' ');
            }
            let digits = word.strip_prefix(b"0x").map(|rest| rest.strip_suffix(b"\n").unwrap_or(rest));
            match digits.and_then(padded_hex).and_then(|value| Some((value, self.near_stack(value)?))) {
                Some((value, (index, base))) => {
                    self.template.extend_from_slice(b"0x");
                    push_hole(&mut self.template, index, base, value, Digits::Hex);
                    if word.ends_with(b"\n") {
                        self.template.push(b'\n');
                    }
                }
                None => push_literal(&mut self.template, word),
            }
        }
    }

    /// `auxv` as a template of words, a pair a line. False: it is no list of pairs of 8 bytes.
    pub(super) fn auxv(&mut self, auxv: &[u8]) -> bool {
        self.template.clear();
        let (pairs, rest) = auxv.as_chunks::<16>();
        for pair in pairs {
            let (Some(key), Some(value)) = (pair.first_chunk(), pair.last_chunk()) else { return false };
            let (key, value) = (u64::from_le_bytes(*key), u64::from_le_bytes(*value));
            push_hex(&mut self.template, key, 1);
            self.template.push(b' ');
            let index = match key {
                _ if AUXV.contains(&key) => self.index(value),
                _ if AUXV_STACK.contains(&key) => self.near_stack(value),
                _ => None,
            };
            match index {
                Some((index, base)) => push_hole(&mut self.template, index, base, value, Digits::Hex),
                None => push_hex(&mut self.template, value, 1),
            }
            self.template.push(b'\n');
        }
        rest.is_empty() && !pairs.is_empty() && cfg!(target_endian = "little")
    }

    /// The area that an address lies in, and its base. Of two that touch, the second begins there.
    fn index(&self, value: u64) -> Option<(usize, u64)> {
        let at = self.areas.iter().rposition(|area| area.holds(value))?;
        Some((at, self.areas.get(at)?.base))
    }

    /// The same, with the random part of the stack as a base of its own.
    fn near_stack(&self, value: u64) -> Option<(usize, u64)> {
        match self.stack {
            Some(stack) if value.abs_diff(stack) < BELOW => Some((self.areas.len(), stack)),
            _ => self.index(value),
        }
    }
}

impl Area {
    fn holds(&self, value: u64) -> bool {
        (self.start..=self.end).contains(&value)
    }
}

fn hole(template: &mut Vec<u8>, base: Option<(usize, u64)>, value: u64) {
    match base {
        Some((at, base)) => push_hole(template, at, base, value, Digits::Hex),
        None => push_hex(template, value, 8),
    }
}

fn next_line(maps: &[u8], at: usize) -> usize {
    let rest = maps.get(at..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(maps.len(), |end| at + end + 1)
}

/// `start-end ` at the beginning of a line, in the very form that a hole gives back.
fn line(maps: &[u8], at: usize) -> Option<Line> {
    let line = maps.get(at..)?;
    let dash = line.iter().take(17).position(|byte| *byte == b'-')?;
    let tail = line.get(dash + 1..)?;
    let space = tail.iter().take(17).position(|byte| *byte == b' ')?;
    let (start, end) = (padded_hex(line.get(..dash)?)?, padded_hex(tail.get(..space)?)?);
    let rest = dash + 1 + space;
    let length = line.get(rest..)?.iter().position(|byte| *byte == b'\n')? + 1;
    (start <= end).then_some(Line { start, end, area: None, rest: at + rest, next: at + rest + length })
}

/// A number as `%08lx` prints it.
fn padded_hex(digits: &[u8]) -> Option<u64> {
    let spare = digits.len() > 8 && digits.first() == Some(&b'0');
    if !(8..=16).contains(&digits.len()) || spare {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| {
        let nibble = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(value << 4 | u64::from(nibble))
    })
}

/// A number as `%lu` prints it.
fn decimal(digits: &[u8]) -> Option<u64> {
    let spare = digits.len() > 1 && digits.first() == Some(&b'0');
    if spare || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Where the fields of `stat` after the name begin: the name may hold anything.
fn after_name(stat: &[u8]) -> usize {
    stat.iter().rposition(|byte| *byte == b')').map_or(0, |at| (at + 2).min(stat.len()))
}

/// One of the numbers of `stat`.
fn field(stat: &[u8], number: usize) -> Option<u64> {
    decimal(stat.get(after_name(stat)..)?.split(|byte| *byte == b' ').nth(number - 3)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::template::{fill, words};
    use proptest::prelude::*;

    const STAT: &[u8] =
        b"9 (a) b) S 4 9 9 0 -1 4194304 76 0 0 0 0 0 0 0 20 0 1 0 59443 2990080 411 184467440 \
        94241795317760 94241795335689 140731292146720 0 0 0 0 16781316 0 1 0 0 17 0 0 0 0 0 0 94241795349776 \
        94241795351040 94242121621504 140731292154546 140731292154564 140731292154564 140731292155881 0\n";
    const MAPS: &[u8] = b"55b660bb8000-55b660bba000 r--p 00000000 fe:00 247774                     /usr/bin/{sleep}\n\
        55b660bc2000-55b660bc3000 rw-p 0000a000 fe:00 247774                     /usr/bin/\xff\n\
        55b6742ea000-55b67430b000 rw-p 00000000 00:00 0                          [heap]\n\
        7f5ccaf8e000-7f5ccafe5000 r--p 00000000 fe:00 316534                     /usr/lib/locale/C.utf8/LC_CTYPE\n\
        nonsense\n\
        7f5ccb219000-7f5ccb21b000 rw-p 00033000 fe:00 325843                     /usr/lib/ld-linux-x86-64.so.2\n\
        7ffe8eab7000-7ffe8ead8000 rw-p 00000000 00:00 0                          [stack]\n\
        7ffe8eadc000-7ffe8eade000 r-xp 00000000 00:00 0                          [vdso]\n\
        ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n\
        7ffe8eadc000-7ffe8e";

    fn learned(maps: &[u8], stat: &[u8]) -> Layout {
        let mut layout = Layout::default();
        layout.learn(maps, stat);
        layout
    }

    fn filled(layout: &Layout) -> Vec<u8> {
        fill(&layout.template, &layout.bases().into()).unwrap()
    }

    #[test]
    fn an_ordinary_process_has_five_areas_and_a_stack() {
        let mut layout = learned(MAPS, STAT);
        let text = String::from_utf8_lossy(&layout.template).into_owned();
        assert!(text.starts_with(
            "{a}-{a+2000} r--p 00000000 fe:00 247774                     /usr/bin/{{sleep}\n{a+a000}-"
        ));
        assert!(
            text.contains("{b}-{b+21000} rw-p") && text.contains("\n{c-2000}-{c} rw-p 00033000"),
            "{text}"
        );
        assert!(
            text.contains("\nnonsense\n")
                && text.contains("{d-21000}-{d} rw-p")
                && text.contains("{e-2000}-{e} r-xp")
        );
        assert!(text.contains("\nffffffffff600000-"), "{text}");
        assert_eq!(filled(&layout), MAPS);
        assert_eq!(layout.bases().count(), 6);
        layout.stat(STAT);
        let text = String::from_utf8_lossy(&layout.template).into_owned();
        assert!(
            text.starts_with("9 (a) b) S 4 9 ") && text.contains(" {a+2000:d} {a+6609:d} {f:d} 0 "),
            "{text}"
        );
        assert!(text.ends_with("{b:d} {d-54e:d} {d-53c:d} {d-53c:d} {d-17:d} 0\n"), "{text}");
        assert_eq!(filled(&layout), STAT);
        let call = b"230 0x0 0x0 0x7ffe8ead5a30 0x7ffe8ead5a70 0x0 0x0 0x7ffe8ead5a18 0x7f5ccb0c0503\n";
        layout.syscall(call);
        assert_eq!(
            String::from_utf8_lossy(&layout.template),
            "230 0x0 0x0 0x{f-1f0} 0x{f-1b0} 0x0 0x0 0x{f-208} 0x{c-15aafd}\n"
        );
        assert_eq!(filled(&layout), call);
        let auxv: Vec<u8> =
            [33, 0x7ffe_8ead_c000, 3, 0x55b6_60bb_8040, 25, 0x7ffe_8ead_5e79, 16, 0x178b_fbff, 0, 0u64]
                .iter()
                .flat_map(|word| word.to_le_bytes())
                .collect();
        assert!(layout.auxv(&auxv));
        assert_eq!(layout.template, b"21 {e-2000}\n3 {a+40}\n19 {f+259}\n10 178bfbff\n0 0\n");
        assert_eq!(words(&filled(&layout)).unwrap(), auxv);
        assert!(!layout.auxv(&auxv[1..]));
    }

    #[test]
    fn two_runs_of_a_program_have_one_template() {
        let text = String::from_utf8_lossy(MAPS);
        let first = text.rsplit_once('\n').unwrap().0.to_owned() + "\n";
        let mut second = first.clone();
        for (from, to) in
            [("55b660b", "5612340"), ("55b674", "561240"), ("7f5cc", "7f0aa"), ("7ffe8e", "7fff12")]
        {
            second = second.replace(from, to);
        }
        let template = |maps: &str| learned(maps.as_bytes(), b"").template;
        assert_ne!(first, second);
        assert_eq!(template(&first), template(&second));
    }

    #[test]
    fn what_has_no_memory_has_no_layout() {
        for maps in [&b""[..], b"nonsense\n", b"ffffffffff600000-ffffffffff601000 --xp\n"] {
            assert!(!Layout::default().learn(maps, STAT));
        }
    }

    /// Something like a line of maps, or not.
    fn row() -> impl Strategy<Value = String> {
        let address =
            prop_oneof!["[0-9a-f]{8}", "[1-9a-f][0-9a-f]{8,16}", "0{1,8}[0-9a-f]{0,9}", "[ -~]{0,12}"];
        let tail = prop_oneof!["[ -~]{0,40}", Just("[heap]".to_owned()), Just("[stack]".to_owned())];
        (address.clone(), address, tail).prop_map(|(start, end, tail)| format!("{start}-{end} rw-p {tail}"))
    }

    proptest! {
        #[test]
        fn every_byte_comes_back(
            rows in prop::collection::vec(row(), 0..60),
            end in "\n?",
            fields in prop::collection::vec("[0-9]{0,22}", 0..60),
            calls in prop::collection::vec("(0x)?[0-9a-f]{0,18}", 0..12),
            auxv in prop::collection::vec(any::<u64>(), 0..20),
        ) {
            let maps = rows.join("\n") + &end;
            let stat = format!("1 (x) {}", fields.join(" "));
            let call = calls.join(" ");
            let auxv: Vec<u8> = auxv.iter().flat_map(|word| word.to_le_bytes()).collect();
            let mut layout = Layout::default();
            if layout.learn(maps.as_bytes(), stat.as_bytes()) {
                prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), maps);
                layout.stat(stat.as_bytes());
                prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), stat);
                layout.syscall(call.as_bytes());
                prop_assert_eq!(String::from_utf8(filled(&layout)).unwrap(), call);
                if layout.auxv(&auxv) {
                    prop_assert_eq!(words(&filled(&layout)).unwrap(), auxv);
                }
            }
        }

        #[test]
        fn any_bytes_come_back(maps: Vec<u8>, stat: Vec<u8>) {
            let mut layout = Layout::default();
            let maps = [b"55b660bb8000-55b660bba000 r--p\n", maps.as_slice()].concat();
            prop_assert!(layout.learn(&maps, &stat));
            prop_assert_eq!(filled(&layout), maps);
            layout.stat(&stat);
            prop_assert_eq!(filled(&layout), stat.clone());
            layout.syscall(&stat);
            prop_assert_eq!(filled(&layout), stat);
        }
    }
}
