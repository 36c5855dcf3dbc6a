//! What people see on standard error: a line that moves, and one that stays.

use procglass_model::bundle::Outcomes;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// A moving line would be noise in a log.
const EVERY: Duration = Duration::from_millis(200);

/// The line that moves, on a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: bool,
    last: Option<Instant>,
    processes: u64,
    total: u64,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), last: None, processes: 0, total: 0 }
    }

    pub(crate) fn expect(&mut self, processes: u64) {
        self.total = processes;
    }

    /// Processes that are still to come.
    pub(crate) fn left(&self) -> u64 {
        self.total.saturating_sub(self.processes)
    }

    /// A member was written.
    pub(crate) fn member(&mut self, name: &str, bytes: u64) {
        self.processes += u64::from(name.starts_with("process/"));
        if !self.shown || self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        let line = format!("\r\x1b[K{} of {} processes, {}", self.processes, self.total, size(bytes));
        // Nobody to tell is no reason to stop.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.shown && self.last.is_some() {
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

/// The line that stays.
pub(crate) fn line(
    outcomes: &Outcomes,
    name: &str,
    bytes: u64,
    took: Duration,
    hash: &str,
    inside: bool,
) -> String {
    let count = |word: &str| outcomes.counts.get(word).copied().unwrap_or(0);
    let refused: Vec<_> = outcomes
        .counts
        .iter()
        .filter(|(word, _)| !matches!(word.as_str(), "read" | "cut" | "not applicable" | "vanished"))
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let mut parts = vec![format!("{} processes", outcomes.processes_read)];
    if outcomes.processes_vanished > 0 {
        parts.push(format!("{} ended meanwhile", outcomes.processes_vanished));
    }
    parts.push(format!("{} artefacts read", count("read")));
    if !refused.is_empty() {
        parts.push(format!("not read: {}", refused.join(", ")));
    }
    if count("cut") > 0 {
        parts.push(format!("{} cut", count("cut")));
    }
    if !outcomes.redacted.is_empty() {
        let reasons: Vec<_> =
            outcomes.redacted.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        let all: u64 = outcomes.redacted.values().sum();
        parts.push(format!("{all} values redacted: {}", reasons.join(", ")));
    }
    let (seconds, tenths) = (took.as_secs(), took.subsec_millis() / 100);
    parts.push(format!("{} in {seconds}.{tenths} s to {name}", size(bytes)));
    let of = if inside { " of the bundle inside" } else { "" };
    parts.push(format!("SHA-256{of} {hash}"));
    parts.join("; ")
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} KB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_matters() {
        let mut outcomes = Outcomes { processes_read: 12, processes_vanished: 1, ..Outcomes::default() };
        for (word, count) in
            [("read", 400), ("EACCES", 3), ("timed out", 1), ("not applicable", 50), ("cut", 2)]
        {
            outcomes.counts.insert(word.into(), count);
        }
        outcomes.redacted = [("secret name".into(), 7), ("private key".into(), 2)].into();
        let text = line(&outcomes, "a.gz", 12_345, Duration::from_millis(1250), "abc", false);
        assert_eq!(
            text,
            "12 processes; 1 ended meanwhile; 400 artefacts read; not read: 3 EACCES, 1 timed out; 2 cut; 9 \
             values redacted: 2 private key, 7 secret name; 12 KB in 1.2 s to a.gz; SHA-256 abc"
        );
        assert!(!text.contains('\n'));
    }

    #[test]
    fn sizes() {
        assert_eq!(size(9999), "9999 bytes");
        assert_eq!(size(123_456), "123 KB");
        assert_eq!(size(12_345_678), "12 MB");
    }
}
