//! Addresses that spoke to these systems and are none of them.

use super::totals::amounts;
use crate::format::{count, plural};
use crate::state::{Route, Rows, use_fleet, use_here, use_logs};
use crate::view::export::{Export, written_together};
use crate::view::systems;
use procglass_correlate::{TALKERS, Talker, talkers};
use procglass_query::write::Form;
use procglass_snapshot::analysis::scope;
use yew::prelude::*;

/// Rows that are drawn.
const MOST: usize = 300;
/// Systems and ports that are named.
const NAMED: usize = 6;

/// The table.
#[component]
pub(super) fn Talkers() -> Html {
    let (here, fleet, logs) = (use_here(), use_fleet(), use_logs());
    let write = use_callback(logs.clone(), |form: Form, logs| {
        logs.found
            .as_ref()
            .map(|found| {
                written_together(talkers(&found.correlator, found.register.systems(), TALKERS), form)
            })
            .unwrap_or_default()
    });
    let all = use_memo(logs.clone(), |logs| {
        logs.found.as_ref().map(|found| found.correlator.talkers(MOST)).unwrap_or_default()
    });
    let Some(found) = logs.found else { return Html::default() };
    let total = usize::try_from(found.correlator.talker_count()).unwrap_or(usize::MAX);
    let one = |talker: &Talker| {
        let href = here
            .going(Route::to(systems::NAME))
            .with("ask", &talker.address.to_string())
            .with("show", "")
            .hash();
        let ports: Vec<String> = talker.ports.iter().take(NAMED).map(u16::to_string).collect();
        let more = talker.systems.len().saturating_sub(NAMED);
        let words = format!(
            "{} spoke with {} of your systems and is none of them",
            talker.address,
            count(talker.systems.len())
        );
        html! {
            <tr data-testid="talker"><td><a {href} title={words}>{ talker.address.to_string() }</a>{ " " }<span class="note">{ scope::of(talker.address).word() }</span></td>
                <td>{ for talker.systems.iter().take(NAMED).map(|system| html! { <>{ systems::name(&here, &fleet, *system) }{ " " }</> }) }if more > 0 || talker.more_systems { <span class="note">{ "and others" }</span> }</td>
                <td>{ ports.join(", ") }if talker.more_ports || talker.ports.len() > NAMED { { ", …" } }</td>
                <td>{ amounts(&talker.totals) }</td></tr>
        }
    };
    html! {
        <article class="prose wide" data-testid="talkers">
            <p class="note">{ format!("{} spoke to or with these systems, and no bundle that is open is of them.", plural(total, "address", "addresses")) }
                if found.correlator.talkers_were_dropped() { { " There were too many to keep all: those with little traffic were left out." } }
                { " " }<Export rows={Rows { what: "talkers", write }} /></p>
            if all.is_empty() { <p class="empty" data-testid="nothing">{ "Every address in these logs that spoke with these systems is one of them." }</p> } else {
                <table class="mini wide-table"><thead><tr><th>{ "Address" }</th><th>{ "Spoke with" }</th><th>{ "Ports" }</th><th>{ "Sums" }</th></tr></thead><tbody>{ for all.iter().map(one) }</tbody></table>
            }
            if total > all.len() { <p class="note">{ format!("and {} more: the export has them", count(total - all.len())) }</p> }
        </article>
    }
}
