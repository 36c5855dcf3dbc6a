//! Whether this page is a report.

use super::Input;
use super::bytes::LOOK_AGAIN;
use super::evidence::List;
use crate::ui::dom::{document, is_read};
use crate::ui::timer::sleep;
use procglass_report::{Evidence, SEALED_ID};
use web_sys::Document;

const LIST_ID: &str = "procglass-evidence";

/// Waits until the browser has read as much of this page as says what is in it: evidence stands at its end, the list of it
/// first (behind it, where it is protected).
pub(crate) async fn embedded_is_told() {
    let is_there = |id: &str| document().is_some_and(|document| document.get_element_by_id(id).is_some());
    // Notes stand between the list and the first piece.
    while !(is_read() || is_there(LIST_ID) && is_there("procglass-piece-0-0")) {
        sleep(LOOK_AGAIN).await;
    }
}

/// The bundles inside this page, in order; none in an empty viewer.
pub(crate) fn embedded() -> Result<Vec<Input>, String> {
    document().map_or_else(|| Ok(Vec::new()), |page| listed(&page))
}

/// The bundles that a page lists, in order.
pub(super) fn listed(page: &Document) -> Result<Vec<Input>, String> {
    let text = |id| Some(page.get_element_by_id(id)?.text_content().unwrap_or_default());
    let damaged = |error| format!("the list of the evidence in this page is damaged: {error}");
    if let Some(text) = text(SEALED_ID) {
        let sealed: Evidence = serde_json::from_str(&text).map_err(damaged)?;
        return Ok(vec![Input::Sealed(sealed)]);
    }
    let Some(text) = text(LIST_ID) else { return Ok(Vec::new()) };
    let list: List = serde_json::from_str(&text).map_err(damaged)?;
    Ok(list.bundles.into_iter().enumerate().map(|(number, bundle)| Input::Embedded(number, bundle)).collect())
}

/// Forgets the list: what is opened next comes from elsewhere.
pub(crate) fn release() {
    for id in [LIST_ID, SEALED_ID] {
        if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
            element.remove();
        }
    }
}

/// Puts the notes of a protected report where an open one has them.
pub(super) fn put_notes(notes: &str) {
    if notes.is_empty() {
        return;
    }
    let put = || -> Option<()> {
        let element = document()?.create_element("script").ok()?;
        element.set_attribute("type", "application/json").ok()?;
        element.set_id("procglass-notes");
        element.set_text_content(Some(notes));
        document()?.body()?.append_child(&element).ok().map(drop)
    };
    // Without them the evidence is still there.
    let _ = put();
}
