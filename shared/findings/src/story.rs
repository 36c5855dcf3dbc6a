//! Findings that belong together: on one process, or on a process and its ancestors.

use super::evaluate::Finding;
use super::severity::Severity;
use procglass_model::sorting;
use procglass_snapshot::{Process, ProcessIndex, Snapshot};
use std::collections::BTreeMap;

/// One story: what happened, as far as a snapshot can show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The most serious of its findings.
    pub severity: Severity,
    /// Places in [`Findings::all`](super::Findings::all), the most serious first.
    pub findings: Vec<usize>,
    /// From the oldest ancestor that matters down to the process with the most serious finding. Empty when it is about the
    /// system as a whole.
    pub chain: Vec<ProcessIndex>,
    /// What happened, in one or two sentences.
    pub sentence: String,
}

/// How many generations may lie between two findings of one story.
const REACH: usize = 4;
/// How many predicates one sentence can carry.
const CLAUSES: usize = 4;

/// Groups findings. A note makes no story of its own, but may be part of one.
pub(super) fn tell(
    snapshot: &Snapshot,
    all: &[Finding],
    by_process: &BTreeMap<ProcessIndex, Vec<usize>>,
) -> Vec<Story> {
    let mut groups: BTreeMap<ProcessIndex, Vec<ProcessIndex>> = BTreeMap::new();
    let heads = heads(snapshot, all, by_process);
    for (process, head) in &heads {
        groups.entry(*head).or_default().push(*process);
    }
    let mut stories: Vec<Story> = groups
        .into_values()
        .filter_map(|members| {
            let mut findings: Vec<usize> = members
                .iter()
                .flat_map(|process| by_process.get(process).into_iter().flatten().copied())
                .collect();
            findings.sort_unstable();
            story(snapshot, all, findings)
        })
        .collect();
    let system = all.iter().enumerate().filter(|(_, finding)| finding.process.is_none());
    stories.extend(system.filter_map(|(place, _)| story(snapshot, all, vec![place])));
    // The order of findings is that of seriousness, so the first place breaks ties.
    sorting::sort_by_key(&mut stories, |story| {
        (std::cmp::Reverse(story.severity), story.findings.first().copied())
    });
    stories
}

/// For each process with a finding, the oldest process of its story.
fn heads(
    snapshot: &Snapshot,
    all: &[Finding],
    by_process: &BTreeMap<ProcessIndex, Vec<usize>>,
) -> BTreeMap<ProcessIndex, ProcessIndex> {
    let serious = |index: &ProcessIndex| {
        let places = by_process.get(index).into_iter().flatten();
        places.filter_map(|place| all.get(*place)).any(|finding| finding.severity > Severity::Note)
    };
    let mut heads: BTreeMap<ProcessIndex, ProcessIndex> = BTreeMap::new();
    for process in by_process.keys() {
        let mut head = *process;
        // A chain of parents cannot be a ring, but may be long; each step reaches at least one generation.
        for _ in 0..64 {
            let next = std::iter::successors(parent(snapshot, head), |index| parent(snapshot, *index))
                .take(REACH)
                .find(serious);
            match next {
                Some(next) => head = next,
                None => break,
            }
        }
        heads.insert(*process, head);
    }
    heads
}

fn parent(snapshot: &Snapshot, index: ProcessIndex) -> Option<ProcessIndex> {
    snapshot.process(index)?.parent
}

fn story(snapshot: &Snapshot, all: &[Finding], findings: Vec<usize>) -> Option<Story> {
    let first = all.get(*findings.first()?)?;
    if first.severity == Severity::Note {
        return None;
    }
    let mut chain = Vec::new();
    if let Some(process) = first.process {
        chain.push(process);
        let ancestors = std::iter::successors(parent(snapshot, process), |index| parent(snapshot, *index));
        chain.extend(ancestors.take(6));
        chain.reverse();
    }
    Some(Story { severity: first.severity, sentence: sentence(snapshot, all, &findings), findings, chain })
}

/// One sentence a process, the most serious first: `sh (812) reads from ..., runs ... and ....`
fn sentence(snapshot: &Snapshot, all: &[Finding], findings: &[usize]) -> String {
    let worst =
        findings.first().and_then(|place| all.get(*place)).map_or(Severity::Note, |first| first.severity);
    let floor = if worst >= Severity::High { Severity::Medium } else { Severity::Low };
    let mut subjects: Vec<(Option<ProcessIndex>, Vec<&str>)> = Vec::new();
    for finding in findings.iter().filter_map(|place| all.get(*place)) {
        // What is told beside a grave finding must add something to it.
        if finding.severity < floor {
            continue;
        }
        match subjects.iter_mut().find(|(process, _)| *process == finding.process) {
            Some((_, clauses)) => clauses.push(&finding.predicate),
            None => subjects.push((finding.process, vec![&finding.predicate])),
        }
    }
    let more = subjects.len().saturating_sub(2);
    let mut text = String::new();
    for (process, clauses) in subjects.iter().take(2) {
        let subject = process.and_then(|index| snapshot.process(index)).map(Process::label);
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(subject.as_deref().unwrap_or("The system"));
        text.push(' ');
        text.push_str(&join(clauses));
        text.push('.');
    }
    match more {
        0 => {}
        1 => text.push_str(" One more process belongs to this."),
        _ => text.push_str(&format!(" {more} more processes belong to this.")),
    }
    text
}

fn join(clauses: &[&str]) -> String {
    let left_out = clauses.len().saturating_sub(CLAUSES);
    let shown = clauses.get(..clauses.len().min(CLAUSES)).unwrap_or_default();
    match (shown, left_out) {
        (_, 1..) => format!("{}, and {left_out} more", shown.join(", ")),
        ([one], _) => (*one).to_owned(),
        ([before @ .., last], _) => format!("{} and {last}", before.join(", ")),
        ([], _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Findings, Indicators};
    use procglass_fixture as fixture;

    #[test]
    fn a_web_servers_shell_is_one_story() {
        let snapshot = fixture::payments();
        let findings = Findings::of(&snapshot, &Indicators::default());
        let story = findings.stories.first().unwrap();
        assert_eq!(story.severity, Severity::Critical, "{story:?}");
        let pids: Vec<u32> = story.chain.iter().map(|index| snapshot.process(*index).unwrap().pid).collect();
        assert_eq!(pids, [1, 7, 812]);
        assert!(story.findings.len() > 2, "{story:?}");
        assert!(story.sentence.starts_with(".x (812) "), "{}", story.sentence);
        assert!(story.sentence.contains("203.0.113.7:4444"), "{}", story.sentence);
    }

    #[test]
    fn clauses_make_a_sentence() {
        assert_eq!(join(&["a"]), "a");
        assert_eq!(join(&["a", "b", "c"]), "a, b and c");
        assert_eq!(join(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d, and 2 more");
    }
}
