//! What keys do in the tree of members. Pure: tested natively.

use super::folders::{Entry, Row};
use crate::ui::picks::{Move, moved};

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// The keyboard goes to a row.
    To(usize),
    /// A folder is opened or closed.
    Turn(usize),
    /// The page of a member.
    Visit(usize),
}

/// The action for a key; `at` is where the keyboard is, `page` the number of rows on the screen.
pub(super) fn key(key: &str, rows: &[Row], at: Option<usize>, page: usize) -> Option<Key> {
    if let Some(Move::To(row)) = moved(key, false, at, rows.len(), page) {
        return Some(Key::To(row));
    }
    let (at, row) = at.and_then(|at| Some((at, rows.get(at)?)))?;
    match (key, row.entry) {
        ("ArrowRight", Entry::Folder(_)) if row.open => Some(Key::To((at + 1).min(rows.len() - 1))),
        ("ArrowRight", Entry::Folder(folder)) => Some(Key::Turn(folder)),
        ("ArrowLeft", Entry::Folder(folder)) if row.open => Some(Key::Turn(folder)),
        ("ArrowLeft", _) => {
            let above = rows.get(..at)?.iter().rposition(|other| other.depth < row.depth);
            above.map(Key::To)
        }
        ("Enter" | " ", Entry::Folder(folder)) => Some(Key::Turn(folder)),
        ("Enter", Entry::Member(member)) => Some(Key::Visit(member)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_as_in_every_tree() {
        let row = |entry, depth, open| Row { entry, depth, open, place: (1, 1) };
        let rows = [
            row(Entry::Member(0), 0, false),
            row(Entry::Folder(0), 0, true),
            row(Entry::Folder(1), 1, false),
            row(Entry::Member(7), 1, false),
        ];
        let press = |name, at| key(name, &rows, at, 2);
        assert_eq!(press("ArrowDown", None), Some(Key::To(0)));
        assert_eq!(press("End", Some(0)), Some(Key::To(3)));
        assert_eq!(press("ArrowRight", Some(1)), Some(Key::To(2)), "into what is open");
        assert_eq!(press("ArrowRight", Some(2)), Some(Key::Turn(1)));
        assert_eq!(press("ArrowLeft", Some(1)), Some(Key::Turn(0)));
        assert_eq!(press("ArrowLeft", Some(3)), Some(Key::To(1)), "to the folder around it");
        assert_eq!(press("ArrowLeft", Some(0)), None);
        assert_eq!((press("Enter", Some(2)), press(" ", Some(1))), (Some(Key::Turn(1)), Some(Key::Turn(0))));
        assert_eq!((press("Enter", Some(3)), press(" ", Some(3))), (Some(Key::Visit(7)), None));
        assert_eq!((press("Enter", None), press("x", Some(0))), (None, None));
    }
}
