//! What the browser keeps for the reader between visits. It may refuse: a mail preview, a private window, a full disk.

use super::dom::window;

/// A text that was kept.
pub(crate) fn kept(name: &str) -> Option<String> {
    window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Keeps a text. False where the browser refuses.
pub(crate) fn keep(name: &str, text: &str) -> bool {
    let storage = window().and_then(|window| window.local_storage().ok()?);
    storage.is_some_and(|storage| storage.set_item(name, text).is_ok())
}
