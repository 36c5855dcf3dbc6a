//! Sorting, written out once for all kinds of rows.
//!
//! The standard library's sort is made anew for each kind of row and each way to compare: some 6 KB of WebAssembly every
//! time, a tenth of the page before this module. Here what is sorted is the places of the rows, by one sort; only putting
//! the rows there is made for each kind. Plain numbers keep `sort_unstable`: they are few kinds, and many share each.

use std::cmp::Ordering;

/// Sorts by a comparison; equal rows stay in their order.
pub fn sort_by<T>(rows: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(rows.len(), &|a, b| match (rows.get(a), rows.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    put(rows, order);
}

/// Sorts by a key, which is asked for at each comparison; equal rows stay in their order.
pub fn sort_by_key<T, K: Ord>(rows: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(rows, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by the rows' own order.
pub fn sort<T: Ord>(rows: &mut [T]) {
    sort_by(rows, T::cmp);
}

/// The places of `keys` from the smallest to the largest; equal ones stay in their order.
#[must_use]
pub fn ascending(keys: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut pairs: Vec<(u64, usize)> = keys.zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, at)| at).collect()
}

/// A key for a number that is not negative: floats of one sign stand in the order of their bits.
#[must_use]
pub fn key(number: f64) -> u64 {
    number.max(0.0).to_bits()
}

/// The places of `count` rows in their order.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Puts at each place the row that the order names. Each row moves once, along the cycles of the permutation.
fn put<T>(rows: &mut [T], mut order: Vec<usize>) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(place) = order.get_mut(at) {
            let next = std::mem::replace(place, at);
            if next == start {
                break;
            }
            rows.swap(at, next);
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_keys_stay() {
        assert_eq!(ascending([3, 1, 3, 0].into_iter()), [3, 1, 0, 2]);
        assert!(key(0.5) < key(1.5) && key(1.5) < key(f64::MAX) && key(-1.0) == key(0.0));
    }

    proptest! {
        #[test]
        fn as_the_standard_library_sorts(keys: Vec<u8>) {
            let rows: Vec<(String, usize)> = keys.iter().map(|key| (key % 16).to_string()).zip(0..).collect();
            let (mut ours, mut theirs) = (rows.clone(), rows);
            sort_by(&mut ours, |a, b| b.0.cmp(&a.0));
            theirs.sort_by(|a, b| b.0.cmp(&a.0));
            prop_assert_eq!(&ours, &theirs);
            sort_by_key(&mut ours, |row| row.0.len());
            theirs.sort_by_key(|row| row.0.len());
            prop_assert_eq!(&ours, &theirs);
            sort(&mut ours);
            theirs.sort();
            prop_assert_eq!(&ours, &theirs);
        }
    }
}
