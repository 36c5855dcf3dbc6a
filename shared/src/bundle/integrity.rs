//! Whether a bundle is what its collector wrote.

use super::sums::{self, SUMS_NAME, Sha256Digest};
use foldhash::HashMap;
use std::sync::Arc;

/// The result of checking a bundle against its own `SHA256SUMS`.
///
/// This finds accidents. Somebody who changes evidence on purpose can change the sums too; against that only the
/// hash of the whole file, noted at collection time, helps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Integrity {
    /// Members whose bytes match their line.
    pub verified: usize,
    /// Members whose bytes do not.
    pub mismatched: Vec<String>,
    /// Lines without a member.
    pub missing: Vec<String>,
    /// Members without a line.
    pub unlisted: Vec<String>,
    /// Whether there was a `SHA256SUMS` at all.
    pub has_sums: bool,
    /// Whether the file came to its proper end.
    pub ended: bool,
    /// What was found damaged on the way, in words.
    pub damage: Vec<String>,
    /// Bytes of the file.
    pub compressed_bytes: u64,
    /// Bytes after decompression.
    pub raw_bytes: u64,
}

/// An [`Integrity`] in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every member is there and matches.
    Intact,
    /// What is there matches, as far as that can be known, but the end is missing.
    Incomplete,
    /// Something does not match.
    Damaged,
}

impl Verdict {
    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::Incomplete => "incomplete",
            Self::Damaged => "damaged",
        }
    }
}

impl Integrity {
    pub(super) fn new(
        hashes: &[(Arc<str>, Sha256Digest)],
        sums: Option<&[u8]>,
        ended: bool,
        damage: Vec<String>,
        compressed_bytes: u64,
        raw_bytes: u64,
    ) -> Self {
        let mut result =
            Self { has_sums: sums.is_some(), ended, damage, compressed_bytes, raw_bytes, ..Self::default() };
        let members = || hashes.iter().map(|(name, hash)| (&**name, *hash));
        let lines = || sums::parse(sums.unwrap_or_default());
        // As every collector of ours writes it.
        if members().filter(|(name, _)| *name != SUMS_NAME).eq(lines()) {
            result.verified = lines().count();
        } else {
            result.compare(&members().collect(), &lines().collect());
        }
        result
    }

    /// Finds each line's member, and each member's line.
    fn compare(&mut self, members: &HashMap<&str, Sha256Digest>, listed: &HashMap<&str, Sha256Digest>) {
        for (name, digest) in listed {
            match members.get(name) {
                Some(have) if have == digest => self.verified += 1,
                Some(_) => self.mismatched.push((*name).to_owned()),
                None => self.missing.push((*name).to_owned()),
            }
        }
        if self.has_sums {
            let extra = members.keys().filter(|name| **name != SUMS_NAME && !listed.contains_key(*name));
            self.unlisted = extra.map(|name| (*name).to_owned()).collect();
        }
        self.mismatched.sort_unstable();
        self.missing.sort_unstable();
        self.unlisted.sort_unstable();
    }

    /// The verdict in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let differs = !self.mismatched.is_empty() || !self.unlisted.is_empty();
        let inner_damage = self.damage.iter().any(|what| !what.contains(" is cut: "));
        if differs || (self.ended && (inner_damage || !self.missing.is_empty())) {
            Verdict::Damaged
        } else if !self.ended || !self.has_sums {
            if inner_damage { Verdict::Damaged } else { Verdict::Incomplete }
        } else {
            Verdict::Intact
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let total = self.verified + self.mismatched.len() + self.missing.len();
        match self.verdict() {
            Verdict::Intact => format!("intact: all {total} members match their SHA-256"),
            Verdict::Incomplete if !self.ended => {
                "incomplete: the end of the file is missing. What came before is shown; copy the file again if \
                 the original is longer"
                    .into()
            }
            Verdict::Incomplete => "incomplete: there is no SHA256SUMS to check the members against".into(),
            Verdict::Damaged => format!(
                "damaged: {} of {total} members match, {} differ, {} are missing, {} are not listed",
                self.verified,
                self.mismatched.len(),
                self.missing.len(),
                self.unlisted.len()
            ),
        }
    }
}
