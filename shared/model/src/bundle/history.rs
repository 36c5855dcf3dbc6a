//! The compressed bytes that were read last.
//!
//! Where the data goes wrong shows later: some of what comes out waits in the decompressor, and a header in a wrong place is
//! seen when it is reached. The next flush point may stand between, so the search for it goes back.

use std::collections::VecDeque;

/// The bytes, in the pieces in which the decompressor took them.
#[derive(Default)]
pub(super) struct History {
    /// Each with its length and that of what came of it.
    pieces: VecDeque<(Vec<u8>, usize)>,
    /// The sum of these lengths.
    length: usize,
    /// Bytes that were given back to be read once more, in all.
    given: usize,
}

impl History {
    /// How far it goes back.
    const ENOUGH: usize = 256 << 10;
    /// It ends after so many bytes: a file made of flush points would be read again from each.
    const MOST: usize = 64 << 20;

    /// Takes what the decompressor took, and how much came of it.
    pub(super) fn add(&mut self, read: &[u8], produced: usize) {
        if self.given > Self::MOST {
            return;
        }
        let mut piece = Vec::new();
        while let Some((first, length)) =
            self.pieces.pop_front_if(|(_, length)| self.length - *length >= Self::ENOUGH)
        {
            self.length -= length;
            piece = first;
        }
        piece.clear();
        piece.extend_from_slice(read);
        self.length += read.len() + produced;
        self.pieces.push_back((piece, read.len() + produced));
    }

    /// Begins anew: nothing before this place is ever wanted.
    pub(super) fn forget(&mut self) {
        self.pieces.clear();
        self.length = 0;
    }

    /// Gives the bytes back.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let pieces: Vec<_> = self.pieces.drain(..).map(|(piece, _)| piece).collect();
        self.forget();
        let bytes = pieces.concat();
        self.given += bytes.len();
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_back_far_enough_and_ends() {
        let mut history = History::default();
        let call = |at: u8| vec![at; 1 << 10];
        for at in 0..100 {
            history.add(&call(at), 64 << 10);
        }
        let bytes = history.take();
        assert!((4 << 10..=5 << 10).contains(&bytes.len()) && bytes.ends_with(&call(99)), "{}", bytes.len());
        assert_eq!(history.take(), b"");
        // Blocks of which nothing comes.
        for _ in 0..1000 {
            history.add(&call(7), 0);
        }
        assert!(history.take().len() <= History::ENOUGH + (1 << 10));
        while history.given <= History::MOST {
            history.add(&vec![0; 1 << 20], 0);
            history.take();
        }
        history.add(b"more", 0);
        assert_eq!(history.take(), b"");
    }
}
