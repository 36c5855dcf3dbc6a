//! What is being read right now, so that somebody else can see that it hangs.

use procglass_model::artefact;
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
    /// The file behind `exe`.
    ExeStat,
    /// What has the name of `exe` now.
    ExeOnDisk,
    /// The bytes behind `exe`.
    ExeHash,
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

    /// The path below `/proc/<pid>`, as the record's `errors` have it.
    pub(crate) fn name(self) -> String {
        let number = self.0 & 0xffff_ffff;
        let path = |index: u64| {
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            artefact::ALL.get(index).map_or("?", |artefact| artefact.path)
        };
        match self.part() {
            Part::Idle => "nothing".into(),
            Part::Artefact => path(number).into(),
            Part::FdLink | Part::FdStat => format!("fd/{number}"),
            Part::FdInfo => format!("fdinfo/{number}"),
            Part::Tasks => "task".into(),
            Part::TaskComm => format!("task/{number}/comm"),
            Part::TaskStat => format!("task/{number}/stat"),
            Part::ExeStat | Part::ExeOnDisk | Part::ExeHash => "exe".into(),
            Part::Again => "stat".into(),
            Part::Other => format!("step {number}"),
        }
    }

    fn part(self) -> Part {
        const PARTS: &[Part] = &[
            Part::Idle,
            Part::Artefact,
            Part::FdLink,
            Part::FdInfo,
            Part::FdStat,
            Part::Tasks,
            Part::TaskComm,
            Part::TaskStat,
            Part::ExeStat,
            Part::ExeOnDisk,
            Part::ExeHash,
            Part::Again,
        ];
        let index = usize::try_from(self.0 >> 32 & 0xff).unwrap_or(usize::MAX);
        PARTS.get(index).copied().unwrap_or(Part::Other)
    }
}

const COUNT_SHIFT: u32 = 40;

/// Where a worker is. Written by the worker with plain stores, which is all that a read pays; read by the pipeline when
/// nothing has come for a while.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    step: AtomicU64,
    job: AtomicUsize,
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
    fn steps_have_names() {
        assert_eq!(Step::IDLE.name(), "nothing");
        assert_eq!(Step::new(Part::Artefact, 0).name(), "stat");
        assert_eq!(Step::new(Part::Artefact, 9999).name(), "?");
        assert_eq!(Step::new(Part::FdInfo, 12).name(), "fdinfo/12");
        assert_eq!(Step::new(Part::TaskStat, u32::MAX).name(), "task/4294967295/stat");
        assert_eq!(Step::new(Part::ExeHash, 0).name(), "exe");
        assert_eq!(Step::new(Part::Other, 3).name(), "step 3");
    }

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
