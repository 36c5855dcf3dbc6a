//! Keys that work on every page.

use crate::ui::dom::{Listener, document, focus, takes_text, window};
use wasm_bindgen::JsCast as _;
use web_sys::KeyboardEvent;
use yew::prelude::*;

/// Listens while the frame is there. `help` opens and closes the help, `palette` the search.
#[hook]
pub(super) fn use_keys(help: Callback<bool>, palette: Callback<bool>) {
    use_effect_with((help, palette), |(help, palette)| {
        let (help, palette) = (help.clone(), palette.clone());
        let listener = document().map(|document| {
            Listener::new(&document, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    key(&event, &help, &palette);
                }
            })
        });
        move || drop(listener)
    });
}

fn key(event: &KeyboardEvent, help: &Callback<bool>, palette: &Callback<bool>) {
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && event.key().eq_ignore_ascii_case("k") {
        palette.emit(true);
        event.prevent_default();
        return;
    }
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let key = event.key();
    if key == "Escape" {
        help.emit(false);
        palette.emit(false);
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
