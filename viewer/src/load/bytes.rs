//! Where bytes come from: a file of the reader's machine, pasted text, or the page itself.

use super::evidence::decode;
use super::turn::Turn;
use crate::format::{float, whole};
use crate::ui::dom::document;
use crate::ui::save::blob;
use js_sys::{Array, Uint8Array};
use procglass_model::report::Evidence;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// One bundle, not yet read.
#[derive(Clone)]
pub(crate) enum Input {
    /// A file that somebody dropped or chose.
    File(File),
    /// Text that somebody pasted.
    Text(String),
    /// Pieces inside this page: the number of the bundle, and what the page says of it.
    Embedded(usize, Evidence),
    /// Pieces of an encrypted report inside this page.
    Sealed(Evidence),
    /// What was inside an encrypted file.
    Opened(Opened),
}

/// A bundle that was decrypted.
#[derive(Clone)]
pub(crate) struct Opened {
    /// Its bytes, kept by the browser.
    pub(crate) blob: Blob,
    /// Its name; out of a report also what that says of it.
    pub(crate) evidence: Evidence,
    /// What was wrong with the encrypted file.
    pub(crate) damage: Option<String>,
}

/// How much of a file is asked for at a time.
const SLICE: usize = 1 << 20;

impl Input {
    /// A name for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) => crate::format::clip(file.name().as_bytes(), 120).into_owned(),
            Self::Text(_) => "pasted text".into(),
            Self::Embedded(_, bundle)
            | Self::Sealed(bundle)
            | Self::Opened(Opened { evidence: bundle, .. }) => {
                crate::format::clip(bundle.name.as_bytes(), 120).into_owned()
            }
        }
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::File(file) => whole(file.size()),
            Self::Text(text) => text.len(),
            Self::Embedded(_, bundle) | Self::Sealed(bundle) => bundle.bytes,
            Self::Opened(opened) => whole(opened.blob.size()),
        }
    }

    /// How many slices it comes in.
    pub(crate) fn slices(&self) -> usize {
        match self {
            Self::File(_) | Self::Text(_) | Self::Opened(_) => self.length().div_ceil(SLICE),
            Self::Embedded(_, bundle) | Self::Sealed(bundle) => bundle.pieces,
        }
    }

    /// One slice. A piece of the page is taken out of it, so that it is not in memory twice.
    pub(crate) async fn slice(&self, at: usize) -> Result<Uint8Array, String> {
        match self {
            Self::File(file) => read(file, at).await,
            Self::Opened(opened) => read(&opened.blob, at).await,
            Self::Text(text) => {
                let rest = text.as_bytes().get(at * SLICE..).unwrap_or_default();
                Ok(Uint8Array::from(rest.get(..SLICE).unwrap_or(rest)))
            }
            Self::Embedded(number, _) => piece(*number, at),
            Self::Sealed(_) => piece(0, at),
        }
    }

    /// All of it, for reading.
    pub(super) async fn open(&self, turn: &mut Turn) -> Result<Source, String> {
        match self {
            Self::File(file) => return Ok(Source { blob: Blob::from(file.clone()), pieces: None }),
            Self::Opened(opened) => return Ok(Source { blob: opened.blob.clone(), pieces: None }),
            Self::Text(_) | Self::Embedded(..) | Self::Sealed(_) => {}
        }
        let pieces = Array::new();
        for at in 0..self.slices() {
            let piece = self.slice(at).await?;
            pieces.push(&piece);
            turn.pass_if_over().await;
        }
        let blob = blob("application/gzip", &pieces)
            .ok_or("the browser has no room for this bundle: close other pages and open it again")?;
        Ok(Source { blob, pieces: Some(pieces) })
    }

    /// Its first bytes.
    pub(crate) async fn head(&self, bytes: usize) -> Result<Vec<u8>, String> {
        match self {
            Self::File(file) => {
                let start = file.slice_with_f64_and_f64(0.0, float(bytes).min(file.size()));
                Ok(read(&start.map_err(|_| "the browser could not read the file")?, 0).await?.to_vec())
            }
            _ => Ok(self.slice(0).await?.to_vec()),
        }
    }

    /// The same for another time: pieces leave the page when they are read.
    pub(crate) fn again(&self, original: Option<&Blob>) -> Self {
        let evidence = match self {
            Self::Embedded(_, evidence) | Self::Sealed(evidence) => evidence.clone(),
            Self::Text(_) => Evidence { name: self.name(), ..Evidence::default() },
            Self::File(_) | Self::Opened(_) => return self.clone(),
        };
        match original {
            Some(blob) => Self::Opened(Opened { blob: blob.clone(), evidence, damage: None }),
            None => self.clone(),
        }
    }
}

/// Bytes to be read.
pub(super) struct Source {
    /// The whole of it as it came; the browser keeps it outside of this page's memory.
    pub(super) blob: Blob,
    /// The same in pieces, when they are here anyway.
    pieces: Option<Array>,
}

impl Source {
    /// How many slices it comes in.
    pub(super) fn slices(&self) -> usize {
        match &self.pieces {
            Some(pieces) => pieces.length() as usize,
            None => whole(self.blob.size()).div_ceil(SLICE),
        }
    }

    /// One slice.
    pub(super) async fn slice(&self, at: usize) -> Result<Uint8Array, String> {
        let Some(pieces) = &self.pieces else { return read(&self.blob, at).await };
        let piece = u32::try_from(at).map(|at| pieces.get(at)).unwrap_or_default();
        Ok(piece.dyn_into().unwrap_or_default())
    }
}

async fn read(blob: &Blob, at: usize) -> Result<Uint8Array, String> {
    let failed = |_| "the browser could not read the file: was it moved or changed?".to_owned();
    let (from, to) = (float(at * SLICE), float((at + 1).saturating_mul(SLICE)));
    let slice = blob.slice_with_f64_and_f64(from, to.min(blob.size())).map_err(failed)?;
    let buffer = JsFuture::from(slice.array_buffer()).await.map_err(failed)?;
    Ok(Uint8Array::new(&buffer))
}

fn piece(bundle: usize, at: usize) -> Result<Uint8Array, String> {
    let broken = || format!("piece {} of the evidence in this page is missing or damaged", at + 1);
    let id = format!("procglass-piece-{bundle}-{at}");
    let element = document().and_then(|document| document.get_element_by_id(&id)).ok_or_else(broken)?;
    let text = js_sys::Reflect::get(&element, &"textContent".into()).map_err(|_| broken())?;
    element.remove();
    let text = text.dyn_into::<js_sys::JsString>().map_err(|_| broken())?;
    decode(&text).ok_or_else(broken)
}
