//! What people say, on paper: always with author and time, and always told apart from the evidence.

use super::outline::{Element, element};
use super::summary::{clipped, more};
use procglass_findings::Finding;
use procglass_model::sorting;
use procglass_notes::{Note, Noted, On, Tag};
use procglass_opened::Opened;
use procglass_snapshot::Process;
use std::collections::BTreeSet;

/// How much of a text in front is told, in characters: the whole of it is in the interactive part.
const FRONT: usize = 1_500;
/// How much of a note.
const NOTE: usize = 180;

/// The analysts' own texts.
pub(super) fn front(notes: &Noted) -> impl Iterator<Item = Element> {
    let mut part = element("section").class("analyst");
    let mut left = FRONT;
    for note in notes.section.summaries() {
        part.line("h2", "What the analyst says");
        let mut rest = left;
        for line in note.lines().filter(|line| !line.trim().is_empty()) {
            part.line("p", clipped(&line, rest));
            rest = rest.saturating_sub(line.chars().count());
            if rest == 0 {
                part.line("p", "The rest is in the interactive part of this page.");
                break;
            }
        }
        left = rest;
        let who = format!("{}. Written by a person; not part of the evidence.", note.signature());
        part.push(element("p").class("note").with(who));
        if left == 0 {
            break;
        }
    }
    (!part.children.is_empty()).then_some(part).into_iter()
}

/// Notes on findings and on the processes that they are about.
pub(super) fn notes_beside<'a>(notes: &'a Noted, findings: &[&'a Finding]) -> Vec<&'a Note> {
    let mut all: Vec<&Note> = findings.iter().flat_map(|finding| notes.of_finding(finding)).collect();
    let mut processes: Vec<_> = findings.iter().filter_map(|finding| finding.process).collect();
    sorting::sort(&mut processes);
    processes.dedup();
    all.extend(processes.into_iter().flat_map(|index| notes.of_process(index)));
    all
}

/// These, as lines below what they are about. `most` is how many are told, and then none in full length.
pub(super) fn beside(notes: &[&Note], most: Option<usize>) -> impl Iterator<Item = Element> {
    let line = move |note: &&Note| {
        let text = if most.is_some() { clipped(&note.line(), NOTE) } else { note.line() };
        let said = format!(" ({}): {text}", note.signature());
        element("div").class("said").with(element("strong").with("Note")).with(said)
    };
    notes.iter().take(most.unwrap_or(usize::MAX)).map(line).collect::<Vec<_>>().into_iter()
}

/// Every note but the texts in front and those that were told already, the worst first. `most` is how many are told, and then none in full length.
pub(super) fn list(
    snapshot: &Opened,
    notes: &Noted,
    most: Option<usize>,
    told: &BTreeSet<On>,
) -> impl Iterator<Item = Element> {
    let apart = |note: &&Note| note.on != On::Summary && !told.contains(&note.on);
    let mut all: Vec<&Note> = notes.all().iter().filter(apart).collect();
    sorting::sort_by_key(&mut all, |note| (std::cmp::Reverse(note.tag), note.time));
    let row = |note: &&Note| {
        let text = note.lines().collect::<Vec<_>>().join(" ");
        let text = if most.is_some() { clipped(&text, NOTE) } else { text };
        let word = if note.tag == Tag::None { "" } else { note.tag.word() };
        let cells = [words(snapshot, &note.on), word.to_owned(), text, note.signature()];
        element("tr").with_all(cells.map(|cell| element("td").with(cell)))
    };
    let shown = most.unwrap_or(usize::MAX).min(all.len());
    let head = ["On", "Tag", "Note", "By"].map(|word| element("th").with(word));
    let table = element("table")
        .class("mini")
        .with(element("thead").with(element("tr").with_all(head)))
        .with(element("tbody").with_all(all.iter().take(shown).map(row)));
    let mut part = element("section").class("analyst");
    part.line("h2", if told.is_empty() { "Notes of the analysts" } else { "More notes of the analysts" });
    part.push(element("p").class("note").with("Written by people; not part of the evidence."));
    part.push(table);
    part.children.extend(more(all.len(), shown, "notes").map(Into::into));
    (!all.is_empty()).then_some(part).into_iter()
}

/// What a note is on, for people.
#[must_use]
pub fn words(snapshot: &Opened, on: &On) -> String {
    let process = |pid: u32, start: u64| {
        let same = snapshot.by_pid(pid).and_then(|index| snapshot.process(index));
        match same.filter(|process| process.start_ticks == start) {
            Some(process) => Process::label(process),
            None => format!("process {pid}, not in this bundle"),
        }
    };
    match on {
        On::Summary => "the whole".to_owned(),
        On::Process(pid, start) => process(*pid, *start),
        On::Finding(rule, None) => format!("finding {rule}"),
        On::Finding(rule, Some((pid, start))) => format!("finding {rule} of {}", process(*pid, *start)),
        On::Socket(_, _, protocol, ends) => format!("socket {protocol} {ends}"),
        On::File((pid, start), fd, target) => {
            format!("descriptor {fd} of {}: {target}", process(*pid, *start))
        }
        On::Other(text) => format!("{text} (unknown here)"),
    }
}
