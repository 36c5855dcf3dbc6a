//! Content that many processes share: recognised by comparing with what came before, hashed only when new.

use super::mounts::Mounts;
use procglass_model::bundle::scan::same;
use procglass_model::bundle::{Sha256Digest, hex, sha256};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Different contents of one artefact that are remembered for comparison.
const RECENT: usize = 16;

/// A stored mountinfo: its hash, and the sentence when it was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MountText {
    pub(super) hash: String,
    pub(super) cut: Option<String>,
    pub(super) mounts: Arc<Mounts>,
}

/// What this worker has handed over.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    recent: Vec<Text>,
    sent: HashSet<Sha256Digest>,
    /// Templates that came once, by a hash that is cheap: a mistake would only share one that came once.
    once: HashSet<u64>,
}

#[derive(Debug)]
struct Text {
    artefact: u32,
    content: Vec<u8>,
    hash: String,
}

impl Texts {
    /// As [`Texts::hash`], for content that is worth a member of its own only when it comes again. `None`: it is new.
    pub(super) fn repeated(&mut self, artefact: u32, content: &[u8]) -> Option<(&str, bool)> {
        if !self.recent.iter().any(|text| text.artefact == artefact && same(&text.content, content)) {
            let mut hasher = DefaultHasher::new();
            (artefact, content).hash(&mut hasher);
            if self.once.insert(hasher.finish()) {
                return None;
            }
        }
        Some(self.hash(artefact, content))
    }

    /// The hash of a content, and whether it is new and must be handed over.
    pub(super) fn hash(&mut self, artefact: u32, content: &[u8]) -> (&str, bool) {
        let known =
            self.recent.iter().position(|text| text.artefact == artefact && same(&text.content, content));
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
            for n in 0..40u8 {
                let (hash, fresh) = texts.hash(u32::from(n % 2), &[n; 300]);
                assert_eq!(hash, hex(&sha256(&[n; 300])), "round {round}");
                new += usize::from(fresh);
            }
        }
        assert_eq!(new, 40);
        assert!(texts.recent.len() <= 2 * RECENT);
    }

    #[test]
    fn what_comes_once_is_not_shared() {
        let mut texts = Texts::default();
        assert_eq!(texts.repeated(1, b"a"), None);
        assert_eq!(texts.repeated(2, b"a"), None);
        let want = hex(&sha256(b"a"));
        assert_eq!(texts.repeated(1, b"a"), Some((want.as_str(), true)));
        assert_eq!(texts.repeated(1, b"a"), Some((want.as_str(), false)));
    }
}
