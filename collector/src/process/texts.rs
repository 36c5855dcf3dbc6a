//! Content that many processes share: recognised by comparing with what came before, hashed only when new.

use procglass_model::bundle::{Sha256Digest, hex, sha256};
use std::collections::HashSet;

/// Different contents of one artefact that are remembered for comparison.
const RECENT: usize = 4;

/// A stored mountinfo: its hash, and the sentence when it was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountText {
    pub(super) hash: String,
    pub(super) cut: Option<String>,
}

/// What this worker has handed over.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    recent: Vec<Text>,
    sent: HashSet<Sha256Digest>,
}

#[derive(Debug)]
struct Text {
    artefact: u32,
    content: Vec<u8>,
    hash: String,
}

impl Texts {
    /// The hash of a content, and whether it is new and must be handed over.
    pub(super) fn hash(&mut self, artefact: u32, content: &[u8]) -> (&str, bool) {
        let known = self.recent.iter().position(|text| text.artefact == artefact && text.content == content);
        let new = known.is_none() && {
            let digest = sha256(content);
            let mine = self.recent.iter().filter(|text| text.artefact == artefact).count();
            if mine >= RECENT
                && let Some(oldest) = self.recent.iter().position(|text| text.artefact == artefact)
            {
                self.recent.remove(oldest);
            }
            self.recent.push(Text { artefact, content: content.to_vec(), hash: hex(&digest) });
            self.sent.insert(digest)
        };
        let at = known.unwrap_or(self.recent.len().saturating_sub(1));
        (self.recent.get(at).map_or("", |text| &text.hash), new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_content_is_new_once() {
        let mut texts = Texts::default();
        let mut new = 0;
        for round in 0..3 {
            for n in 0..10u8 {
                let (hash, fresh) = texts.hash(u32::from(n % 2), &[n; 300]);
                assert_eq!(hash, hex(&sha256(&[n; 300])), "round {round}");
                new += usize::from(fresh);
            }
        }
        assert_eq!(new, 10);
        assert!(texts.recent.len() <= 2 * RECENT);
    }
}
