//! Which element shows which row. Pure: tested natively.

use std::collections::HashMap;

/// The most elements that wait for a row: more than a large screen shows.
const WAITING_MAX: usize = 80;

/// The elements of a list, in the order of the page. A row that stays on the screen keeps its element, wherever it goes. One
/// that leaves gives its element to one that comes; where none comes the element waits, out of sight, since making it anew
/// costs a frame when a large branch is opened again.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    all: Vec<Held>,
    /// Elements so far.
    made: u32,
}

/// An element, and what it shows or showed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    row: u64,
    slot: u32,
    waits: bool,
}

/// An element of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which.
    pub(crate) slot: u32,
    /// The row that it shows, by its place among the wanted ones; `None`: it waits.
    pub(crate) row: Option<usize>,
}

impl Slots {
    /// Gives up what waits: a row that is needed at once is made at once, while one that waits may come a moment later.
    pub(crate) fn forget(&mut self) {
        self.all.retain(|held| !held.waits);
    }

    /// The elements for these rows, which stand in their order.
    pub(crate) fn assign(&mut self, wanted: &[u64]) -> Vec<Place> {
        let mut known: HashMap<u64, u32> = self.all.iter().map(|held| (held.row, held.slot)).collect();
        let kept: Vec<Option<u32>> = wanted.iter().map(|row| known.remove(row)).collect();
        // In their order on the page: when all rows are new, no element moves.
        let mut free = self.all.iter().filter(|held| known.get(&held.row) == Some(&held.slot));
        let mut shown = Vec::with_capacity(wanted.len());
        let stay: Vec<u32> = kept.iter().copied().flatten().collect();
        for (row, kept) in wanted.iter().zip(kept) {
            let slot = kept.or_else(|| free.next().map(|held| held.slot)).unwrap_or_else(|| {
                self.made += 1;
                self.made
            });
            shown.push(Held { row: *row, slot, waits: false });
        }
        let waiting: Vec<u32> = free.take(WAITING_MAX).map(|held| held.slot).collect();
        self.merge(&shown, &waiting, &stay)
    }

    /// Puts what waits where it stood, behind the element that stood before it and stays: nothing moves that need not.
    fn merge(&mut self, shown: &[Held], waiting: &[u32], stay: &[u32]) -> Vec<Place> {
        let is_shown = |slot| shown.iter().any(|held| held.slot == slot);
        let stays = |slot| if stay.is_empty() { is_shown(slot) } else { stay.contains(&slot) };
        let (mut behind, mut last) = (HashMap::<Option<u32>, Vec<Held>>::new(), None);
        for held in &self.all {
            if waiting.contains(&held.slot) {
                behind.entry(last).or_default().push(Held { waits: true, ..*held });
            } else if stays(held.slot) {
                last = Some(held.slot);
            }
        }
        let mut places = Vec::with_capacity(shown.len() + waiting.len());
        let mut all = Vec::with_capacity(places.capacity());
        let mut wait = |before: Option<u32>, places: &mut Vec<Place>, all: &mut Vec<Held>| {
            for held in behind.remove(&before).unwrap_or_default() {
                places.push(Place { slot: held.slot, row: None });
                all.push(held);
            }
        };
        wait(None, &mut places, &mut all);
        for (row, held) in shown.iter().enumerate() {
            places.push(Place { slot: held.slot, row: Some(row) });
            all.push(*held);
            wait(Some(held.slot), &mut places, &mut all);
        }
        self.all = all;
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of the rows, and of all, in the order of the page.
    fn assign(slots: &mut Slots, rows: &[u64]) -> (Vec<u32>, Vec<u32>) {
        let places = slots.assign(rows);
        let shown: Vec<usize> = places.iter().filter_map(|place| place.row).collect();
        assert_eq!(shown, (0..rows.len()).collect::<Vec<_>>(), "each row once, in their order");
        let all = places.iter().map(|place| place.slot).collect();
        (places.iter().filter(|place| place.row.is_some()).map(|place| place.slot).collect(), all)
    }

    #[test]
    fn elements_follow_their_rows() {
        let mut slots = Slots::default();
        let mut shown = |rows: &[u64]| assign(&mut slots, rows).0;
        assert_eq!(shown(&[10, 11, 12, 13]), [1, 2, 3, 4]);
        assert_eq!(shown(&[12, 13, 14, 15]), [3, 4, 1, 2], "scrolled by two");
        assert_eq!(shown(&[12, 99, 13, 14]), [3, 2, 4, 1], "one came between");
        assert_eq!(shown(&[70, 71, 72, 73]), [3, 2, 4, 1], "all new: nothing moves");
        assert_eq!(shown(&[71]), [2]);
        assert_eq!(shown(&[71, 73]), [2, 1], "what comes back has its own");
        assert!(shown(&[]).is_empty());
        assert_eq!(shown(&[70, 5, 71]), [3, 4, 2]);
    }

    #[test]
    fn what_waits_stays_where_it_is() {
        let mut slots = Slots::default();
        let open = [1, 2, 3, 4, 5, 6];
        assert_eq!(assign(&mut slots, &open).1, [1, 2, 3, 4, 5, 6]);
        let (shown, all) = assign(&mut slots, &[1, 2, 6, 7]);
        assert_eq!(shown, [1, 2, 6, 3], "rows 3 to 5 were folded, and a new one came into sight");
        assert_eq!(all, [1, 2, 4, 5, 6, 3], "only one moves");
        let (shown, all) = assign(&mut slots, &open);
        assert_eq!(
            (shown.len(), &shown[3..], all.len()),
            (6, &[4, 5, 6][..], 6),
            "opened again: nothing is made"
        );
        assert_eq!(assign(&mut slots, &[]).1.len(), 6);
        assert_eq!(assign(&mut slots, &open).0, shown);
    }

    #[test]
    fn not_everything_waits() {
        let mut slots = Slots::default();
        assign(&mut slots, &[1, 2, 3]);
        assign(&mut slots, &[2]);
        slots.forget();
        assert_eq!(assign(&mut slots, &[1, 2, 3]).1, [4, 2, 5]);
        assign(&mut slots, &(0..2_000).collect::<Vec<_>>());
        assert_eq!(assign(&mut slots, &[7]).1.len(), WAITING_MAX + 1, "after printing");
    }

    #[test]
    fn an_element_shows_one_row() {
        let mut slots = Slots::default();
        for rows in [vec![1, 1, 2], vec![2, 2, 2, 1], vec![3, 1, 3], vec![1], vec![1, 1, 3, 3]] {
            let (mut shown, mut all) = assign(&mut slots, &rows);
            for found in [&mut shown, &mut all] {
                let number = found.len();
                found.sort_unstable();
                found.dedup();
                assert_eq!(found.len(), number, "even if two rows claim to be the same");
            }
        }
    }
}
