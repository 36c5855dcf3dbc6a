//! The picture in the page: every end and every band is a link that picks it, or takes the pick back.

use super::{PICK, words};
use crate::format::plural;
use crate::state::{Data, Here};
use procglass_model::text::decimal;
use procglass_snapshot::analysis::flow::{Band, Bar, Far, Layout, Near};
use yew::prelude::*;

/// Above and below everything that is drawn.
pub(super) const MARGIN: f64 = 6.0;
/// Between a bar and its label.
pub(super) const SPACE: f64 = 8.0;

/// The drawing.
pub(super) fn svg(here: &Here, data: &Data, layout: &Layout) -> Html {
    let (left_edge, right_edge) = edges(data, layout);
    let (width, height) = (right_edge - left_edge, layout.height + 2.0 * MARGIN);
    let frame = format!("{} -{} {} {}", decimal(left_edge), decimal(MARGIN), decimal(width), decimal(height));
    html! {
        <svg class="flow" viewBox={frame} width={decimal(width)} height={decimal(height)} data-testid="flow">
            <g>{ for layout.bands.iter().map(|band| one_band(here, data, band)) }</g>
            <g>{ for layout.near.iter().map(|bar| left(here, data, bar)) }</g>
            <g>{ for layout.far.iter().map(|bar| right(here, data, bar)) }</g>
        </svg>
    }
}

/// Where the labels end on both sides. What they leave free would push the picture off a narrow screen.
fn edges(data: &Data, layout: &Layout) -> (f64, f64) {
    let room = |label: &str| {
        SPACE + label.chars().map(|letter| if letter.is_ascii() { 8.0 } else { 16.0 }).sum::<f64>()
    };
    let left = layout.near.iter().map(|bar| bar.x - room(&short(&words::near(data, bar.end))));
    let right = layout.far.iter().map(|bar| {
        let (text, kind) = words::far(data, bar.end);
        bar.x + Bar::<Far>::WIDTH + room(&short(&text)) + room(kind)
    });
    (left.fold(Layout::WIDTH, f64::min).max(0.0), right.fold(0.0, f64::max).min(Layout::WIDTH))
}

/// A link that picks, with whether it is picked, whether something else is, and its drawing.
fn pick(here: &Here, terms: Option<String>, label: String, class: &'static str, inside: Html) -> Html {
    let picked = here.param(PICK);
    let Some(terms) = terms else {
        return html! { <g class={classes!(class, (!picked.is_empty()).then_some("pale"))}><title>{ label }</title>{ inside }</g> };
    };
    let on = picked == terms;
    let part =
        on || !picked.is_empty() && terms.split(' ').any(|term| picked.split(' ').any(|other| other == term));
    let pale = !picked.is_empty() && !part;
    let href = (*here.0).clone().with(PICK, if on { "" } else { &terms }).hash();
    html! {
        <a {href} class={classes!(class, on.then_some("on"), pale.then_some("pale"))} aria-label={label.clone()} aria-current={on.then_some("true")} data-testid={class}>
            if class.starts_with("flow-band") { <title>{ label }</title> }{ inside }</a>
    }
}

fn one_band(here: &Here, data: &Data, band: &Band) -> Html {
    let (from, (to, _)) = (words::near(data, band.near), words::far(data, band.far));
    let terms = words::near_terms(data, band.near).zip(words::far_terms(band.far));
    let terms = terms.map(|(near, far)| format!("{near} {far}"));
    let label = format!("{from} and {to}: {}", plural(band.count, "connection", "connections"));
    let class = if matches!(band.far, Far::Inside(..)) { "flow-band inside" } else { "flow-band" };
    pick(here, terms, label, class, html! { <path d={band.path.clone()} /> })
}

fn left(here: &Here, data: &Data, bar: &Bar<Near>) -> Html {
    let text = words::near(data, bar.end);
    let label = format!("{}: {}", short(&text), plural(bar.count, "connection", "connections"));
    let content = html! { <>{ shape(bar) }<text x={decimal(bar.x - SPACE)} y={decimal(bar.middle() + 4.5)} text-anchor="end">{ short(&text) }</text></> };
    pick(here, words::near_terms(data, bar.end), label, "flow-near", content)
}

fn right(here: &Here, data: &Data, bar: &Bar<Far>) -> Html {
    let (text, kind) = words::far(data, bar.end);
    let label = format!("{} {kind}: {}", short(&text), plural(bar.count, "connection", "connections"));
    let x = decimal(bar.x + Bar::<Far>::WIDTH + SPACE);
    let content = html! { <>{ shape(bar) }<text {x} y={decimal(bar.middle() + 4.5)}>{ short(&text) }{ " " }<tspan class="flow-kind" dx="4">{ kind }</tspan></text></> };
    pick(here, words::far_terms(bar.end), label, "flow-far", content)
}

fn shape<T>(bar: &Bar<T>) -> Html {
    html! { <rect x={decimal(bar.x)} y={decimal(bar.y)} width={decimal(Bar::<T>::WIDTH)} height={decimal(bar.height)} rx="2" /> }
}

/// Characters of a label that fit beside the bars.
pub(super) fn short(text: &str) -> String {
    const MOST: usize = 40;
    crate::format::clip(text.as_bytes(), MOST).into_owned()
}
