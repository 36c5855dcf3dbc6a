//! Keys that work on every page.

use crate::ui::dom::{Listener, document, focus, takes_text, window};
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Listens while the frame is there. `help` opens and closes the help.
#[hook]
pub(super) fn use_keys(help: Callback<bool>) {
    use_effect_with(help, |help| {
        let help = help.clone();
        let listener = document().map(|document| {
            Listener::new(&document, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    key(&event, &help);
                }
            })
        });
        move || drop(listener)
    });
}

fn key(event: &KeyboardEvent, help: &Callback<bool>) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        help.emit(false);
        return;
    }
    if takes_text(event.target()) {
        return;
    }
    let history = window().and_then(|window| window.history().ok());
    match key.as_str() {
        "/" => {
            let field = document().and_then(|document| document.get_element_by_id(super::filter_box::ID));
            if let Some(field) = field {
                focus(&field);
            }
        }
        "?" => help.emit(true),
        "[" => {
            let _ = history.map(|history| history.back());
        }
        "]" => {
            let _ = history.map(|history| history.forward());
        }
        _ => return,
    }
    event.prevent_default();
}
