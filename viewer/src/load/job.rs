//! Loading one bundle.

use super::bytes::{Input, Opened, Source};
use super::digest::Hashing;
use super::turn::Turn;
use crate::format::{bytes as size, clip, count};
use crate::state::{Data, Origin, System};
use crate::ui::dom::now;
use procglass_model::bundle::{BundleError, Limits, Reader, hex};
use procglass_model::finding::{Evaluator, Indicators};
use procglass_model::model::{Process, Snapshot, SnapshotBuilder};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// Compressed bytes between two looks at the clock: about a millisecond of work.
const STEP: usize = 8 << 10;

/// How far the loading is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Name of the file.
    pub(crate) name: String,
    /// Which of how many files, counted from 1.
    pub(crate) file: (usize, usize),
    /// Bytes read.
    pub(crate) done: usize,
    /// Of how many.
    pub(crate) total: usize,
    /// Members found.
    pub(crate) members: usize,
    /// Processes among them.
    pub(crate) processes: usize,
    /// The system's name, once it was read.
    pub(crate) system: Option<String>,
    /// The first processes of it.
    pub(crate) first: Rc<[First]>,
}

/// A process while the rest is still being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// Its pid.
    pub(crate) pid: u32,
    /// Its name.
    pub(crate) name: String,
    /// Its program.
    pub(crate) exe: String,
}

/// How many processes are shown while the rest is being read: a screen full.
const FIRST: usize = 24;

/// A wish to stop.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Rc<Wish>);

#[derive(Default)]
struct Wish {
    wished: Cell<bool>,
    abandoned: Cell<bool>,
    then: RefCell<Option<Box<dyn Fn()>>>,
}

impl Cancel {
    /// Stops the work at its next slice.
    pub(crate) fn cancel(&self) {
        self.0.wished.set(true);
        if let Some(then) = self.0.then.take() {
            then();
        }
    }

    /// Stops it, and what came of it until then is not wanted.
    pub(crate) fn abandon(&self) {
        self.0.abandoned.set(true);
        self.cancel();
    }

    /// Whether nobody wants what came of it.
    pub(super) fn abandoned(&self) -> bool {
        self.0.abandoned.get()
    }

    /// Whether it was cancelled.
    pub(super) fn wished(&self) -> bool {
        self.0.wished.get()
    }

    /// What to do when it is cancelled, in place of what was said before: to wake what waits.
    pub(super) fn then(&self, call: impl Fn() + 'static) {
        if self.wished() {
            return call();
        }
        self.0.then.replace(Some(Box::new(call)));
    }
}

impl PartialEq for Cancel {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

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
    let mut turn = Turn::new();
    let source = input.open(&mut turn).await?;
    let mut work = Work::new(&input, &source);
    let mut told = f64::MIN;
    'slices: for slice in 0..source.slices() {
        let bytes = source.slice(slice).await?;
        let mut at = 0;
        while at < bytes.length() {
            let end = (at + u32::try_from(STEP).unwrap_or(u32::MAX)).min(bytes.length());
            if let Err(error) = work.push(&bytes.subarray(at, end).to_vec()) {
                work.stopped = Some(error.to_string());
                break 'slices;
            }
            at = end;
            if turn.is_over() {
                // To draw costs as much as to read; ten times a second is enough for a bar.
                if now() - told > 100.0 {
                    told = now();
                    progress.emit(work.progress.clone());
                }
                turn.pass().await;
                if cancel.wished() {
                    return Ok(None);
                }
            }
        }
    }
    progress.emit(work.progress.clone());
    turn.pass_if_over().await;
    if cancel.wished() {
        return Ok(None);
    }
    work.finish(&input, source, &mut turn).await.map(Some)
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
    hashing: Hashing,
    builder: SnapshotBuilder,
    progress: Progress,
    stopped: Option<String>,
}

impl Work {
    fn new(input: &Input, source: &Source) -> Self {
        Self {
            reader: Reader::unhashed(Limits::browser()),
            hashing: Hashing::start(&source.blob),
            builder: SnapshotBuilder::new(),
            progress: Progress { name: input.name(), total: source.length, ..Progress::default() },
            stopped: None,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), BundleError> {
        grow();
        self.progress.done += bytes.len();
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

    async fn finish(self, input: &Input, source: Source, turn: &mut Turn) -> Result<Bundle, String> {
        let Self { reader, hashing, mut builder, progress, mut stopped } = self;
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
        let digests = hashing.finish(&source, assembly.members(), turn).await?;
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
        let origin =
            Origin { name: progress.name, sha256, bytes: progress.done, original: Some(source.blob) };
        Ok(Bundle { origin, snapshot, stopped })
    }
}

/// Lets the memory grow in few large steps: a browser takes as long for a step of 64 KB, which is what the allocator asks for,
/// as for one of many megabytes, and a large bundle needs thousands of them.
fn grow() {
    const AHEAD: usize = 16 << 20;
    drop(std::hint::black_box(Vec::<u8>::with_capacity(AHEAD)));
}

impl First {
    fn of(process: &Process) -> Self {
        let text = |bytes: &[u8]| clip(bytes, 80).into_owned();
        Self {
            pid: process.pid,
            name: text(&process.name),
            exe: process.exe.as_ref().map(|exe| text(exe)).unwrap_or_default(),
        }
    }
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
