//! Making the report out of what was opened, with or without all that was collected.

use crate::load::{Cancel, Stretch, Turn, UNREAD, load, normal, stretch};
use crate::state::{Data, Fleet, Notebook, Origin};
use crate::ui::dom::window;
use crate::ui::save::{blob, file_name, save_blob, saved_words};
use js_sys::{Array, Function, Reflect, Uint8Array};
use procglass_age::{Stretched, To, WORK};
use procglass_findings::{Evaluator, Indicators};
use procglass_model::bundle::{Limits, Reader, hex, sha256};
use procglass_notes::{Document, Section};
use procglass_opened::Opened;
use procglass_report::redact;
use procglass_report::redact::{Choices, Job, Names};
use procglass_report::{Evidence, PIECE, Page, SealedReport, Source, TooLarge, summary};
use procglass_snapshot::SnapshotBuilder;
use std::io::{self, Write};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::Callback;

/// Saves a report without what was chosen, encrypted where there is a passphrase. The sentence is for the reader.
pub(super) async fn save_report(
    fleet: &Fleet,
    notebook: Option<&Notebook>,
    choices: Choices,
    passphrase: Option<String>,
) -> Result<String, String> {
    let systems = &all(fleet).await?;
    for (system, notebook) in systems.iter().zip(std::iter::repeat(notebook)) {
        // A bundle that was read again for this has no notes yet.
        if let Some(notebook) = notebook {
            system.snapshot.set_notes(notebook.section(system));
        }
    }
    let saved = make(systems, choices, passphrase).await;
    if let Some(notebook) = notebook.filter(|_| saved.is_ok()) {
        notebook.saved();
    }
    saved
}

async fn make(systems: &[Data], choices: Choices, passphrase: Option<String>) -> Result<String, String> {
    let total: usize = systems.iter().map(|system| system.origin.bytes).sum();
    if choices.is_empty() {
        // Above the limit the dialog has asked.
        TooLarge::check(total, true).map_err(|error| error.to_string())?;
    }
    let page = template().ok_or("this page does not know itself well enough to make another")?;
    let page = Page::of(page.as_bytes()).map_err(|error| error.to_string())?;
    if choices.is_empty() {
        let mut bundles = Vec::new();
        for system in systems {
            bundles.push((
                evidence(&system.origin.name, &system.origin.sha256, system.origin.bytes),
                original(&system.origin).await?,
            ));
        }
        let snapshots: Vec<&Opened> = systems.iter().map(|system| &system.snapshot).collect();
        return write(&page, &bundles, &snapshots, passphrase).await;
    }
    let (mut names, mut turn) = (Names::new(choices), Turn::new());
    let (mut bundles, mut snapshots, mut left_out) = (Vec::new(), Vec::new(), 0);
    for (number, system) in systems.iter().enumerate() {
        let (bytes, snapshot) = redacted(&mut names, system, &mut turn).await?;
        let (name, sha256) = (redact::file_name(&snapshot, number), hex(&sha256(&bytes)));
        let mut section = Section::new(&sha256, &name, &snapshot.host_name());
        left_out += redact::notes(&mut names, &system.snapshot, &snapshot, &mut section);
        snapshot.set_notes(section);
        bundles.push((evidence(&name, &sha256, bytes.len()), bytes));
        snapshots.push(snapshot);
    }
    let total = bundles.iter().map(|(_, bytes)| bytes.len()).sum();
    TooLarge::check(total, true).map_err(|error| error.to_string())?;
    let said = write(&page, &bundles, &snapshots.iter().collect::<Vec<_>>(), passphrase).await?;
    Ok(match left_out {
        0 => said,
        _ => format!("{said}, without {left_out} notes on things that are not in the bundle"),
    })
}

/// Every bundle that is open, in memory for the summary that reads with scripts off.
async fn all(fleet: &Fleet) -> Result<Vec<Data>, String> {
    let mut all = Vec::new();
    for (place, slot) in fleet.slots.iter().enumerate() {
        let data = match fleet.loaded.get(&place) {
            Some(data) => data.clone(),
            None => load(slot.input.clone(), &Cancel::default(), &Callback::noop())
                .await?
                .ok_or("the reading of a bundle was stopped")?,
        };
        all.push(data);
    }
    Ok(all)
}

fn evidence(name: &str, sha256: &str, bytes: usize) -> Evidence {
    Evidence { name: name.to_owned(), bytes, sha256: sha256.to_owned(), pieces: bytes.div_ceil(PIECE) }
}

/// The bytes as they were opened.
async fn original(origin: &Origin) -> Result<Vec<u8>, String> {
    let original = origin.original.as_ref().ok_or("the bundle is not there any more: open it again")?;
    let buffer = JsFuture::from(original.array_buffer()).await;
    let buffer = buffer.map_err(|_| UNREAD)?;
    let data = Uint8Array::new(&buffer).to_vec();
    if data.len() != origin.bytes {
        return Err("the bundle was changed since it was opened: open it again".to_owned());
    }
    Ok(data)
}

