//! A group of facts with a head: its name, how many, where it comes from, and a way to copy it.

use crate::format::count;
use yew::prelude::*;

/// Properties of [`Section`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Its name in links and tests.
    pub(super) id: AttrValue,
    /// Its head.
    pub(super) title: AttrValue,
    /// How many things are in it.
    #[prop_or_default]
    pub(super) number: Option<usize>,
    /// Links and buttons in the head.
    #[prop_or_default]
    pub(super) tools: Html,
    pub(super) children: Html,
}

/// The group.
#[component]
pub(super) fn Section(props: &Props) -> Html {
    html! {
        <section class="section" id={format!("section-{}", props.id)} data-testid={format!("section-{}", props.id)} aria-label={props.title.clone()} tabindex="-1">
            <header><h2>{ &props.title }
                if let Some(number) = props.number { <span class="number">{ count(number) }</span> }
            </h2><div class="tools">{ props.tools.clone() }</div></header>
            { props.children.clone() }
        </section>
    }
}
