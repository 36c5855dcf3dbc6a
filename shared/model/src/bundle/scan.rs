//! Looking for a byte and copying a few of them, eight at a time. The standard library that the collector is built with is
//! made for size and looks at one, and its C library takes as long to begin a copy as the copy of a short text takes.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = ONES << 7;

/// The high bit of each byte of `word` that is below `limit` (at most 128). Above the first such byte it may be wrong.
#[must_use]
pub const fn below(word: u64, limit: u64) -> u64 {
    word.wrapping_sub(ONES * limit) & !word & HIGH
}

/// The high bit of each byte of `word` that is `byte`, with the same reserve.
#[must_use]
pub const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * byte as u64), 1)
}

/// The place of the first byte for which `marks`, made of [`below`] and [`equal`], has a bit; `also` asks the same of one
/// byte.
pub fn first(bytes: &[u8], marks: impl Fn(u64) -> u64, also: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let found = marks(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(8 * at + usize::try_from(found.trailing_zeros()).unwrap_or(0) / 8);
        }
    }
    rest.iter().position(|byte| also(*byte)).map(|at| 8 * words.len() + at)
}

/// The place of the first `byte`.
#[must_use]
pub fn position(bytes: &[u8], byte: u8) -> Option<usize> {
    first(bytes, |word| equal(word, byte), |other| other == byte)
}

/// Whether two texts are the same.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    let ((words, rest), (others, end)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    let equal = |(one, other): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*one) == u64::from_ne_bytes(*other);
    one.len() == other.len()
        && words.iter().zip(others).all(equal)
        && rest.iter().zip(end).all(|(one, other)| one == other)
}

/// Longer pieces are copied by the C library.
const SHORT: usize = 48;

/// Appends bytes, which are expected to be few.
pub fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    if bytes.len() > SHORT {
        out.extend_from_slice(bytes);
        return;
    }
    out.reserve(SHORT);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        out.extend_from_slice(word);
    }
    let (half, rest) = rest.as_chunks::<4>();
    for word in half {
        out.extend_from_slice(word);
    }
    for byte in rest {
        out.push(*byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn same_is_equal(one: Vec<u8>, at: prop::sample::Index, bit in 0..8u32, longer: u8) {
            prop_assert!(same(&one, &one.clone()));
            let mut other = one.clone();
            other.push(longer);
            prop_assert!(!same(&one, &other) && !same(&other, &one));
            let mut flipped = other.clone();
            *at.get_mut(&mut flipped) ^= 1 << bit;
            prop_assert!(!same(&flipped, &other));
        }

        #[test]
        fn what_is_appended_is_there(before: Vec<u8>, bytes in prop::collection::vec(any::<u8>(), 0..2 * SHORT)) {
            let mut out = before.clone();
            append(&mut out, &bytes);
            prop_assert_eq!(out, [before, bytes].concat());
        }

        #[test]
        fn it_finds_what_a_loop_finds(bytes: Vec<u8>, byte: u8, limit in 1..=128u64) {
            prop_assert_eq!(position(&bytes, byte), bytes.iter().position(|other| *other == byte));
            let found = first(&bytes, |word| below(word, limit), |byte| u64::from(byte) < limit);
            prop_assert_eq!(found, bytes.iter().position(|byte| u64::from(*byte) < limit));
        }
    }
}
