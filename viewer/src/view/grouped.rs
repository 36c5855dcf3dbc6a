//! Rows under heads: the shape of the network and the file table. Pure: tested natively.

use crate::ui::picks::{Picks, RowId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One row on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Head of the n-th group.
    Head(u32),
    /// An item by its number.
    Item(u32),
}

/// Groups in order with their items. Compared by pointer.
#[derive(Clone)]
pub(super) struct Grouped<K> {
    /// Heads and items as they stand.
    pub(super) lines: Rc<[Line]>,
    /// What each line stands for: the number of an item, or one from the end for a head.
    pub(super) ids: Rc<[RowId]>,
    /// Each group's key and how many items it has.
    pub(super) groups: Rc<[(K, usize)]>,
    /// Items in all.
    pub(super) items: usize,
}

impl<K> PartialEq for Grouped<K> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.lines, &other.lines)
    }
}

impl<K: Ord + Clone> Grouped<K> {
    /// Puts items under their keys; keys by their order, items as they come.
    pub(super) fn new(items: impl Iterator<Item = (K, u32)>) -> Self {
        let mut by_key: BTreeMap<K, Vec<u32>> = BTreeMap::new();
        let mut number = 0;
        for (key, item) in items {
            by_key.entry(key).or_default().push(item);
            number += 1;
        }
        let mut lines = Vec::with_capacity(number + by_key.len());
        let mut groups = Vec::with_capacity(by_key.len());
        for ((key, items), at) in by_key.into_iter().zip(0..) {
            lines.push(Line::Head(at));
            groups.push((key, items.len()));
            lines.extend(items.into_iter().map(Line::Item));
        }
        let id = |line: &Line| match line {
            Line::Head(group) => RowId::MAX - RowId::from(*group),
            Line::Item(item) => RowId::from(*item),
        };
        let ids = lines.iter().map(id).collect();
        Self { lines: lines.into(), ids, groups: groups.into(), items: number }
    }
}

impl<K> Grouped<K> {
    /// All items, as they stand.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> {
        self.lines.iter().filter_map(|line| match line {
            Line::Item(item) => Some(*item),
            Line::Head(_) => None,
        })
    }

    /// Those that are chosen.
    pub(super) fn picked(&self, picks: &Picks) -> impl Iterator<Item = u32> {
        self.all().filter(|item| picks.has(RowId::from(*item)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_then_items() {
        let grouped = Grouped::new([("b", 1), ("a", 2), ("b", 3)].into_iter());
        let expected = [Line::Head(0), Line::Item(2), Line::Head(1), Line::Item(1), Line::Item(3)];
        assert_eq!(*grouped.lines, expected);
        assert_eq!(*grouped.groups, [("a", 1), ("b", 2)]);
        assert_eq!(grouped.items, 3);
        assert_eq!(*grouped.ids, [u64::MAX, 2, u64::MAX - 1, 1, 3]);
        assert_eq!(grouped.picked(&Picks::one(3)).collect::<Vec<_>>(), [3]);
        assert!(Grouped::new(std::iter::empty::<((), u32)>()).lines.is_empty());
    }
}
