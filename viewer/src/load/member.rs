//! The bytes of a recovered file, which stay in the bundle until somebody looks at them.

use super::bytes::Source;
use super::turn::Turn;
use procglass_model::bundle::{Limits, Member, Reader, sha256};
use std::ops::ControlFlow;
use web_sys::Blob;

/// All bytes of `member`, out of the bundle that it was read from. `None` when `stop` says so.
///
/// # Errors
/// A sentence for the reader, when the file is not there any more or not what it was.
pub(crate) async fn whole(
    bundle: &Blob,
    member: &Member,
    stop: impl Fn() -> bool,
) -> Result<Option<Vec<u8>>, String> {
    let mut reader = Reader::unhashed(Limits { recovered: u64::MAX, ..Limits::browser() });
    let (mut found, mut turn) = (None, Turn::new());
    let mut each = |read: Member| {
        if read.name == member.name {
            found.get_or_insert(read.data);
        }
        found.is_some()
    };
    let source = Source::of(bundle.clone());
    let read = source.steps(&mut turn, |step| {
        let mut done = false;
        match reader.push(step, |read| done |= each(read)) {
            Ok(()) if done => ControlFlow::Break(Ok(true)),
            Ok(()) if stop() => ControlFlow::Break(Ok(false)),
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Err(error.to_string())),
        }
    });
    match read.await?.transpose()? {
        Some(true) => {}
        Some(false) => return Ok(None),
        // It may end with the file itself.
        None => {
            let _ = reader.end(|read| {
                each(read);
            });
        }
    }
    let data = found.ok_or("these bytes are not in the file any more: was it changed? Open it again.")?;
    if Some(sha256(&data)) != member.sha256 {
        return Err("these bytes are not what they were when the file was opened: open it again.".into());
    }
    Ok(Some(data))
}
