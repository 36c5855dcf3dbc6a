//! The few things of the browser that Yew does not cover.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Window};

/// The window, in a browser.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document, in a browser.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// Whether the browser has read the page to its end.
pub(crate) fn is_read() -> bool {
    document().is_none_or(|document| document.ready_state() != "loading")
}

/// The text after the address, with its `#`; empty when there is none.
pub(crate) fn hash() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Adds a step to the history.
pub(crate) fn push_hash(hash: &str) {
    change_hash(hash, true);
}

/// Changes the address without a step.
pub(crate) fn replace_hash(hash: &str) {
    change_hash(hash, false);
}

fn change_hash(hash: &str, step: bool) {
    let Some(window) = window() else { return };
    let done = window.history().and_then(|history| {
        if step {
            history.push_state_with_url(&JsValue::NULL, "", Some(hash))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(hash))
        }
    });
    // Browsers limit how often the history may change; the page itself does not depend on it.
    if done.is_err() && step {
        let _ = window.location().set_hash(hash);
    }
}

/// Milliseconds since the page was opened.
pub(crate) fn now() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Nanoseconds since 1970, by the reader's clock.
pub(crate) fn clock() -> i64 {
    #[allow(clippy::cast_possible_truncation)]
    let milliseconds = js_sys::Date::now() as i64;
    milliseconds.saturating_mul(1_000_000)
}

/// Minutes that the reader's clock is ahead of UTC at a moment, in seconds since the epoch.
pub(crate) fn minutes_ahead(seconds: i64) -> i64 {
    let milliseconds = seconds.clamp(-8_640_000_000_000, 8_640_000_000_000) * 1_000;
    #[allow(clippy::cast_precision_loss)]
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds as f64));
    #[allow(clippy::cast_possible_truncation)]
    let behind = date.get_timezone_offset() as i64;
    -behind
}

/// Sets a property of the element's own style, which the page's policy allows, unlike the attribute.
pub(crate) fn set_property(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.style().set_property(name, value);
    }
}

/// Gives an element the keyboard.
pub(crate) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Whether a key typed there is text.
pub(crate) fn takes_text(target: Option<EventTarget>) -> bool {
    target
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Whether text on the page is marked, so that a copy command means it.
pub(crate) fn text_is_selected() -> bool {
    let selection = window().and_then(|window| window.get_selection().ok()?);
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// The state of a page that shows a bundle.
pub(crate) const READY: &str = "ready";

/// Tells tests and styles in what state the page is: `empty`, `loading`, `ready` or `error`.
pub(crate) fn set_stage(stage: &str) {
    if let Some(root) = root() {
        let _ = root.dataset().set("procglass", stage);
    }
}

/// Whether the page shows a bundle, whole.
pub(crate) fn is_ready() -> bool {
    root().is_some_and(|root| root.dataset().get("procglass").as_deref() == Some(READY))
}

fn root() -> Option<HtmlElement> {
    document()?.document_element()?.dyn_into().ok()
}

/// Sets the colours: `light`, `dark`, or nothing for what the reader's system says.
pub(crate) fn set_theme(theme: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// A listener that ends when it is dropped: for events that Yew does not see, on the window and on scrolled elements.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens from now on.
    pub(crate) fn new(target: &EventTarget, kind: &'static str, call: impl FnMut(Event) + 'static) -> Self {
        let closure = Closure::<dyn FnMut(Event)>::new(call);
        let _ = target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref());
        Self { target: target.clone(), kind, closure }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, callback);
    }
}

/// After a panic nothing of the application runs any more: says so, and how to go on.
pub(crate) fn last_words(what: &str) {
    set_stage("error");
    let Some(document) = document() else { return };
    let Ok(note) = document.create_element("pre") else { return };
    note.set_class_name("last-words");
    let _ = note.set_attribute("role", "alert");
    note.set_text_content(Some(&format!(
        "procglass met an error of its own and stopped. The evidence is unharmed. Reload the page; if it happens again, \
         `procglass show` reads the same bundle. What happened:\n\n{what}"
    )));
    if let Some(body) = document.body() {
        let _ = body.append_child(&note);
    }
}
