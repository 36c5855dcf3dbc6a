//! Processes, and systems where no process is named, with what the logs say of them.

use super::totals::{amounts, end_words};
use crate::format::count;
use crate::state::{Correlated, Fleet, Here, Rows, use_fleet, use_here, use_logs};
use crate::view::export::{Export, written_together};
use crate::view::systems;
use procglass_correlate::{STRENGTHS, Seen, processes};
use procglass_model::sorting;
use procglass_query::write::Form;
use procglass_systems::{RowIndex, SystemIndex};
use std::cmp::Reverse;
use yew::prelude::*;

/// Rows that are drawn.
const MOST: usize = 500;
/// Remote ends that are named.
const ENDS: usize = 3;

/// The table.
#[component]
pub(super) fn SeenTable() -> Html {
    let (here, fleet, logs) = (use_here(), use_fleet(), use_logs());
    let write = use_callback(logs.clone(), |form: Form, logs| {
        logs.found
            .as_ref()
            .map(|found| written_together(processes(&found.correlator, found.register.systems()), form))
            .unwrap_or_default()
    });
    let Some(found) = logs.found else { return Html::default() };
    let mut all: Vec<_> = found.correlator.all_seen().collect();
    // A process says more than a system, and a strong match more than a weak one.
    sorting::sort_by_key(&mut all, |(system, row, seen)| {
        (row.is_none(), best(seen), Reverse(seen.totals.records), *system, *row)
    });
    html! {
        <article class="prose wide" data-testid="seen-table">
            <p class="note">{ "Each row adds up the records that name one process, or one system where no process is named, with the surest reason for it." }{ " " }<Export rows={Rows { what: "seen", write }} /></p>
            <table class="mini wide-table"><thead><tr><th>{ "System" }</th><th>{ "Process" }</th><th>{ "How sure" }</th><th>{ "Sums" }</th><th>{ "With" }</th></tr></thead>
                <tbody>{ for all.iter().take(MOST).map(|(system, row, seen)| one(&here, &fleet, *system, *row, seen)) }</tbody></table>
            if all.len() > MOST { <p class="note">{ format!("and {} more: the export has all", count(all.len() - MOST)) }</p> }
        </article>
    }
}

/// Place of the strongest reason in [`STRENGTHS`].
fn best(seen: &Seen) -> usize {
    seen.by_strength.iter().position(|count| *count > 0).unwrap_or(STRENGTHS.len())
}

fn one(here: &Here, fleet: &Fleet, system: SystemIndex, row: Option<RowIndex>, seen: &Seen) -> Html {
    let about = STRENGTHS.get(best(seen));
    let (remotes, others) = seen.remotes();
    let ends: Vec<String> = remotes.iter().take(ENDS).map(|(remote, _)| end_words(remote)).collect();
    let more = remotes.len().saturating_sub(ENDS) + usize::from(others.records > 0);
    html! {
        <tr data-testid="seen-row"><td>{ systems::name(here, fleet, system) }</td>
            <td>{ match row { Some(row) => systems::process(here, fleet, system, row), None => html! { <span class="note">{ "no process named" }</span> } } }</td>
            <td title={about.map(|about| about.means)}>{ about.map(|about| about.words).unwrap_or_default() }if seen.ambiguous > 0 { <span class="note">{ " or another system" }</span> }</td>
            <td>{ amounts(&seen.totals) }</td>
            <td>{ ends.join("; ") }if more > 0 { <span class="note">{ " and others" }</span> }</td></tr>
    }
}

/// What the logs say of one process, for its page.
pub(crate) fn of_process(found: &Correlated, system: SystemIndex, row: RowIndex) -> Option<Html> {
    let seen = found.correlator.seen(system, Some(row))?;
    let about = STRENGTHS.get(best(seen))?;
    let (remotes, others) = seen.remotes();
    Some(html! {
        <>
            <p>{ format!("{}. Surest reason: {}.", amounts(&seen.totals), about.words) }</p>
            <p class="note">{ about.means }{ "." }</p>
            <ul class="plain-list">{ for remotes.iter().map(|(remote, totals)| html! { <li data-testid="seen-end"><code>{ end_words(remote) }</code>{ ": " }{ amounts(totals) }</li> }) }
                if others.records > 0 { <li>{ "others: " }{ amounts(&others) }</li> }</ul>
        </>
    })
}
