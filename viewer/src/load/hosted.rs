//! Bundles that the address of a hosted viewer names. Asking the server is the work of `www/site/open.js`, which is part of
//! one page of the hosted form and of nothing else; this program makes no request.

use super::{Cancel, Input, Progress};
use crate::format::{clip, whole};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// The page's way to ask its server, if it has one: only `open.html` does.
pub(crate) struct Opener(Function);

impl Opener {
    /// That of this page.
    pub(crate) fn of_page() -> Option<Self> {
        Reflect::get(&js_sys::global(), &"procglassOpen".into()).ok()?.dyn_into().ok().map(Self)
    }

    /// The bundles that the address names; none when it names none, or when it was cancelled.
    ///
    /// # Errors
    /// A sentence for the reader: the host has not allowed it, or the server did not give it out.
    pub(crate) async fn open(
        self,
        cancel: &Cancel,
        tell: impl Fn(Progress) + 'static,
    ) -> Result<Vec<Input>, String> {
        let wished = cancel.clone();
        let progress =
            Closure::<dyn FnMut(String, f64, f64) -> bool>::new(move |name: String, done, total| {
                let name = clip(name.as_bytes(), 120).into_owned();
                tell(Progress { name, done: whole(done), total: whole(total), ..Progress::default() });
                !wished.wished()
            });
        let promise = self.0.call1(&JsValue::UNDEFINED, progress.as_ref()).map_err(|error| words(&error))?;
        let files = JsFuture::from(Promise::resolve(&promise)).await.map_err(|error| words(&error))?;
        Ok(Array::from(&files)
            .iter()
            .filter_map(|file| file.dyn_into::<File>().ok())
            .map(Input::File)
            .collect())
    }
}

/// What an error of the page says.
fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "The page could not ask its server for the bundle.".into())
}
