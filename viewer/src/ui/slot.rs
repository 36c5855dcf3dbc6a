//! One row of a long list in the element that shows it. It is made anew only when the row, its place or its mark changed.

use super::dom::set_property;
use web_sys::Element;
use yew::prelude::*;

/// A row that is to be made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// What to show; `None`: the element waits, out of sight, with what it showed.
    pub(super) at: Option<At>,
    /// Pixels from the top of the list.
    pub(super) top: i64,
    pub(super) row: Callback<At, Html>,
}

/// The element. What it shows is made anew only when the row or its maker changed, not when it moves.
///
/// While it waits for a row it stays in the page with what it showed, invisible, above the list: the browser keeps its layout,
/// which is most of what a row costs. The row's names are taken away meanwhile, so that nothing finds it.
pub(super) struct Slot {
    element: NodeRef,
    /// What it showed last.
    at: At,
    names: Vec<(&'static str, String)>,
}

/// By these a row is found.
const NAMES: [&str; 5] = ["id", "data-row", "data-testid", "aria-selected", "aria-expanded"];

impl Component for Slot {
    type Message = ();
    type Properties = Props;

    fn create(context: &Context<Self>) -> Self {
        Self { element: NodeRef::default(), at: context.props().at.unwrap_or_default(), names: Vec::new() }
    }

    fn changed(&mut self, context: &Context<Self>, old: &Props) -> bool {
        let new = context.props();
        if (new.at.is_some(), new.top) != (old.at.is_some(), old.top) {
            self.place(new);
        }
        let Some(at) = new.at else { return false };
        let stale = at != self.at || new.row != old.row || old.at.is_none();
        self.at = at;
        stale
    }

    fn view(&self, context: &Context<Self>) -> Html {
        html! { <div ref={self.element.clone()} class="slot" role="presentation">{ context.props().row.emit(self.at) }</div> }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        if first {
            self.place(context.props());
        }
    }
}

impl Slot {
    fn place(&mut self, props: &Props) {
        let Some(element) = self.element.cast::<Element>() else { return };
        let row = element.first_element_child();
        if props.at.is_none() {
            set_attribute(&element, WAITS, "");
            set_property(&element, "transform", "translateY(-99999px)");
            for (row, name) in row.iter().flat_map(|row| NAMES.map(|name| (row, name))) {
                if let Some(value) = row.get_attribute(name) {
                    let _ = row.remove_attribute(name);
                    self.names.push((name, value));
                }
            }
            return;
        }
        // As it was when it was made, which is what the next change is compared with.
        for (name, value) in self.names.drain(..) {
            if let Some(row) = &row {
                set_attribute(row, name, &value);
            }
        }
        let _ = element.remove_attribute(WAITS);
        set_property(&element, "transform", &format!("translateY({}px)", props.top));
    }
}

/// The style sheet hides what has it.
const WAITS: &str = "data-waits";

fn set_attribute(element: &Element, name: &str, value: &str) {
    // Fails for names that are none, and these are some.
    let _ = element.set_attribute(name, value);
}
