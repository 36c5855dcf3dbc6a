//! From messages to members, within the limits, with a sign of life for people who watch.

use super::out::{Out, Written};
use crate::encrypt::Key;
use crate::options::Options;
use crate::pipeline::{Message, Sink};
use crate::summary::Progress;
use procglass_model::bundle::{BundleError, NEAR_MIN, Outcome, Search, Writer};
use serde::Serialize;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// gzip level: more costs processor time of the system under investigation.
const LEVEL: u32 = 7;
/// Who reads a pipe whose writer was killed still has everything older than this.
const FLUSH_AFTER: Duration = Duration::from_millis(500);
/// A member that is larger may be left out for a limit, and others go on; at a smaller one the limit is reached.
const LARGE: usize = 64 << 10;

/// Writes the bundle.
pub(crate) struct BundleSink<'a> {
    writer: Writer<Out>,
    written: Rc<Written>,
    max_bytes: Option<u64>,
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
    /// Why nothing more can be written.
    pub(crate) error: Option<BundleError>,
}

impl<'a> BundleSink<'a> {
    pub(crate) fn new(
        (out, written): (Out, Rc<Written>),
        mtime: u64,
        options: &Options,
        key: Key,
        interrupted: &'a Arc<AtomicBool>,
        progress: Progress,
    ) -> Result<Self, BundleError> {
        Ok(Self {
            writer: Writer::new(out, mtime, LEVEL)?,
            written,
            max_bytes: options.max_bytes,
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

    /// Ends the bundle.
    pub(crate) fn finish(self) -> Result<String, BundleError> {
        let out = self.writer.finish()?;
        Ok(out.finish()?)
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

    /// Whether `size` more bytes keep the bundle under its limit, to be closed properly.
    fn fits(&mut self, size: usize) -> bool {
        let Some(max) = self.max_bytes else { return true };
        // What is still to come: a hash of each member, which does not compress, and what could not be read.
        let closing = 6 * 1024 + 64 * self.members + 24 * self.problems.len() as u64;
        let next = size as u64 + 1024;
        let raw = self.writer.raw_bytes() - self.flushed.0;
        // Compressed data is never larger than the data, but for some bytes a block.
        let most = |sink: &Self, before: u64, raw: u64| {
            carried(sink.key.carried(before + raw + raw / 1000 + next + closing), sink.armor)
        };
        if most(self, self.flushed.1, raw) <= max {
            return true;
        }
        // The compressor holds some back; knowing exactly costs a flush.
        self.flush();
        most(self, self.written.bundle.get(), 0) <= max
    }

    fn flush(&mut self) {
        if let Err(error) = self.writer.flush() {
            self.error = Some(error);
        }
        self.flushed = (self.writer.raw_bytes(), self.written.bundle.get());
        self.flushed_at = Instant::now();
    }
}

impl Sink for BundleSink<'_> {
    fn message(&mut self, message: &Message) -> bool {
        let (name, size) = match message {
            Message::Member { name, data } => (name.as_str(), data.len()),
            Message::Stream { name, size, .. } => {
                (name.as_str(), usize::try_from(*size).unwrap_or(usize::MAX))
            }
            Message::Text(data) => ("text", data.len()),
            Message::Problem(_) => ("", 0),
        };
        if size > 0 && !self.fits(size) {
            let (name, max) = (name.to_owned(), self.max_bytes.unwrap_or(0));
            self.limit(format!("--max-bytes {max}: what did not fit was left out"));
            self.problem(&name, "left out: the bundle would have become larger than --max-bytes");
            return size > LARGE && self.error.is_none();
        }
        let result = match message {
            Message::Member { name, data } => {
                self.progress.member(name, self.written.bundle.get());
                let list = name.starts_with("net/") && data.len() >= NEAR_MIN;
                let search = if list { Search::Near } else { Search::Far };
                self.writer.search(search).and_then(|()| self.writer.member(name, data))
            }
            Message::Stream { name, size, data } => {
                let mut pieces = Pieces { data, wait: self.wait, now: Vec::new(), at: 0 };
                let search = self.writer.search(Search::Quick);
                match search.and_then(|()| self.writer.stream_member(name, *size, &mut pieces)) {
                    Ok(real) if real < *size => {
                        self.problem(
                            name,
                            &format!("{real} of {size} bytes could be read; the rest are zeros"),
                        );
                        Ok(())
                    }
                    other => other.map(drop),
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
        if self.written.full.get() {
            self.limit("the file system is full".into());
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

/// Bytes of output for so many of the bundle.
fn carried(bytes: u64, armor: bool) -> u64 {
    // 48 bytes become a line of 64 characters and its end; the longer lines of a bundle that is not encrypted take less.
    if armor { bytes / 48 * 65 + 200 } else { bytes }
}
