//! The bytes of a recovered file, which stay in the bundle until somebody looks at them.

use super::bytes::Source;
use super::turn::Turn;
use procglass_model::bundle::{Limits, Member, Reader, sha256};
use web_sys::Blob;

/// Compressed bytes between two looks at the clock.
const STEP: usize = 8 << 10;

/// All bytes of `member`, out of the bundle that it was read from. `None` when `stop` says so.
///
/// # Errors
/// A sentence for the reader, when the file is not there any more or not what it was.
pub(crate) async fn whole(
    bundle: &Blob,
    member: &Member,
    stop: impl Fn() -> bool,
) -> Result<Option<Vec<u8>>, String> {
    let source = Source::of(bundle.clone());
    let mut reader = Reader::unhashed(Limits { recovered: u64::MAX, ..Limits::browser() });
    let (mut found, mut turn) = (None, Turn::new());
    let mut each = |read: Member| {
        if read.name == member.name && found.is_none() {
            found = Some(read.data);
        }
        found.is_some()
    };
    'file: for at in 0..source.slices() {
        let slice = source.slice(at).await?.to_vec();
        for step in slice.chunks(STEP) {
            let mut done = false;
            reader.push(step, |read| done |= each(read)).map_err(|error| error.to_string())?;
            if done {
                break 'file;
            }
            turn.pass_if_over().await;
            if stop() {
                return Ok(None);
            }
        }
    }
    // One that ends with the file itself.
    let _ = reader.end(|read| {
        each(read);
    });
    let data = found.ok_or("these bytes are not in the file any more: was it changed? Open it again.")?;
    if sha256(&data) != member.sha256 {
        return Err("these bytes are not what they were when the file was opened: open it again.".into());
    }
    Ok(Some(data))
}
