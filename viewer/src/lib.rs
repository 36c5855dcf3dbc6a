//! The viewer: a Yew application that opens bundles on the reader's side.
//!
//! `load` turns bytes into a system, `state` holds it and the place in it, `view` shows it with the components of `ui`
//! in the words of `format`. Nothing here reaches a network: the page's policy forbids it, and nothing tries. (One page of the
//! hosted form may ask its own server for a bundle, by a script of its own: see `load::hosted`.)

mod app;
mod desk;
mod format;
mod load;
mod state;
mod ui;
mod view;

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a key of a passphrase. It runs in a thread of its own, which has this program and no page.
///
/// # Errors
/// A sentence, when the memory of the browser does not suffice.
#[wasm_bindgen]
pub fn stretch(passphrase: &[u8], salt: &[u8], work: u8) -> Result<Vec<u8>, JsError> {
    let salt = salt.try_into().map_err(|_| JsError::new("a salt has 16 bytes"))?;
    let key = procglass_age::stretch(passphrase, salt, work)?;
    Ok(key.to_vec())
}

/// Starts the application in the page's `#app`.
#[wasm_bindgen(start)]
pub fn start() {
    let Some(document) = ui::dom::document() else { return };
    let Some(root) = document.get_element_by_id("app") else { return };
    std::panic::set_hook(Box::new(|info| ui::dom::last_words(&info.to_string())));
    load::Second::prepare();
    wasm_bindgen_futures::spawn_local(async move {
        // What a report says without scripts stays on the screen meanwhile.
        load::embedded_is_told().await;
        // To make the program took the browser some time; to draw the first page takes some more.
        load::Turn::new().pass().await;
        ui::dom::set_stage("empty");
        root.set_text_content(None);
        yew::Renderer::<app::App>::with_root(root).render();
    });
}

/// Called by the page that may ask its server for a bundle, before it does: `policy` is the text of the host's
/// `procglass-policy.json`, `path` what the address asks for.
///
/// # Errors
/// A sentence for the reader, when the policy does not allow the path.
#[wasm_bindgen]
pub fn may_open(policy: &str, path: &str) -> Result<(), JsError> {
    load::check_policy(policy, path).map_err(|refusal| JsError::new(&refusal.to_string()))
}
