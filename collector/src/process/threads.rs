//! The threads of a process that has more than one.

use super::Subject;
use super::fds::decimal;
use crate::pipeline::Worker;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::Missing;
use std::os::fd::AsFd;

/// More threads than a busy server has; each costs some 400 bytes of memory while its process is read.
const THREADS_MAX: usize = 32_768;
/// A line of `stat` is a third of this.
const CAP: usize = 4096;

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
        for (part, file) in [(Part::TaskComm, "comm"), (Part::TaskStat, "stat")] {
            match self.record(Step::new(part, tid), dir.as_fd(), file, CAP) {
                Ok(_) => {
                    self.draft.threads.key(file);
                    self.draft.threads.bytes(&self.taker.buffer);
                }
                Err(missing) => self.draft.error(&format!("{path}/{file}"), &missing.word()),
            }
        }
        self.draft.threads.close(b'}');
    }
}
