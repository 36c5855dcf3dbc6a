//! From messages to members, within the limits, with a sign of life for people who watch.

use super::out::{Out, Position, Written};
use super::room::Room;
use crate::encrypt::Key;
use crate::options::Options;
use crate::pipeline::{self, Message, Sink};
use crate::summary::Progress;
use procglass_model::bundle::{
    BundleError, Mark, NEAR_MIN, OUTCOMES_NAME, Outcome, Outcomes, Search, Writer, hex, job,
};
use rustix::process::{Resource, getrlimit};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// gzip level: more costs processor time of the system under investigation.
const LEVEL: u32 = 7;
/// Who reads a pipe whose writer was killed still has everything older than this.
const FLUSH_AFTER: Duration = Duration::from_millis(500);
/// Bytes before compression after which a place to go back to is made. A write that fails costs what came after it.
const MARK_EVERY: u64 = 512 << 10;
/// What a process that is still to come may take, and what the tables may, in bytes of the bundle: for that, a recovered file gives
/// way.
const PROCESS_ROOM: u64 = 1 << 10;
const TABLES_ROOM: u64 = 48 << 10;
/// A member that is larger may be left out for a limit, and others go on; at a smaller one the limit is reached.
const LARGE: u64 = 64 << 10;

/// Writes the bundle.
pub(crate) struct BundleSink<'a> {
    writer: Writer<Out>,
    written: Rc<Written>,
    room: Room,
    /// The most that may be written, and the option or limit that says so.
    most: Option<(u64, &'static str)>,
    /// Places to go back to.
    marks: Vec<(Mark, Position)>,
    /// When the run ends, and its option.
    ends: Instant,
    deadline: Duration,
    armor: bool,
    key: Key,
    /// How long to wait for a piece of a stream.
    wait: Duration,
    interrupted: &'a Arc<AtomicBool>,
    progress: Progress,
    members: u64,
    /// Bytes before compression at the last flush, and bytes written then.
    flushed: (u64, u64),
    flushed_at: Instant,
    pub(crate) problems: Vec<Outcome>,
    /// Limits that were hit, in words.
    pub(crate) limits: Vec<String>,
    /// Members that were left out or lost after they were read, by job and reason.
    pub(crate) lost: BTreeMap<(&'static str, String), u64>,
    /// Why nothing more can be written.
    pub(crate) error: Option<BundleError>,
}

impl<'a> BundleSink<'a> {
    pub(crate) fn new(
        ((out, written), room): ((Out, Rc<Written>), Room),
        began: Instant,
        mtime: u64,
        options: &Options,
        key: Key,
        interrupted: &'a Arc<AtomicBool>,
        progress: Progress,
    ) -> Result<Self, BundleError> {
        Ok(Self {
            writer: Writer::new(out, mtime, LEVEL)?,
            most: limit_of_size(options, written.regular),
            written,
            room,
            marks: Vec::new(),
            ends: began + options.deadline,
            deadline: options.deadline,
            armor: options.armor,
            key,
            wait: options.timeout,
            interrupted,
            progress,
            members: 0,
            flushed: (0, 0),
            flushed_at: Instant::now(),
            problems: Vec::new(),
            limits: Vec::new(),
            lost: BTreeMap::new(),
            error: None,
        })
    }

    /// Writes a member whatever the limits say: the first one and the last ones.
    pub(crate) fn always<T: Serialize>(&mut self, name: &str, value: &T) -> bool {
        let result = self.writer.json_member(name, value);
        self.keep(result)
    }

    /// What the run says of itself as it goes on.
    pub(crate) fn progress(&mut self) -> &mut Progress {
        &mut self.progress
    }

    /// Writes the outcomes and the end.
    pub(crate) fn close(&mut self, outcomes: &Outcomes) -> Result<(), BundleError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        self.writer.json_member(OUTCOMES_NAME, outcomes)?;
        self.writer.close()
    }

    /// Goes back to a place before a write that failed. False: there is none, or the output cannot.
    pub(crate) fn go_back(&mut self, error: &BundleError) -> bool {
        let Some((mark, position)) = self.marks.pop() else { return false };
        let Ok(lost) = self.writer.resume(&mark, |out| out.rewind(&position)) else { return false };
        self.room.give_back(self.written.file.get());
        let what = match error {
            BundleError::Io(error) => format!("the output takes no more: {error}"),
            other => other.to_string(),
        };
        for name in lost.into_iter().filter(|name| name != OUTCOMES_NAME) {
            self.lose(&name, &what);
        }
        self.limit(what);
        true
    }

    /// Hands the output on: the SHA-256 of the bundle, and why it is not durable, if it is not.
    pub(crate) fn finish(mut self) -> Result<(String, Option<io::Error>), BundleError> {
        self.room.give_back(self.written.file.get());
        Ok(self.writer.into_inner().finish()?)
    }

    fn lose(&mut self, name: &str, what: &str) {
        let job = match name.split('/').next() {
            Some("process") => job::PROCESSES,
            Some("file" | "executable") => job::RECOVERY,
            Some("identity") => job::IDENTITY,
            _ => job::FILES,
        };
        *self.lost.entry((job, what.to_owned())).or_default() += 1;
        self.problem(name, what);
    }

    fn keep(&mut self, result: Result<(), BundleError>) -> bool {
        match result {
            Ok(()) => {
                self.members += 1;
                true
            }
            // A name that does not fit costs its member only. None of ours is such.
            Err(BundleError::BadName(name)) => {
                self.problem(&name, "the name does not fit the format");
                true
            }
            Err(error) => {
                self.error = Some(error);
                false
            }
        }
    }

    fn problem(&mut self, member: &str, what: &str) {
        self.problems.push(Outcome { member: member.into(), what: what.into() });
    }

    fn limit(&mut self, sentence: String) {
        if !self.limits.contains(&sentence) {
            self.limits.push(sentence);
        }
    }

    /// Whether `size` more bytes keep the bundle under its limit and on its disk, to be closed properly; if not, why.
    fn fits(&mut self, size: u64, gives_way: bool) -> Result<(), String> {
        // What is still to come: a hash of each member, which does not compress, and what could not be read.
        let closing = 6 * 1024 + 64 * self.members + 24 * self.problems.len() as u64;
        let others = if gives_way { TABLES_ROOM + PROCESS_ROOM * self.progress.left() } else { 0 };
        let next = size + size / 1000 + 1024 + closing + others;
        let raw = self.writer.raw_bytes() - self.flushed.0;
        // Compressed data is never larger than the data, but for some bytes a block.
        if self.holds(self.flushed.1 + raw + raw / 1000 + next).is_ok() {
            return Ok(());
        }
        // The compressor holds some back; knowing exactly costs a flush.
        self.flush();
        self.holds(self.written.bundle.get() + next)
    }

    /// Whether the output holds so many bytes of the bundle; if not, why.
    fn holds(&mut self, bytes: u64) -> Result<(), String> {
        let size = carried(self.key.carried(bytes), self.armor);
        if let Some((most, word)) = self.most.filter(|(most, _)| size > *most) {
            return Err(format!("{word} {most}: what did not fit was left out"));
        }
        match self.room.reaches(size, self.written.file.get()) {
            true => Ok(()),
            false => Err("the file system is full: what did not fit was left out".into()),
        }
    }

    fn flush(&mut self) {
        match self.writer.mark() {
            Ok(mark) => self.marks.push((mark, self.writer.output().position())),
            Err(error) => self.error = Some(error),
        }
        self.flushed = (self.writer.raw_bytes(), self.written.bundle.get());
        self.flushed_at = Instant::now();
    }
}

