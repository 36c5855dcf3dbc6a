//! Everything on paper: each finding with its proof, what was checked, the notes, and the tables. A list that would fill
//! hundreds of pages is cut, and says so.

use super::analyst;
use super::outline::{Element, element};
use super::summary::clipped;
use procglass_findings::{Finding, Findings, State};
use procglass_opened::Opened;
use procglass_query::{Filter, Table, View};
use procglass_snapshot::SocketIndex;
use procglass_snapshot::analysis::overview::is_local;
use std::collections::BTreeSet;

/// A part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Findings with their proof, and what was checked.
    Findings,
    /// What analysts wrote.
    Notes,
    /// Processes in the order of the tree.
    Processes,
    /// Sockets.
    Sockets,
    /// Open files.
    Files,
    /// What could not be read.
    Problems,
}

impl Part {
    /// All, in the order in which they stand on paper.
    pub const ALL: [Self; 6] =
        [Self::Findings, Self::Notes, Self::Processes, Self::Sockets, Self::Files, Self::Problems];
}

/// Rows of a table: some forty pages.
const ROWS: usize = 2_000;
/// Findings that are told in full.
const FINDINGS: usize = 300;
/// Characters of a cell.
const CELL: usize = 300;

/// The parts of one system that pass the filter. `query` is the filter as typed, for the reader.
#[must_use]
pub fn full(snapshot: &Opened, parts: &[Part], filter: &Filter, query: &str) -> Element {
    let mut page = element("article").class("full");
    if !filter.is_empty() {
        page.push(element("p").class("note").with(format!("Only what matches the filter: {query}")));
    }
    for part in parts {
        match part {
            Part::Findings => findings(&mut page, snapshot, filter),
            Part::Notes => {
                page.children.extend(
                    analyst::list(snapshot, &snapshot.notes(), None, &BTreeSet::new()).map(Into::into),
                );
            }
            Part::Processes => {
                let columns = &["pid", "ppid", "user", "started", "name", "cmdline"];
                table(&mut page, snapshot, View::Tree, filter, "Processes", columns);
            }
            Part::Sockets => {
                let columns = &[
                    "protocol",
                    "local_address",
                    "local_port",
                    "remote_address",
                    "remote_port",
                    "state",
                    "owners",
                ];
                table(&mut page, snapshot, View::Sockets, filter, "Sockets", columns);
            }
            Part::Files => {
                let columns = &["pid", "fd", "kind", "target", "deleted"];
                table(&mut page, snapshot, View::Files, filter, "Open files", columns);
            }
            Part::Problems => {
                let columns = &["member", "what"];
                table(&mut page, snapshot, View::Problems, filter, "What could not be read", columns);
            }
        }
    }
    page
}

fn findings(page: &mut Element, snapshot: &Opened, filter: &Filter) {
    let Findings { all, rules, .. } = snapshot.findings();
    let notes = snapshot.notes();
    let passing: Vec<&Finding> =
        all.iter().filter(|finding| filter.is_empty() || filter.finding(snapshot, finding)).collect();
    page.line("h2", format!("Findings ({})", passing.len()));
    if passing.is_empty() {
        page.line("p", "None.");
    }
    for finding in passing.iter().take(FINDINGS) {
        let rule = finding.rule;
        let mut part = element("section").class("found-full");
        part.line("h3", format!("{}: {}", finding.severity.word(), rule.title));
        part.line("p", finding.sentence(snapshot)).line("p", rule.why);
        for (head, reasons) in
            [("More serious because", &finding.raised), ("Less serious because", &finding.lowered)]
        {
            if !reasons.is_empty() {
                part.line("p", format!("{head}: {}.", reasons.join("; ")));
            }
        }
        part.children
            .extend(analyst::beside(&analyst::notes_beside(&notes, &[*finding]), None).map(Into::into));
        let proofs = finding.proofs.iter().map(|proof| {
            let place = format!(" {}", proof.member);
            element("li").with(element("code").with(clipped(&proof.excerpt, CELL))).with(place)
        });
        part.line("p", "Proof:").push(element("ul").with_all(proofs));
        let next = rule.next.iter().map(|step| element("li").with(*step));
        part.line("p", "What to do next:").push(element("ul").with_all(next));
        page.push(part);
    }
    left(page, passing.len(), FINDINGS, "findings");
    page.line("h2", "What was checked");
    let rows = rules.iter().map(|report| {
        let answer = match report.state() {
            State::Found => format!("found {}", report.found),
            State::Unknown => "could not tell".to_owned(),
            State::Clean => "nothing found".to_owned(),
        };
        [answer, report.rule.title.to_owned(), report.blind().join(", ")]
    });
    page.push(grid(&["Answer", "Check", "Could not look"], rows));
}

