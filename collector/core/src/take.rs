//! Reading one thing: announced to the watch, capped, and with a reason when there is nothing.

use crate::context::Hung;
use crate::step::{Step, Watch};
use crate::sys;
use procglass_model::bundle::{CUT, NOT_APPLICABLE, TIMED_OUT, VANISHED};
use rustix::io::Errno;
use std::borrow::Cow;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// Why content is not in the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The kernel said so.
    Errno(Errno),
    /// This kind of process has no such content.
    NotApplicable,
    /// The read did not return in time.
    TimedOut,
    /// The process ended meanwhile.
    Vanished,
    /// Its mount did not answer before.
    LeftAlone,
}

impl Missing {
    /// The word for it, as the bundle has it.
    pub(crate) fn word(self) -> Cow<'static, str> {
        match self {
            Self::Errno(errno) => sys::errno_name(errno),
            Self::NotApplicable => NOT_APPLICABLE.into(),
            Self::TimedOut => TIMED_OUT.into(),
            Self::Vanished => VANISHED.into(),
            Self::LeftAlone => LEFT_ALONE.into(),
        }
    }
}

impl From<Errno> for Missing {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

/// The word for a file whose mount did not answer when another of its files was touched.
const LEFT_ALONE: &str = "left alone: another file of its mount did not answer";

/// The sentence for content that is longer than its cap.
pub(crate) fn cut_at(cap: usize) -> String {
    format!("{CUT} at {cap} bytes")
}

/// Reads into a buffer that is used again and again.
#[derive(Debug)]
pub(crate) struct Taker {
    watch: Arc<Watch>,
    /// What hung before in the job at hand.
    skip: Vec<Step>,
    count: u32,
    closing: sys::Closing,
    /// What was read last.
    pub(crate) buffer: Vec<u8>,
}

impl Taker {
    pub(crate) fn new(watch: Arc<Watch>, skip: Vec<Step>) -> Self {
        Self {
            watch,
            skip,
            count: 0,
            closing: sys::Closing::default(),
            buffer: Vec::with_capacity(64 * 1024),
        }
    }

    /// Announces a step, unless it is known to hang.
    pub(crate) fn enter(&mut self, step: Step) -> Result<(), Missing> {
        if !self.skip.is_empty() && self.skip.contains(&step) {
            return Err(Missing::TimedOut);
        }
        self.count = self.count.wrapping_add(1);
        self.watch.enter(step, self.count);
        Ok(())
    }

    /// Nothing is read until the next step: waiting for the writer is no hang.
    pub(crate) fn idle(&mut self) {
        self.count = self.count.wrapping_add(1);
        self.watch.enter(Step::IDLE, self.count);
        self.close();
    }

    /// Opens something. Where descriptors run out, those of files that wait to be closed are freed first.
    pub(crate) fn sparing<T>(&mut self, open: impl Fn() -> Result<T, Errno>) -> Result<T, Errno> {
        match open() {
            Err(Errno::MFILE | Errno::NFILE) => {
                self.closing.all();
                open()
            }
            other => other,
        }
    }

    /// The next steps touch a file of this mount, where it is one that may not answer. After one file of it did not, the others
    /// are left alone.
    pub(crate) fn on_mount(&mut self, mount: Option<u64>, hung: &Hung) -> Result<(), Missing> {
        if mount.is_some_and(|mount| hung.holds(mount)) {
            return Err(Missing::LeftAlone);
        }
        self.watch.touch(mount);
        Ok(())
    }

    /// The next steps touch something else.
    pub(crate) fn off_mount(&mut self) {
        self.watch.touch(None);
    }

    /// Closes what was read. Best called before something is opened for longer, so that numbers follow each other.
    pub(crate) fn close(&mut self) {
        self.closing.all();
    }

    /// Takes a file or directory that is done with, to close it with others.
    pub(crate) fn done(&mut self, file: OwnedFd) {
        self.closing.close(file);
    }

    /// The next job begins; what hung in the last one is no concern of it.
    pub(crate) fn next_job(&mut self) {
        self.skip.clear();
        // One process with a huge command line must not cost memory for the rest of the run.
        if self.buffer.capacity() > 1 << 20 {
            self.buffer = Vec::with_capacity(64 * 1024);
        }
    }

    /// Reads a file into the buffer. True: it was cut at `cap`.
    pub(crate) fn file(
        &mut self,
        step: Step,
        at: BorrowedFd<'_>,
        path: &str,
        cap: usize,
    ) -> Result<bool, Missing> {
        self.enter(step)?;
        let file = self.sparing(|| sys::open_file(at, path))?;
        let result = self.fill(&file, cap);
        self.closing.close(file);
        result
    }

    /// The same for what the kernel makes as one record.
    pub(crate) fn record(
        &mut self,
        step: Step,
        at: BorrowedFd<'_>,
        path: &str,
        cap: usize,
    ) -> Result<bool, Missing> {
        self.enter(step)?;
        let file = self.sparing(|| sys::open_file(at, path))?;
        self.buffer.clear();
        let result = sys::read_record(&file, cap, &mut self.buffer);
        self.closing.close(file);
        Ok(result?)
    }

    /// Reads an open file into the buffer, as [`Taker::file`].
    pub(crate) fn opened(&mut self, step: Step, file: impl AsFd, cap: usize) -> Result<bool, Missing> {
        self.enter(step)?;
        self.fill(file, cap)
    }

    /// Reads the target of a link into the buffer.
    pub(crate) fn link(&mut self, step: Step, at: BorrowedFd<'_>, path: &str) -> Result<(), Missing> {
        self.enter(step)?;
        self.buffer.clear();
        Ok(sys::read_link(at, path, &mut self.buffer)?)
    }

    fn fill(&mut self, file: impl AsFd, cap: usize) -> Result<bool, Missing> {
        self.buffer.clear();
        Ok(sys::read_capped(file, cap, &mut self.buffer)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Part;
    use rustix::fs::CWD;

    #[test]
    fn what_hung_before_is_not_tried_again_in_that_job() {
        let (bad, good) = (Step::new(Part::FdInfo, 1), Step::new(Part::FdInfo, 2));
        let mut taker = Taker::new(Arc::default(), vec![bad]);
        assert_eq!(taker.file(bad, CWD, "/proc/self/comm", 10), Err(Missing::TimedOut));
        assert_eq!(taker.file(good, CWD, "/proc/self/comm", 2), Ok(true));
        assert_eq!(taker.buffer.len(), 2);
        taker.next_job();
        assert_eq!(taker.link(bad, CWD, "/proc/self"), Ok(()));
        assert_eq!(taker.buffer, std::process::id().to_string().into_bytes());
    }

    #[test]
    fn reasons_have_words() {
        assert_eq!(Missing::from(Errno::ACCESS).word(), "EACCES");
        assert_eq!(Missing::NotApplicable.word(), "not applicable");
        assert_eq!(Missing::TimedOut.word(), "timed out");
        assert_eq!(cut_at(10), "cut at 10 bytes");
    }
}
