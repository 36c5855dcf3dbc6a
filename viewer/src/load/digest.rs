//! SHA-256 of the file and of every member in it: by the second thread where that can, here where it cannot.

use super::ahead::Ahead;
use super::bytes::Source;
use super::second::{News, Second};
use super::turn::Turn;
use js_sys::Uint8Array;
use procglass_model::bundle::{Limits, Reader, Sha256Digest, sha256};
use procglass_snapshot::Members;
use sha2::{Digest as _, Sha256};
use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;

/// What the second thread hashed.
pub(super) struct Digests {
    /// The file as it is, where that was wanted.
    pub(super) file: Option<Sha256Digest>,
    /// The members, in their order.
    pub(super) members: Vec<Sha256Digest>,
}

/// Bytes of a file that is hashed in this thread, bit by bit while the second one unpacks it: the browser's own hashing
/// wants all of a file in memory, and makes a copy.
pub(super) const HERE: usize = 32 << 20;

/// A file being hashed in this thread.
pub(super) struct FileHash {
    hash: Ahead<Result<Sha256Digest, String>>,
    stopped: Rc<Cell<bool>>,
}

impl FileHash {
    /// Begins.
    pub(super) fn start(source: &Source) -> Self {
        let (source, stopped) = (source.clone(), Rc::new(Cell::new(false)));
        let wish = Rc::clone(&stopped);
        Self { hash: Ahead::start(async move { file(&source, || wish.get()).await }), stopped }
    }

    /// One that is known.
    pub(super) fn known(hash: Sha256Digest) -> Self {
        Self { hash: Ahead::start(async move { Ok(hash) }), stopped: Rc::default() }
    }

    async fn finish(self) -> Result<Sha256Digest, String> {
        self.hash.take().await.unwrap_or_else(|| Err("the file was not hashed".into()))
    }
}

impl Drop for FileHash {
    fn drop(&mut self) {
        self.stopped.set(true);
    }
}

async fn file(source: &Source, stop: impl Fn() -> bool) -> Result<Sha256Digest, String> {
    let (mut hasher, mut turn) = (Sha256::new(), Turn::new());
    for at in (0..source.slices()).take_while(|_| !stop()) {
        hash(&mut hasher, &source.slice(at).await?, &mut turn, &stop).await;
    }
    Ok(hasher.finalize().into())
}

/// Hashes the next bytes of something, in turns of the browser.
pub(super) async fn hash(hasher: &mut Sha256, bytes: &Uint8Array, turn: &mut Turn, stop: impl Fn() -> bool) {
    let mut here = Vec::new();
    let mut done = 0;
    while done < bytes.length() && !stop() {
        let part = bytes.subarray(done, done.saturating_add(STEP).min(bytes.length()));
        here.resize(part.length() as usize, 0);
        part.copy_to(&mut here);
        hasher.update(&here);
        done += part.length();
        turn.pass_if_over().await;
    }
}

/// Bytes that are hashed at a time: about a millisecond of work.
const STEP: u32 = 256 << 10;

/// The digest of the file and those of its members. What the second thread found counts where it read the same members.
///
/// # Errors
/// A sentence for the reader, when the file is not there any more.
pub(super) async fn digests(
    second: Option<Second>,
    hash: Option<FileHash>,
    source: &Source,
    members: &Members,
    turn: &mut Turn,
) -> Result<(Sha256Digest, Vec<Sha256Digest>), String> {
    let found = match second {
        Some(second) => of_second(&second, members).await,
        None => None,
    };
    let (whole, inside) = match found {
        Some(Digests { file, members }) => (file, members),
        None => (None, inside(source, members, turn).await?),
    };
    let whole = match (whole, hash) {
        (Some(whole), _) => whole,
        (None, Some(running)) => running.finish().await?,
        (None, None) => file(source, || false).await?,
    };
    Ok((whole, inside))
}

async fn of_second(second: &Second, members: &Members) -> Option<Digests> {
    loop {
        match second.next().await {
            News::Bytes(..) => second.taken(),
            News::End => {}
            News::Failed => return None,
            News::Digests(digests, lengths) => {
                let read = members.iter().map(|member| member.size);
                return lengths.into_iter().map(u64::from).eq(read).then_some(digests);
            }
        }
    }
}

/// The digests of all members. Our own reader hashes those of which not all bytes are kept; another left that to us.
async fn inside(source: &Source, members: &Members, turn: &mut Turn) -> Result<Vec<Sha256Digest>, String> {
    let mut digests = Vec::with_capacity(members.len());
    for member in members.iter() {
        digests.push(match member.sha256 {
            _ if member.is_whole() => sha256(&member.data),
            None => return again(source, turn).await,
            Some(hashed) => hashed,
        });
        turn.pass_if_over().await;
    }
    Ok(digests)
}

/// The digests of all members, out of the file: as far as it was read before, where that stopped at a limit.
async fn again(source: &Source, turn: &mut Turn) -> Result<Vec<Sha256Digest>, String> {
    let (mut reader, mut digests) = (Reader::new(Limits::browser()), Vec::new());
    let pushed = source.steps(turn, |step| match reader.push(step, |member| digests.extend(member.sha256)) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    });
    if pushed.await?.is_some() {
        return Ok(digests);
    }
    // What is wrong with it was said when it was read first.
    let _ = reader.end(|member| digests.extend(member.sha256));
    Ok(digests)
}