fn table(
    page: &mut Element,
    snapshot: &Opened,
    view: View,
    filter: &Filter,
    title: &str,
    columns: &[&'static str],
) {
    let Table { columns: names, rows } = match view {
        View::Sockets => sockets(snapshot, filter),
        _ => Table::of(snapshot, view, filter),
    };
    let at = |name: &str| names.iter().position(|known| *known == name);
    let places: Vec<usize> = columns.iter().filter_map(|column| at(column)).collect();
    page.line("h2", format!("{title} ({})", rows.len()));
    // In a tree the name stands as far in as it is deep.
    let (depth, name) = (at("depth"), at("name"));
    let cells = rows.iter().take(ROWS).map(|row| {
        let text =
            |place: usize| row.get(place).map(|value| clipped(&value.text(), CELL)).unwrap_or_default();
        let deep = depth.and_then(|at| text(at).parse::<usize>().ok()).unwrap_or(0);
        let cell = |place: &usize| match Some(*place) == name {
            true => format!("{}{}", "· ".repeat(deep.min(20)), text(*place)),
            false => text(*place),
        };
        places.iter().map(cell).collect::<Vec<_>>()
    });
    page.push(grid(columns, cells));
    left(page, rows.len(), ROWS, "rows");
}

/// Those of the network before those inside the system, which are many and all alike.
fn sockets<'a>(snapshot: &'a Opened, filter: &Filter) -> Table<'a> {
    let all = (0..).map(SocketIndex).zip(&snapshot.sockets);
    let passing = all.filter(|(index, _)| filter.socket(snapshot, *index));
    let (inside, network): (Vec<_>, Vec<_>) = passing.partition(|(_, socket)| is_local(socket.protocol));
    Table::of_sockets(snapshot, network.into_iter().chain(inside).map(|(index, _)| index))
}

fn grid(heads: &[&str], rows: impl Iterator<Item = impl IntoIterator<Item = String>>) -> Element {
    let heads = heads.iter().map(|name| element("th").with(name.replace('_', " ")));
    // A number that is broken at the end of a line is another number.
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let class = |text: &str| if number(text) { "whole" } else { "" };
    let cell = |text: String| element("td").class(class(&text)).with(text);
    let rows = rows.map(|cells| element("tr").with_all(cells.into_iter().map(cell)));
    element("table")
        .class("mini")
        .with(element("thead").with(element("tr").with_all(heads)))
        .with(element("tbody").with_all(rows))
}

fn left(page: &mut Element, all: usize, shown: usize, what: &str) {
    if all > shown {
        let text = format!(
            "{} more {what} are not printed: paper has {shown} of them. A filter chooses others; export saves all.",
            all - shown
        );
        page.push(element("p").class("left-over").with(element("strong").with(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_fixture as fixture;

    #[test]
    fn every_row_that_passes_is_there_and_folds_are_open() {
        let snapshot = fixture::opened_payments();
        let html = full(&snapshot, &Part::ALL, &Filter::default(), "").to_html();
        for process in &snapshot.processes {
            assert!(html.contains(&format!("<td class=\"whole\">{}</td>", process.pid)), "{}", process.pid);
        }
        let proofs = snapshot.findings().all.iter().map(|finding| finding.proofs.len()).sum::<usize>();
        assert!(proofs > 3 && html.matches("<code>").count() == proofs);
        assert!(html.contains("nothing found") && html.contains("203.0.113.7"));
        assert!(html.contains("· · "), "the tree");
        let some =
            full(&snapshot, &[Part::Processes], &Filter::parse("pid:812").unwrap(), "pid:812").to_html();
        assert!(
            some.contains("Only what matches the filter: pid:812") && some.contains("<h2>Processes (3)</h2>"),
            "{some}"
        );
    }

    #[test]
    fn what_is_cut_says_so() {
        let mut page = element("p");
        left(&mut page, ROWS + 5, ROWS, "rows");
        assert!(page.to_html().contains("5 more rows are not printed"));
    }
}
