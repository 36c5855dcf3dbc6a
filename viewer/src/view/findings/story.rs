//! Findings that belong together, with a picture of the chain that they are about.

use super::finding::finding;
use super::level::level;
use crate::state::{Data, Here};
use crate::view::links;
use procglass_findings::case::{endpoint, is_connection};
use procglass_findings::{Findings, Severity, Story};
use procglass_model::sorting;
use yew::prelude::*;

/// One story.
pub(super) fn story(here: &Here, data: &Data, findings: &Findings, story: &Story) -> Html {
    let parts = story.findings.iter().filter_map(|place| findings.all.get(*place));
    html! {
        <article class={classes!("story", story.severity.word())} data-testid="story">
            <header>{ level(story.severity) }<p class="story-sentence"><bdi>{ story.sentence.clone() }</bdi></p></header>
            { chain(here, data, findings, story) }
            { for parts.map(|part| finding(here, data, part)) }
        </article>
    }
}

/// `nginx 1 ▸ nginx 7 ▸ sh 812 ⇄ 203.0.113.7:4444`, each process with the mark of its own findings.
pub(crate) fn chain(here: &Here, data: &Data, findings: &Findings, story: &Story) -> Html {
    let Some(last) = story.chain.last() else { return Html::default() };
    let sockets = data.snapshot.sockets_of(*last).iter().filter_map(|index| data.snapshot.socket(*index));
    let mut ends: Vec<String> = sockets.filter(|socket| is_connection(socket)).map(endpoint).collect();
    sorting::sort(&mut ends);
    ends.dedup();
    let more = ends.len().saturating_sub(2);
    html! {
        <ol class="chain" aria-label="Who started whom">
            { for story.chain.iter().map(|index| {
                let severity = findings.severity_of(*index).filter(|severity| *severity > Severity::Note);
                html! { <li class={classes!("link", severity.map(Severity::word))}>{ links::process(here, data, *index) }</li> }
            }) }
            { for ends.iter().take(2).map(|end| html! { <li class="far"><span class="offscreen">{ "connected to " }</span><code>{ end.clone() }</code></li> }) }
            if more > 0 { <li class="note">{ format!("and {more} more connections") }</li> }
        </ol>
    }
}
