//! Where bytes come from: a file of the reader's machine, pasted text, or the page itself.

use super::evidence::decode;
use super::turn::Turn;
use crate::format::{float, whole};
use crate::ui::dom::{document, is_read};
use crate::ui::save::blob;
use crate::ui::timer::sleep;
use js_sys::{Array, Uint8Array};
use procglass_age::SealError;
use procglass_report::Evidence;
use std::ops::ControlFlow;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// One bundle, not yet read.
#[derive(Clone)]
pub(crate) enum Input {
    /// A file that somebody dropped or chose.
    File(File),
    /// A small one that was read to see what it is, with its bytes.
    Read(File, Uint8Array),
    /// Text that somebody pasted.
    Text(String),
    /// Pieces inside this page: the number of the bundle, and what the page says of it.
    Embedded(usize, Evidence),
    /// Pieces of an encrypted report inside this page.
    Sealed(Evidence),
    /// What was inside an encrypted file, or in a report.
    Unsealed(Unsealed),
    /// The name of what could not be read, and why.
    Unread(String, String),
}

/// A bundle that was decrypted.
#[derive(Clone)]
pub(crate) struct Unsealed {
    /// Its bytes, kept by the browser.
    pub(crate) blob: Blob,
    /// Its name; out of a report also what that says of it.
    pub(crate) evidence: Evidence,
    /// What was wrong with the encrypted file.
    pub(crate) damage: Option<SealError>,
}

/// How much of a file is asked for at a time.
const SLICE: usize = 1 << 20;
/// Of a file of this length all is asked for where only its beginning is needed.
pub(super) const SMALL: usize = 256 << 10;

/// What is said of every file that the browser cannot read.
pub(crate) const UNREAD: &str =
    "the browser could not read this file: it was moved, changed, or may not be read";

impl Input {
    /// A name for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(file) | Self::Read(file, _) => {
                crate::format::clip(file.name().as_bytes(), 120).into_owned()
            }
            Self::Text(_) => "pasted text".into(),
            Self::Unread(name, _) => crate::format::clip(name.as_bytes(), 120).into_owned(),
            Self::Embedded(_, bundle)
            | Self::Sealed(bundle)
            | Self::Unsealed(Unsealed { evidence: bundle, .. }) => {
                crate::format::clip(bundle.name.as_bytes(), 120).into_owned()
            }
        }
    }

    /// Whether it stands in this page.
    pub(super) fn is_embedded(&self) -> bool {
        matches!(self, Self::Embedded(..))
    }

    /// Its length in bytes.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::File(file) => whole(file.size()),
            Self::Read(_, bytes) => bytes.length() as usize,
            Self::Text(text) => text.len(),
            Self::Embedded(_, bundle) | Self::Sealed(bundle) => bundle.bytes,
            Self::Unsealed(opened) => whole(opened.blob.size()),
            Self::Unread(..) => 0,
        }
    }

    /// How many slices it comes in.
    pub(crate) fn slices(&self) -> usize {
        match self {
            Self::File(_) | Self::Read(..) | Self::Text(_) | Self::Unsealed(_) | Self::Unread(..) => {
                self.length().div_ceil(SLICE)
            }
            Self::Embedded(_, bundle) | Self::Sealed(bundle) => bundle.pieces,
        }
    }

    /// One slice. A piece of the page is taken out of it, so that it is not in memory twice.
    pub(crate) async fn slice(&self, at: usize) -> Result<Uint8Array, String> {
        match self {
            Self::File(file) => read(file, whole(file.size()), at).await,
            Self::Read(_, bytes) => Ok(if at == 0 { bytes.clone() } else { Uint8Array::default() }),
            Self::Unsealed(opened) => read(&opened.blob, whole(opened.blob.size()), at).await,
            Self::Text(text) => {
                let rest = text.as_bytes().get(at * SLICE..).unwrap_or_default();
                Ok(Uint8Array::from(rest.get(..SLICE).unwrap_or(rest)))
            }
            Self::Embedded(number, _) => piece(*number, at).await,
            Self::Sealed(_) => piece(0, at).await,
            Self::Unread(_, why) => Err(why.clone()),
        }
    }

    /// All of it, for reading.
    pub(super) async fn open(&self, turn: &mut Turn) -> Result<Source, String> {
        match self {
            Self::File(file) => return Ok(Source::of(Blob::from(file.clone()))),
            Self::Read(file, bytes) => {
                let (blob, length) = (Blob::from(file.clone()), bytes.length() as usize);
                return Ok(Source { blob, pieces: Some(Array::of1(bytes)), length });
            }
            Self::Unsealed(opened) => return Ok(Source::of(opened.blob.clone())),
            Self::Unread(_, why) => return Err(why.clone()),
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
        Ok(Source { pieces: Some(pieces), ..Source::of(blob) })
    }

    /// Its first bytes.
    pub(crate) async fn head(&self, bytes: usize) -> Result<Vec<u8>, String> {
        match self {
            Self::File(file) => {
                let size = whole(file.size());
                if size <= SMALL {
                    return Ok(first(&read(file, size, 0).await?, bytes));
                }
                let start = file.slice_with_f64_and_f64(0.0, float(bytes.min(size)));
                let start = start.map_err(|_| UNREAD)?;
                Ok(read(&start, bytes.min(size), 0).await?.to_vec())
            }
            _ => Ok(self.slice(0).await?.to_vec()),
        }
    }

    /// The same with its bytes, where it is a small file; and its first bytes, where it is a file at all.
    pub(super) async fn looked_at(self, bytes: usize) -> Result<(Self, Option<Vec<u8>>), String> {
        let Self::File(file) = &self else { return Ok((self, None)) };
        let size = whole(file.size());
        if size > SMALL {
            let head = self.head(bytes).await?;
            return Ok((self, Some(head)));
        }
        let all = read(file, size, 0).await?;
        let head = first(&all, bytes);
        Ok((Self::Read(file.clone(), all), Some(head)))
    }

    /// The same for another time: pieces leave the page when they are read.
    pub(crate) fn again(&self, original: Option<&Blob>) -> Self {
        let evidence = match self {
            Self::Embedded(_, evidence) | Self::Sealed(evidence) => evidence.clone(),
            Self::Text(_) => Evidence { name: self.name(), ..Evidence::default() },
            Self::Read(file, _) => return Self::File(file.clone()),
            Self::File(_) | Self::Unsealed(_) | Self::Unread(..) => return self.clone(),
        };
        match original {
            Some(blob) => Self::Unsealed(Unsealed { blob: blob.clone(), evidence, damage: None }),
            None => self.clone(),
        }
    }
}

