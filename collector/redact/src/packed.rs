//! Lists of words in one string, with a small filter in front: most texts hold none of them, and a look at two letters says
//! so. A slice of strings would cost 16 bytes more for each word of a program that is counted in kilobytes.

/// Words with one space between them, in the order of [`letter`]: the compiler refuses any other order. Each has two letters at least.
#[derive(Debug)]
pub(super) struct Packed {
    text: &'static str,
    /// A bit for the first three letters of each word, by [`bit`].
    starts: [u32; 32],
    /// Where the words of each first letter begin in the text, and behind the last letter its end.
    begins: [u16; 33],
}

/// The letter by which words are found. Upper and lower case are the same.
const fn letter(byte: u8) -> usize {
    (byte & 31) as usize
}

/// Where the bit of these letters is. The case of letters falls away.
const fn bit(first: u8, second: u8, third: u8) -> (usize, u32) {
    let sum = letter(first) * 37 + letter(second) * 101 + letter(third) * 13;
    (sum >> 5 & 31, 1 << (sum & 31))
}

impl Packed {
    #[allow(
        clippy::indexing_slicing,
        clippy::panic,
        clippy::cast_possible_truncation,
        reason = "computed by the compiler"
    )]
    pub(super) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let (mut starts, mut begins) = ([0; 32], [0; 33]);
        let (mut at, mut last) = (0, 0);
        while at + 1 < bytes.len() {
            if !separates(bytes[at]) && (at == 0 || separates(bytes[at - 1])) {
                let whole = at + 2 < bytes.len() && !separates(bytes[at + 2]);
                // A word of two letters goes with any third one.
                let (mut third, end) = if whole { (bytes[at + 2], bytes[at + 2]) } else { (0, 31) };
                while third <= end {
                    let (row, mask) = bit(bytes[at], bytes[at + 1], third);
                    starts[row] |= mask;
                    third += 1;
                }
                assert!(letter(bytes[at]) >= last, "the words are not in order");
                while last < letter(bytes[at]) {
                    last += 1;
                    begins[last] = at as u16;
                }
            }
            at += 1;
        }
        assert!(bytes.len() < 1 << 16, "the list is too long");
        while last < 32 {
            last += 1;
            begins[last] = bytes.len() as u16;
        }
        Self { text, starts, begins }
    }

    /// Whether a word may begin as this text does.
    #[inline(never)]
    fn may(&self, text: &[u8]) -> bool {
        let [first, second, rest @ ..] = text else { return false };
        let (row, mask) = bit(*first, *second, rest.first().copied().unwrap_or(0));
        self.starts.get(row).is_some_and(|row| row & mask != 0)
    }

    /// The words that begin with the letter of this text.
    fn like(&self, text: &[u8]) -> Words {
        let at = text.first().map_or(0, |first| letter(*first));
        let place = |at: usize| self.begins.get(at).map_or(0, |place| usize::from(*place));
        Words(self.text.as_bytes().get(place(at)..place(at + 1)).unwrap_or_default())
    }

    /// Whether this is one of the words. Upper and lower case are the same.
    #[inline(never)]
    pub(super) fn has(&self, word: &[u8]) -> bool {
        self.may(word)
            && self.like(word).any(|known| known.len() == word.len() && known.eq_ignore_ascii_case(word))
    }

    /// The first word that the text begins with, in this case of letters only.
    #[inline(never)]
    pub(super) fn starts(&self, text: &[u8]) -> Option<&'static [u8]> {
        let first = text.first();
        if self.may(text) {
            self.like(text).find(|known| known.first() == first && text.starts_with(known))
        } else {
            None
        }
    }

    /// Whether a word stands anywhere in the text. Upper and lower case are the same.
    #[inline(never)]
    pub(super) fn within(&self, text: &[u8]) -> bool {
        (0..text.len()).any(|at| {
            let tail = text.get(at..).unwrap_or_default();
            self.may(tail)
                && self.like(tail).any(|known| {
                    tail.get(..known.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(known))
                })
        })
    }

    /// Whether the text ends in one of the words. Upper and lower case are the same.
    #[inline(never)]
    pub(super) fn ends(&self, text: &[u8]) -> bool {
        Words(self.text.as_bytes()).any(|known| {
            let at = text.len().checked_sub(known.len());
            at.and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(known))
        })
    }
}

/// The words of a part of a list.
struct Words(&'static [u8]);

impl Iterator for Words {
    type Item = &'static [u8];

    #[inline(never)]
    fn next(&mut self) -> Option<&'static [u8]> {
        let begin = self.0.iter().position(|byte| !separates(*byte))?;
        let list = self.0.get(begin..)?;
        let end = list.iter().position(|byte| separates(*byte)).unwrap_or(list.len());
        let word;
        (word, self.0) = list.split_at_checked(end)?;
        Some(word)
    }
}

const fn separates(byte: u8) -> bool {
    byte == b' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static LIST: Packed = Packed::new("key пароль TOKEN 7z");

    #[test]
    fn words_are_found_in_any_case() {
        for word in ["key", "KEY", "Token", "7Z", "пароль"] {
            assert!(LIST.has(word.as_bytes()), "{word}");
            assert!(LIST.within(format!("a {word}s").as_bytes()), "{word}");
            assert!(LIST.ends(format!("a{word}").as_bytes()), "{word}");
        }
        for word in ["", "k", "ke", "keys", "TOKEN\n", " "] {
            assert!(!LIST.has(word.as_bytes()), "{word}");
        }
        assert_eq!(LIST.starts(b"keys"), Some(&b"key"[..]));
        assert_eq!(LIST.starts(b"KEYS"), None);
    }

    proptest! {
        #[test]
        fn the_filter_loses_nothing(before in "[a-z]{0,3}", at in 0..4usize, after in "[a-z]{0,3}") {
            let word = LIST.text.split_ascii_whitespace().nth(at).unwrap();
            let text = format!("{before}{word}{after}");
            prop_assert!(LIST.within(text.as_bytes()));
        }
    }
}
