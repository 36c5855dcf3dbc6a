//! The top bar: which system, when, and whether it can be trusted.

use super::filter_box::FilterBox;
use super::paper_head::{is_of_several, paper_head};
use super::report::Save;
use crate::format::{moment, zone};
use crate::state::{Data, Route, SYSTEM, TIME, use_data, use_fleet, use_go, use_here};
use crate::ui::icon::Icon;
use crate::view::print::Paper;
use procglass_model::bundle::Verdict;
use procglass_systems::System as Record;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`TopBar`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) onclose: Callback<()>,
    pub(super) onhelp: Callback<()>,
    pub(super) onsearch: Callback<()>,
    pub(super) onprint: Callback<Paper>,
}

/// The bar.
#[component]
pub(super) fn TopBar(props: &Props) -> Html {
    let data = use_data();
    let (here, fleet) = (use_here(), use_fleet());
    let Some(data) = data else { return Html::default() };
    let captured = data.snapshot.captured().map_or_else(|| "at an unknown time".into(), moment);
    let click = |callback: &Callback<()>| callback.reform(|_: MouseEvent| ());
    html! {
        <header class="top">
            <div class={classes!("system", is_of_several(&here, &fleet).then_some("several"))}>
                if fleet.slots.len() > 1 {
                    <Switch />
                } else {
                    <strong class="system-name" title={data.origin.name.clone()}><bdi>{ data.snapshot.host_name() }</bdi></strong>
                }
                <span class="system-when"><span class="wide">{ "captured " }</span>if data.snapshot.captured_at_most() { { "not later than " } }{ captured }</span>
                { paper_head(&here, &fleet, &data) }
                { verdict(&data, &here.going(Route::to("evidence")).with(crate::state::QUERY, "").hash()) }
            </div>
            <FilterBox />
            <div class="top-actions">
                <button type="button" class="quiet" onclick={click(&props.onsearch)} aria-label="Ctrl K: search everything, and commands" title="search everything, and commands (Ctrl K)" data-testid="palette-open">{ Icon::Search.html() }<kbd class="wide" aria-hidden="true">{ "Ctrl K" }</kbd></button>
                <Save data={data.clone()} onprint={props.onprint.clone()} />
                { zone_switch(&data, &here) }
                <button type="button" class="quiet" onclick={click(&props.onhelp)} aria-label="help and keys" title="help and keys (?)" data-testid="help-open">{ Icon::Help.html() }</button>
                <button type="button" class="quiet" onclick={click(&props.onclose)} aria-label="open another bundle" title="open another bundle" data-testid="open-another">{ Icon::Open.html() }</button>
            </div>
        </header>
    }
}

/// Says which zone times are told in, and changes it. A link, so that it stands in the address.
fn zone_switch(data: &Data, here: &Route) -> Html {
    let local = here.param(TIME) == "local";
    let href = here.clone().with(TIME, if local { "" } else { "local" }).hash();
    let now = data.snapshot.captured().map_or_else(|| "UTC".into(), zone);
    let (word, title) = if local {
        (format!("local {now}"), "times are local, the filter's are UTC: show all in UTC")
    } else {
        ("UTC".into(), "times are in UTC: show local times")
    };
    html! { <a class="quiet zone" {href} {title} data-testid="zone">{ word }<span class="offscreen">{ format!(": {title}") }</span></a> }
}

/// Intact or not, by word, shape and colour.
fn verdict(data: &Data, href: &str) -> Html {
    let integrity = &data.snapshot.integrity;
    let (class, icon) = match integrity.verdict() {
        Verdict::Intact => ("ok", Icon::Done),
        Verdict::Incomplete => ("warning", Icon::Warning),
        Verdict::Damaged => ("bad", Icon::Broken),
    };
    let total = integrity.verified + integrity.mismatched.len() + integrity.missing.len();
    let numbers =
        if integrity.has_sums { format!(" ({} of {total})", integrity.verified) } else { String::new() };
    html! {
        <a class={classes!("verdict", class)} href={href.to_owned()} title={integrity.sentence()} data-testid="integrity">
            { icon.html() }<span>{ integrity.verdict().word() }<span class="wide">{ numbers }</span></span>
        </a>
    }
}

/// More systems than this are chosen on a page of their own.
const MOST: usize = 60;

/// Chooses one of several systems.
#[component]
fn Switch() -> Html {
    let (here, go, fleet) = (use_here(), use_go(), use_fleet());
    let chosen = here.param(SYSTEM).parse().unwrap_or(0_usize);
    let onchange = {
        let here = here.clone();
        Callback::from(move |event: Event| {
            // A select has `value` as an input has; the narrower type would cost one more binding.
            let select = event.target().map(|target| target.unchecked_into::<HtmlInputElement>());
            let value = select.map(|select| select.value()).unwrap_or_default();
            go.to(Route::to(if here.id.is_empty() { &here.page } else { "" }).with(SYSTEM, &value));
        })
    };
    if fleet.slots.len() > MOST {
        let href = here.going(Route::to("systems")).hash();
        let name = fleet.record(chosen).map(|record| record.name.clone()).unwrap_or_default();
        return html! {
            <a class="system-name" {href} data-testid="system" title="choose another system"><bdi>{ name }</bdi>{ format!(" · {} of {}", chosen + 1, fleet.slots.len()) }</a>
        };
    }
    let option = |(at, record): (usize, &Record)| {
        let words = format!("{} · {}", record.name, record.captured.map(moment).unwrap_or_default());
        html! { <option value={at.to_string()} selected={at == chosen}>{ words }</option> }
    };
    html! {
        <select class="system-name" aria-label="System" data-testid="system" {onchange}>{ for fleet.register.systems().iter().enumerate().map(option) }</select>
    }
}
