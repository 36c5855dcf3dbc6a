//! Files with several bundles in them: text with more than one armored bundle, and reports.

use super::bytes::{UNREAD, Unsealed};
use super::embedded::{listed, put_notes};
use super::evidence::decode;
use super::folder::call;
use super::{Input, Turn};
use crate::format::float;
use crate::ui::save::blob;
use js_sys::{Array, Function, Reflect, Uint8Array};
use procglass_model::bundle::{ArmorMarks, Kind};
use std::ops::Range;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Document, File, FilePropertyBag};

/// The type of a file that was taken out of a protected report. No browser gives it to a file of the disk.
const PROTECTED: &str = "application/x-procglass-report";

/// The bundles of an input that begins with `head`; the input itself where it holds one or none.
pub(super) async fn apart(input: Input, head: &[u8]) -> Vec<Input> {
    match &input {
        Input::File(file) if is_page(head) => {
            of_page(file).await.unwrap_or_else(|why| vec![Input::Unread(input.name(), why)])
        }
        Input::File(file) if !head.is_empty() && Kind::of(head) == Kind::Text => armored(&input, file).await,
        Input::Text(text) => {
            let text = blob("text/plain", &Array::of1(&Uint8Array::from(text.as_bytes())));
            match text {
                Some(text) => armored(&input, &text).await,
                None => vec![input],
            }
        }
        _ => vec![input],
    }
}

/// Whether what is encrypted in this input is the inside of a report.
pub(super) fn is_protected_report(input: &Input) -> bool {
    match input {
        Input::Sealed(_) => true,
        Input::File(file) | Input::Read(file, _) => file.type_() == PROTECTED,
        _ => false,
    }
}

fn is_page(head: &[u8]) -> bool {
    let start = head.trim_ascii_start().get(..16).unwrap_or_default().to_ascii_lowercase();
    start.starts_with(b"<!doctype html") || start.starts_with(b"<html")
}

/// The input, cut before each armored bundle but the first.
async fn armored(input: &Input, text: &Blob) -> Vec<Input> {
    let (mut marks, mut turn) = (ArmorMarks::default(), Turn::new());
    for slice in 0..input.slices() {
        match input.slice(slice).await {
            Ok(bytes) => marks.push(&bytes.to_vec()),
            // It is said where the file is opened.
            Err(_) => break,
        }
        turn.pass_if_over().await;
    }
    let parts = marks.parts(input.length());
    if parts.is_empty() {
        return vec![input.clone()];
    }
    let total = parts.len();
    let part = |(number, part): (usize, Range<usize>)| {
        let name = format!("{}, bundle {number} of {total}", input.name());
        let part = text.slice_with_f64_and_f64(float(part.start), float(part.end));
        let part = part.and_then(|part| File::new_with_blob_sequence(&Array::of1(&part), &name));
        part.map_or_else(|_| Input::Unread(name, UNREAD.into()), Input::File)
    };
    (1..).zip(parts).map(part).collect()
}

/// The bundles in a report that somebody opens in a viewer. Nothing in its page runs.
async fn of_page(file: &File) -> Result<Vec<Input>, String> {
    let text = JsFuture::from(file.text()).await.map_err(|_| UNREAD)?;
    let page = parsed(&text).ok_or(UNREAD)?;
    let notes = page.get_element_by_id("procglass-notes").and_then(|notes| notes.text_content());
    let mut inputs = Vec::new();
    for input in listed(&page)? {
        inputs.push(match input {
            Input::Embedded(number, evidence) => {
                let blob = pieces(&page, number, evidence.pieces).await?;
                Input::Unsealed(Unsealed { blob, evidence, damage: None })
            }
            Input::Sealed(evidence) => {
                let kind = FilePropertyBag::new();
                kind.set_type(PROTECTED);
                let inside = Array::of1(pieces(&page, 0, evidence.pieces).await?.as_ref());
                let file = File::new_with_blob_sequence_and_options(&inside, &file.name(), &kind);
                Input::File(file.map_err(|_| UNREAD)?)
            }
            other => other,
        });
    }
    if inputs.is_empty() {
        return Err("it is a web page without a bundle in it. A report has bundles in it".into());
    }
    put_notes(&notes.unwrap_or_default());
    Ok(inputs)
}

fn parsed(text: &JsValue) -> Option<Document> {
    let parser = Reflect::get(&js_sys::global(), &"DOMParser".into()).ok()?.dyn_into::<Function>().ok()?;
    let parser = Reflect::construct(&parser, &Array::new()).ok()?;
    call(&parser, "parseFromString", &[text.clone(), "text/html".into()])?.dyn_into().ok()
}

/// The pieces of a bundle. What is missing shows when the bundle is compared with the list.
async fn pieces(page: &Document, bundle: usize, count: usize) -> Result<Blob, String> {
    let (parts, mut turn) = (Array::new(), Turn::new());
    for at in 0..count {
        let element = page.get_element_by_id(&format!("procglass-piece-{bundle}-{at}"));
        let text = element.and_then(|element| Reflect::get(&element, &"textContent".into()).ok());
        let Some(bytes) = text.and_then(|text| decode(&text.dyn_into().ok()?)) else { break };
        parts.push(&bytes);
        turn.pass_if_over().await;
    }
    blob("application/gzip", &parts).ok_or_else(|| UNREAD.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_by_their_first_bytes() {
        assert!(is_page(b"\n<!DOCTYPE html>\n<html>") && is_page(b"<html lang=\"en\">"));
        assert!(!is_page(b"-----BEGIN PROCGLASS BUNDLE-----") && !is_page(b""));
    }
}