/// A new bundle without what was chosen, and what it says: in slices, so that the page stays alive.
async fn redacted(names: &mut Names, system: &Data, turn: &mut Turn) -> Result<(Vec<u8>, Opened), String> {
    let failed = |error: procglass_model::bundle::BundleError| error.to_string();
    let mut job = Job::new(names, &system.snapshot, &system.origin.sha256).map_err(failed)?;
    while job.step().map_err(failed)? {
        if turn.is_over() {
            turn.pass().await;
        }
    }
    let bytes = job.finish().map_err(failed)?;
    let (mut reader, mut builder) = (Reader::new(Limits::browser()), SnapshotBuilder::new());
    for piece in bytes.chunks(8 << 10) {
        reader.push(piece, |member| builder.member(member)).map_err(failed)?;
        if turn.is_over() {
            turn.pass().await;
        }
    }
    let integrity = reader.finish(|member| builder.member(member)).map_err(failed)?;
    let mut assembly = builder.assemble();
    while assembly.step() {
        if turn.is_over() {
            turn.pass().await;
        }
    }
    let snapshot = Opened::new(assembly.finish(integrity));
    let indicators = Indicators::default();
    let mut evaluator = Evaluator::new(&snapshot, &indicators);
    while evaluator.step(8) {
        if turn.is_over() {
            turn.pass().await;
        }
    }
    let findings = evaluator.finish();
    snapshot.set_findings(findings);
    Ok((bytes, snapshot))
}

async fn write(
    page: &Page<'_>,
    bundles: &[(Evidence, Vec<u8>)],
    snapshots: &[&Opened],
    passphrase: Option<String>,
) -> Result<String, String> {
    let sources: Vec<Source<'_>> = bundles
        .iter()
        .zip(snapshots)
        .map(|((evidence, _), snapshot)| Source { file: &evidence.name, sha256: &evidence.sha256, snapshot })
        .collect();
    let evidence: Vec<(Evidence, &[u8])> =
        bundles.iter().map(|(evidence, data)| (evidence.clone(), data.as_slice())).collect();
    let mut parts = Parts(Array::new());
    let notes = Document::of(snapshots.iter().map(|snapshot| snapshot.notes().section.clone())).to_json();
    let summary = summary(&sources);
    let name = match passphrase {
        Some(passphrase) => {
            protected(page, &mut parts, &evidence, (&notes, &summary), &passphrase).await?;
            // Not even the name of the system.
            "procglass-report.html".to_owned()
        }
        None => {
            page.write(&mut parts, &summary, &evidence, &notes).map_err(|error| error.to_string())?;
            let host = snapshots.first().map(|snapshot| snapshot.host_name()).unwrap_or_default();
            file_name(&[&host, "report"], "html")
        }
    };
    let saved = blob("text/html;charset=utf-8", &parts.0).is_some_and(|blob| save_blob(&name, &blob));
    if saved { Ok(saved_words().to_owned()) } else { Err("the browser refused to save it".to_owned()) }
}

/// Writes a report that only the passphrase opens; `texts` are notes and summary.
async fn protected(
    page: &Page<'_>,
    parts: &mut Parts,
    bundles: &[(Evidence, &[u8])],
    texts: (&str, &str),
    passphrase: &str,
) -> Result<(), String> {
    let failed = |error: io::Error| error.to_string();
    let mut salt = [0; 16];
    random(&mut salt).map_err(failed)?;
    let passphrase = &normal(passphrase, "NFC");
    let key = stretch(Stretch { passphrase, salt, work: WORK }, &Cancel::default(), &|_| ()).await?;
    let key = key.ok_or("it was stopped")?;
    let to = To::Passphrase(Stretched::of(key, salt, WORK));
    let list: Vec<Evidence> = bundles.iter().map(|(evidence, _)| evidence.clone()).collect();
    let mut report = SealedReport::begin(page, parts, (&to, &mut random), &list, texts).map_err(failed)?;
    let mut turn = Turn::new();
    for (number, (_, bytes)) in bundles.iter().enumerate() {
        report.bundle(number, bytes.len()).map_err(failed)?;
        for piece in bytes.chunks(256 << 10) {
            report.write_all(piece).map_err(failed)?;
            if turn.is_over() {
                turn.pass().await;
            }
        }
    }
    report.finish().map(drop).map_err(failed)
}

/// The browser's random bytes, as keys are made of.
fn random(bytes: &mut [u8]) -> io::Result<()> {
    let crypto = window().and_then(|window| window.crypto().ok());
    let filled = crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(bytes).ok());
    filled.map(drop).ok_or_else(|| io::Error::other("the browser gives no random numbers"))
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
