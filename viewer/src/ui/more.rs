//! Long lists in a page: the first part at once, the rest on request.

use crate::format::count;
use yew::prelude::*;

/// Properties of [`More`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// How many lines there are.
    pub(crate) count: usize,
    /// How many to show at first.
    #[prop_or(60)]
    pub(crate) first: usize,
    /// Makes the lines up to a number.
    pub(crate) lines: Callback<usize, Html>,
    /// What they are: `sockets`.
    pub(crate) what: AttrValue,
}

/// How many lines one more click adds: enough for nearly all, and no page dies of it.
const STEP: usize = 5_000;

/// The list and its button.
#[component]
pub(crate) fn More(props: &Props) -> Html {
    let shown = use_state_eq(|| props.first);
    let limit = (*shown).min(props.count);
    let left = props.count - limit;
    let onclick = {
        let shown = shown;
        Callback::from(move |_: MouseEvent| shown.set(*shown + STEP))
    };
    let words = if left > STEP {
        format!("show {} more of {} {}", count(STEP), count(props.count), props.what)
    } else {
        format!("show all {} {}", count(props.count), props.what)
    };
    html! {
        <>
            { props.lines.emit(limit) }
            if left > 0 {
                <p class="paper-only">{ format!("and {} more {}, which are not printed", count(left), props.what) }</p>
                <button type="button" class="more" {onclick}>{ words }</button>
            }
        </>
    }
}
