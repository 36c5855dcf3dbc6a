//! Loading one bundle.

use super::bytes::{Input, Opened, SMALL, Source};
use super::digest::digests;
use super::progress::{Cancel, FIRST, First, Progress};
use super::second::{News, Second};
use super::turn::Turn;
use crate::format::{bytes as size, count};
use crate::state::{Data, Origin, System};
use crate::ui::dom::now;
use procglass_model::bundle::{BundleError, Limits, Reader, hex};
use procglass_model::finding::{Evaluator, Indicators};
use procglass_model::model::{Snapshot, SnapshotBuilder};
use yew::Callback;

/// Compressed bytes between two looks at the clock: about a millisecond of work.
const STEP: usize = 8 << 10;

/// A bundle that was read, without what only its pages need.
pub(crate) struct Bundle {
    /// The file that it came from.
    pub(crate) origin: Origin,
    /// What it says.
    pub(crate) snapshot: Snapshot,
    stopped: Option<String>,
}

impl Bundle {
    /// With what its pages need.
    pub(crate) async fn into_data(self) -> Data {
        let mut turn = Turn::new();
        let Self { origin, snapshot, stopped } = self;
        let system = System::new(origin, stopped, snapshot, async || turn.pass_if_over().await).await;
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
    let mut turns = Turns { turn: Turn::new(), cancel, progress, told: f64::MIN };
    let mut source = input.open(&mut turns.turn).await?;
    // The bytes of a small file are here sooner than a parcel of the other thread's.
    let large = source.length > SMALL;
    let second = Second::start(&source.blob, large);
    let unpacked = match &second {
        Some(second) if large => {
            source.let_go();
            unpacked(second, &input, &source, &mut turns).await
        }
        _ => None,
    };
    let work = match unpacked {
        Some(work) => work,
        None => packed(&input, &source, &mut turns).await?,
    };
    if cancel.wished() {
        return Ok(None);
    }
    progress.emit(work.progress.clone());
    turns.turn.pass_if_over().await;
    // It was left to wait where reading stopped before the end.
    let second = second.filter(|_| work.stopped.is_none());
    work.finish(&input, source, second, &mut turns.turn).await.map(Some)
}

/// Takes what the second thread unpacks. `None` where that or we found anything unusual: then the file is read from its
/// start by our own reader, which says what it is and gets out of it what can be had.
async fn unpacked(second: &Second, input: &Input, source: &Source, turns: &mut Turns<'_>) -> Option<Work> {
    let length = source.length;
    let mut work = Work::new(input, source, Reader::unpacked(Limits::browser(), length as u64));
    let mut bytes = Vec::new();
    loop {
        match second.next().await {
            News::Bytes(read, chunks) => {
                for chunk in chunks {
                    bytes.resize(chunk.length() as usize, 0);
                    chunk.copy_to(&mut bytes);
                    if let Err(error) = work.push(&bytes) {
                        work.stopped = Some(error.to_string());
                        return Some(work);
                    }
                    if turns.cancelled(&work.progress).await {
                        return Some(work);
                    }
                }
                work.progress.done = read;
                second.taken();
            }
            News::End if work.progress.members > 0 && !work.reader.is_damaged() => {
                work.progress.done = length;
                return Some(work);
            }
            News::End | News::Failed | News::Digests(..) => return None,
        }
    }
}

/// Reads the file as it is.
async fn packed(input: &Input, source: &Source, turns: &mut Turns<'_>) -> Result<Work, String> {
    let mut work = Work::new(input, source, Reader::unhashed(Limits::browser()));
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
}

impl Turns<'_> {
    /// Gives the browser its turn when it is time. Whether the reading was cancelled.
    async fn cancelled(&mut self, progress: &Progress) -> bool {
        if !self.turn.is_over() {
            return false;
        }
        // To draw costs as much as to read; ten times a second is enough for a bar.
        if now() - self.told > 100.0 {
            self.told = now();
            self.progress.emit(progress.clone());
        }
        self.turn.pass().await;
        self.cancel.wished()
    }
}

