//! A bundle out of this page: its pieces, one after the other as the browser comes to them.

use super::bytes::{Input, Source};
use super::digest::hash;
use super::progress::Cancel;
use super::second::Feed;
use super::turn::Turn;
use crate::ui::save::blob;
use js_sys::Array;
use procglass_model::bundle::Sha256Digest;
use sha2::{Digest as _, Sha256};
use web_sys::{Blob, BlobPropertyBag};

const KIND: &str = "application/gzip";

/// Takes the pieces out of the page and hands them to the second thread, which unpacks the first while the browser still
/// reads the last. Gives the whole, and its SHA-256.
///
/// # Errors
/// A sentence for the reader, when a piece is missing or damaged.
pub(super) async fn take_pieces(
    input: &Input,
    feed: Feed,
    cancel: &Cancel,
) -> Result<(Source, Sha256Digest), String> {
    const ROOM: &str = "the browser has no room for this bundle: close other pages and open it again";
    let (blobs, mut hasher, mut turn) = (Array::new(), Sha256::new(), Turn::new());
    for at in 0..input.slices() {
        if cancel.wished() {
            return Err("the reading was stopped".into());
        }
        let bytes = input.slice(at).await?;
        // The browser keeps it outside of this page's memory.
        let piece = blob(KIND, &Array::of1(&bytes)).ok_or(ROOM)?;
        blobs.push(&piece);
        feed.piece(&bytes);
        hash(&mut hasher, &bytes, &mut turn, || cancel.wished()).await;
    }
    let kind = BlobPropertyBag::new();
    kind.set_type(KIND);
    let whole = Blob::new_with_blob_sequence_and_options(&blobs, &kind).map_err(|_| ROOM)?;
    Ok((Source::of(whole), hasher.finalize().into()))
}
