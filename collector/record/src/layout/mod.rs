//! Where a process's memory lies, and its files written relative to that and to its number, FORMAT.md "Templates".
//!
//! The kernel moves a few areas to random places: the program, its heap, the libraries, the stack. Each gets a base. An
//! address becomes its distance from the base of its area, and only where that reads back as the very same digits.

mod files;
#[cfg(test)]
mod tests;

use files::field;
use procglass_model::bundle::scan::position;
use procglass_model::bundle::template::{BASES_MAX, Digits, push_hex, push_hole, push_literal};

/// A larger hole in the address space parts two areas: nothing says that they move together.
const GAP: u64 = 16 << 20;
/// What lies at the same place in every process needs no base: the kernel's half, with `[vsyscall]`.
const KERNEL: u64 = 1 << 63;
/// The stack holds the arguments at a fixed distance from its end, and what is below them at a random one.
const BELOW: u64 = 64 << 10;

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
pub struct Layout {
    /// The process's number, which is the first base.
    pid: u64,
    areas: Vec<Area>,
    lines: Vec<Option<Line>>,
    /// Where the pointers to arguments and environment begin, in the last of the areas.
    stack: Option<u64>,
    /// The template made last.
    pub template: Vec<u8>,
}

impl Layout {
    /// Begins a process.
    pub fn begin(&mut self, pid: u32) {
        self.pid = pid.into();
        self.clear();
    }

    fn clear(&mut self) {
        self.areas.clear();
        self.stack = None;
    }

    /// The bases by letter.
    pub fn bases(&self) -> impl Iterator<Item = u64> {
        [self.pid].into_iter().chain(self.areas.iter().map(|area| area.base)).chain(self.stack)
    }

    /// Whether nothing is known of its memory.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// Finds the areas in `maps` and the stack in `stat`, and makes the template of `maps`. False: there is nothing to
    /// be relative to.
    pub fn learn(&mut self, maps: &[u8], stat: &[u8]) -> bool {
        self.clear();
        self.split(maps);
        if self.areas.is_empty() {
            return false;
        }
        self.stack = field(stat, 28).filter(|stack| {
            self.areas.len() + 1 < BASES_MAX && self.areas.iter().any(|area| area.holds(*stack))
        });
        self.template.clear();
        let mut begin = 0;
        for line in &self.lines {
            match line {
                Some(line) => {
                    let base = line.area.and_then(|at| Some((at + 1, self.areas.get(at)?.base)));
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
        let (first, full) = (self.areas.is_empty(), self.areas.len() + 2 >= BASES_MAX);
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

    /// The base of the area that an address lies in. Of two that touch, the second begins there.
    fn index(&self, value: u64) -> Option<(usize, u64)> {
        let at = self.areas.iter().rposition(|area| area.holds(value))?;
        Some((at + 1, self.areas.get(at)?.base))
    }

    /// The same, with the random part of the stack as a base of its own.
    fn near_stack(&self, value: u64) -> Option<(usize, u64)> {
        match self.stack {
            Some(stack) if value.abs_diff(stack) < BELOW => Some((self.areas.len() + 1, stack)),
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
    position(rest, b'\n').map_or(maps.len(), |end| at + end + 1)
}

/// `start-end ` at the beginning of a line, in the very form that a hole gives back.
fn line(maps: &[u8], at: usize) -> Option<Line> {
    let line = maps.get(at..)?;
    let dash = line.iter().take(17).position(|byte| *byte == b'-')?;
    let tail = line.get(dash + 1..)?;
    let space = tail.iter().take(17).position(|byte| *byte == b' ')?;
    let (start, end) = (padded_hex(line.get(..dash)?)?, padded_hex(tail.get(..space)?)?);
    let rest = dash + 1 + space;
    let length = position(line.get(rest..)?, b'\n')? + 1;
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
