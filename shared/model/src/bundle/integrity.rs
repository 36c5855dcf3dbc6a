//! Whether a bundle is what its collector wrote.

use super::manifest::Outcome;
use super::member::Member;
use super::sums::{self, Line, SUMS_NAME, Sha256Digest};
use foldhash::{HashMap, HashSet};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::Arc;

/// The result of checking a bundle against its own `SHA256SUMS`: intact is what `sha256sum -c --strict SHA256SUMS` takes in the
/// unpacked bundle, where every member is listed once, is what it is called by, and nothing was passed over.
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
    /// What ends early, in words.
    pub cut: Vec<String>,
    /// Bytes of the file.
    pub compressed_bytes: u64,
    /// Bytes after decompression.
    pub raw_bytes: u64,
}

/// What of `outcomes.json` is looked at here.
#[derive(Deserialize)]
struct Problems {
    #[serde(default)]
    problems: Vec<Outcome>,
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
    /// Compares the members with the list.
    pub(super) fn check(
        &mut self,
        hashes: &[(Arc<str>, Option<Sha256Digest>)],
        sums: Option<&[u8]>,
        outcomes: Option<&[u8]>,
    ) {
        self.has_sums = sums.is_some();
        let members = || hashes.iter().map(|(name, hash)| (&**name, *hash));
        let lines = || sums::parse(sums.unwrap_or_default());
        // As every collector of ours writes it.
        let mut expected = members().filter(|(name, _)| *name != SUMS_NAME);
        let in_order = lines().all(|line| match (line, expected.next()) {
            (Line::Sum(name, digest), Some((member, hash))) => name == member && hash == Some(digest),
            _ => false,
        }) && expected.next().is_none();
        if in_order {
            self.verified = lines().count();
        } else {
            self.compare(&members().collect(), lines());
        }
        if self.has_sums && lines().next().is_none() {
            self.damage.push(format!("{SUMS_NAME} lists nothing"));
        }
        self.compare_names(hashes, outcomes);
    }

    /// Finds each line's member, and each member's line.
    fn compare<'a>(
        &mut self,
        members: &HashMap<&str, Option<Sha256Digest>>,
        lines: impl Iterator<Item = Line<'a>>,
    ) {
        let mut listed = HashSet::<Cow<'_, str>>::default();
        for line in lines {
            let (name, digest) = match line {
                Line::Sum(name, digest) => (name, digest),
                Line::Wrong(number) => {
                    self.tell(format!("line {number} of {SUMS_NAME} is no sum of a member"));
                    continue;
                }
            };
            let list = match members.get(&*name) {
                Some(Some(have)) if *have == digest => None,
                Some(_) => Some(&mut self.mismatched),
                None => Some(&mut self.missing),
            };
            let right = list.is_none();
            list.into_iter().for_each(|list| list.push(name.clone().into_owned()));
            if listed.contains(&name) {
                self.tell(format!("`{}` is listed twice in {SUMS_NAME}", name.escape_debug()));
            } else {
                self.verified += usize::from(right);
                listed.insert(name);
            }
        }
        if self.has_sums {
            let extra = members.keys().filter(|name| **name != SUMS_NAME && !listed.contains(**name));
            self.unlisted = extra.map(|name| (*name).to_owned()).collect();
        }
        for list in [&mut self.mismatched, &mut self.missing, &mut self.unlisted] {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// Members that are called by their content must have that content, unless the collector says that it changed meanwhile.
    fn compare_names(&mut self, hashes: &[(Arc<str>, Option<Sha256Digest>)], outcomes: Option<&[u8]>) {
        let differs = |(name, hash): &&(Arc<str>, Option<Sha256Digest>)| {
            Member::called(name).is_some_and(|called| hash.is_some_and(|hash| *called != *sums::hex(&hash)))
        };
        let mut differing = hashes.iter().filter(differs).peekable();
        if differing.peek().is_none() {
            return;
        }
        let problems = outcomes.and_then(|json| serde_json::from_slice::<Problems>(json).ok());
        let said: HashSet<_> =
            problems.into_iter().flat_map(|said| said.problems).map(|one| one.member).collect();
        for (name, _) in differing.filter(|(name, _)| !said.contains(&**name)) {
            self.tell(format!("`{}` is called by the hash of other content", name.escape_debug()));
        }
    }

    fn tell(&mut self, what: String) {
        // Hostile lists may have millions of lines; the first say it all.
        if self.damage.len() < 200 {
            self.damage.push(what);
        }
    }

    /// What was found damaged and what ends early, in words.
    pub fn remarks(&self) -> impl Iterator<Item = &String> {
        self.damage.iter().chain(&self.cut)
    }

    /// The verdict in one word.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let differs = !self.mismatched.is_empty() || !self.unlisted.is_empty();
        if differs || !self.damage.is_empty() || (self.ended && !self.missing.is_empty()) {
            Verdict::Damaged
        } else if !self.ended || !self.has_sums || !self.cut.is_empty() {
            Verdict::Incomplete
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
            Verdict::Incomplete if !self.ended || !self.cut.is_empty() => {
                "incomplete: the end of the file is missing. What came before is shown; copy the file again if \
                 the original is longer"
                    .into()
            }
            Verdict::Incomplete => "incomplete: there is no SHA256SUMS to check the members against".into(),
            Verdict::Damaged => {
                let first = self.damage.first().map(|what| format!("; {what}")).unwrap_or_default();
                format!(
                    "damaged: {} of {total} members match, {} differ, {} are missing, {} are not listed{first}",
                    self.verified,
                    self.mismatched.len(),
                    self.missing.len(),
                    self.unlisted.len()
                )
            }
        }
    }
}
