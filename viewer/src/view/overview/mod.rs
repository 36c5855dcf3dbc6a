//! The first page: what this is, what is in it, what could not be seen. It could be printed.

mod findings;
mod identity;
mod left_out;
mod lists;
mod normal;
mod picture;
mod starts;
mod unseen;

use super::Page;
use crate::load::Turn;
use crate::state::{use_data, use_here};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::is_ready;
use crate::ui::icon::Icon;
use crate::view::findings::verdict;
use procglass_model::bundle::Verdict;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page =
    Page { name: "", word: "Overview", icon: Icon::Overview, count: None, html: || html! { <Overview /> } };

#[component]
fn Overview() -> Html {
    let (here, data) = (use_here(), use_data());
    // What lies below the first screen of it comes a turn later when a bundle is opened: drawn at once, the first of everything
    // would hold the browser for too long.
    let whole = use_state_eq(is_ready);
    use_effect_with((), {
        let whole = whole.setter();
        move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                Turn::new().pass().await;
                whole.set(true);
            });
        }
    });
    let Some(data) = data else { return Html::default() };
    let integrity = &data.snapshot.integrity;
    let trouble = match integrity.verdict() {
        Verdict::Intact => None,
        Verdict::Incomplete => Some(Tone::Warning),
        Verdict::Damaged => Some(Tone::Bad),
    };
    html! {
        <article class="prose overview" data-testid="overview">
            { trouble.map(|tone| banner(tone, html! { <>
                <strong>{ format!("This bundle is {}.", integrity.sentence()) }</strong>
                <ul>{ for integrity.remarks().take(5).map(|what| html! { <li>{ what.clone() }</li> }) }</ul>
            </> })).unwrap_or_default() }
            if trouble.is_none() && let Some(missing) = data.snapshot.coverage().sentence() {
                { banner(Tone::Warning, html! { <strong data-testid="missing">{ missing }</strong> }) }
            }
            { identity::head(&data) }
            { crate::view::notes::summary(&data) }
            { left_out::section(&data) }
            { verdict(&data) }
            { findings::section(&here, &data) }
            { normal::section(&here, &data) }
            { identity::whose(&here, &data) }
            { identity::section(&data) }
            if *whole {
                <div class="columns">
                    { lists::runs(&here, &data) }
                    { lists::talks(&here, &data) }
                    { unseen::section(&here, &data) }
                </div>
                { picture::section(&here, &data) }
                { starts::section(&here, &data) }
                { lists::open_to_all(&here, &data) }
                { lists::remotes(&here, &data) }
                { lists::programs(&here, &data) }
            }
        </article>
    }
}
