//! What became of a log's lines.

use super::refused::Refused;
use std::fmt;

/// How many bad lines are kept with their reason.
const KEPT: usize = 10;
/// How much of a bad line is kept.
const EXCERPT: usize = 160;

/// A line that was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1; for damage of the compression, the line where it shows.
    pub line: u64,
    /// What is wrong with it.
    pub why: &'static str,
    /// Its beginning, with hostile characters visible.
    pub excerpt: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)?;
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, ": {}", self.excerpt) }
    }
}

/// Counts over one log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bytes, decompressed.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Records, those without a flow among them.
    pub records: u64,
    /// Records that say that there was no traffic (`NODATA`).
    pub no_data: u64,
    /// Records that say that traffic was left out (`SKIPDATA`).
    pub skipped: u64,
    /// Headers, comments, and events about no flow.
    pub ignored: u64,
    /// Records in which a field that names no end was not understood, such as a time or a count.
    pub unclear: u64,
    /// Records whose time had no zone.
    pub assumed_zone: u64,
    /// Lines that were not understood.
    pub bad: u64,
    /// The first of them.
    pub first_bad: Vec<BadLine>,
    /// Why nothing of the log was read, where that is so.
    pub refused: Option<Refused>,
}

impl Tally {
    pub(super) fn bad(&mut self, line: u64, why: &'static str, text: &[u8]) {
        self.bad += 1;
        if self.first_bad.len() < KEPT {
            let excerpt = procglass_model::text::visible(text.get(..EXCERPT).unwrap_or(text)).into_owned();
            self.first_bad.push(BadLine { line, why, excerpt });
        }
    }
}
