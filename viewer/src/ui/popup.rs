//! A button that opens a panel below itself.

use super::dom::{Listener, document, focus};
use super::icon::Icon;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Node};
use yew::prelude::*;

/// Properties of [`Popup`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The button's word.
    pub(crate) word: AttrValue,
    /// Hook for tests.
    #[prop_or_default]
    pub(crate) testid: AttrValue,
    /// The panel.
    pub(crate) children: Html,
}

/// The button and its panel, which closes on Escape and when the keyboard or a click goes elsewhere.
#[component]
pub(crate) fn Popup(props: &Props) -> Html {
    let (whole, button) = (use_node_ref(), use_node_ref());
    let open = use_state_eq(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                open.set(false);
                if let Some(button) = button.cast::<Element>() {
                    focus(&button);
                }
            }
        })
    };
    let onfocusout = {
        let (open, whole) = (open.setter(), whole.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
            // The keyboard goes nowhere when what had it is moved within the panel.
            let outside =
                whole.cast::<Element>().zip(to).is_some_and(|(whole, to)| !whole.contains(Some(&to)));
            if outside {
                open.set(false);
            }
        })
    };
    use_effect_with(*open, {
        let (open, whole) = (open.setter(), whole.clone());
        move |listens| {
            let listener = document().filter(|_| *listens).map(|document| {
                Listener::new(&document, "pointerdown", move |event| {
                    let at = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                    if !whole.cast::<Element>().is_some_and(|whole| whole.contains(at.as_ref())) {
                        open.set(false);
                    }
                })
            });
            move || drop(listener)
        }
    });
    html! {
        <div ref={whole} class="menu" {onkeydown} {onfocusout}>
            <button ref={button} type="button" class="menu-button" aria-expanded={open.to_string()} onclick={toggle} data-testid={&props.testid}>
                { &props.word }{ Icon::Expand.html() }</button>
            if *open { <div class="menu-list" role="group" aria-label={&props.word} tabindex="-1">{ props.children.clone() }</div> }
        </div>
    }
}
