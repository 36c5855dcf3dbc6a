//! When to print what: by the menu, and by the browser's own command.

use crate::state::use_here;
use crate::ui::dom::{Listener, document, window};
use crate::ui::virtual_list::Whole;
use crate::view::print::Paper;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// What is on paper, if anything is, and whether the browser is still to be asked to print it.
type Sheet = Option<(Paper, bool)>;

/// The sheet, the way to ask for one, and whether the page itself is on paper, with its lists whole.
#[hook]
pub(super) fn use_paper() -> (Sheet, Callback<Paper>, Whole) {
    let (here, sheet) = (use_here(), use_state_eq(|| Sheet::None));
    let whole = use_state_eq(Whole::default);
    let latest = use_mut_ref(|| (here.clone(), Sheet::None));
    latest.replace((here, *sheet));
    use_effect_with((), {
        let (latest, set, whole) = (latest, sheet.setter(), whole.setter());
        move |()| {
            let listeners = window().map(|window| {
                let before = {
                    let (set, whole) = (set.clone(), whole.clone());
                    // What changes here is drawn before the browser goes on: Yew renders in a microtask.
                    move |_| {
                        let (here, sheet) = &*latest.borrow();
                        if sheet.is_some() {
                            return;
                        }
                        match Paper::of(here) {
                            Some(paper) => set.set(Some((paper, false))),
                            None => {
                                whole.set(Whole(true));
                                unfold();
                            }
                        }
                    }
                };
                let after = move |_| {
                    set.set(None);
                    whole.set(Whole(false));
                    fold();
                };
                (Listener::new(&window, "beforeprint", before), Listener::new(&window, "afterprint", after))
            });
            move || drop(listeners)
        }
    });
    let ask = use_callback((), {
        let set = sheet.setter();
        move |paper: Paper, ()| set.set(Some((paper, true)))
    });
    (*sheet, ask, *whole)
}

fn each(css: &str, mut act: impl FnMut(&Element)) {
    let Some(all) = document().and_then(|document| document.query_selector_all(css).ok()) else { return };
    for at in 0..all.length() {
        if let Some(element) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            act(&element);
        }
    }
}

/// Opens what is folded and asks for the rest of long lists: paper has no buttons.
fn unfold() {
    each("main details:not([open])", |details| {
        let _ = details.set_attribute("open", "");
        let _ = details.set_attribute("data-unfolded", "");
    });
    each("main button.more", |button| {
        if let Some(button) = button.dyn_ref::<HtmlElement>() {
            button.click();
        }
    });
}

fn fold() {
    each("main details[data-unfolded]", |details| {
        let _ = details.remove_attribute("open");
        let _ = details.remove_attribute("data-unfolded");
    });
}
