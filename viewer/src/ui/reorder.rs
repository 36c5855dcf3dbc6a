//! Heads of columns that can be dragged to another place. Each has its name as `data-column`.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

/// Pixels until a press becomes a drag: a click moves a little too.
const SLACK: i32 = 6;

/// What the head of a table needs.
#[derive(Clone)]
pub(crate) struct Reorder {
    /// For the element around all heads.
    pub(crate) onpointerdown: Callback<PointerEvent>,
    /// See there.
    pub(crate) onpointermove: Callback<PointerEvent>,
    /// See there.
    pub(crate) onpointerup: Callback<PointerEvent>,
    over: Option<(String, String)>,
}

impl Reorder {
    /// The class of a head: whether it is on its way, or its place is where that would go.
    pub(crate) fn class(&self, column: &str) -> Option<&'static str> {
        let (from, to) = self.over.as_ref()?;
        if from == column { Some("dragged") } else { (to == column).then_some("target") }
    }
}

/// Tells `onmove` which column was dragged to the place of which.
#[hook]
pub(crate) fn use_reorder(onmove: Callback<(String, String)>) -> Reorder {
    let pressed = use_mut_ref(|| None::<(String, i32)>);
    let over = use_state_eq(|| None::<(String, String)>);
    let onpointerdown = Callback::from({
        let pressed = pressed.clone();
        move |event: PointerEvent| {
            let first = event.button() == 0 && event.is_primary();
            pressed.replace(column(&event).filter(|_| first).map(|name| (name, event.client_x())));
        }
    });
    let onpointermove = Callback::from({
        let (pressed, over) = (pressed.clone(), over.setter());
        move |event: PointerEvent| {
            // It may have been let go outside.
            if event.buttons() & 1 == 0 {
                pressed.take();
            }
            let moving = pressed.borrow().clone().filter(|(_, x)| (event.client_x() - x).abs() > SLACK);
            over.set(moving.and_then(|(from, _)| Some((from, column(&event)?))));
        }
    });
    let onpointerup = Callback::from({
        let over = over.clone();
        move |event: PointerEvent| {
            let moving = pressed.take().filter(|(_, x)| (event.client_x() - x).abs() > SLACK);
            if let Some((from, to)) = moving.and_then(|(from, _)| Some((from, column(&event)?)))
                && from != to
            {
                onmove.emit((from, to));
            }
            over.set(None);
        }
    });
    Reorder { onpointerdown, onpointermove, onpointerup, over: (*over).clone() }
}

fn column(event: &PointerEvent) -> Option<String> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-column]").ok()??.get_attribute("data-column")
}
