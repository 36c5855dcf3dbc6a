//! Sorting by a number: one sort for all of the analyses, since each kind of row that is sorted costs the page kilobytes.

/// The places of `keys` from the smallest to the largest; equal ones stay in their order.
pub(crate) fn ascending(keys: impl Iterator<Item = u64>) -> Vec<usize> {
    let mut pairs: Vec<(u64, usize)> = keys.zip(0..).collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, at)| at).collect()
}

/// A key for a number that is not negative: floats of one sign stand in the order of their bits.
pub(crate) fn key(number: f64) -> u64 {
    number.max(0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay() {
        assert_eq!(ascending([3, 1, 3, 0].into_iter()), [3, 1, 0, 2]);
        assert!(key(0.5) < key(1.5) && key(1.5) < key(f64::MAX) && key(-1.0) == key(0.0));
    }
}
