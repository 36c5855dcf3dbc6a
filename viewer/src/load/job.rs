//! Loading one bundle.

use super::ahead::Ahead;
use super::bytes::{Input, SMALL, STEP, Source};
use super::digest::{FileHash, HERE};
use super::pieces::take_pieces;
use super::progress::{Cancel, Progress};
use super::second::{Feed, News, Part, Second};
use super::turn::Turn;
use super::work::Work;
use crate::state::{Data, Origin, System};
use crate::ui::dom::now;
use procglass_findings::{Evaluator, Indicators};
use procglass_model::bundle::{Limits, Reader};
use procglass_opened::Opened;
use yew::Callback;

/// A bundle that was read, without what only its pages need.
pub(crate) struct Bundle {
    /// The file that it came from.
    pub(crate) origin: Origin,
    /// What it says.
    pub(crate) snapshot: Opened,
    pub(super) stopped: Option<String>,
}

impl Bundle {
    /// With what its pages need.
    pub(crate) async fn into_data(self) -> Data {
        let mut turn = Turn::new();
        let Self { origin, snapshot, stopped } = self;
        let system = System::new(origin, stopped, snapshot, async || turn.pass_if_over().await).await;
        // What is drawn of it begins a slice of its own.
        turn.pass().await;
        Data::new(system)
    }
}

/// Reads a bundle, to be shown. `None` when it was cancelled.
///
/// # Errors
/// A sentence for the reader, when nothing at all can be shown.
pub(crate) async fn load(
    input: Input,
    cancel: &Cancel,
    progress: &Callback<Progress>,
) -> Result<Option<Data>, String> {
    match load_bundle(input, cancel, progress).await? {
        Some(bundle) => Ok(Some(bundle.into_data().await)),
        None => Ok(None),
    }
}

/// Reads a bundle. `None` when it was cancelled.
///
/// # Errors
/// A sentence for the reader, when nothing at all can be shown.
pub(crate) async fn load_bundle(
    input: Input,
    cancel: &Cancel,
    progress: &Callback<Progress>,
) -> Result<Option<Bundle>, String> {
    let mut turns = Turns { turn: Turn::new(), cancel, progress, told: f64::MIN, seen: false };
    let in_pieces = input.is_embedded() && input.length() > SMALL;
    let read = match in_pieces.then(Second::start_fed).flatten() {
        Some(thread) => fed(&input, thread, &mut turns).await,
        None => opened(&input, &mut turns).await,
    };
    if cancel.wished() {
        return Ok(None);
    }
    let Read { work, source, second, hash } = read?;
    progress.emit(work.progress.clone());
    turns.turn.pass_if_over().await;
    // It was left to wait where reading stopped before the end.
    let second = second.filter(|_| work.stopped.is_none());
    work.finish(&input, source, (second, hash), &mut turns.turn).await.map(Some)
}

/// A file that was read.
struct Read {
    work: Work,
    source: Source,
    /// It still hashes.
    second: Option<Second>,
    /// Of the file itself, where the second thread has none.
    hash: Option<FileHash>,
}

/// Reads a file that is here.
async fn opened(input: &Input, turns: &mut Turns<'_>) -> Result<Read, String> {
    let mut source = input.open(&mut turns.turn).await?;
    // The bytes of a small file are here sooner than a parcel of the other thread's.
    let large = source.length > SMALL;
    let second = Second::start(&source.blob, large, source.length <= HERE);
    let mut hash = None;
    let unpacked = match &second {
        Some(second) if large => {
            source.let_go();
            hash = (source.length > HERE).then(|| FileHash::start(&source));
            unpacked(second, input, source.length, turns).await
        }
        _ => None,
    };
    let work = match unpacked {
        Some(work) => work,
        None => packed(input, &source, turns).await?,
    };
    Ok(Read { work, source, second, hash })
}