/// Runs the rules over a system, in slices. False when that was cancelled.
pub(crate) async fn run_rules(snapshot: &Snapshot, indicators: &Indicators, cancel: &Cancel) -> bool {
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

struct Work {
    reader: Reader,
    builder: SnapshotBuilder,
    progress: Progress,
    stopped: Option<String>,
}

impl Work {
    fn new(input: &Input, source: &Source, reader: Reader) -> Self {
        Self {
            reader,
            builder: SnapshotBuilder::new(),
            progress: Progress { name: input.name(), total: source.length, ..Progress::default() },
            stopped: None,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        grow();
        let Self { reader, builder, progress, .. } = self;
        let result = reader.push(bytes, |member| {
            progress.members += 1;
            builder.member(member);
        });
        progress.processes = builder.processes();
        if progress.system.is_none() {
            progress.system = builder.host_name();
        }
        if progress.first.len() < FIRST.min(progress.processes) {
            progress.first = builder.first(FIRST).map(First::of).collect();
        }
        result
    }

    async fn finish(
        self,
        input: &Input,
        source: Source,
        second: Option<Second>,
        turn: &mut Turn,
    ) -> Result<Bundle, String> {
        let Self { reader, mut builder, progress, mut stopped } = self;
        let ended = match reader.end(|member| builder.member(member)) {
            Ok(ended) => Ok(ended),
            Err(error @ BundleError::Limit { .. }) if progress.members > 0 => {
                stopped.get_or_insert(error.to_string());
                Err(None)
            }
            Err(error) => Err(Some(error.to_string())),
        };
        let mut assembly = builder.assemble();
        while assembly.step() {
            turn.pass_if_over().await;
        }
        turn.pass_if_over().await;
        let digests = digests(second, &source, assembly.members(), turn).await?;
        let sha256 = hex(&digests.file);
        let differs = check(input, progress.done, &sha256, stopped.is_some());
        let ended = match ended {
            Ok(ended) => Some(ended),
            Err(None) => None,
            Err(Some(error)) => return Err(differs.unwrap_or(error)),
        };
        assembly.set_digests(&digests.members);
        turn.pass_if_over().await;
        let mut integrity = ended.map(|ended| ended.integrity(&digests.members)).unwrap_or_default();
        integrity.damage.extend(differs);
        integrity.damage.extend(stopped.clone());
        turn.pass_if_over().await;
        let snapshot = assembly.finish(integrity);
        let (name, bytes) = (progress.name, progress.done);
        let origin = Origin { name, sha256, bytes, original: Some(source.blob) };
        Ok(Bundle { origin, snapshot, stopped })
    }
}

/// Lets the memory grow in few large steps: a browser takes as long for a step of 64 KB, which is what the allocator asks for,
/// as for one of many megabytes, and a large bundle needs thousands of them.
fn grow() {
    const AHEAD: usize = 16 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(AHEAD)));
}

/// Whether the page holds the bundle that its list speaks of.
fn check(input: &Input, done: usize, sha256: &str, stopped: bool) -> Option<String> {
    let bundle = match input {
        Input::Embedded(_, bundle) => bundle,
        Input::Opened(Opened { damage: Some(damage), .. }) => return Some(damage.clone()),
        // A bundle by itself comes without a list that says what it was.
        Input::Opened(opened) if !opened.evidence.sha256.is_empty() => &opened.evidence,
        _ => return None,
    };
    if stopped {
        return None;
    }
    if done != bundle.bytes {
        return Some(format!(
            "this page should hold {} bytes of evidence but holds {}: it was cut or changed",
            count(bundle.bytes),
            size(done as u64)
        ));
    }
    (!sha256.eq_ignore_ascii_case(&bundle.sha256)).then(|| {
        format!("the evidence in this page was changed: its SHA-256 is {sha256}, not {}", bundle.sha256)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::report::Evidence;

    #[test]
    fn a_changed_page_is_noticed() {
        let input = Input::Embedded(0, Evidence { bytes: 5, sha256: "AB".into(), ..Evidence::default() });
        assert_eq!(check(&input, 5, "ab", false), None);
        assert!(check(&input, 4, "ab", false).unwrap().contains("cut"));
        assert!(check(&input, 5, "ac", false).unwrap().contains("changed"));
        assert_eq!(check(&Input::Text(String::new()), 1, "", false), None);
    }
}
