//! The whole in one sentence, with how sure it is.

use super::evaluate::{Findings, State};
use super::severity::Severity;
use procglass_snapshot::Snapshot;
use std::collections::BTreeSet;

/// How far the sentence may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Every rule could look everywhere.
    Full,
    /// Some could not.
    Partial,
    /// The bundle lacks something: it is damaged or cut, or the collection was ended early or could not read some processes.
    Damaged,
}

/// The sentence at the top of the first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The most serious finding, if any is more than a note.
    pub severity: Option<Severity>,
    /// For everyone.
    pub sentence: String,
    /// How sure.
    pub certainty: Certainty,
    /// What it rests on and what it does not know, as sentences.
    pub limits: Vec<String>,
    /// What stands where nothing serious is listed.
    pub nothing: &'static str,
}

impl Verdict {
    /// Of what was found.
    #[must_use]
    pub fn of(snapshot: &Snapshot, findings: &Findings) -> Self {
        let worst =
            findings.all.first().map(|finding| finding.severity).filter(|worst| *worst > Severity::Note);
        let story = findings.stories.first();
        let coverage = snapshot.coverage();
        let missing = coverage.sentence();
        let count = findings.stories.iter().filter(|story| Some(story.severity) == worst).count();
        let sentence = match (worst, story) {
            (Some(Severity::Critical), Some(story)) => format!("Serious: {}", story.sentence),
            (Some(Severity::High), Some(story)) => format!("Suspicious: {}", story.sentence),
            (Some(Severity::Medium), Some(story)) if count == 1 => {
                format!("No sign of intrusion. One item to review: {}", story.sentence)
            }
            (Some(Severity::Medium), Some(story)) => {
                format!("No sign of intrusion. {count} items to review, the first: {}", story.sentence)
            }
            (Some(Severity::Medium), None) => "No sign of intrusion. Some items to review.".to_owned(),
            (Some(_), _) if missing.is_some() => "Some unusual things are listed.".to_owned(),
            (Some(_), _) => "Nothing suspicious was found; some unusual things are listed.".to_owned(),
            (None, _) if coverage.processes == 0 => "So nothing can be said of what ran.".to_owned(),
            (None, _) if missing.is_some() => "The checks found nothing in that part.".to_owned(),
            (None, _) => "Nothing suspicious was found in what could be seen.".to_owned(),
        };
        // How much was looked at is said before what was found in it.
        let sentence = match &missing {
            Some(missing) => format!("{missing} {sentence}"),
            None => sentence,
        };
        let mut limits: Vec<String> = coverage.gaps.iter().map(|gap| gap.sentence.clone()).collect();
        if snapshot.manifest.options.contains_key("pid") {
            limits.push("Only the processes that were named with --pid were collected.".to_owned());
        }
        let blind: Vec<_> = findings.rules.iter().filter(|report| !report.unknown.is_empty()).collect();
        if !blind.is_empty() {
            let missing: BTreeSet<&str> =
                blind.iter().flat_map(|report| report.unknown.keys().copied()).collect();
            let undecided = blind.iter().filter(|report| report.state() == State::Unknown).count();
            limits.push(format!(
                "{} of {} checks could not look everywhere, for want of {}; {undecided} of them found nothing where they could.",
                blind.len(),
                findings.rules.len(),
                missing.into_iter().collect::<Vec<_>>().join(", ")
            ));
        }
        limits.push(
            "A snapshot shows one moment: what ended before it is not in it, nor is what the kernel hides."
                .to_owned(),
        );
        let certainty = match (missing.is_none(), blind.is_empty()) {
            (false, _) => Certainty::Damaged,
            (true, false) => Certainty::Partial,
            (true, true) => Certainty::Full,
        };
        let nothing = match missing {
            Some(_) => "Nothing that needs an explanation, in the part that was read.",
            None => "Nothing that needs an explanation.",
        };
        Self { severity: worst, sentence, certainty, limits, nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Indicators;
    use procglass_fixture as fixture;

    fn verdict(text: &str) -> Verdict {
        let snapshot = fixture::open(&fixture::bundle(text));
        Verdict::of(&snapshot, &Findings::of(&snapshot, &Indicators::default()))
    }

    #[test]
    fn serious_quiet_and_unsure() {
        let snapshot = fixture::payments();
        let serious = Verdict::of(&snapshot, &Findings::of(&snapshot, &Indicators::default()));
        assert_eq!(serious.severity, Some(Severity::Critical));
        assert!(serious.sentence.starts_with("Serious: .x (812)"), "{}", serious.sentence);
        let quiet =
            verdict("//- process/5/stat\n5 (a) S 1 5 5 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 1 1 1 1 0\n");
        assert_eq!(quiet.severity, None, "{quiet:?}");
        assert_eq!(quiet.certainty, Certainty::Partial, "nothing but stat was read: {quiet:?}");
        assert!(quiet.sentence.contains("in what could be seen"));
    }
}
