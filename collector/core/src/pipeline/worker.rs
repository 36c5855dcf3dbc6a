//! The thread that reads.

use super::job::{Job, Place};
use super::outlet::{Message, Outlet, Stop};
use crate::context::Context;
use crate::observe::Link;
use crate::process::{Draft, Fate, Texts};
use crate::step::{Step, Watch};
use crate::sys;
use crate::take::{Taker, cut_at};
use procglass_model::bundle::{OnDisk, Outcome, job};
use procglass_record::Alike;
use procglass_redact::Redactor;
use rustix::thread::{UnshareFlags, unshare_unsafe};
use std::borrow::Cow;
use std::os::fd::RawFd;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A worker with its buffers.
pub(crate) struct Worker {
    pub(crate) context: Arc<Context>,
    pub(crate) outlet: Outlet,
    pub(crate) taker: Taker,
    pub(crate) draft: Draft,
    pub(crate) texts: Texts,
    pub(crate) alike: Vec<Alike>,
    pub(crate) redactor: Redactor,
    /// Content after redaction.
    pub(crate) plain: Vec<u8>,
    /// Numbers of a directory.
    pub(crate) numbers: Vec<u32>,
    /// The last executable that was compared with what has its name: namespace, root and name, device, inode, answer.
    pub(crate) last_exe: Option<(Vec<u8>, u64, u64, OnDisk)>,
    /// Of the process at hand.
    pub(crate) seen: Seen,
    watch: Arc<Watch>,
}

/// What later jobs need to know of a process.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) pid: u32,
    pub(crate) net: Option<u64>,
    pub(crate) mount: Option<u64>,
    pub(crate) whole_root: bool,
    /// Inodes of the sockets that it holds.
    pub(crate) sockets: Vec<u64>,
    /// Its descriptors could not be read.
    pub(crate) blind: bool,
    /// Children that it names.
    pub(crate) children: Vec<Link>,
}

/// Gives the thread a table of descriptors of its own. Where a table has two users, the kernel counts and locks each file
/// on each call, which is a fortieth of all that collecting costs. Refused in some sandboxes, and then it costs that.
///
/// The output is closed in it: should this thread wait for a read that never returns, who reads that pipe sees its end all the
/// same. Where the table is shared, that closing would be everybody's, so it is left to the end of the run.
fn own_descriptors(output: RawFd) {
    // SAFETY: the descriptors that the thread knows keep their numbers, and those that it opens it alone uses and closes.
    #[allow(unsafe_code, reason = "rustix has no safe form of this call")]
    let own = unsafe { unshare_unsafe(UnshareFlags::FILES) };
    if own.is_ok() {
        sys::forget(output);
    }
}

impl Worker {
    pub(super) fn new(context: Arc<Context>, watch: Arc<Watch>, outlet: Outlet, skip: Vec<Step>) -> Self {
        Self {
            redactor: Redactor::new(context.options.environ, context.key),
            taker: Taker::new(watch.clone(), skip),
            draft: Draft::default(),
            texts: Texts::default(),
            alike: Vec::new(),
            plain: Vec::new(),
            numbers: Vec::new(),
            last_exe: None,
            seen: Seen::default(),
            context,
            outlet,
            watch,
        }
    }

    /// Does the jobs from an index on.
    pub(super) fn work(mut self, jobs: &[Job], from: usize) -> Result<(), Stop> {
        own_descriptors(self.context.output.load(Ordering::Relaxed));
        let _gaps = sys::in_a_row(&self.context.proc);
        for (index, job) in jobs.iter().enumerate().skip(from) {
            self.job(job, index)?;
        }
        Ok(())
    }

    /// Does one job.
    pub(super) fn job(&mut self, job: &Job, index: usize) -> Result<(), Stop> {
        self.watch.begin_job(index);
        match job {
            Job::Process(pid) => self.process_job(*pid, job, index)?,
            Job::System => self.system()?,
            Job::Sockets => self.sockets()?,
            Job::Hidden => self.hidden()?,
            Job::Cgroups => self.cgroups()?,
            Job::Identity => self.identity()?,
            Job::File { place, listed } => {
                let result = self.place_file(place, *listed);
                self.taker.idle();
                if result.is_ok() && matches!(listed.1.path, "unix" | "/proc/cmdline") {
                    self.redactor.path(&mut self.taker.buffer, false);
                }
                if let (Ok(_), Place::Net { members, .. }) = (&result, place)
                    && members.is_empty()
                {
                    self.context.found().sockets.table(listed.1.path, &self.taker.buffer);
                }
                let cut = result.map(|cut| cut.then_some(listed.1.cap));
                self.member(job.member(), index, cut.map_err(|missing| missing.word()))?;
            }
        }
        self.taker.next_job();
        Ok(())
    }

    fn process_job(&mut self, pid: u32, job: &Job, index: usize) -> Result<(), Stop> {
        let fate = self.process(pid)?;
        self.taker.idle();
        let (context, watch) = (&self.context, &self.watch);
        if fate != Fate::Read {
            return self.outlet.pass(|| {
                let mut found = context.found();
                match fate {
                    Fate::Failed(errno) => {
                        let word = sys::errno_name(errno);
                        found.problem(&job.member(), &word);
                        found.miss(job::PROCESSES, &word);
                    }
                    Fate::Read | Fate::Ended => found.job(job::PROCESSES).ended += 1,
                }
                watch.begin_job(index + 1);
            });
        }
        let data = std::mem::take(&mut self.draft.record.0);
        let (tally, seen) = (&mut self.draft.tally, &self.seen);
        let redacted = self.redactor.counts();
        self.draft.record.0 = self.outlet.send(Message::Member { name: job.member(), data }, || {
            let mut found = context.found();
            found.add(tally.drain(..));
            found.count_redacted(redacted);
            found.meet(seen);
            watch.begin_job(index + 1);
        })?;
        Ok(())
    }

    /// Sends the buffer as a member, or says why not.
    fn member(
        &mut self,
        name: String,
        index: usize,
        cut: Result<Option<usize>, Cow<'static, str>>,
    ) -> Result<(), Stop> {
        let (context, watch) = (&self.context, &self.watch);
        let what = match &cut {
            Ok(None) => Cow::Borrowed("read"),
            Ok(Some(_)) => Cow::Borrowed("cut"),
            Err(word) => word.clone(),
        };
        let redacted = self.redactor.counts();
        let read = cut.is_ok();
        let done = || {
            let mut found = context.found();
            if read {
                found.job(job::FILES).read += 1;
            } else {
                found.miss(job::FILES, &what);
            }
            found.add([(what, 1)]);
            found.count_redacted(redacted);
            watch.begin_job(index + 1);
        };
        match cut {
            Err(word) => {
                let problem = Outcome { member: name, what: word.into_owned() };
                self.outlet.send(Message::Problem(problem), done)?;
            }
            Ok(cut) => {
                if let Some(cap) = cut {
                    let problem = Outcome { member: name.clone(), what: cut_at(cap) };
                    self.outlet.send(Message::Problem(problem), || {})?;
                }
                // A large buffer that is nearly empty stays here: another one for each small file costs more than a copy.
                if self.taker.buffer.len() < self.taker.buffer.capacity() / 4 {
                    let data = self.taker.buffer.as_slice().to_vec();
                    self.outlet.send(Message::Member { name, data }, done)?;
                } else {
                    let data = std::mem::take(&mut self.taker.buffer);
                    self.taker.buffer = self.outlet.send(Message::Member { name, data }, done)?;
                }
            }
        }
        Ok(())
    }
}
