//! How far a long reading is, on stderr, for people only.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{Duration, Instant};

/// Progress of one file.
pub(crate) struct Progress<'n> {
    name: &'n str,
    size: u64,
    done: u64,
    last: Instant,
    /// Whether something was written that must be wiped.
    shown: bool,
    people: bool,
}

impl<'n> Progress<'n> {
    /// Of a file of `size` bytes; 0 when that is not known.
    pub(crate) fn new(name: &'n str, size: u64) -> Self {
        Self { name, size, done: 0, last: Instant::now(), shown: false, people: stderr().is_terminal() }
    }

    /// `count` bytes more were read, and `records` records so far.
    pub(crate) fn step(&mut self, count: usize, records: u64) {
        self.done += count as u64;
        if !self.people || self.last.elapsed() < Duration::from_millis(500) {
            return;
        }
        self.last = Instant::now();
        self.shown = true;
        let percent =
            (self.done * 100).checked_div(self.size).map(|part| format!("{part} %, ")).unwrap_or_default();
        // Nothing depends on whether a person saw it.
        let _ = write!(stderr(), "\r\x1b[K{}: {percent}{records} records", self.name);
        let _ = stderr().flush();
    }

    /// Wipes the line.
    pub(crate) fn end(&mut self) {
        if self.shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
