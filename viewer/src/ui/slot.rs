//! One row of a long list in the element that shows it. It is made anew only when the row, its place or its mark changed.

use super::dom::set_property;
use web_sys::Element;
use yew::prelude::*;

/// A row that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At {
    /// Its number.
    pub(crate) row: usize,
    /// Whether somebody chose it.
    pub(crate) chosen: bool,
}

impl At {
    /// `data-row`, by which the list knows what was hit.
    pub(crate) fn number(self) -> String {
        self.row.to_string()
    }

    /// `aria-rowindex`: the head is row 1.
    pub(crate) fn index(self) -> String {
        (self.row + 2).to_string()
    }

    /// `id`, in lists that have the keyboard.
    pub(crate) fn id(self) -> String {
        id(self.row)
    }

    /// `aria-selected`.
    pub(crate) fn selected(self) -> &'static str {
        if self.chosen { "true" } else { "false" }
    }

    /// The class of a row.
    pub(crate) fn class(self) -> &'static str {
        if self.chosen { "row selected" } else { "row" }
    }
}

/// The `id` of a row.
pub(crate) fn id(row: usize) -> String {
    format!("row-{row}")
}

/// Properties of [`Slot`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) at: At,
    /// Pixels from the top of the list.
    pub(super) top: i64,
    pub(super) row: Callback<At, Html>,
}

/// The element.
#[component]
pub(super) fn Slot(props: &Props) -> Html {
    let element = use_node_ref();
    use_effect_with(props.top, {
        let element = element.clone();
        move |top| {
            if let Some(element) = element.cast::<Element>() {
                set_property(&element, "transform", &format!("translateY({top}px)"));
            }
        }
    });
    html! { <div ref={element} class="slot" role="presentation">{ props.row.emit(props.at) }</div> }
}