impl Sink for BundleSink<'_> {
    fn message(&mut self, message: &Message) -> bool {
        let (name, size) = match message {
            Message::Member { name, data } => (name.as_str(), data.len() as u64),
            Message::Stream { name, extents, .. } => (name.as_str(), extents.data()),
            Message::Text(data) => ("text", data.len() as u64),
            Message::Problem(_) => ("", 0),
        };
        let stream = matches!(message, Message::Stream { .. });
        if size > 0
            && let Err(why) = self.fits(size, stream)
        {
            self.lose(name, &format!("left out: {why}"));
            self.limit(why);
            return (stream || size > LARGE) && self.error.is_none();
        }
        if stream || self.writer.raw_bytes() - self.flushed.0 >= MARK_EVERY {
            self.flush();
        }
        let result = match message {
            Message::Member { name, data } => {
                self.progress.member(name, self.written.bundle.get());
                let list = name.starts_with("net/") && data.len() >= NEAR_MIN;
                let search = if list { Search::Near } else { Search::Far };
                self.writer.search(search).and_then(|()| self.writer.member(name, data))
            }
            Message::Stream { name, size, extents, data } => {
                let parts = extents.parts();
                let mut sent;
                let mut file;
                let from: &mut dyn Read = match data {
                    pipeline::Pieces::Sent(data) => {
                        sent = Pieces { data, wait: self.wait, now: Vec::new(), at: 0 };
                        &mut sent
                    }
                    pipeline::Pieces::File(descriptor) => {
                        let copy = descriptor.try_clone();
                        file = Parts { file: copy.ok().map(File::from), parts: parts.to_vec() };
                        &mut file
                    }
                };
                let search = self.writer.search(Search::Quick);
                match search.and_then(|()| self.writer.stream_member(name, *size, parts, from)) {
                    Ok(streamed) => {
                        if streamed.missing > 0 {
                            let missing = streamed.missing;
                            let what =
                                format!("cut: {missing} of {size} bytes could not be read and are zeros");
                            self.problem(name, &what);
                        } else if !name.ends_with(&hex(&streamed.sha256)) {
                            self.problem(name, "changed while it was copied; the copy is of the moment");
                        }
                        Ok(())
                    }
                    Err(error) => Err(error),
                }
            }
            Message::Text(data) => self.writer.shared_text(data).map(drop),
            Message::Problem(problem) => {
                self.problems.push(problem.clone());
                return true;
            }
        };
        self.keep(result)
    }

    fn tick(&mut self) -> bool {
        if self.interrupted.load(Ordering::Relaxed) {
            self.limit("interrupted by a signal".into());
            return false;
        }
        if Instant::now() >= self.ends {
            let seconds = self.deadline.as_secs();
            self.limit(format!("--deadline {seconds}: what was not reached by then is missing"));
            return false;
        }
        if self.flushed_at.elapsed() >= FLUSH_AFTER && self.writer.raw_bytes() > self.flushed.0 {
            self.flush();
        }
        self.error.is_none()
    }
}

