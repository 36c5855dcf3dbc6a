//! Says where sockets are missing, since the collector did not read a table to its end.

use crate::state::{use_data, use_fleet};
use crate::ui::banner::{Tone, banner};
use yew::prelude::*;

/// Systems with such tables that are named.
const NAMED: usize = 5;

/// Of the system that is opened.
#[component]
pub(super) fn Cut() -> Html {
    let Some(data) = use_data() else { return Html::default() };
    let coverage = data.snapshot.coverage();
    let Some(sentence) = coverage.cut_sockets() else { return Html::default() };
    let words = format!("{sentence} What is not in this table may have been there.");
    banner(Tone::Warning, html! { <strong data-testid="cut">{ words }</strong> })
}

/// Of all systems that are open.
#[component]
pub(super) fn CutAmong() -> Html {
    let fleet = use_fleet();
    let cut =
        fleet.register.systems().iter().filter_map(|system| Some((system, system.cut_sockets.as_ref()?)));
    let lines: Vec<String> =
        cut.take(NAMED).map(|(system, sentence)| format!("{}: {sentence}", system.name)).collect();
    if lines.is_empty() {
        return Html::default();
    }
    banner(
        Tone::Warning,
        html! { <>
            <strong data-testid="cut">{ "What matches by address only may have had a socket that is missing." }</strong>
            <ul>{ for lines.into_iter().map(|line| html! { <li><bdi>{ line }</bdi></li> }) }</ul>
        </> },
    )
}
