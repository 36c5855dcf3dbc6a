//! What was found on all systems, the most serious first.

use super::{name, process};
use crate::format::count;
use crate::state::{Route, use_fleet, use_here};
use crate::view::findings::level;
use procglass_systems::StoryIndex;
use yew::prelude::*;

/// Stories that are shown; the systems have the rest.
const MOST: usize = 300;

/// The list.
#[component]
pub(super) fn Stories() -> Html {
    let (here, fleet) = (use_here(), use_fleet());
    let all = use_memo(fleet.clone(), |fleet| fleet.register.stories());
    if all.is_empty() {
        return html! { <p class="empty" data-testid="nothing">{ "Nothing was found on any of these systems. Each system's own page of findings says what was checked, and what could not be seen." }</p> };
    }
    let one = |index: &StoryIndex| {
        let record = fleet.register.get(index.system)?;
        let story = record.stories.get(index.story as usize)?;
        let href = super::going(&here, index.system, Route::to("findings")).hash();
        Some(html! {
            <article class={classes!("story", story.severity.word())} data-testid="story">
                <header>{ level(story.severity) }<p class="story-sentence">{ name(&here, &fleet, index.system) }{ ": " }<bdi>{ story.sentence.clone() }</bdi></p></header>
                <p class="note">{ story.process.map(|row| process(&here, &fleet, index.system, row)) }{ " " }<a {href}>{ "the proof" }</a></p>
            </article>
        })
    };
    html! {
        <article class="prose" data-testid="all-findings">
            { for all.iter().take(MOST).filter_map(one) }
            if all.len() > MOST { <p class="note">{ format!("and {} less serious ones: see the systems themselves", count(all.len() - MOST)) }</p> }
        </article>
    }
}
