//! Copying to the clipboard, also where the browser's own interface is missing (pages opened by double click).

use super::dom::{document, window};
use super::icon::Icon;
use super::timer::Later;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`CopyButton`].
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Makes the text when it is wanted: it may be long.
    pub(crate) text: Callback<(), String>,
    /// What is copied, in words: `arguments`.
    pub(crate) what: AttrValue,
}

/// A button that copies a text and says that it did.
#[component]
pub(crate) fn CopyButton(props: &Props) -> Html {
    let done = use_state_eq(|| None::<bool>);
    let later = use_memo((), |()| Later::default());
    let onclick = {
        let (text, done) = (props.text.clone(), done.setter());
        Callback::from(move |_| {
            let (text, done, later) = (text.emit(()), done.clone(), (*later).clone());
            wasm_bindgen_futures::spawn_local(async move {
                done.set(Some(copy(&text).await));
                let again = done.clone();
                later.call(1_600, move || again.set(None));
            });
        })
    };
    let (icon, words) = match *done {
        None => (Icon::Copy, "copy"),
        Some(true) => (Icon::Done, "copied"),
        Some(false) => (Icon::Warning, "not possible here"),
    };
    html! {
        <button type="button" class="quiet" {onclick} aria-label={format!("copy {}", props.what)} title={format!("copy {}", props.what)}>
            { icon.html() }<span class="quiet-word" role="status">{ words }</span>
        </button>
    }
}

/// A button for a short text that is there already.
pub(crate) fn copy_text(text: &str, what: &'static str) -> Html {
    let text = text.to_owned();
    html! { <CopyLater {text} {what} /> }
}

/// Properties of [`CopyLater`].
#[derive(Properties, PartialEq)]
struct TextProps {
    text: String,
    what: AttrValue,
}

/// Keeps the callback stable for one text.
#[component]
fn CopyLater(props: &TextProps) -> Html {
    let text = use_callback(props.text.clone(), |(), text: &String| text.clone());
    html! { <CopyButton {text} what={props.what.clone()} /> }
}

/// Puts a text on the clipboard; false where the browser refuses.
pub(crate) async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    let navigator: JsValue = window.navigator().into();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| !it.is_undefined());
    if there && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

/// The way of old: select a text in a field that nobody sees, and give the copy command.
fn copy_by_selection(text: &str) -> Option<bool> {
    let document = document()?;
    let before = document.active_element();
    let field = document.create_element("textarea").ok()?.dyn_into::<HtmlTextAreaElement>().ok()?;
    field.set_class_name("offscreen");
    field.set_value(text);
    document.body()?.append_child(&field).ok()?;
    field.select();
    // Not in the typed interface: it is deprecated, and still the only way without permission.
    let command = js_sys::Reflect::get(&document, &"execCommand".into()).ok()?;
    let command = command.dyn_ref::<js_sys::Function>()?;
    let done = command.call1(&document, &"copy".into()).ok()?.as_bool();
    field.remove();
    if let Some(before) = before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = before.focus();
    }
    done
}
