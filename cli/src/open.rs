//! Opening bundles: in pieces, so that memory holds the members and not also the file.

use crate::error::Error;
use procglass_model::bundle::{Limits, Reader, Verdict};
use procglass_model::model::{Snapshot, SnapshotBuilder};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Reads one bundle and says on stderr what is wrong with it, if anything is.
pub(crate) fn bundle(path: &Path) -> Result<Snapshot, Error> {
    let mut file = File::open(path).map_err(Error::file(path, "opened"))?;
    let (mut reader, mut builder) = (Reader::new(Limits::native()), SnapshotBuilder::new());
    let failed = |error| Error::Bundle { path: path.into(), error };
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut buffer).map_err(Error::file(path, "read"))?;
        if count == 0 {
            break;
        }
        let piece = buffer.get(..count).unwrap_or_default();
        reader.push(piece, |member| builder.member(member)).map_err(failed)?;
    }
    let integrity = reader.finish(|member| builder.member(member)).map_err(failed)?;
    if integrity.verdict() != Verdict::Intact {
        eprintln!("procglass: {}: {}", path.display(), integrity.sentence());
    }
    Ok(builder.finish(integrity))
}

/// Whether every byte is there and right.
pub(crate) fn is_intact(snapshot: &Snapshot) -> bool {
    snapshot.integrity.verdict() == Verdict::Intact
}
