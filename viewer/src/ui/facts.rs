//! Names with values, in two columns.

use yew::prelude::*;

/// One line; left out when there is no value.
pub(crate) fn fact(name: &'static str, value: Option<Html>) -> Html {
    value.map_or_else(Html::default, |value| html! { <><dt>{ name }</dt><dd>{ value }</dd></> })
}

/// A line of text.
pub(crate) fn text_fact(name: &'static str, value: Option<impl Into<AttrValue>>) -> Html {
    fact(name, value.map(|value| html! { { value.into() } }))
}

/// A line of fixed-width text.
pub(crate) fn code_fact(name: &'static str, value: Option<impl Into<AttrValue>>) -> Html {
    fact(name, value.map(|value| html! { <code>{ value.into() }</code> }))
}

/// The list around them.
pub(crate) fn facts(lines: Html) -> Html {
    html! { <dl class="facts">{ lines }</dl> }
}
