//! A message that stands above the content.

use super::icon::Icon;
use yew::prelude::*;

/// How urgent a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Warning,
    Bad,
}

/// A sentence in a frame, with a shape beside the colour.
pub(crate) fn banner(tone: Tone, text: Html) -> Html {
    let (class, icon) = match tone {
        Tone::Good => ("good", Icon::Done),
        Tone::Warning => ("warning", Icon::Warning),
        Tone::Bad => ("bad", Icon::Broken),
    };
    html! { <div class={classes!("banner", class)} role={(tone != Tone::Good).then_some("alert")}>{ icon.html() }<div>{ text }</div></div> }
}

/// A word in a frame: `deleted`, `rwx`.
pub(crate) fn badge(class: &'static str, text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! { <span class={classes!("badge", class)}>{ text }</span> }
}
