//! Text with several armored bundles: where each begins.

use super::armor::{AGE_ARMOR, BUNDLE_ARMOR};
use crate::text::find;
use std::collections::BTreeSet;
use std::ops::Range;

/// Finds the first lines of armored bundles in text that is pushed in pieces of any size.
#[derive(Clone, Debug, Default)]
pub struct ArmorMarks {
    starts: BTreeSet<usize>,
    /// The end of what came, where a mark may begin.
    kept: Vec<u8>,
    /// Bytes before those.
    before: usize,
}

impl ArmorMarks {
    /// Takes the next text.
    pub fn push(&mut self, piece: &[u8]) {
        self.kept.extend_from_slice(piece);
        let mut from = 0;
        while let Some(at) = self.kept.get(from..).and_then(|rest| find(rest, b"-----BEGIN ")) {
            let text = self.kept.get(from + at..).unwrap_or_default();
            if [&BUNDLE_ARMOR, &AGE_ARMOR].iter().any(|armor| text.starts_with(armor.begin.as_bytes())) {
                self.starts.insert(self.before + from + at);
            }
            from += at + 1;
        }
        let done = self.kept.len().saturating_sub(AGE_ARMOR.begin.len());
        self.kept.drain(..done);
        self.before += done;
    }

    /// The parts of a text of this length, each with one bundle; none where fewer than two bundles are in it.
    #[must_use]
    pub fn parts(&self, length: usize) -> Vec<Range<usize>> {
        if self.starts.len() < 2 {
            return Vec::new();
        }
        let ends = self.starts.iter().skip(1).copied().chain([length]);
        let mut from = 0;
        ends.map(|end| std::mem::replace(&mut from, end)..end).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_once_wherever_the_pieces_end() {
        let (one, two) = (BUNDLE_ARMOR.begin, AGE_ARMOR.begin);
        let end = BUNDLE_ARMOR.end;
        let text =
            format!("$ -----BEGIN X\r\n{one}\nAAAA\n{end}\n$ {two}\nBBBB\n{}\n{one}\nCC", AGE_ARMOR.end);
        let starts: Vec<_> =
            [one, two].iter().flat_map(|mark| text.match_indices(mark)).map(|(at, _)| at).collect();
        for length in 1..80 {
            let mut marks = ArmorMarks::default();
            text.as_bytes().chunks(length).for_each(|piece| marks.push(piece));
            let parts = marks.parts(text.len());
            assert_eq!(parts.len(), 3, "pieces of {length}");
            assert!(parts.iter().skip(1).all(|part| starts.contains(&part.start)), "{parts:?}");
            assert_eq!((parts[0].start, parts[2].end), (0, text.len()));
        }
        let mut marks = ArmorMarks::default();
        marks.push(format!("{one}\nAAAA").as_bytes());
        assert!(marks.parts(100).is_empty());
    }
}
