//! What analysts wrote in front, on the first page.

use super::mark::add;
use crate::state::Data;
use procglass_notes::On;
use yew::prelude::*;

/// The section: the texts, and the way to write one.
pub(crate) fn section(data: &Data) -> Html {
    let notes = data.snapshot.notes();
    let texts: Vec<_> = notes.section.summaries().collect();
    let word = if texts.is_empty() { "Add an executive summary" } else { "Edit the summary" };
    html! {
        <section class={classes!("analyst", texts.is_empty().then_some("none"))} aria-label="Summary by the analyst" data-testid="analyst">
            { for texts.iter().map(|note| html! { <>
                <h2>{ "What the analyst says" }</h2>
                { for note.lines().filter(|line| !line.trim().is_empty()).map(|line| html! { <p><bdi>{ line.into_owned() }</bdi></p> }) }
                <p class="note">{ format!("{}. Written by a person; not part of the evidence.", note.signature()) }</p>
            </> }) }
            { add(&On::Summary, word) }
        </section>
    }
}
