//! What somebody drops or chooses: files, every file in folders, however deep, and text.

use super::Input;
use js_sys::{Array, Function, Promise, Reflect};
use procglass_model::sorting;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList};

/// More files than this are no folder of bundles.
const MOST: usize = 20_000;

const UNREAD: &str =
    "the browser could not read this folder. Choose it with the button for folders, or drop its files";
const EMPTY: &str = "this folder is empty";

/// What was dropped, taken out of the event: the browser forgets it when the event is over.
pub(crate) struct Dropped {
    items: Vec<Item>,
    text: String,
}

/// One file or folder that was dropped.
struct Item {
    file: Option<File>,
    /// The folder by each of the two ways that browsers have.
    folder: Option<Folder>,
}

struct Folder {
    name: String,
    /// The promise of a handle. Chromium reads a folder dropped on a page from `file://` by this way only.
    handle: Option<JsValue>,
    /// The entry, which every browser has.
    entry: JsValue,
}

impl Dropped {
    /// Files, folders, and where there is neither, text.
    pub(crate) fn of(data: &DataTransfer) -> Self {
        let all = Reflect::get(data, &"items".into()).unwrap_or_default();
        let mut items: Vec<_> = Array::from(&all).iter().filter_map(|item| Item::of(&item)).collect();
        if items.is_empty() {
            items = listed(data.files()).map(|file| Item { file: Some(file), folder: None }).collect();
        }
        let text = data.get_data("text/plain").unwrap_or_default();
        Self { items, text }
    }

    /// Every file in it. Folders are walked in the order of their names. What could not be read is an input, too, so that
    /// it is named where the others are opened.
    pub(crate) async fn inputs(self) -> Vec<Input> {
        let mut found = Vec::new();
        for Item { file, folder } in self.items {
            match (folder, file) {
                (Some(folder), _) => folder.walk(&mut found).await,
                (None, Some(file)) => found.push(Input::File(file)),
                (None, None) => {}
            }
        }
        if found.is_empty() && !self.text.trim().is_empty() {
            found.push(Input::Text(self.text));
        }
        found
    }
}

/// The files of a field: chosen one by one, or all in a folder. An empty folder gives none.
pub(crate) fn chosen(files: Option<FileList>) -> Vec<Input> {
    listed(files).map(Input::File).collect()
}

fn listed(files: Option<FileList>) -> impl Iterator<Item = File> {
    files.into_iter().flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)))
}

impl Item {
    fn of(item: &JsValue) -> Option<Self> {
        let file = call(item, "getAsFile", &[])?.dyn_into::<File>().ok();
        let entry = call(item, "webkitGetAsEntry", &[]).filter(|entry| flag(entry, "isDirectory"));
        let folder = entry.map(|entry| Folder {
            name: name(&entry),
            handle: call(item, "getAsFileSystemHandle", &[]),
            entry,
        });
        (file.is_some() || folder.is_some()).then_some(Self { file, folder })
    }
}

impl Folder {
    /// Puts every file of the folder into `found`.
    async fn walk(self, found: &mut Vec<Input>) {
        let handle = match self.handle {
            Some(promise) => JsFuture::from(Promise::resolve(&promise)).await.ok(),
            None => None,
        };
        let by_handle = handle.filter(|handle| flag(handle, "values"));
        let is_handle = by_handle.is_some();
        let mut waiting = vec![(self.name, by_handle.unwrap_or(self.entry))];
        while let Some((path, one)) = waiting.pop() {
            if found.len() >= MOST {
                let why = format!("more than {MOST} files came at once: this and what follows was left out");
                found.push(Input::Unread(path, why));
                return;
            }
            if !is_folder(&one) {
                found.push(match file(&one, is_handle).await {
                    Some(file) => Input::File(file),
                    None => Input::Unread(path, super::bytes::UNREAD.into()),
                });
                continue;
            }
            match list(&one, is_handle).await {
                None => found.push(Input::Unread(path, UNREAD.into())),
                Some(inside) if inside.is_empty() => found.push(Input::Unread(path, EMPTY.into())),
                Some(mut inside) => {
                    sorting::sort_by_key(&mut inside, name);
                    let inside = inside.into_iter().rev().map(|one| (format!("{path}/{}", name(&one)), one));
                    waiting.extend(inside);
                }
            }
        }
    }
}

fn is_folder(one: &JsValue) -> bool {
    flag(one, "isDirectory") || text(one, "kind") == "directory"
}

/// What is in a folder; `None` where the browser fails.
async fn list(folder: &JsValue, is_handle: bool) -> Option<Vec<JsValue>> {
    let mut all = Vec::new();
    if is_handle {
        let values = call(folder, "values", &[])?;
        while all.len() < MOST {
            let next = JsFuture::from(Promise::resolve(&call(&values, "next", &[])?)).await.ok()?;
            if flag(&next, "done") {
                break;
            }
            all.push(Reflect::get(&next, &"value".into()).ok()?);
        }
        return Some(all);
    }
    // A reader gives a hundred entries at a time, and none when it is done.
    let reader = call(folder, "createReader", &[])?;
    while all.len() < MOST {
        let batch = Array::from(&answer(&reader, "readEntries").await?);
        if batch.length() == 0 {
            break;
        }
        all.extend(batch.iter());
    }
    Some(all)
}

async fn file(one: &JsValue, is_handle: bool) -> Option<File> {
    let file = match is_handle {
        true => JsFuture::from(Promise::resolve(&call(one, "getFile", &[])?)).await.ok(),
        false => answer(one, "file").await,
    };
    file?.dyn_into().ok()
}

fn name(one: &JsValue) -> String {
    text(one, "name")
}

fn text(one: &JsValue, name: &str) -> String {
    Reflect::get(one, &name.into()).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn flag(one: &JsValue, name: &str) -> bool {
    Reflect::get(one, &name.into()).is_ok_and(|flag| flag.is_truthy())
}

pub(super) fn call(this: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
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
