//! Rows under heads: the shape of the network and the file table. Pure: tested natively.

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
        Self { lines: lines.into(), groups: groups.into(), items: number }
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
        assert!(Grouped::new(std::iter::empty::<((), u32)>()).lines.is_empty());
    }
}
