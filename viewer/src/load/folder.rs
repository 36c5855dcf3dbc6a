//! Folders that somebody drops: every file in them, however deep.

use super::Input;
use js_sys::{Array, Function, Promise, Reflect};
use procglass_model::sorting;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File};

/// More files than this are no folder of bundles.
const MOST: usize = 20_000;

/// What was dropped, taken out of the event: the browser forgets it when the event is over.
pub(crate) struct Dropped {
    files: Vec<File>,
    entries: Vec<JsValue>,
}

impl Dropped {
    /// Files, and folders where the browser tells of them (`webkitGetAsEntry`, which every browser has by that name).
    pub(crate) fn of(data: &DataTransfer) -> Self {
        let list = data.files();
        let files = list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect();
        let items = Reflect::get(data, &"items".into()).unwrap_or_default();
        let entry = |item: JsValue| call(&item, "webkitGetAsEntry", &[]).filter(|entry| entry.is_object());
        let entries = Array::from(&items).iter().filter_map(entry).collect();
        Self { files, entries }
    }

    /// Every file in it. Folders are walked in the order of their names.
    pub(crate) async fn inputs(self) -> Vec<Input> {
        let is_folder = |entry: &JsValue| flag(entry, "isDirectory");
        if !self.entries.iter().any(is_folder) {
            return self.files.into_iter().map(Input::File).collect();
        }
        let (mut waiting, mut found) = (self.entries, Vec::new());
        waiting.reverse();
        while let Some(entry) = waiting.pop() {
            if found.len() >= MOST {
                break;
            }
            if is_folder(&entry) {
                let mut inside = list(&entry).await;
                sorting::sort_by_key(&mut inside, name);
                waiting.extend(inside.into_iter().rev());
            } else if let Some(file) = file(&entry).await {
                found.push(Input::File(file));
            }
        }
        found
    }
}

/// What is in a folder. A reader gives a hundred entries at a time, and none when it is done.
async fn list(folder: &JsValue) -> Vec<JsValue> {
    let mut all = Vec::new();
    let Some(reader) = call(folder, "createReader", &[]) else { return all };
    while let Some(batch) = answer(&reader, "readEntries").await {
        let batch = Array::from(&batch);
        if batch.length() == 0 || all.len() >= MOST {
            break;
        }
        all.extend(batch.iter());
    }
    all
}

async fn file(entry: &JsValue) -> Option<File> {
    answer(entry, "file").await?.dyn_into().ok()
}

fn name(entry: &JsValue) -> String {
    Reflect::get(entry, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default()
}

fn flag(entry: &JsValue, name: &str) -> bool {
    Reflect::get(entry, &name.into()).is_ok_and(|flag| flag.is_truthy())
}

fn call(this: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = Reflect::get(this, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    method.apply(this, &arguments.iter().collect()).ok()
}

/// What a method gives that takes one callback for an answer and one for a failure.
async fn answer(this: &JsValue, method: &str) -> Option<JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        if call(this, method, &[resolve.into(), reject.clone().into()]).is_none() {
            let _ = reject.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()
}
