//! Filters that one click puts on or takes off.

use crate::state::{QUERY, use_here};
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
        let on = has(here.query(), term);
        let href = (*here.0).clone().with(QUERY, &toggled(here.query(), term)).hash();
        html! { <a class={classes!("chip", on.then_some("on"))} {href} aria-current={on.then_some("true")} title={*term}>{ *word }</a> }
    };
    html! { <div class="quick" role="group" aria-label="common filters">{ for props.terms.iter().map(link) }</div> }
}

fn has(query: &str, term: &str) -> bool {
    query.split_whitespace().any(|word| word == term)
}

/// The query with the term, or without it.
fn toggled(query: &str, term: &str) -> String {
    let words = query.split_whitespace();
    if has(query, term) {
        words.filter(|word| *word != term).collect::<Vec<_>>().join(" ")
    } else {
        words.chain([term]).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_and_off() {
        assert_eq!(toggled("ssh", "is:root"), "ssh is:root");
        assert_eq!(toggled("ssh is:root", "is:root"), "ssh");
        assert_eq!(toggled("", "is:root"), "is:root");
        assert!(!has("is:rooted", "is:root"));
    }
}
