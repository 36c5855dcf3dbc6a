//! What is wrong here, why it matters, and where the proof is.

mod checks;
mod finding;
mod level;
mod own_list;
mod story;
mod verdict;

pub(crate) use finding::{finding, place};
pub(crate) use level::level;
pub(crate) use own_list::read;
pub(crate) use story::chain;
pub(crate) use verdict::verdict;

use super::Page;
use crate::format::plural;
use crate::state::{Data, QUERY, use_data, use_filter, use_here};
use crate::ui::icon::Icon;
use procglass_findings::{Finding, Findings, Severity, Story};
use procglass_query::Filter;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "findings",
    word: "Findings",
    icon: Icon::Findings,
    count: Some(number),
    html: || html! { <FindingsPage /> },
};

/// Notes are no news, so the rail does not count them.
fn number(data: &Data, filter: &Filter) -> usize {
    let all = data.snapshot.findings_if_ready().map_or(&[][..], |findings| &findings.all);
    all.iter().filter(|one| one.severity > Severity::Note && filter.finding(&data.snapshot, one)).count()
}

#[component]
fn FindingsPage() -> Html {
    let (here, filter) = (use_here(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let Some(findings) = data.snapshot.findings_if_ready() else {
        return html! { <article class="prose">{ verdict(&data) }</article> };
    };
    let passes = |one: &Finding| filter.is_empty() || filter.finding(&data.snapshot, one);
    let told =
        |story: &&Story| story.findings.iter().filter_map(|place| findings.all.get(*place)).any(passes);
    let stories: Vec<&Story> = findings.stories.iter().filter(told).collect();
    let notes: Vec<&Finding> = apart(findings).into_iter().filter(|one| passes(one)).collect();
    let hidden = findings.stories.len() - stories.len();
    html! {
        <article class="prose findings" data-testid="findings">
            { verdict(&data) }
            <own_list::OwnList />
            if own_list::matches(&data) > 0 { <p class="tally" data-testid="own-list-matches">{ format!("{} of your list", plural(own_list::matches(&data), "match", "matches")) }</p> }
            if hidden > 0 {
                <p class="tally">{ format!("{} do not match the filter · ", plural(hidden, "finding", "findings")) }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p>
            }
            { for stories.iter().map(|one| story::story(&here, &data, findings, one)) }
            if !notes.is_empty() {
                <details class="fold notes" data-testid="notes"><summary>{ format!("{}: usual on healthy systems, and worth knowing", plural(notes.len(), "note", "notes")) }</summary>
                    { for notes.iter().take(NOTES).map(|one| finding(&here, &data, one)) }
                    if notes.len() > NOTES { <p class="note">{ format!("and {} more: narrow the filter to see them", notes.len() - NOTES) }</p> }
                </details>
            }
            { checks::section(findings) }
        </article>
    }
}

/// How many notes are drawn at once.
const NOTES: usize = 200;

/// What belongs to no story.
fn apart(findings: &Findings) -> Vec<&Finding> {
    let told: std::collections::BTreeSet<usize> =
        findings.stories.iter().flat_map(|story| story.findings.iter().copied()).collect();
    findings.all.iter().enumerate().filter(|(place, _)| !told.contains(place)).map(|(_, one)| one).collect()
}
