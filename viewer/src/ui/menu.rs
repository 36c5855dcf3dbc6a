//! A button that opens a short list of things to do.

use super::dom::focus;
use super::icon::Icon;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Node};
use yew::prelude::*;

/// Properties of [`Menu`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The button's word.
    pub(crate) word: AttrValue,
    /// Value and words of each item.
    pub(crate) items: Vec<(AttrValue, AttrValue)>,
    /// Takes the value of what was chosen.
    pub(crate) onpick: Callback<AttrValue>,
    /// Hook for tests.
    #[prop_or_default]
    pub(crate) testid: AttrValue,
}

/// The button and its list.
#[component]
pub(crate) fn Menu(props: &Props) -> Html {
    let (list, button) = (use_node_ref(), use_node_ref());
    let open = use_state_eq(|| false);
    use_effect_with(*open, {
        let list = list.clone();
        move |open| {
            let first = list.cast::<Element>().filter(|_| *open).and_then(|list| list.first_element_child());
            if let Some(first) = first {
                focus(&first);
            }
        }
    });
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, list, button) = (open.setter(), list.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            let here = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let list = list.cast::<Element>();
            let next = match event.key().as_str() {
                "ArrowDown" => here.and_then(|here| here.next_element_sibling()),
                "ArrowUp" => here.and_then(|here| here.previous_element_sibling()),
                "Home" => list.and_then(|list| list.first_element_child()),
                "End" => list.and_then(|list| list.last_element_child()),
                "Escape" => {
                    open.set(false);
                    button.cast::<Element>()
                }
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(next) = next {
                focus(&next);
            }
        })
    };
    // Whoever goes elsewhere is done with it.
    let onfocusout = {
        let (open, list) = (open.setter(), list.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = list.cast::<Element>().zip(to).is_some_and(|(list, to)| list.contains(Some(&to)));
            if !inside {
                open.set(false);
            }
        })
    };
    let item = |(value, words): &(AttrValue, AttrValue)| {
        let onclick = {
            let (onpick, open, value, button) =
                (props.onpick.clone(), open.setter(), value.clone(), button.clone());
            Callback::from(move |_: MouseEvent| {
                open.set(false);
                if let Some(button) = button.cast::<Element>() {
                    focus(&button);
                }
                onpick.emit(value.clone());
            })
        };
        html! { <button type="button" role="menuitem" tabindex="-1" {onclick} data-value={value.clone()}>{ words }</button> }
    };
    html! {
        <div class="menu">
            <button ref={button.clone()} type="button" class="menu-button" aria-haspopup="menu" aria-expanded={open.to_string()} onclick={toggle} data-testid={&props.testid}>
                { &props.word }{ Icon::Expand.html() }</button>
            if *open {
                <div ref={list.clone()} class="menu-list" role="menu" aria-label={&props.word} tabindex="-1" {onkeydown} {onfocusout}>{ for props.items.iter().map(item) }</div>
            }
        </div>
    }
}
