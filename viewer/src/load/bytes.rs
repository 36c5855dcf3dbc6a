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
}

/// How much of a file is asked for at a time.
const SLICE: usize = 1 << 20;

impl Input {
    /// A name for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) => crate::format::clip(file.name().as_bytes(), 120).into_owned(),
            Self::Text(_) => "pasted text".into(),
            Self::Embedded(_, bundle) => crate::format::clip(bundle.name.as_bytes(), 120).into_owned(),
        }
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::File(file) => whole(file.size()),
            Self::Text(text) => text.len(),
            Self::Embedded(_, bundle) => bundle.bytes,
        }
    }

    /// All of it, for reading. Pieces of the page are taken out of it, so that they are not in memory twice.
    pub(super) async fn open(&self, turn: &mut Turn) -> Result<Source, String> {
        let pieces = match self {
            Self::File(file) => return Ok(Source { blob: Blob::from(file.clone()), pieces: None }),
            Self::Text(text) => Array::of1(&Uint8Array::from(text.as_bytes())),
            Self::Embedded(number, bundle) => {
                let pieces = Array::new();
                for at in 0..bundle.pieces {
                    let piece = piece(*number, at)?;
                    pieces.push(&piece);
                    turn.pass_if_over().await;
                }
                pieces
            }
        };
        let blob = blob("application/gzip", &pieces)
            .ok_or("the browser has no room for this bundle: close other pages and open it again")?;
        Ok(Source { blob, pieces: Some(pieces) })
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
        if let Some(pieces) = &self.pieces {
            let piece = u32::try_from(at).map(|at| pieces.get(at)).unwrap_or_default();
            return Ok(piece.dyn_into().unwrap_or_default());
        }
        let failed = |_| "the browser could not read the file: was it moved or changed?".to_owned();
        let (from, to) = (float(at * SLICE), float((at + 1).saturating_mul(SLICE)));
        let slice = self.blob.slice_with_f64_and_f64(from, to.min(self.blob.size())).map_err(failed)?;
        let buffer = JsFuture::from(slice.array_buffer()).await.map_err(failed)?;
        Ok(Uint8Array::new(&buffer))
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
