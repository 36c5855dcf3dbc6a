//! Bars over time.

use crate::format::{float, whole};
use yew::prelude::*;

/// One bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    /// How much.
    pub(crate) count: usize,
    /// What it says when pointed at, and to those who hear it.
    pub(crate) title: String,
    /// Where a click leads.
    pub(crate) href: Option<String>,
}

/// Properties of [`Histogram`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The bars, from left to right.
    pub(crate) bars: Vec<Bar>,
    /// Words below: left and right end.
    pub(crate) ends: (AttrValue, AttrValue),
    /// What it is, in a sentence.
    pub(crate) label: AttrValue,
}

const HEIGHT: usize = 72;
const STEP: usize = 10;

/// The drawing. Heights follow the square root, so that one process beside a thousand is still seen.
#[component]
pub(crate) fn Histogram(props: &Props) -> Html {
    let most = props.bars.iter().map(|bar| bar.count).max().unwrap_or(0).max(1);
    let width = props.bars.len() * STEP;
    let bar = |(at, bar): (usize, &Bar)| {
        if bar.count == 0 {
            return Html::default();
        }
        let height = whole((float(bar.count) / float(most)).sqrt() * float(HEIGHT - 4)).max(2);
        let x = (at * STEP).to_string();
        let shape = html! {
            <rect x={x} y={(HEIGHT - height).to_string()} width={(STEP - 1).to_string()} height={height.to_string()} rx="1">
                <title>{ &bar.title }</title>
            </rect>
        };
        match &bar.href {
            Some(href) => html! { <a href={href.clone()} aria-label={bar.title.clone()}>{ shape }</a> },
            None => shape,
        }
    };
    html! {
        <figure class="histogram">
            <svg viewBox={format!("0 0 {width} {HEIGHT}")} preserveAspectRatio="none" role="group" aria-label={&props.label}>
                { for props.bars.iter().enumerate().map(bar) }
            </svg>
            <figcaption><span>{ &props.ends.0 }</span><span>{ &props.ends.1 }</span></figcaption>
        </figure>
    }
}
