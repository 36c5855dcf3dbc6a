//! What a rule is, and what it can answer.

use super::case::Case;
use super::scene::Scene;
use super::severity::Severity;
use procglass_snapshot::ProcessIndex;
use std::borrow::Cow;
use std::fmt;

/// One kind of bad behaviour that a snapshot can show: everything that people need to know of it, and the check.
pub struct Rule {
    /// Its name in queries, output and documents.
    pub id: &'static str,
    /// A headline of a few words.
    pub title: &'static str,
    /// ATT&CK techniques, by number; see [`attack`](super::attack).
    pub attack: &'static [&'static str],
    /// Why it matters, for a reader without technical knowledge. One or two sentences.
    pub why: &'static str,
    /// What exactly is looked at, for the specialist.
    pub detail: &'static str,
    /// What looks the same and is harmless. What the check recognises of it lowers the severity and says so.
    pub harmless: &'static [&'static str],
    /// What to do next, in order.
    pub next: &'static [&'static str],
    /// What this rule cannot see.
    pub blind: &'static str,
    /// The check itself.
    pub check: Check,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One process after the other.
    Process(fn(&Case<'_>) -> Answer),
    /// The system as a whole.
    System(fn(&Scene<'_>) -> Vec<Answer>),
}

/// What a check says of one process, or of the system.
#[derive(Debug)]
pub enum Answer {
    /// It looked, and there is nothing.
    Clean,
    /// It could not look: this artefact is missing (`environ`, `maps`, ...).
    Unknown(&'static str),
    /// It found something.
    Found(Draft),
}

impl From<Option<Draft>> for Answer {
    fn from(draft: Option<Draft>) -> Self {
        draft.map_or(Self::Clean, Self::Found)
    }
}

/// A finding in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// How serious, after everything that raises or lowers it.
    pub severity: Severity,
    /// The process, when a rule about the system means one.
    pub process: Option<ProcessIndex>,
    /// What it does or has, as the rest of a sentence whose subject is the process: `runs a deleted file`.
    pub predicate: String,
    /// The proof, a point each.
    pub proofs: Vec<Proof>,
    /// What made it more serious.
    pub raised: Vec<Cow<'static, str>>,
    /// What made it less serious.
    pub lowered: Vec<Cow<'static, str>>,
}

/// One point of a proof: where the bytes are, and what they say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proof {
    /// The member and the place in it: `process/812.json#links/exe`, `net/4026531840/tcp:4`.
    pub member: String,
    /// The bytes, made visible and cut to a readable length.
    pub excerpt: String,
}

/// How much of the evidence an excerpt shows, characters. The rest is one click away.
const EXCERPT: usize = 240;

impl Proof {
    /// Evidence at a place.
    pub fn new(member: impl Into<String>, bytes: &[u8]) -> Self {
        // Cut before it is made visible: an argument may have a megabyte.
        let cut = bytes.len() > 4 * EXCERPT;
        let bytes = bytes.get(..4 * EXCERPT).unwrap_or(bytes);
        let text = procglass_model::text::visible(bytes.strip_suffix(b"\n").unwrap_or(bytes));
        let mut excerpt: String = text.chars().take(EXCERPT).collect();
        if cut || excerpt.len() < text.len() {
            excerpt.push('…');
        }
        Self { member: member.into(), excerpt }
    }
}

impl Draft {
    /// A finding with its severity before anything raises or lowers it.
    pub fn new(severity: Severity, predicate: impl Into<String>) -> Self {
        Self {
            severity,
            process: None,
            predicate: predicate.into(),
            proofs: Vec::new(),
            raised: Vec::new(),
            lowered: Vec::new(),
        }
    }

    /// Adds a point of proof.
    #[must_use]
    pub fn proof(mut self, proof: Proof) -> Self {
        if !self.proofs.contains(&proof) {
            self.proofs.push(proof);
        }
        self
    }

    /// Adds several.
    #[must_use]
    pub fn proofs(self, proofs: impl IntoIterator<Item = Proof>) -> Self {
        proofs.into_iter().fold(self, Self::proof)
    }

    /// At least this serious where `because` holds.
    #[must_use]
    pub fn at_least(
        mut self,
        severity: Severity,
        holds: bool,
        because: impl Into<Cow<'static, str>>,
    ) -> Self {
        if holds && self.severity < severity {
            self.severity = severity;
            self.raised.push(because.into());
        }
        self
    }

    /// At most this serious where `because` holds.
    #[must_use]
    pub fn at_most(mut self, severity: Severity, holds: bool, because: impl Into<Cow<'static, str>>) -> Self {
        if holds && self.severity > severity {
            self.severity = severity;
            self.lowered.push(because.into());
        }
        self
    }

    /// Names the process, in a rule about the system.
    #[must_use]
    pub fn of(mut self, process: ProcessIndex) -> Self {
        self.process = Some(process);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_only_where_they_change_something() {
        let draft = Draft::new(Severity::Low, "x")
            .at_least(Severity::High, true, "it listens")
            .at_least(Severity::Medium, true, "nothing more")
            .at_least(Severity::Critical, false, "not so")
            .at_most(Severity::Note, true, "a package upgrade");
        assert_eq!(draft.severity, Severity::Note);
        assert_eq!((draft.raised.len(), draft.lowered.len()), (1, 1));
    }

    #[test]
    fn excerpts_are_visible_and_short() {
        assert_eq!(Proof::new("m", b"a\x1b[0m\n").excerpt, "a\\x1b[0m");
        let long = Proof::new("m", &[b'x'; 5000]).excerpt;
        assert_eq!(long.chars().count(), EXCERPT + 1);
        assert!(long.ends_with('…'));
    }
}
