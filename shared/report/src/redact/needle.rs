//! Looking for many texts at once, in time proportional to what is searched: by the hash of each one's first eight bytes.

use std::collections::HashMap;

/// A text, and what to write instead.
type Needle = (Box<[u8]>, Box<[u8]>);

/// Texts to be replaced wherever they stand.
#[derive(Default)]
pub(super) struct Needles {
    by_head: HashMap<[u8; Needles::SHORTEST], Vec<Needle>>,
    /// A bit for each pair of first bytes that occurs: most places are ruled out by it.
    pairs: Vec<u64>,
}

impl Needles {
    /// Shorter ones are found everywhere by chance.
    pub(super) const SHORTEST: usize = 8;

    /// Adds a text and what to write instead. One that is too short is not taken.
    pub(super) fn add(&mut self, text: &[u8], instead: impl FnOnce() -> String) {
        let Some(head) = text.first_chunk::<{ Self::SHORTEST }>() else { return };
        let same = self.by_head.entry(*head).or_default();
        if same.iter().any(|(known, _)| **known == *text) {
            return;
        }
        // The longest first, so that a part of it is not taken for the whole.
        let at = same.partition_point(|(known, _)| known.len() >= text.len());
        same.insert(at, (text.into(), instead().into_bytes().into()));
        self.pairs.resize(1024, 0);
        let pair = pair(head);
        if let Some(word) = self.pairs.get_mut(pair / 64) {
            *word |= 1 << (pair % 64);
        }
    }

    /// The text with all of them replaced; `None` when there is none in it.
    pub(super) fn replace(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out: Option<Vec<u8>> = None;
        let (mut at, mut copied) = (0, 0);
        while let Some(head) = text.get(at..).and_then(|rest| rest.first_chunk::<{ Self::SHORTEST }>()) {
            let Some((length, instead)) = self.at(head, text.get(at..).unwrap_or_default()) else {
                at += 1;
                continue;
            };
            let out = out.get_or_insert_default();
            out.extend_from_slice(text.get(copied..at).unwrap_or_default());
            out.extend_from_slice(instead);
            at += length;
            copied = at;
        }
        let mut out = out?;
        out.extend_from_slice(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    fn at(&self, head: &[u8; Self::SHORTEST], text: &[u8]) -> Option<(usize, &[u8])> {
        let pair = pair(head);
        self.pairs.get(pair / 64).filter(|word| **word & (1 << (pair % 64)) != 0)?;
        let found = self.by_head.get(head)?.iter().find(|(known, _)| text.starts_with(known));
        found.map(|(known, instead)| (known.len(), &**instead))
    }
}

fn pair(head: &[u8; Needles::SHORTEST]) -> usize {
    let [first, second, ..] = *head;
    usize::from(first) << 8 | usize::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_longest_is_replaced() {
        let mut needles = Needles::default();
        needles.add(b"password", || "<1>".into());
        needles.add(b"password123", || "<2>".into());
        needles.add(b"short", || "<3>".into());
        assert_eq!(needles.replace(b"xpassword123 password short").unwrap(), b"x<2> <1> short");
        assert_eq!(needles.replace(b"passwor"), None);
    }

    proptest! {
        #[test]
        fn nothing_is_left(texts in prop::collection::vec("[ab]{8,10}", 1..6), hay in "[abc]{0,60}") {
            let mut needles = Needles::default();
            for text in &texts {
                needles.add(text.as_bytes(), || "<>".into());
            }
            let out = needles.replace(hay.as_bytes()).unwrap_or_else(|| hay.clone().into());
            let out = String::from_utf8(out).unwrap();
            prop_assert!(texts.iter().all(|text| !out.contains(text.as_str())), "{}", out);
        }
    }
}
