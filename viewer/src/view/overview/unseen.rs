//! What could not be read: not collected is not the same as not there.

use crate::format::{clip, count, plural};
use crate::state::{Data, Here, QUERY, Route};
use procglass_snapshot::analysis::overview::Refusal;
use yew::prelude::*;

/// Names of files in a line.
const FILES: usize = 8;

/// The section.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let (refused, absent): (Vec<_>, Vec<_>) =
        data.overview.refusals.iter().partition(|refusal| refusal.refused);
    let vanished = data.snapshot.outcomes.as_ref().map_or(0, |outcomes| outcomes.processes_vanished);
    let vanished = usize::try_from(vanished).unwrap_or(usize::MAX);
    let whole = data.snapshot.coverage().sentence().is_none();
    let pieces: usize = absent.iter().map(|refusal| refusal.pieces).sum();
    html! {
        <section class="unseen"><h2>{ "What could not be read" }</h2>
            if refused.is_empty() {
                <p class="empty">{ if whole { "Nothing was refused: all that was asked for and exists was read." } else { "The system refused nothing of what was asked for. What was not reached is named at the top of this page." } }</p>
            }
            <ul data-testid="unseen">
                { for refused.iter().map(|refusal| line(here, refusal)) }
                if vanished > 0 { <li>{ format!("{} ended between being listed and being read", plural(vanished, "process", "processes")) }</li> }
            </ul>
            if !absent.is_empty() {
                <details class="fold"><summary>{ format!("{} that this kernel or process does not have", plural(pieces, "piece", "pieces")) }</summary>
                    <ul>{ for absent.iter().map(|refusal| line(here, refusal)) }</ul></details>
            }
            if data.snapshot.outcomes.is_none() { <p class="missing">{ "The end of the bundle is missing, and with it the list of what could not be read." }</p> }
            <p class="note"><a href={here.going(Route::to("evidence")).with("show", "problems").with(QUERY, "").hash()} data-testid="count-problems">{ format!("all {} entries", count(data.snapshot.count_problems())) }</a></p>
        </section>
    }
}

fn line(here: &Here, refusal: &Refusal) -> Html {
    let files: Vec<_> =
        refusal.files.iter().take(FILES).map(|file| clip(file.as_bytes(), 40).into_owned()).collect();
    let more = if refusal.files.len() > FILES { " and others" } else { "" };
    let short = refusal.reason.split(':').next().unwrap_or_default();
    let href = here
        .going(Route::to("evidence"))
        .with(QUERY, &format!("\"{short}\""))
        .with("show", "problems")
        .hash();
    html! {
        <li><a {href}>{ format!("{} of {}", plural(refusal.pieces, "piece", "pieces"), plural(refusal.members, "member", "members")) }</a>
            { format!(": {}.", refusal.reason) }<span class="note">{ format!(" {}{more}", files.join(", ")) }</span></li>
    }
}