/// A stream of pieces as a reader.
struct Pieces<'a> {
    data: &'a Receiver<Vec<u8>>,
    wait: Duration,
    now: Vec<u8>,
    at: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, space: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.now.len() {
            // The worker hangs or has given up: that is the end of the stream.
            let Ok(next) = self.data.recv_timeout(self.wait) else { return Ok(0) };
            (self.now, self.at) = (next, 0);
        }
        let count = self.now.get(self.at..).unwrap_or_default().read(space)?;
        self.at += count;
        Ok(count)
    }
}

/// The parts of a file as a reader.
struct Parts {
    file: Option<File>,
    parts: Vec<Range<u64>>,
}

impl Read for Parts {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let (Some(file), Some(part)) = (&self.file, self.parts.first_mut()) else { return Ok(0) };
        let want = usize::try_from(part.end - part.start).map_or(space.len(), |left| left.min(space.len()));
        let count = file.read_at(space.get_mut(..want).unwrap_or_default(), part.start)?;
        part.start += count as u64;
        if part.is_empty() {
            self.parts.remove(0);
        }
        Ok(count)
    }
}

/// The most bytes that may be written, with the option or the limit that sets it. RLIMIT_FSIZE of setrlimit(2) limits regular files
/// only: a pipe takes a bundle of any size.
fn limit_of_size(options: &Options, regular: bool) -> Option<(u64, &'static str)> {
    let asked = options.max_bytes.map(|most| (most, "--max-bytes"));
    let limit = if regular { getrlimit(Resource::Fsize).current } else { None };
    let set = limit.map(|most| (most, "the limit of the file size (ulimit -f)"));
    asked.into_iter().chain(set).min()
}

/// Bytes of output for so many of the bundle.
fn carried(bytes: u64, armor: bool) -> u64 {
    // 48 bytes become a line of 64 characters and its end; the longer lines of a bundle that is not encrypted take less.
    if armor { bytes / 48 * 65 + 200 } else { bytes }
}
