//! Saving: a report that anyone can open, and the bundle as it was collected.

use crate::format::bytes as size;
use crate::state::{Data, Origin};
use crate::ui::menu::Menu;
use crate::ui::save::{blob, file_name, save_blob};
use crate::ui::timer::Later;
use js_sys::{Array, Function, Reflect, Uint8Array};
use procglass_model::report::{Evidence, PIECE, Page, Source, summary};
use std::io::{self, Write};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

/// Properties of [`Save`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) systems: Vec<Data>,
    pub(super) data: Data,
}

/// More evidence than this makes a page that browsers open slowly or not at all: the bundles themselves are the better way.
const MOST: usize = 400 << 20;

const ITEMS: &[(&str, &str)] = &[
    ("report", "Save report: one HTML file that anyone can open"),
    ("bundle", "Save the original bundle, bit for bit"),
];

/// The menu.
#[component]
pub(super) fn Save(props: &Props) -> Html {
    let said = use_state_eq(String::new);
    let later = use_memo((), |()| Later::default());
    let onpick = use_callback((props.systems.clone(), props.data.clone()), {
        let (said, later) = (said.setter(), later);
        move |what: AttrValue, (systems, data)| {
            let (said, later) = (said.clone(), (*later).clone());
            let (systems, data) = (systems.clone(), data.clone());
            wasm_bindgen_futures::spawn_local(async move {
                said.set("saving…".to_owned());
                let outcome = if what == "bundle" { original(&data) } else { report(&systems).await };
                said.set(outcome.unwrap_or_else(|message| message));
                later.call(6_000, move || said.set(String::new()));
            });
        }
    });
    let items: Vec<(AttrValue, AttrValue)> =
        ITEMS.iter().map(|(value, words)| ((*value).into(), (*words).into())).collect();
    html! {
        <div class="saving"><Menu word="save" {items} {onpick} testid="save" /><span class="note" role="status" data-testid="saved">{ &*said }</span></div>
    }
}

fn original(data: &Data) -> Result<String, String> {
    let Origin { name, original, .. } = &data.origin;
    let name = if name.is_empty() { "bundle.procglass.tar.gz" } else { name };
    let saved = original.as_ref().is_some_and(|original| save_blob(name, original));
    if saved { Ok("saved".to_owned()) } else { Err("the browser refused to save it".to_owned()) }
}

async fn report(systems: &[Data]) -> Result<String, String> {
    let total: usize = systems.iter().map(|system| system.origin.bytes).sum();
    if total > MOST {
        return Err(format!(
            "{} of evidence is too much for one page: send the bundles with viewer.html instead",
            size(total as u64)
        ));
    }
    let page = template().ok_or("this page does not know itself well enough to make another")?;
    let page = Page::of(page.as_bytes()).map_err(|error| error.to_string())?;
    let mut bundles = Vec::new();
    for system in systems {
        let Origin { name, sha256, bytes, original } = &system.origin;
        let original = original.as_ref().ok_or("the bundle is not there any more: open it again")?;
        let buffer = JsFuture::from(original.array_buffer()).await;
        let buffer = buffer.map_err(|_| "the browser could not read the bundle: was it moved or changed?")?;
        let data = Uint8Array::new(&buffer).to_vec();
        if data.len() != *bytes {
            return Err("the bundle was changed since it was opened: open it again".to_owned());
        }
        let pieces = data.len().div_ceil(PIECE);
        bundles
            .push((Evidence { name: name.clone(), bytes: data.len(), sha256: sha256.clone(), pieces }, data));
    }
    let sources: Vec<Source<'_>> = systems
        .iter()
        .map(|system| Source {
            file: &system.origin.name,
            sha256: &system.origin.sha256,
            snapshot: &system.snapshot,
        })
        .collect();
    let evidence: Vec<(Evidence, &[u8])> =
        bundles.iter().map(|(evidence, data)| (evidence.clone(), data.as_slice())).collect();
    let mut parts = Parts(Array::new());
    page.write(&mut parts, &summary(&sources), &evidence, "").map_err(|error| error.to_string())?;
    let host = systems.first().map(|system| system.snapshot.host_name()).unwrap_or_default();
    let saved = blob("text/html;charset=utf-8", &parts.0)
        .is_some_and(|blob| save_blob(&file_name(&[&host, "report"], "html"), &blob));
    if saved { Ok("saved".to_owned()) } else { Err("the browser refused to save it".to_owned()) }
}

/// The page itself without evidence, as `boot.js` kept it.
fn template() -> Option<String> {
    let make = Reflect::get(&js_sys::global(), &"procglassPage".into()).ok()?.dyn_into::<Function>().ok()?;
    make.call0(&JsValue::UNDEFINED).ok()?.as_string()
}

/// Bytes that leave this memory as soon as they are written.
struct Parts(Array);

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(&Uint8Array::from(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
