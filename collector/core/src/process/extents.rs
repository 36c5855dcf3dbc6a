//! Which parts of a file hold data. The rest are zeros, be they holes or not, which a copy leaves out.

use std::ops::Range;

/// A shorter run of zeros costs less as data than as a gap.
const GAP_MIN: u64 = 64 << 10;
/// More gaps than this are not left out: each costs 24 bytes of a header.
const EXTENTS_MAX: usize = 128;
/// What is looked at in one go.
const BLOCK: usize = 4096;

/// The parts of a file that are not zeros, in order, with gaps between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extents {
    parts: Vec<Range<u64>>,
    size: u64,
}

impl Extents {
    /// The next bytes of the file.
    pub(super) fn push(&mut self, piece: &[u8]) {
        for block in piece.chunks(BLOCK) {
            let begin = self.size;
            self.size += block.len() as u64;
            if block.iter().all(|byte| *byte == 0) {
                continue;
            }
            let full = self.parts.len() >= EXTENTS_MAX;
            match self.parts.last_mut() {
                Some(last) if full || begin - last.end < GAP_MIN => last.end = self.size,
                // A short run of zeros in front is data too.
                None if begin < GAP_MIN => self.parts.push(0..self.size),
                _ => self.parts.push(begin..self.size),
            }
        }
    }

    /// All bytes were pushed: a short run of zeros at the end is data.
    pub(super) fn end(&mut self) {
        match self.parts.last_mut() {
            Some(last) if self.size - last.end < GAP_MIN => last.end = self.size,
            None if self.size < GAP_MIN => self.parts.push(0..self.size),
            _ => {}
        }
    }

    /// The parts with data, in order.
    pub(crate) fn parts(&self) -> &[Range<u64>] {
        &self.parts
    }

    /// Bytes of data.
    pub(crate) fn data(&self) -> u64 {
        self.parts.iter().map(|part| part.end - part.start).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::slice;

    fn of(pieces: &[(u8, usize)]) -> (Extents, Vec<u8>) {
        let whole: Vec<u8> = pieces.iter().flat_map(|(byte, length)| vec![*byte; *length]).collect();
        let mut extents = Extents::default();
        whole.chunks(100 << 10).for_each(|piece| extents.push(piece));
        extents.end();
        (extents, whole)
    }

    #[test]
    fn long_runs_of_zeros_are_gaps_and_short_ones_are_not() {
        assert_eq!(of(&[(0, 1 << 20)]).0.parts(), []);
        assert_eq!(of(&[(1, 10), (0, 1000), (1, 10)]).0.parts(), slice::from_ref(&(0..1020)));
        assert_eq!(of(&[(0, 1000)]).0.parts(), slice::from_ref(&(0..1000)));
        let (extents, _) = of(&[(1, 4096), (0, 1 << 20), (1, 4096), (0, 100_000)]);
        let second = (1 << 20) + 4096;
        assert_eq!(extents.parts(), [0..4096, second..second + 4096]);
        assert_eq!(extents.data(), 8192);
        assert!(of(&[]).0.parts().iter().all(Range::is_empty));
    }

    proptest! {
        #[test]
        fn what_is_left_out_is_zeros(pieces in prop::collection::vec((0u8..2, 0usize..300_000), 0..12)) {
            let (extents, whole) = of(&pieces);
            let mut copy = vec![0; whole.len()];
            let mut last = 0;
            for part in extents.parts() {
                let part = usize::try_from(part.start).unwrap()..usize::try_from(part.end).unwrap();
                prop_assert!(part.start >= last);
                last = part.end;
                copy[part.clone()].copy_from_slice(&whole[part]);
            }
            prop_assert_eq!(copy, whole);
        }
    }
}