/// Reads a file out of this page, of which the browser itself may not yet have read all.
async fn fed(input: &Input, (second, feed): (Second, Feed), turns: &mut Turns<'_>) -> Result<Read, String> {
    let pieces = Ahead::start({
        let (input, cancel) = (input.clone(), turns.cancel.clone());
        async move { take_pieces(&input, feed, &cancel).await }
    });
    let unpacked = unpacked(&second, input, input.length(), turns).await;
    let (source, hash) = pieces.take().await.unwrap_or_else(|| Err("the page was not read".into()))?;
    let work = match unpacked {
        Some(work) => work,
        None => packed(input, &source, turns).await?,
    };
    Ok(Read { work, source, second: Some(second), hash: Some(FileHash::known(hash)) })
}

/// Takes what the second thread unpacks. `None` where that or we found anything unusual: then the file is read from its
/// start by our own reader, which says what it is and gets out of it what can be had.
async fn unpacked(second: &Second, input: &Input, length: usize, turns: &mut Turns<'_>) -> Option<Work> {
    let mut work = Work::new(input, length, Reader::unpacked(Limits::browser()));
    let mut bytes = Vec::new();
    loop {
        match second.next().await {
            News::Bytes(read, parts) => {
                work.reader.set_compressed(read as u64);
                work.progress.done = read;
                for part in parts {
                    let pushed = match part {
                        Part::LeftOut(length) => work.skip(length),
                        Part::Here(chunk) => {
                            bytes.resize(chunk.length() as usize, 0);
                            chunk.copy_to(&mut bytes);
                            work.push(&bytes)
                        }
                    };
                    if let Err(error) = pushed {
                        work.stopped = Some(error.to_string());
                        return Some(work);
                    }
                    if turns.cancelled(&work.progress).await {
                        return Some(work);
                    }
                }
                second.taken();
            }
            News::End if work.progress.members > 0 && !work.reader.is_damaged() => {
                return Some(work);
            }
            News::End | News::Failed | News::Digests(..) => return None,
        }
    }
}

/// Reads the file as it is.
async fn packed(input: &Input, source: &Source, turns: &mut Turns<'_>) -> Result<Work, String> {
    let mut work = Work::new(input, source.length, Reader::unhashed(Limits::browser()));
    for slice in 0..source.slices() {
        let bytes = source.slice(slice).await?;
        let mut at = 0;
        while at < bytes.length() {
            let end = (at + u32::try_from(STEP).unwrap_or(u32::MAX)).min(bytes.length());
            work.progress.done += (end - at) as usize;
            if let Err(error) = work.push(&bytes.subarray(at, end).to_vec()) {
                work.stopped = Some(error.to_string());
                return Ok(work);
            }
            at = end;
            if turns.cancelled(&work.progress).await {
                return Ok(work);
            }
        }
    }
    Ok(work)
}

/// Turns of the browser between slices of reading.
struct Turns<'a> {
    turn: Turn,
    cancel: &'a Cancel,
    progress: &'a Callback<Progress>,
    told: f64,
    /// The first processes were told of.
    seen: bool,
}

impl Turns<'_> {
    /// Gives the browser its turn when it is time. Whether the reading was cancelled.
    async fn cancelled(&mut self, progress: &Progress) -> bool {
        if !self.turn.is_over() {
            return false;
        }
        // To draw costs as much as to read; five times a second is enough for a bar. Something to look at is told of at once.
        let first = !self.seen && !progress.first.is_empty();
        if first || now() - self.told > 200.0 {
            self.told = now();
            self.seen |= first;
            self.progress.emit(progress.clone());
        }
        self.turn.pass().await;
        self.cancel.wished()
    }
}

/// Runs the rules over a system, in slices. False when that was cancelled.
pub(crate) async fn run_rules(snapshot: &Opened, indicators: &Indicators, cancel: &Cancel) -> bool {
    let mut evaluator = Evaluator::new(snapshot, indicators);
    let mut turn = Turn::new();
    while evaluator.step(8) {
        if turn.is_over() {
            turn.pass().await;
            if cancel.wished() {
                return false;
            }
        }
    }
    snapshot.set_findings(evaluator.finish());
    true
}
