//! Every rule and what it says: found, clean, or could not tell.

use crate::format::{count, plural};
use crate::ui::icon::Icon;
use procglass_findings::{Findings, RuleReport, State};
use procglass_model::sorting;
use yew::prelude::*;

/// The table.
pub(super) fn section(findings: &Findings) -> Html {
    let mut reports: Vec<&RuleReport> = findings.rules.iter().collect();
    sorting::sort_by_key(&mut reports, |report| report.state());
    let unsure = reports.iter().filter(|report| !report.blind().is_empty()).count();
    html! {
        <section class="list" data-testid="checks"><h2>{ "What was checked" }<span class="number">{ count(reports.len()) }</span></h2>
            <p class="note">{ match unsure {
                0 => "Every check could look everywhere.".to_owned(),
                _ => format!("{} could not look everywhere: what was not collected is not clean.", plural(unsure, "check", "checks")),
            } }</p>
            <div class="scroll-x"><table class="mini checks">
                <thead><tr><th scope="col">{ "Answer" }</th><th scope="col">{ "Check" }</th><th scope="col">{ "Could not look" }</th></tr></thead>
                <tbody>{ for reports.into_iter().map(row) }</tbody></table></div>
        </section>
    }
}

fn row(report: &RuleReport) -> Html {
    let (class, icon, word) = match report.state() {
        State::Found => ("bad", Icon::Warning, format!("found {}", count(report.found))),
        State::Unknown => ("missing", Icon::Help, "could not tell".to_owned()),
        State::Clean => ("matches", Icon::Done, "nothing found".to_owned()),
    };
    html! {
        <tr data-rule={report.rule.id}><td class={classes!("answer", class)}><span class="inline">{ icon.html() }{ word }</span></td>
            <td><details class="fold"><summary>{ report.rule.title }</summary><p class="note">{ report.rule.detail }</p><p class="note">{ format!("Cannot see: {}", report.rule.blind) }</p></details></td>
            <td class="note">{ report.blind().join(", ") }</td></tr>
    }
}
