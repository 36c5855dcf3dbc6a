//! What looks normal: as much worth to a reader as what does not.

use crate::state::{Data, Here, Route};
use procglass_findings::State;
use yew::prelude::*;

/// The section.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let Some(findings) = data.snapshot.findings_if_ready() else { return Html::default() };
    let normal = findings.normal();
    let clean = findings.rules.iter().filter(|report| report.state() == State::Clean).count();
    let page = here.going(Route::to("findings")).hash();
    html! {
        <section class="list" data-testid="normal"><h2>{ "What looks normal" }</h2>
            <ul class="normal">{ for normal.iter().map(|subject| html! { <li>{ subject.sentence }</li> }) }</ul>
            <p class="note"><a href={page}>{ format!("{clean} of {} checks looked everywhere and found nothing", findings.rules.len()) }</a>
                { ". A snapshot cannot show what happened before or after it." }</p>
        </section>
    }
}
