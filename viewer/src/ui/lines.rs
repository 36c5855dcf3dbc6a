//! Bytes as lines for the screen: cut at newlines and NULs, and where a line is too long for any screen.

use std::ops::Range;

/// The most bytes in one row.
const WRAP: usize = 400;

/// One row on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Number of the line in the evidence, from 1.
    pub(crate) number: u32,
    /// Whether it goes on from the row above.
    pub(crate) continued: bool,
    /// Its bytes, without the newline; a NUL is kept, since it is part of the evidence.
    pub(crate) bytes: Range<usize>,
}

/// Cuts `bytes` into rows. A NUL ends a row too: arguments and environments are lists of strings that end so.
pub(crate) fn split(bytes: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut start, mut number) = (0, 1);
    while start < bytes.len() {
        let rest = bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | 0));
        let (end, next) = match length {
            Some(length) if rest.get(length) == Some(&0) => (start + length + 1, start + length + 1),
            Some(length) => (start + length, start + length + 1),
            None => (bytes.len(), bytes.len()),
        };
        let mut from = start;
        loop {
            let to = cut(bytes, from, end);
            lines.push(Line { number, continued: from != start, bytes: from..to });
            from = to;
            if from >= end {
                break;
            }
        }
        (start, number) = (next, number + 1);
    }
    lines
}

/// The end of a row that begins at `from`: not inside a character of UTF-8.
fn cut(bytes: &[u8], from: usize, end: usize) -> usize {
    if end - from <= WRAP {
        return end;
    }
    let wanted = from + WRAP;
    let back = (0..4).find(|back| bytes.get(wanted - back).is_some_and(|byte| byte & 0xc0 != 0x80));
    wanted - back.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(u32, bool, &[u8])> {
        split(bytes).into_iter().map(|line| (line.number, line.continued, &bytes[line.bytes])).collect()
    }

    #[test]
    fn rows() {
        assert_eq!(texts(b"a\n\nb"), [(1, false, &b"a"[..]), (2, false, b""), (3, false, b"b")]);
        assert_eq!(texts(b"sh\0-c\0"), [(1, false, &b"sh\0"[..]), (2, false, b"-c\0")]);
        assert!(split(b"").is_empty());
        let long = "é".repeat(WRAP);
        let rows = split(long.as_bytes());
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| long.get(row.bytes.clone()).is_some()), "characters stay whole");
        assert!(split(&[0x80; 3 * WRAP]).len() >= 3);
    }
}
