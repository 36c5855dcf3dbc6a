//! What stands around every page: the rail, the top bar, the filter, the keys.

mod drops;
mod filter_box;
mod keys;
mod make_report;
mod paper;
mod paper_head;
mod protect;
mod report;
mod report_choices;
mod suggestions;
mod top;

use super::help::Help;
use super::notes::Editor;
use super::palette::Palette;
use super::print::Printed;
use super::{PAGES, Page, TOGETHER, content, page_of};
use crate::format::{Zone, clip, count, set_zone};
use crate::load::Turn;
use crate::state::{
    Exports, Folds, Offers, Route, TIME, use_around, use_data, use_fleet, use_here, use_notebook,
};
use crate::ui::banner::{Tone, banner};
use crate::ui::dom::{READY, document, focus, minutes_ahead, set_stage};
use crate::ui::timer::use_settled;
use crate::ui::virtual_list::Whole;
use keys::use_keys;
use paper::use_paper;
use procglass_query::Filter;
use std::cell::Cell;
use std::rc::Rc;
use top::TopBar;
use yew::prelude::*;

/// Properties of [`Frame`].
#[derive(Properties, PartialEq)]
pub(crate) struct FrameProps {
    /// Closes everything.
    pub(crate) onclose: Callback<()>,
}

/// The frame with the page of the present place in it.
#[component]
pub(crate) fn Frame(props: &FrameProps) -> Html {
    let (here, fleet) = (use_here(), use_fleet());
    let folds = use_memo((), |()| Folds::default());
    let exports = use_memo((), |()| Exports::default());
    let offers = use_memo((), |()| Offers::default());
    let help = use_state_eq(|| false);
    let toggle = use_callback((), {
        let help = help.setter();
        move |open: bool, ()| help.set(open)
    });
    let palette = use_state_eq(|| false);
    let search = use_callback((), {
        let palette = palette.setter();
        move |open: bool, ()| palette.set(open)
    });
    let (paper, print, whole) = use_paper();
    drops::use_drops();
    use_keys(toggle.clone(), search.clone());
    let local = here.param(TIME) == "local";
    set_zone(if local { Zone::Local(minutes_ahead) } else { Zone::Utc });
    let page = page_of(&here);
    let unsaved = use_notebook().is_some_and(|book| book.is_unsaved());
    // The page itself comes a turn later: the first of everything at once would hold the browser for too long. It may leave
    // something for the turn after it; what is asked for then is served in order, so "ready" is said behind that.
    let drawn = use_state_eq(|| false);
    use_effect_with((), {
        let drawn = drawn.setter();
        move |()| {
            let shown = Rc::new(Cell::new(true));
            wasm_bindgen_futures::spawn_local({
                let shown = Rc::clone(&shown);
                async move {
                    let mut turn = Turn::new();
                    turn.pass().await;
                    drawn.set(true);
                    turn.pass().await;
                    turn.pass().await;
                    if shown.get() {
                        set_stage(READY);
                    }
                }
            });
            move || shown.set(false)
        }
    });
    let host = use_data().map(|data| data.snapshot.host_name()).unwrap_or_default();
    use_effect_with((host, page.map_or("", |page| page.word), here.id.clone()), |(host, page, id)| {
        if let Some(document) = document() {
            document.set_title(&format!("{page} {id} · {host} · procglass"));
        }
    });
    html! {
        <ContextProvider<Exports> context={(*exports).clone()}><ContextProvider<Offers> context={(*offers).clone()}><div class={classes!("frame", paper.is_some().then_some("printing"))}>
            <button type="button" class="skip" onclick={Callback::from(|_: MouseEvent| to_content())}>{ "Skip to the content" }</button>
            <Rail current={page.map(|page| page.name)} />
            <TopBar onclose={props.onclose.clone()} onhelp={toggle.reform(|()| true)} onsearch={search.reform(|()| true)} onprint={print} />
            <main id="main" tabindex="-1" class="page" key={if local { "local" } else { "utc" }}>
                { for fleet.failures.iter().map(|failure| banner(Tone::Bad, html! { <p>{ failure.clone() }</p> })) }
                if unsaved { { banner(Tone::Warning, html! { <p data-testid="note-unsaved">{ "This browser did not keep your note. Export the notes or save a report before you close the page." }</p> }) } }
                if page.is_none() { { banner(Tone::Warning, html! { <p data-testid="no-page">{ "There is no page " }<bdi>{ clip(here.page.as_bytes(), 60).into_owned() }</bdi>{ " in this viewer: the address may come from another version. This is the overview." }</p> }) } }
                if let Some(page) = page.filter(|page| page.count.is_some() && here.page == page.name) { <h1 class="offscreen">{ page.word }</h1> }
                <ContextProvider<Whole> context={whole}><ContextProvider<Folds> context={(*folds).clone()}>if *drawn { { content(&here) } }</ContextProvider<Folds>></ContextProvider<Whole>>
            </main>
            <Editor />
            if let Some((paper, asks)) = paper { <Printed {paper} {asks} /> }
            if *help { <Help onclose={toggle.reform(|()| false)} /> }
            if *palette { <Palette onclose={search.reform(|()| false)} onhelp={toggle.reform(|()| true)} onother={props.onclose.clone()} /> }
        </div></ContextProvider<Offers>></ContextProvider<Exports>>
    }
}

/// Not a link: the address after `#` is the place in the viewer.
fn to_content() {
    if let Some(main) = document().and_then(|document| document.get_element_by_id("main")) {
        focus(&main);
    }
}

/// Properties of [`Rail`].
#[derive(Properties, PartialEq)]
struct RailProps {
    /// Name of the present page.
    current: Option<&'static str>,
}

#[component]
fn Rail(props: &RailProps) -> Html {
    let here = use_around();
    let data = use_data();
    let query = use_settled(here.query().to_owned(), 250);
    let counts = use_memo((data, query), |(data, query)| {
        let filter = Filter::parse(query).unwrap_or_default();
        let number = |page: &Page| Some((page.count?)(data.as_ref()?, &filter));
        PAGES.iter().map(number).collect::<Vec<_>>()
    });
    let current = props.current;
    let link = |(page, number): (&Page, &Option<usize>)| {
        let href = here.going(Route::to(page.name)).hash();
        let active = current == Some(page.name);
        let testid = format!("nav-{}", if page.name.is_empty() { "overview" } else { page.name });
        html! {
            <a class="rail-link" {href} data-testid={testid} aria-current={active.then_some("page")}>
                { page.icon.html() }<span class="rail-word">{ page.word }</span>
                if let Some(number) = number { <span class="rail-count">{ count(*number) }</span> }
            </a>
        }
    };
    html! {
        <nav class="rail" aria-label="Pages">
            <a class="mark" href={here.going(Route::to("")).hash()}>{ "procglass" }</a>
            { for PAGES.iter().zip(counts.iter()).map(link) }
            <span class="rail-parting" role="presentation" />
            { for TOGETHER.iter().map(|page| link((page, &None))) }
        </nav>
    }
}
