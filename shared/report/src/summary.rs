//! The first page on paper: for readers whose mail program or policy runs no scripts, and for print. At most two pages.

use super::analyst;
use super::outline::{Element, element};
use super::register::register;
use procglass_findings::{Finding, Severity, State, Verdict};
use procglass_model::sorting;
use procglass_notes::{Noted, On};
use procglass_opened::Opened;
use procglass_snapshot::analysis::overview::Overview;
use procglass_snapshot::analysis::scope::Scope;
use procglass_snapshot::{Process, ProcessIndex, Socket, SocketIndex};
use procglass_systems::who;
use std::collections::BTreeSet;

/// One system of a report.
pub struct Source<'a> {
    /// Name of the bundle's file.
    pub file: &'a str,
    /// SHA-256 of the bundle, lower-case hex.
    pub sha256: &'a str,
    /// What it says.
    pub snapshot: &'a Opened,
}

/// How many lines a list of the summary has at most: two pages are read, twenty are not.
const LINES: usize = 10;
/// Stories take several lines each.
const STORIES: usize = 6;
/// Refusals, and notes that stand by themselves.
const REFUSALS: usize = 6;
/// How much of a sentence is told, in characters.
const SENTENCE: usize = 300;

/// The summary of all systems, as the static part of a report.
#[must_use]
pub fn summary(sources: &[Source<'_>]) -> String {
    let all = sources.iter().map(|source| paper(source, summary_of(source)));
    // The identifier is for the page's script, which takes the whole away.
    let mut html = String::from("<div class=\"prose static\" id=\"summary\">\n");
    for one in register(sources).into_iter().chain(all) {
        html.push_str(&one.to_html());
    }
    html.push_str("</div>");
    html
}

/// Something to print, below a head that stands on each of its pages: which system, when, and which bundle.
#[must_use]
pub fn paper(source: &Source<'_>, content: Element) -> Element {
    let line = element("p").with(element("strong").with(source.snapshot.host_name())).with(format!(
        " · {} · SHA-256 of the bundle {}",
        captured(source.snapshot),
        source.sha256
    ));
    let head = element("div").class("paper-head").with(line);
    element("div").class("paper").with(head).with(element("div").class("paper-body").with(content))
}

fn captured(snapshot: &Opened) -> String {
    match snapshot.captured() {
        Some(time) => format!("{} {} UTC", snapshot.captured_word(), time.to_the_second()),
        None => "captured at an unknown time".to_owned(),
    }
}

/// The summary of one system.
#[must_use]
pub fn summary_of(source: &Source<'_>) -> Element {
    let snapshot = source.snapshot;
    let (findings, overview, notes) = (snapshot.findings(), Overview::of(snapshot), snapshot.notes());
    let verdict = Verdict::of(snapshot, findings);
    let mut page = element("article");
    page.line("h1", snapshot.host_name());
    let system = overview.distribution.as_deref().unwrap_or("A Linux system");
    let when = snapshot.captured().map_or_else(|| "an unknown time".to_owned(), |time| time.to_string());
    let bound = if snapshot.captured_at_most() { "not later than" } else { "on" };
    page.line("p", format!("{system}, as it was {bound} {when} (UTC)."));
    let mut identity = element("dl").class("facts");
    for line in who(snapshot) {
        identity.fact(line.word, Some(clipped(&line.value, SENTENCE)));
    }
    if !identity.children.is_empty() {
        page.push(identity);
    }
    page.children.extend(analyst::front(&notes).map(Into::into));
    page.push(
        element("p")
            .class("judgement-sentence")
            .with(element("strong").with(clipped(&verdict.sentence, SENTENCE))),
    );
    left_out(&mut page, snapshot);
    let told = found(&mut page, snapshot, &notes, verdict.nothing);
    page.children.extend(analyst::list(snapshot, &notes, Some(REFUSALS), &told).map(Into::into));

    let clean = findings.rules.iter().filter(|report| report.state() == State::Clean).count();
    let mut normal: Vec<String> =
        findings.normal().iter().map(|subject| subject.sentence.to_owned()).collect();
    normal.push(format!("{clean} of {} checks looked everywhere and found nothing.", findings.rules.len()));
    page.line("h2", "What looks normal");
    page.line("p", normal.join(" "));

    page.line("h2", "How sure this is, and what could not be seen");
    let refusals = overview.refusals.iter().filter(|refusal| refusal.refused).take(REFUSALS);
    let refusals = refusals.map(|refusal| format!("{} × {}.", refusal.pieces, refusal.reason));
    page.push(list(verdict.limits.iter().cloned().chain(refusals)));

    page.line("h2", "What runs and what it talks to");
    let mut facts = element("dl").class("facts");
    facts
        .fact("processes", Some(overview.user_processes))
        .fact("different users", Some(overview.users))
        .fact("containers", Some(overview.containers))
        .fact("established connections", Some(overview.established))
        .fact("public addresses", Some(overview.remotes_in(Scope::Public).count()));
    page.push(facts);
    let columns = [listeners(snapshot, &overview.open_to_all), remotes(snapshot, &overview)];
    page.push(element("div").class("paper-columns").with_all(columns.into_iter().flatten()));

    page.line("h2", "What this is");
    let manifest = &snapshot.manifest;
    let mut facts = element("dl").class("facts");
    let given = |text: &Option<String>| text.as_ref().map(|text| clipped(text, SENTENCE));
    facts
        .fact("case", given(&manifest.case))
        .fact("collected for", given(&manifest.operator))
        .fact("note", given(&manifest.note))
        .fact("booted", snapshot.boot.map(|boot| format!("{boot} (UTC)")))
        .fact("kernel", Some(clipped(&format!("{} {}", manifest.kernel, manifest.architecture), SENTENCE)))
        .fact("bundle", Some(source.file))
        .fact("SHA-256 of the bundle", Some(source.sha256))
        .fact("SHA-256 as collected", manifest.redacted.as_ref().map(|redacted| &redacted.original_sha256))
        .fact("integrity", Some(clipped(&snapshot.integrity.sentence(), SENTENCE)));
    page.push(facts);
    page
}

/// The stories, each with what analysts say of it; gives what that was about.
fn found(page: &mut Element, snapshot: &Opened, notes: &Noted, nothing: &str) -> BTreeSet<On> {
    page.line("h2", "What was found");
    let findings = snapshot.findings();
    let told: Vec<_> = findings.stories.iter().filter(|story| story.severity >= Severity::Medium).collect();
    if told.is_empty() {
        page.line("p", nothing);
    }
    let (mut stories, mut whys, mut said) = (element("ul"), BTreeSet::new(), BTreeSet::new());
    for story in told.iter().take(STORIES) {
        let parts: Vec<&Finding> =
            story.findings.iter().filter_map(|place| findings.all.get(*place)).collect();
        let mut item = element("li");
        item.push(element("strong").with(story.severity.word()));
        item.push(format!(": {}", clipped(&story.sentence, SENTENCE)));
        // Once is enough where several stories have one reason.
        if let Some(first) = parts.first().filter(|first| whys.insert(first.rule.id)) {
            item.push(element("br")).push(first.rule.why);
        }
        let chain: Vec<String> =
            story.chain.iter().filter_map(|index| snapshot.process(*index)).map(Process::label).collect();
        if chain.len() > 1 {
            item.push(element("br")).push(clipped(&format!("Started: {}", chain.join(" ▸ ")), SENTENCE));
        }
        let beside = analyst::notes_beside(notes, &parts);
        said.extend(beside.iter().take(2).map(|note| note.on.clone()));
        item.children.extend(analyst::beside(&beside, Some(2)).map(Into::into));
        stories.push(item);
    }
    page.push(stories);
    page.children.extend(more(told.len(), STORIES, "findings").map(Into::into));
    said
}

/// What is not in this report though it was collected.
fn left_out(page: &mut Element, snapshot: &Opened) {
    let Some(redacted) = &snapshot.manifest.redacted else { return };
    page.line("h2", "What was left out of this report");
    page.push(list(redacted.removed.iter().map(|sentence| clipped(sentence, SENTENCE)).take(LINES)));
    page.line(
        "p",
        format!(
            "The same value has the same substitute in the whole report. Rules that would have needed what was left out may \
             have missed something. The SHA-256 of the bundle as it was collected is {}.",
            clipped(&redacted.original_sha256, 64)
        ),
    );
}

fn listeners(snapshot: &Opened, open: &[SocketIndex]) -> Option<Element> {
    let mut part = element("section").with(element("h3").with("Open to all interfaces"));
    let line = |socket: &Socket| {
        let port = socket.local.map_or(0, |(_, port)| port);
        format!("{} {port}: {}", socket.protocol.word(), owners(snapshot, socket))
    };
    let sockets = open.iter().take(LINES).filter_map(|index| snapshot.socket(*index));
    part.push(list(sockets.map(line)));
    part.children.extend(more(open.len(), LINES, "listeners").map(Into::into));
    (!open.is_empty()).then_some(part)
}

fn remotes(snapshot: &Opened, overview: &Overview) -> Option<Element> {
    let public: Vec<_> = overview.remotes_in(Scope::Public).collect();
    let mut part = element("section").with(element("h3").with("Public addresses that it is connected to"));
    let line = |(address, sockets): &(std::net::IpAddr, &[SocketIndex])| {
        let mut names: Vec<String> = sockets
            .iter()
            .filter_map(|index| snapshot.socket(*index))
            .map(|socket| owners(snapshot, socket))
            .collect();
        sorting::sort(&mut names);
        names.dedup();
        clipped(&format!("{address}: {}", names.join(", ")), 120)
    };
    part.push(list(public.iter().take(LINES).map(line)));
    part.children.extend(more(public.len(), LINES, "addresses").map(Into::into));
    (!public.is_empty()).then_some(part)
}

fn owners(snapshot: &Opened, socket: &Socket) -> String {
    let mut owners: Vec<ProcessIndex> = socket.owners.iter().map(|owner| owner.process).collect();
    owners.dedup();
    let names: Vec<String> =
        owners.iter().filter_map(|index| snapshot.process(*index)).map(Process::label).collect();
    if names.is_empty() { "owner not visible".to_owned() } else { clipped(&names.join(", "), 120) }
}

fn list(lines: impl Iterator<Item = String>) -> Element {
    element("ul").with_all(lines.map(|line| element("li").with(line)))
}

pub(super) fn more(all: usize, shown: usize, what: &str) -> Option<Element> {
    let text = || format!("and {} more {what}, in the interactive part of this page.", all - shown);
    (all > shown).then(|| element("p").with(text()))
}

/// A text that is not longer than it may be; what is cut off says so.
pub(super) fn clipped(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_fixture as fixture;
    use procglass_model::Timestamp;
    use procglass_notes::{Note, Section, Tag};

    #[test]
    fn what_a_manager_reads() {
        let snapshot = fixture::opened_payments();
        let html = summary(&[Source { file: "<a>.tar.gz", sha256: "00", snapshot: &snapshot }]);
        insta::assert_snapshot!(html);
        assert!(!html.contains("<a>") && !html.contains("style="), "evidence is text");
    }

    #[test]
    fn what_people_say_stands_apart_from_the_evidence() {
        let snapshot = fixture::opened_payments();
        let shell = snapshot.by_pid(812).unwrap();
        let finding = snapshot.findings().of_process(shell).next().unwrap();
        let mut section = Section::default();
        let mut put = |on, tag, text: &str| {
            section.put(Note::new(on, tag, text, "Ada <x>", Timestamp::from_seconds(1_795_503_612)))
        };
        put(On::Summary, Tag::None, "It was <b>us</b>.\n\nNo \u{202e}danger.");
        put(On::finding(&snapshot, finding), Tag::Bad, "see ticket 7");
        put(On::process(snapshot.process(shell).unwrap()), Tag::Question, "whose?");
        put(On::parse("process 5 5"), Tag::None, "not here");
        snapshot.set_notes(section);
        let html = summary(&[Source { file: "a", sha256: "00", snapshot: &snapshot }]);
        let (front, rest) = html.split_once("judgement-sentence").unwrap();
        assert!(front.contains("It was &lt;b&gt;us&lt;/b&gt;.") && front.contains("\\u{202e}"), "{front}");
        assert!(
            front.contains("Ada &lt;x&gt;, 2026-11-24 07:00:12 UTC")
                && front.contains("not part of the evidence")
        );
        assert!(rest.contains("see ticket 7") && rest.contains("whose?") && rest.contains("not here"));
        assert!(!html.contains("<b>") && !html.contains("<x>"));
    }
}
