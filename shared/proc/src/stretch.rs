//! Tables of a network namespace, whole or a stretch of lines at a time: they have a row for each of perhaps 100,000 sockets,
//! and a page that reads one must stay alive meanwhile.

use super::error::lines;

/// Whole lines of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    bytes: &'a [u8],
    /// Lines of the table in front of it.
    before: usize,
}

/// A whole table.
impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for Stretch<'a> {
    fn from(table: &'a T) -> Self {
        Self { bytes: table.as_ref(), before: 0 }
    }
}

impl<'a> Stretch<'a> {
    /// The rest of a table, of which so many lines come before it.
    #[must_use]
    pub fn after(bytes: &'a [u8], before: usize) -> Self {
        Self { bytes, before }
    }

    /// Cuts a stretch off: `length` bytes or a little more, to the end of a line. `None` for the second when nothing is left.
    #[must_use]
    pub fn split(self, length: usize) -> (Self, Option<Self>) {
        let cut = self.bytes.get(length..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n'));
        match cut.and_then(|at| self.bytes.split_at_checked(length + at + 1)) {
            Some((bytes, rest)) if !rest.is_empty() => {
                let before = self.before + bytes.iter().filter(|byte| **byte == b'\n').count();
                (Self { bytes, ..self }, Some(Self { bytes: rest, before }))
            }
            _ => (self, None),
        }
    }

    /// Lines of the table in front of it.
    #[must_use]
    pub fn before(self) -> usize {
        self.before
    }

    /// Bytes in it.
    #[must_use]
    pub fn len(self) -> usize {
        self.bytes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    /// Its rows with the numbers of their lines in the table, counted from 1. The head of the table is none.
    pub(super) fn rows(self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let head = usize::from(self.before == 0);
        lines(self.bytes).skip(head).map(move |(at, line)| (at + self.before, line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_keep_their_lines() {
        let table = b"head\none\ntwo\nthree";
        let (first, rest) = Stretch::from(table).split(6);
        assert_eq!(first.rows().collect::<Vec<_>>(), [(2, &b"one"[..])]);
        let (second, rest) = rest.unwrap().split(0);
        assert_eq!(second.rows().collect::<Vec<_>>(), [(3, &b"two"[..])]);
        assert_eq!(rest.unwrap().rows().collect::<Vec<_>>(), [(4, &b"three"[..])]);
        assert_eq!(Stretch::from(table).split(16).1, None);
        assert_eq!(Stretch::from(b"").split(0), (Stretch::from(b""), None));
    }

    proptest! {
        #[test]
        fn stretches_are_the_table(rows in proptest::collection::vec("[a-z]{1,9}", 0..40), length in 0_usize..60) {
            let table = format!("head\n{}", rows.join("\n"));
            let (mut left, mut found) = (Some(Stretch::from(&table)), Vec::new());
            while let Some(stretch) = left {
                let (part, rest) = stretch.split(length);
                found.extend(part.rows());
                left = rest;
            }
            prop_assert_eq!(found, Stretch::from(&table).rows().collect::<Vec<_>>());
        }
    }
}
