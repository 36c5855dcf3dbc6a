//! Filters that one click puts on or takes off.

use crate::state::{QUERY, use_here};
use procglass_query::edit::{has_term, with_term, without_term};
use yew::prelude::*;

/// Properties of [`Quick`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Term and word of each.
    pub(super) terms: &'static [(&'static str, &'static str)],
}

/// The buttons: links, so that each is also an address.
#[component]
pub(super) fn Quick(props: &Props) -> Html {
    let here = use_here();
    let link = |(term, word): &(&'static str, &'static str)| {
        let on = has_term(here.query(), term);
        let href = (*here.0).clone().with(QUERY, &toggled(here.query(), term)).hash();
        html! { <a class={classes!("chip", on.then_some("on"))} {href} aria-current={on.then_some("true")} title={*term}>{ *word }</a> }
    };
    html! { <div class="quick" role="group" aria-label="common filters">{ for props.terms.iter().map(link) }</div> }
}

/// The query with the term, or without it.
pub(super) fn toggled(query: &str, term: &str) -> String {
    if has_term(query, term) { without_term(query, term) } else { with_term(query, term) }
}
