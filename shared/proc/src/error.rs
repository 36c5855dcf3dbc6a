//! Why a piece of an artefact was not understood.

use std::fmt;

/// One piece (a field, a row) that a parser could not use. The rest of the artefact is not affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What was expected, in the kernel's words.
    pub what: &'static str,
    /// The line, counted from 1, where the artefact has lines.
    pub line: Option<usize>,
}

impl ParseError {
    /// For an artefact of one line.
    #[must_use]
    pub const fn new(what: &'static str) -> Self {
        Self { what, line: None }
    }

    /// For line `line`, counted from 1.
    #[must_use]
    pub const fn at(what: &'static str, line: usize) -> Self {
        Self { what, line: Some(line) }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(self.what),
        }
    }
}

impl std::error::Error for ParseError {}

/// A decimal number, from ASCII digits and maybe a sign. A system's `stat`s have a hundred thousand of them, most of them
/// short and without a sign.
pub(super) fn number<T: std::str::FromStr + TryFrom<u64>>(digits: &[u8]) -> Option<T> {
    if (1..=19).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        let number = digits.iter().fold(0, |sum: u64, digit| 10 * sum + u64::from(digit - b'0'));
        return T::try_from(number).ok();
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A hexadecimal number without prefix. There are a dozen in each row of a socket table, so it goes without a detour over text.
pub(super) fn hex_number(digits: &[u8]) -> Option<u64> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let add = |sum: u64, byte| Some((sum.checked_mul(16)?) | u64::from(digit(byte)?));
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

/// The words of a line, split at any run of spaces and tabs.
pub(super) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// The lines of a table with their numbers from 1, without the newline; a last empty one is left out.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = Some(bytes.strip_suffix(b"\n").unwrap_or(bytes));
    let mut at = 0;
    let next = move || {
        let now = rest?;
        let end = memchr::memchr(b'\n', now).unwrap_or(now.len());
        rest = now.get(end + 1..);
        at += 1;
        Some((at, now.get(..end)?))
    };
    std::iter::from_fn(next).filter(|(_, line)| !line.is_empty())
}
