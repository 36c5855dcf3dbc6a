//! Where bytes come from: a file of the reader's machine, pasted text, or the page itself.

use super::evidence::decode;
use crate::format::{float, whole};
use crate::ui::dom::document;
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
        let (from, to) = (at * SLICE, (at + 1).saturating_mul(SLICE).min(self.length()));
        match self {
            Self::File(_) | Self::Opened(_) => {
                let blob: &Blob = match self {
                    Self::File(file) => file,
                    Self::Opened(opened) => &opened.blob,
                    _ => return Err("there is no file".to_owned()),
                };
                let failed = |_| "the browser could not read the file: was it moved or changed?".to_owned();
                let slice = blob.slice_with_f64_and_f64(float(from), float(to)).map_err(failed)?;
                let buffer = JsFuture::from(slice.array_buffer()).await.map_err(failed)?;
                Ok(Uint8Array::new(&buffer))
            }
            Self::Text(text) => Ok(Uint8Array::from(text.as_bytes().get(from..to).unwrap_or_default())),
            Self::Embedded(number, _) => piece(*number, at),
            Self::Sealed(_) => piece(0, at),
        }
    }
}

impl Input {
    /// The whole of it as it came, out of the slices that were read; the browser keeps it outside of this page's memory.
    pub(super) fn original(&self, slices: &Array) -> Option<Blob> {
        match self {
            Self::File(file) => Some(Blob::from(file.clone())),
            Self::Opened(opened) => Some(opened.blob.clone()),
            Self::Text(_) | Self::Embedded(..) | Self::Sealed(_) => {
                crate::ui::save::blob("application/gzip", slices)
            }
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

    /// Whether its slices are all that there is of it.
    pub(super) fn needs_slices(&self) -> bool {
        !matches!(self, Self::File(_) | Self::Opened(_))
    }
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
