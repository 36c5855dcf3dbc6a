//! The other files of a process that hold addresses or its number: `stat`, `status`, `syscall`, `auxv`.

use super::{Layout, padded_hex};
use procglass_model::bundle::scan::position;
use procglass_model::bundle::template::{Digits, push_hex, push_hole, push_literal};

/// Fields of `stat` that are addresses, proc_pid_stat(5): where they lie does not depend on the stack's random part...
const STAT_FIELDS: &[usize] = &[26, 27, 45, 46, 47, 48, 49, 50, 51];
/// ... and where it does.
const STAT_STACK: &[usize] = &[28, 29];
/// Fields of `stat` that are often the process's own number: its group, its session, the terminal's group.
const STAT_PIDS: &[usize] = &[5, 6, 8];
/// Lines of `status` that are, proc_pid_status(5), all among the first.
const STATUS_PIDS: [&[u8]; 6] = [b"Tgid:\t", b"Pid:\t", b"NStgid:\t", b"NSpid:\t", b"NSpgid:\t", b"NSsid:\t"];
const STATUS_LINES: usize = 24;
/// Addresses in the auxiliary vector, getauxval(3): `AT_PHDR`, `AT_BASE`, `AT_ENTRY`, `AT_EXECFN`, `AT_SYSINFO_EHDR`...
const AUXV: &[u64] = &[3, 7, 9, 31, 33];
/// ... and those below the arguments: `AT_PLATFORM`, `AT_BASE_PLATFORM`, `AT_RANDOM`.
const AUXV_STACK: &[u64] = &[15, 24, 25];

impl Layout {
    /// `stat` as a template.
    pub fn stat(&mut self, stat: &[u8]) {
        self.template.clear();
        let after = after_name(stat);
        let mut begin = 0;
        if let Some(at) = position(stat, b' ').filter(|at| self.is_pid(stat.get(..*at).unwrap_or_default())) {
            self.push_pid();
            begin = at;
        }
        push_literal(&mut self.template, stat.get(begin..after).unwrap_or_default());
        // Field 3 is the first after the name.
        let fields = stat.get(after..).unwrap_or_default().split(|byte| *byte == b' ');
        for (number, text) in (3..).zip(fields) {
            if number > 3 {
                self.template.push(b' ');
            }
            let index = match decimal(text) {
                Some(value) if STAT_FIELDS.contains(&number) => self.index(value),
                Some(value) if STAT_STACK.contains(&number) => self.near_stack(value),
                Some(value) if value == self.pid && STAT_PIDS.contains(&number) => Some((0, self.pid)),
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

    /// `status` as a template.
    pub fn status(&mut self, status: &[u8]) {
        self.template.clear();
        // Where the line at hand begins, and what is not yet in the template.
        let (mut at, mut begin) = (0, 0);
        for line in status.split_inclusive(|byte| *byte == b'\n').take(STATUS_LINES) {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let named = STATUS_PIDS.iter().find_map(|name| Some((name, text.strip_prefix(*name)?)));
            if let Some((name, digits)) = named
                && self.is_pid(digits)
            {
                push_literal(&mut self.template, status.get(begin..at + name.len()).unwrap_or_default());
                self.push_pid();
                begin = at + text.len();
            }
            at += line.len();
        }
        push_literal(&mut self.template, status.get(begin..).unwrap_or_default());
    }

    fn is_pid(&self, digits: &[u8]) -> bool {
        digits.len() < 11 && decimal(digits) == Some(self.pid)
    }

    fn push_pid(&mut self) {
        push_hole(&mut self.template, 0, self.pid, self.pid, Digits::Decimal);
    }

    /// `syscall` as a template: its arguments, stack pointer and program counter.
    pub fn syscall(&mut self, text: &[u8]) {
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
    pub fn auxv(&mut self, auxv: &[u8]) -> bool {
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
pub(super) fn field(stat: &[u8], number: usize) -> Option<u64> {
    decimal(stat.get(after_name(stat)..)?.split(|byte| *byte == b' ').nth(number - 3)?)
}
