//! What is being read right now, so that somebody else can see that it hangs.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// One read, as small as can be given up by itself. The high 24 bits are left for a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step(u64);

/// What a [`Step`]'s number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Part {
    /// Nothing is being read.
    Idle,
    /// An index into `artefact::ALL`.
    Artefact,
    /// A link of `fd`.
    FdLink,
    /// A file of `fdinfo`.
    FdInfo,
    /// The file behind a descriptor.
    FdStat,
    /// The list of threads.
    Tasks,
    /// A thread's name.
    TaskComm,
    /// A thread's numbers.
    TaskStat,
    /// A thread's children.
    TaskChildren,
    /// The file behind `exe`.
    ExeStat,
    /// What has the name of `exe` now.
    ExeOnDisk,
    /// The bytes behind `exe`.
    ExeHash,
    /// The bytes behind `exe`, for the bundle.
    ExeCopy,
    /// The bytes behind a descriptor.
    FileHash,
    /// The bytes behind a descriptor, for the bundle.
    FileCopy,
    /// `stat` once more, to see whether the process still lives.
    Again,
    /// Anything else, by a number of its own.
    Other,
}

impl Step {
    /// Nothing is being read.
    pub(crate) const IDLE: Self = Self::new(Part::Idle, 0);

    /// A read of this kind.
    pub(crate) const fn new(part: Part, number: u32) -> Self {
        Self((part as u64) << 32 | number as u64)
    }
}

const COUNT_SHIFT: u32 = 40;

/// Where a worker is. Written by the worker with plain stores, which is all that a read pays; read by the pipeline when
/// nothing has come for a while.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    step: AtomicU64,
    job: AtomicUsize,
    /// The mount that the step waits for, if it is one that may not answer; 0: none.
    mount: AtomicU64,
}

impl Watch {
    /// The worker begins a step. `count` differs from the last one, so that the same step twice is not taken for a hang.
    pub(crate) fn enter(&self, step: Step, count: u32) {
        self.step.store(step.0 | u64::from(count) << COUNT_SHIFT, Ordering::Relaxed);
    }

    /// The worker begins a job.
    pub(crate) fn begin_job(&self, index: usize) {
        self.job.store(index, Ordering::Relaxed);
    }

    /// The worker touches a file of this mount, or of none that may not answer.
    pub(crate) fn touch(&self, mount: Option<u64>) {
        self.mount.store(mount.unwrap_or(0), Ordering::Relaxed);
    }

    /// The mount that is touched.
    pub(crate) fn mount(&self) -> Option<u64> {
        Some(self.mount.load(Ordering::Relaxed)).filter(|mount| *mount != 0)
    }

    /// Something that changes with every step.
    pub(crate) fn mark(&self) -> u64 {
        self.step.load(Ordering::Relaxed)
    }

    /// The step that a mark stands for.
    pub(crate) fn step_of(mark: u64) -> Step {
        Step(mark & ((1 << COUNT_SHIFT) - 1))
    }

    /// The job's index.
    pub(crate) fn job(&self) -> usize {
        self.job.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_changes_with_the_count_and_keeps_the_step() {
        let (watch, step) = (Watch::default(), Step::new(Part::FdLink, u32::MAX));
        watch.enter(step, 1);
        let first = watch.mark();
        watch.enter(step, 2);
        assert_ne!(first, watch.mark());
        assert_eq!(Watch::step_of(watch.mark()), step);
    }
}
