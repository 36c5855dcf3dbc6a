//! Which element shows which row. Pure: tested natively.

use std::collections::HashMap;

/// The elements of a list. A row that stays on the screen keeps its element, wherever it goes; one that leaves gives its
/// element to one that comes.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// Rows by what they stand for, and their elements, from top to bottom.
    rows: Vec<(u64, u32)>,
    /// Elements so far.
    made: u32,
}

impl Slots {
    /// The element of each row.
    pub(crate) fn assign(&mut self, wanted: &[u64]) -> Vec<u32> {
        let mut known: HashMap<u64, u32> = self.rows.iter().copied().collect();
        let kept: Vec<Option<u32>> = wanted.iter().map(|row| known.remove(row)).collect();
        // In their order on the screen: when all rows are new, no element moves.
        let mut free = self.rows.iter().map(|(row, _)| row).filter_map(|row| known.remove(row));
        let mut slots = Vec::with_capacity(wanted.len());
        for slot in kept {
            slots.push(slot.or_else(|| free.next()).unwrap_or_else(|| {
                self.made += 1;
                self.made
            }));
        }
        drop(free);
        self.rows.clear();
        self.rows.extend(wanted.iter().copied().zip(slots.iter().copied()));
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_follow_their_rows() {
        let mut slots = Slots::default();
        assert_eq!(slots.assign(&[10, 11, 12, 13]), [1, 2, 3, 4]);
        assert_eq!(slots.assign(&[12, 13, 14, 15]), [3, 4, 1, 2], "scrolled by two");
        assert_eq!(slots.assign(&[12, 99, 13, 14]), [3, 2, 4, 1], "one came between");
        assert_eq!(slots.assign(&[70, 71, 72, 73]), [3, 2, 4, 1], "all new: nothing moves");
        assert_eq!(slots.assign(&[71]), [2]);
        assert_eq!(slots.assign(&[71, 72]), [2, 5]);
        assert!(slots.assign(&[]).is_empty());
    }

    #[test]
    fn an_element_shows_one_row() {
        let mut slots = Slots::default();
        for rows in [vec![1, 1, 2], vec![2, 2, 2, 1], vec![3, 1, 3]] {
            let mut found = slots.assign(&rows);
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), rows.len(), "even if two rows claim to be the same");
        }
    }
}
