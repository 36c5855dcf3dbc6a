//! What stands at the head of each printed page: which system, when, and which bundle; of several where the page is about
//! several.

use crate::format::{clip, count, moment};
use crate::state::{Data, Fleet, Here};
use crate::view::TOGETHER;
use yew::prelude::*;

/// Bundles that are named; the table of systems has the others.
const MOST: usize = 6;

/// Whether the page tells of all bundles that are open.
pub(super) fn is_of_several(here: &Here, fleet: &Fleet) -> bool {
    fleet.slots.len() > 1 && TOGETHER.iter().any(|page| page.name == here.page)
}

/// The head, not seen on the screen. What the bar says of the shown system stands beside it.
pub(super) fn paper_head(here: &Here, fleet: &Fleet, data: &Data) -> Html {
    if !is_of_several(here, fleet) {
        // Of several systems the shown one is chosen from a list, which the browser does not repeat on each page.
        let name = (fleet.slots.len() > 1).then(|| data.snapshot.host_name());
        return html! {
            <>
                if let Some(name) = name { <strong class="paper-only"><bdi>{ name }</bdi></strong> }
                <span class="paper-only">{ format!("SHA-256 of the bundle {}", data.origin.sha256) }</span>
            </>
        };
    }
    let one = |(system, slot): (&procglass_systems::System, &crate::state::Slot)| {
        let captured = system.captured.map_or_else(|| "at an unknown time".into(), moment);
        let text = format!(" · captured {captured} · SHA-256 of the bundle {}", slot.sha256);
        html! { <span class="paper-only"><strong><bdi>{ clip(system.name.as_bytes(), 60).into_owned() }</bdi></strong>{ text }</span> }
    };
    let all = fleet.register.systems().iter().zip(&fleet.slots);
    let more = fleet.slots.len().saturating_sub(MOST);
    html! {
        <>
            { for all.take(MOST).map(one) }
            if more > 0 { <span class="paper-only">{ format!("and {} more bundles", count(more)) }</span> }
        </>
    }
}
