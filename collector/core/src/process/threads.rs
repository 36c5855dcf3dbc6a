//! The threads of a process that has more than one, and the children of each thread.

use super::Subject;
use super::fds::decimal;
use crate::pipeline::Worker;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::{Missing, cut_at};
use procglass_model::artefact::CHILDREN;
use procglass_model::artefact::COMM;
use procglass_model::artefact::STAT;
use rustix::io::Errno;
use std::borrow::Cow;
use std::os::fd::AsFd;

/// More threads than a busy server has; each costs some 400 bytes of memory while its process is read.
const THREADS_MAX: usize = 32_768;

impl Worker {
    pub(super) fn threads(&mut self, subject: &Subject) {
        if let Err(missing) = self.list_threads(subject) {
            self.draft.miss("task", missing);
        }
    }

    fn list_threads(&mut self, subject: &Subject) -> Result<(), Missing> {
        self.taker.enter(Step::new(Part::Tasks, 0))?;
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.clear();
        let listed = sys::numbers(subject.leader(), "task", |number| numbers.push(number)).map(drop);
        for tid in numbers.iter().take(THREADS_MAX) {
            self.thread(subject, *tid);
        }
        if numbers.len() > THREADS_MAX {
            let sentence = format!("cut at {THREADS_MAX} of {} threads", numbers.len());
            self.draft.cut("task", sentence);
        }
        self.numbers = numbers;
        Ok(listed?)
    }

    fn thread(&mut self, subject: &Subject, tid: u32) {
        let mut name = [0; 10];
        let path = ["task/", decimal(tid, &mut name)].concat();
        // A thread that has ended meanwhile was none; its process says more than it could.
        let Ok(dir) = sys::open_dir(subject.leader(), &path) else { return };
        self.draft.threads.open(b'{');
        self.draft.threads.key("tid");
        self.draft.threads.number(u64::from(tid));
        for (part, file, artefact) in [
            (Part::TaskComm, "comm", &COMM),
            (Part::TaskStat, "stat", &STAT),
            (Part::TaskChildren, "children", &CHILDREN),
        ] {
            let read = self.read(Step::new(part, tid), dir.as_fd(), file, artefact);
            if read.is_ok() {
                self.redact_name(file);
                self.draft.threads.key(file);
                self.draft.threads.bytes(&self.taker.buffer);
                if part == Part::TaskChildren {
                    self.meet_children(subject.pid, tid);
                }
            }
            let error = match read {
                Ok(false) => continue,
                // This kernel has none: CONFIG_PROC_CHILDREN.
                Err(Missing::Errno(Errno::NOENT)) if part == Part::TaskChildren => continue,
                Ok(true) => Cow::Owned(cut_at(artefact.cap)),
                Err(missing) => missing.word(),
            };
            self.draft.error(&format!("{path}/{file}"), &error);
        }
        self.draft.threads.close(b'}');
    }

    /// The children of a process's only thread.
    pub(super) fn children(&mut self, subject: &Subject, step: Step) -> Result<Option<String>, Missing> {
        let path = CHILDREN.path_of(subject.pid);
        let cut = match self.read(step, subject.dir(), &path, &CHILDREN) {
            Err(Missing::Errno(Errno::NOENT)) => return Err(Missing::NotApplicable),
            read => read?,
        };
        self.draft.children(&path, &self.taker.buffer);
        self.meet_children(subject.pid, subject.pid);
        Ok(cut.then(|| cut_at(CHILDREN.cap)))
    }
}
