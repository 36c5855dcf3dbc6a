//! Opening bundles: in pieces, so that memory holds the members and not also the file, and on two threads.

use crate::error::Error;
use crate::unlock::{Keys, Source};
use procglass_model::bundle::{Integrity, Limits, Member, Reader, Verdict};
use procglass_opened::Opened;
use procglass_snapshot::SnapshotBuilder;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread;

/// Reads one bundle and says on stderr what is wrong with it, if anything is. One thread decrypts, decompresses and hashes,
/// the other puts the model together: each is about half of the work.
pub(crate) fn bundle(path: &Path, keys: &Keys) -> Result<Opened, Error> {
    let source = Source::open(path, keys)?;
    // A few megabytes of members may wait; more would only take memory.
    let (sender, parcels) = mpsc::sync_channel(512 / PARCEL);
    let limits = keys.limits;
    let (builder, integrity) = thread::scope(|scope| {
        let reading = scope.spawn(move || read(source, path, limits, &sender));
        let mut builder = SnapshotBuilder::new();
        for member in parcels.into_iter().flatten() {
            builder.member(member);
        }
        (builder, reading.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    let integrity = integrity?;
    if integrity.verdict() != Verdict::Intact {
        eprintln!("procglass: {}: {}", path.display(), integrity.sentence());
    }
    let snapshot = Opened::new(builder.finish(integrity));
    say_missing(path, &snapshot);
    Ok(snapshot)
}

/// The same on the calling thread: for many bundles, of which each thread reads one.
pub(crate) fn bundle_here(path: &Path, keys: &Keys) -> Result<Opened, Error> {
    let source = Source::open(path, keys)?;
    let mut builder = SnapshotBuilder::new();
    let integrity = pieces(source, path, keys.limits, |member| builder.member(member))?;
    if integrity.verdict() != Verdict::Intact {
        eprintln!("procglass: {}: {}", path.display(), integrity.sentence());
    }
    let snapshot = Opened::new(builder.finish(integrity));
    say_missing(path, &snapshot);
    Ok(snapshot)
}

/// Members that are handed over together: to wake the other thread takes as long as to read a small one.
const PARCEL: usize = 32;

fn read(
    source: Source,
    path: &Path,
    limits: Limits,
    parcels: &SyncSender<Vec<Member>>,
) -> Result<Integrity, Error> {
    let mut parcel = Vec::with_capacity(PARCEL);
    // The other side takes everything until this one is done.
    let send = |parcel: &mut Vec<Member>| drop(parcels.send(std::mem::take(parcel)));
    let integrity = pieces(source, path, limits, |member| {
        parcel.push(member);
        if parcel.len() == PARCEL {
            send(&mut parcel);
        }
    });
    send(&mut parcel);
    integrity
}

fn pieces(
    mut source: Source,
    path: &Path,
    limits: Limits,
    mut hand_on: impl FnMut(Member),
) -> Result<Integrity, Error> {
    let mut reader = Reader::new(limits);
    let failed = |error| Error::Bundle { path: path.into(), error };
    loop {
        match source.next()? {
            [] => break,
            piece => {
                if let Err(limit) = reader.push(piece, &mut hand_on) {
                    return reader.stop(limit).map_err(failed);
                }
            }
        }
    }
    match (reader.finish(&mut hand_on), source.damage) {
        (Ok(mut integrity), damage) => {
            if let Some(error) = damage {
                error.tell(&mut integrity);
            }
            Ok(integrity)
        }
        // What is wrong with the outside says more than that nothing was inside.
        (Err(_), Some(error)) => Err(Error::Sealed { path: path.into(), error }),
        (Err(error), None) => Err(failed(error)),
    }
}

/// Whether every byte is there and right, and the collection came to its end.
pub(crate) fn is_whole(snapshot: &Opened) -> bool {
    snapshot.integrity.verdict() == Verdict::Intact && snapshot.coverage().is_complete()
}

/// Says on stderr what the bundle lacks, where its bytes are as they were written.
fn say_missing(path: &Path, snapshot: &Opened) {
    let coverage = snapshot.coverage();
    if let (Verdict::Intact, false, Some(missing)) =
        (snapshot.integrity.verdict(), coverage.is_complete(), coverage.sentence())
    {
        eprintln!("procglass: {}: the collection is incomplete: {missing}", path.display());
    }
}
