//! A panel that has the page to itself until it is answered.

use super::dom::{document, focus};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, NodeList};
use yew::prelude::*;

/// Properties of [`Dialog`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What it is about.
    pub(crate) title: AttrValue,
    /// Asked to go away: by Escape or a click beside it.
    pub(crate) onclose: Callback<()>,
    /// Hook for tests.
    #[prop_or_default]
    pub(crate) testid: AttrValue,
    pub(crate) children: Html,
}

/// What can have the keyboard.
const REACHED: &str = "button:not(:disabled), input:not(:disabled), select, textarea, a[href]";

/// The panel. The keyboard begins at its first control and stays inside.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let panel = use_node_ref();
    use_effect_with((), {
        let panel = panel.clone();
        move |()| {
            if let Some(first) = reached(&panel).and_then(|all| element(&all, 0)) {
                focus(&first);
            }
        }
    });
    let onkeydown = {
        let (panel, onclose) = (panel.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            // No key of the page behind it.
            event.stop_propagation();
            match event.key().as_str() {
                "Escape" => onclose.emit(()),
                "Tab" => {
                    let Some(all) = reached(&panel) else { return };
                    let last = all.length().saturating_sub(1);
                    let (from, to) = if event.shift_key() { (0, last) } else { (last, 0) };
                    let active = document().and_then(|document| document.active_element());
                    if let Some(to) =
                        element(&all, to).filter(|_| active.is_some() && active == element(&all, from))
                    {
                        event.prevent_default();
                        focus(&to);
                    }
                }
                _ => {}
            }
        })
    };
    let outside = props.onclose.reform(|_: MouseEvent| ());
    html! {
        <div class="dialog-ground" {onkeydown}>
            <div class="dialog-outside" onclick={outside}></div>
            <div ref={panel} class="dialog" role="dialog" aria-modal="true" aria-labelledby="dialog-title" data-testid={&props.testid}>
                <h2 id="dialog-title">{ &props.title }</h2>
                { props.children.clone() }
            </div>
        </div>
    }
}

fn reached(panel: &NodeRef) -> Option<NodeList> {
    panel.cast::<Element>()?.query_selector_all(REACHED).ok()
}

fn element(all: &NodeList, at: u32) -> Option<Element> {
    all.item(at)?.dyn_into().ok()
}
