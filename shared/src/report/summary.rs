//! The first page as plain HTML: for readers whose mail program or policy runs no scripts, and for print.

use super::html::Html;
use crate::analysis::overview::Overview;
use crate::analysis::scope::Scope;
use crate::finding::{Finding, Severity, State, Verdict};
use crate::model::{Process, ProcessIndex, Snapshot, Socket, SocketIndex};

/// One system of a report.
pub struct Source<'a> {
    /// Name of the bundle's file.
    pub file: &'a str,
    /// SHA-256 of the bundle, lower-case hex.
    pub sha256: &'a str,
    /// What it says.
    pub snapshot: &'a Snapshot,
}

/// How many lines a list of the summary has at most: two pages are read, twenty are not.
const LINES: usize = 12;

/// The summary of all systems.
#[must_use]
pub fn summary(sources: &[Source<'_>]) -> String {
    let mut html = Html::default();
    html.raw("<div class=\"prose static\" id=\"summary\">\n");
    for source in sources {
        system(&mut html, source);
    }
    html.raw("</div>");
    html.done()
}

fn system(html: &mut Html, source: &Source<'_>) {
    let snapshot = source.snapshot;
    let (findings, overview) = (snapshot.findings(), Overview::of(snapshot));
    let verdict = Verdict::of(snapshot, findings);
    html.raw("<article>\n").element("h1", snapshot.host_name());
    let system = overview.distribution.as_deref().unwrap_or("A Linux system");
    let when = snapshot.captured().map_or_else(|| "an unknown time".to_owned(), |time| time.to_string());
    html.element("p", format!("{system}, as it was on {when} (UTC)."));
    html.raw("<p class=\"judgement-sentence\"><strong>").text(&verdict.sentence).raw("</strong></p>\n");

    left_out(html, snapshot);

    html.element("h2", "What was found");
    let told: Vec<_> = findings.stories.iter().filter(|story| story.severity >= Severity::Medium).collect();
    if told.is_empty() {
        html.element("p", "Nothing that needs an explanation.");
    }
    html.raw("<ul>\n");
    for story in told.iter().take(LINES) {
        let parts: Vec<&Finding> =
            story.findings.iter().filter_map(|place| findings.all.get(*place)).collect();
        html.raw("<li><strong>").text(story.severity.word()).raw("</strong>: ").text(&story.sentence);
        if let Some(first) = parts.first() {
            html.raw("<br>").text(first.rule.why);
        }
        let chain: Vec<String> =
            story.chain.iter().filter_map(|index| snapshot.process(*index)).map(Process::label).collect();
        if chain.len() > 1 {
            html.raw("<br>Started: ").text(chain.join(" ▸ "));
        }
        html.raw("</li>\n");
    }
    html.raw("</ul>\n");
    more(html, told.len(), "findings");

    html.element("h2", "How sure this is, and what could not be seen");
    html.raw("<ul>\n");
    for limit in &verdict.limits {
        html.element("li", limit);
    }
    for refusal in overview.refusals.iter().filter(|refusal| refusal.refused).take(LINES) {
        html.element("li", format!("{} × {}.", refusal.pieces, refusal.reason));
    }
    html.raw("</ul>\n");
    let clean = findings.rules.iter().filter(|report| report.state() == State::Clean).count();
    html.element(
        "p",
        format!("{clean} of {} checks looked everywhere and found nothing.", findings.rules.len()),
    );

    html.element("h2", "What runs and what it talks to").raw("<dl class=\"facts\">\n");
    html.fact("processes", Some(overview.user_processes))
        .fact("different users", Some(overview.users))
        .fact("containers", Some(overview.containers))
        .fact("established connections", Some(overview.established))
        .fact("public addresses", Some(overview.remotes_in(Scope::Public).count()));
    html.raw("</dl>\n");
    listeners(html, snapshot, &overview.open_to_all);
    remotes(html, snapshot, &overview);

    html.element("h2", "What this is").raw("<dl class=\"facts\">\n");
    let manifest = &snapshot.manifest;
    html.fact("case", manifest.case.as_ref())
        .fact("collected for", manifest.operator.as_ref())
        .fact("note", manifest.note.as_ref())
        .fact("booted", snapshot.boot.map(|boot| format!("{boot} (UTC)")))
        .fact("kernel", Some(format!("{} {}", manifest.kernel, manifest.architecture)))
        .fact("bundle", Some(source.file))
        .fact("SHA-256 of the bundle", Some(source.sha256))
        .fact("SHA-256 as collected", manifest.redacted.as_ref().map(|redacted| &redacted.original_sha256))
        .fact("integrity", Some(snapshot.integrity.sentence()));
    html.raw("</dl>\n</article>\n");
}

/// What is not in this report though it was collected.
fn left_out(html: &mut Html, snapshot: &Snapshot) {
    let Some(redacted) = &snapshot.manifest.redacted else { return };
    html.element("h2", "What was left out of this report").raw("<ul>\n");
    for sentence in &redacted.removed {
        html.element("li", sentence);
    }
    html.raw("</ul>\n");
    html.element(
        "p",
        format!(
            "The same value has the same substitute in the whole report. Rules that would have needed what was left out may \
             have missed something. The SHA-256 of the bundle as it was collected is {}.",
            redacted.original_sha256
        ),
    );
}

fn listeners(html: &mut Html, snapshot: &Snapshot, open: &[SocketIndex]) {
    if open.is_empty() {
        return;
    }
    html.element("h3", "Open to all interfaces").raw("<ul>\n");
    for socket in open.iter().take(LINES).filter_map(|index| snapshot.socket(*index)) {
        let port = socket.local.map_or(0, |(_, port)| port);
        html.element("li", format!("{} {port}: {}", socket.protocol.word(), owners(snapshot, socket)));
    }
    html.raw("</ul>\n");
    more(html, open.len(), "listeners");
}

fn remotes(html: &mut Html, snapshot: &Snapshot, overview: &Overview) {
    let public: Vec<_> = overview.remotes_in(Scope::Public).collect();
    if public.is_empty() {
        return;
    }
    html.element("h3", "Public addresses that it is connected to").raw("<ul>\n");
    for (address, sockets) in public.iter().take(LINES) {
        let mut names: Vec<String> = sockets
            .iter()
            .filter_map(|index| snapshot.socket(*index))
            .map(|socket| owners(snapshot, socket))
            .collect();
        names.sort();
        names.dedup();
        html.element("li", format!("{address}: {}", names.join(", ")));
    }
    html.raw("</ul>\n");
    more(html, public.len(), "addresses");
}

fn owners(snapshot: &Snapshot, socket: &Socket) -> String {
    let mut owners: Vec<ProcessIndex> = socket.owners.iter().map(|owner| owner.process).collect();
    owners.dedup();
    let names: Vec<String> =
        owners.iter().filter_map(|index| snapshot.process(*index)).map(Process::label).collect();
    if names.is_empty() { "owner not visible".to_owned() } else { names.join(", ") }
}

fn more(html: &mut Html, all: usize, what: &str) {
    if all > LINES {
        html.element("p", format!("and {} more {what}, in the interactive part of this page.", all - LINES));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn what_a_manager_reads() {
        let snapshot = fixture::payments();
        let html = summary(&[Source { file: "<a>.tar.gz", sha256: "00", snapshot: &snapshot }]);
        insta::assert_snapshot!(html);
        assert!(!html.contains("<a>") && !html.contains("style="), "evidence is text");
    }
}
