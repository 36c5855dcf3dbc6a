//! Saving bytes as a file: a link to a blob, which needs no network and no permission.

use super::dom::{document, window};
use super::timer::Timer;
use js_sys::{Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Milliseconds until the blob's address is given back: the browser has begun to read it long before.
const KEEP_MS: i32 = 60_000;

thread_local! {
    static KEPT: RefCell<Vec<Timer>> = const { RefCell::new(Vec::new()) };
}

/// Offers `bytes` as a download. False where the browser refuses to make the link.
pub(crate) fn save(name: &str, kind: &str, bytes: &[u8]) -> bool {
    offer(name, kind, bytes).is_some()
}

/// What is said of a file that was offered.
pub(crate) fn saved_words() -> &'static str {
    let plain = window().is_some_and(|window| {
        !window.is_secure_context() && window.location().protocol().is_ok_and(|protocol| protocol == "http:")
    });
    match plain {
        true => {
            "saved. This page came over plain HTTP, so Chromium may hold the file back: open its list of downloads and choose Keep"
        }
        false => "saved",
    }
}

/// Offers a blob as a download, under the same conditions.
pub(crate) fn save_blob(name: &str, blob: &Blob) -> bool {
    link_to(name, blob).is_some()
}

/// A blob out of pieces, which are arrays of bytes.
pub(crate) fn blob(kind: &str, parts: &Array) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(parts, &options).ok()
}

fn offer(name: &str, kind: &str, bytes: &[u8]) -> Option<()> {
    link_to(name, &blob(kind, &Array::of1(&Uint8Array::from(bytes)))?)
}

fn link_to(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let document = document()?;
    let link = document.create_element("a").ok()?.dyn_into::<HtmlAnchorElement>().ok()?;
    link.set_href(&url);
    link.set_download(name);
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    window()?;
    let timer = Timer::after(KEEP_MS, move || {
        let _ = Url::revoke_object_url(&url);
    });
    KEPT.with_borrow_mut(|kept| kept.extend(timer));
    Some(())
}

/// A file name that is one on every system: the evidence chose the host's name.
pub(crate) fn file_name(parts: &[&str], extension: &str) -> String {
    let plain = |text: &&str| -> String {
        let keep = |char: char| if char.is_ascii_alphanumeric() || "-_.".contains(char) { char } else { '-' };
        text.chars().take(80).map(keep).collect()
    };
    let stem = parts.iter().filter(|part| !part.is_empty()).map(plain).collect::<Vec<_>>().join("-");
    format!("{}.{extension}", stem.trim_start_matches(['.', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        assert_eq!(file_name(&["payments-1", "sockets"], "csv"), "payments-1-sockets.csv");
        assert_eq!(file_name(&["a", "file/0f", ""], "bin"), "a-file-0f.bin");
        assert_eq!(file_name(&["../../a b\u{202e}", "x"], "json"), "a-b--x.json");
    }
}