/// Bytes to be read.
#[derive(Clone)]
pub(super) struct Source {
    /// The whole of it as it came; the browser keeps it outside of this page's memory.
    pub(super) blob: Blob,
    /// The same in pieces, when they are here anyway.
    pieces: Option<Array>,
    /// Its length. A browser asks the disk for that of a file, each time.
    pub(super) length: usize,
}

impl Source {
    /// Those of a blob.
    pub(super) fn of(blob: Blob) -> Self {
        Self { length: whole(blob.size()), blob, pieces: None }
    }

    /// Leaves the bytes to the browser: somebody else reads them.
    pub(super) fn let_go(&mut self) {
        self.pieces = None;
    }

    /// How many slices it comes in.
    pub(super) fn slices(&self) -> usize {
        match &self.pieces {
            Some(pieces) => pieces.length() as usize,
            None => self.length.div_ceil(SLICE),
        }
    }

    /// One slice.
    pub(super) async fn slice(&self, at: usize) -> Result<Uint8Array, String> {
        let Some(pieces) = &self.pieces else { return read(&self.blob, self.length, at).await };
        let piece = u32::try_from(at).map(|at| pieces.get(at)).unwrap_or_default();
        Ok(piece.dyn_into().unwrap_or_default())
    }

    /// Hands over all bytes in short steps, in turns of the browser, until `each` breaks off; gives what it says then.
    pub(super) async fn steps<B>(
        &self,
        turn: &mut Turn,
        mut each: impl FnMut(&[u8]) -> ControlFlow<B>,
    ) -> Result<Option<B>, String> {
        for at in 0..self.slices() {
            for step in self.slice(at).await?.to_vec().chunks(STEP) {
                if let ControlFlow::Break(said) = each(step) {
                    return Ok(Some(said));
                }
                turn.pass_if_over().await;
            }
        }
        Ok(None)
    }
}

/// Bytes between two looks at the clock: about a millisecond of unpacking.
pub(super) const STEP: usize = 8 << 10;

fn first(all: &Uint8Array, bytes: usize) -> Vec<u8> {
    all.subarray(0, u32::try_from(bytes).unwrap_or(u32::MAX).min(all.length())).to_vec()
}

/// One slice of a blob of this length.
async fn read(blob: &Blob, length: usize, at: usize) -> Result<Uint8Array, String> {
    let failed = |_| UNREAD.to_owned();
    let buffer = if at == 0 && length <= SLICE {
        // To cut a file takes as long as to read it.
        blob.array_buffer()
    } else {
        let (from, to) = (float(at * SLICE), float((at + 1).saturating_mul(SLICE).min(length)));
        blob.slice_with_f64_and_f64(from, to).map_err(failed)?.array_buffer()
    };
    Ok(Uint8Array::new(&JsFuture::from(buffer).await.map_err(failed)?))
}

/// Milliseconds between two looks for what the browser has not yet read of the page.
pub(super) const LOOK_AGAIN: i32 = 5;

async fn piece(bundle: usize, at: usize) -> Result<Uint8Array, String> {
    let broken = || format!("piece {} of the evidence in this page is missing or damaged", at + 1);
    let id = format!("procglass-piece-{bundle}-{at}");
    let element = loop {
        let read = is_read();
        // One that nothing follows may still grow.
        match document().and_then(|document| document.get_element_by_id(&id)) {
            Some(element) if read || element.next_sibling().is_some() => break element,
            None if read => return Err(broken()),
            _ => sleep(LOOK_AGAIN).await,
        }
    };
    let text = js_sys::Reflect::get(&element, &"textContent".into()).map_err(|_| broken())?;
    element.remove();
    let text = text.dyn_into::<js_sys::JsString>().map_err(|_| broken())?;
    decode(&text).ok_or_else(broken)
}
