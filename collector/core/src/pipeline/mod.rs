//! One worker reads, the main thread compresses and writes. A bounded queue lies between, so that memory stays bounded
//! and both are busy.
//!
//! A read that the kernel does not finish cannot be cancelled. So the main thread watches what the worker announces; when
//! nothing moves for the time limit, it leaves that worker behind and starts another, which does the same job again but
//! for the step that hung. Where the kernel starts no thread, the main thread reads by itself: a read that hangs cannot be given
//! up then.

mod job;
mod outlet;
mod worker;

pub(crate) use job::{Job, Place};
pub(crate) use outlet::{Message, Pieces, Stop};
pub(crate) use worker::{Seen, Worker};

use crate::context::Context;
use crate::step::{Step, Watch};
use outlet::{Inbox, Taken};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often to look whether the run shall end.
const TICK: Duration = Duration::from_millis(100);
/// Hung reads of one job that are given the whole time limit. The next ones of that job get a tenth: the kernel lock
/// that one read waits for is often the one that others wait for.
const PATIENT: usize = 1;
/// Hung reads of a run cost together about so many times the time limit, and no more than this part of the deadline: the processes
/// that come after them are evidence, too.
const WHOLE_LIMITS: u32 = 6;
const PART_OF_DEADLINE: u32 = 3;
/// The next hung read is given this part of what is left of that.
const PART_OF_REST: u32 = 4;
/// A tenth of a short limit is no fair chance.
const LIMIT_MIN: Duration = Duration::from_millis(200);

/// Bytes of a reader's stack. Its buffers lie elsewhere; the standard library's 2 MiB may be more than there is.
const STACK: usize = 512 << 10;

/// What takes the messages.
pub(crate) trait Sink {
    /// Takes a message. False: no more, please.
    fn message(&mut self, message: &Message) -> bool;
    /// Called often. False: the run shall end.
    fn tick(&mut self) -> bool;
}

/// How the jobs ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// All were done.
    Done,
    /// The sink had enough.
    Stopped,
}

/// Does the jobs in order.
pub(crate) fn run(context: &Arc<Context>, jobs: Vec<Job>, sink: &mut dyn Sink) -> End {
    let jobs: Arc<[Job]> = jobs.into();
    let mut crew = Crew { context, jobs: &jobs, skip: Vec::new(), skip_job: 0 };
    let mut next = 0;
    while next < jobs.len() {
        match crew.shift(next, sink) {
            Shift::Stopped => return End::Stopped,
            Shift::Goes(at) => next = at,
        }
    }
    End::Done
}

struct Crew<'a> {
    context: &'a Arc<Context>,
    jobs: &'a Arc<[Job]>,
    /// Steps that hung in the job `skip_job`.
    skip: Vec<Step>,
    skip_job: usize,
}

enum Shift {
    Stopped,
    /// The next worker begins here.
    Goes(usize),
}

/// One worker, as seen by the main thread.
struct Hand {
    watch: Arc<Watch>,
    inbox: Inbox,
    thread: JoinHandle<()>,
}

impl Crew<'_> {
    /// From the start of a worker to its end.
    fn shift(&mut self, from: usize, sink: &mut dyn Sink) -> Shift {
        let Some(hand) = self.hire(from) else { return self.alone(from, sink) };
        let (mut mark, mut quiet) = (hand.watch.mark(), Duration::ZERO);
        loop {
            let looked = Instant::now();
            if !sink.tick() {
                // The worker ends by itself when it next sends.
                return Shift::Stopped;
            }
            match hand.inbox.take(TICK) {
                Taken::Some(messages) => {
                    for message in &messages {
                        if !(sink.message(message) && sink.tick()) {
                            return Shift::Stopped;
                        }
                    }
                    hand.inbox.reuse(messages);
                    (mark, quiet) = (hand.watch.mark(), Duration::ZERO);
                }
                Taken::Ended => return Shift::Goes(self.part(hand)),
                Taken::Nothing => {
                    let now = hand.watch.mark();
                    let step = Watch::step_of(now);
                    // A process that is stopped and continued finds that much time has passed, in which nobody could read.
                    quiet += looked.elapsed().min(2 * TICK);
                    if now != mark || step == Step::IDLE {
                        (mark, quiet) = (now, Duration::ZERO);
                    } else if quiet >= self.limit(hand.watch.job()) {
                        let hung = hand.watch.job();
                        if let Some(mount) = hand.watch.mount() {
                            self.context.hung.add(mount);
                        }
                        // What it sent at the last moment counts.
                        if !hand.inbox.close().iter().all(|message| sink.message(message)) {
                            return Shift::Stopped;
                        }
                        let job = hand.watch.job();
                        if job == hung {
                            self.note(job, step, quiet);
                        }
                        return Shift::Goes(job);
                    }
                }
            }
        }
    }

    fn hire(&mut self, from: usize) -> Option<Hand> {
        let (outlet, inbox) = outlet::queue();
        let watch = Arc::new(Watch::default());
        watch.begin_job(from);
        let skip = self.skipped(from);
        let (context, jobs, seen) = (self.context.clone(), self.jobs.clone(), watch.clone());
        let thread = std::thread::Builder::new().name("reader".into()).stack_size(STACK).spawn(move || {
            // A worker that is told to stop has nobody left to tell.
            let _ = Worker::new(context, seen, outlet, skip).work(&jobs, from);
        });
        Some(Hand { watch, inbox, thread: thread.ok()? })
    }

    /// The steps that hung in the job at `from`.
    fn skipped(&self, from: usize) -> Vec<Step> {
        if from == self.skip_job { self.skip.clone() } else { Vec::new() }
    }

    /// All jobs from `from` on, on this thread.
    fn alone(&mut self, from: usize, sink: &mut dyn Sink) -> Shift {
        let sentence = "no thread could be started: what was read was read without one, and a read that hangs could not have \
                        been given up";
        {
            let mut found = self.context.found();
            if found.problems.iter().all(|problem| problem.what != sentence) {
                found.problem(OUTCOMES, sentence);
            }
        }
        let (outlet, inbox) = outlet::queue_of_one();
        let mut worker = Worker::new(self.context.clone(), Arc::default(), outlet, self.skipped(from));
        for (index, job) in self.jobs.iter().enumerate().skip(from) {
            let read = worker.job(job, index);
            let messages = inbox.now();
            if read.is_err() || !messages.iter().all(|message| sink.message(message)) || !sink.tick() {
                return Shift::Stopped;
            }
            inbox.reuse(messages);
        }
        Shift::Goes(self.jobs.len())
    }

    /// A worker is at its end; says where the next one begins.
    fn part(&self, hand: Hand) -> usize {
        let job = hand.watch.job();
        match hand.thread.join() {
            Ok(()) => self.jobs.len(),
            Err(_) => {
                // A fault of this program costs one job, not the run.
                let name = self.jobs.get(job).map_or_else(String::new, Job::member);
                let what = "this program failed here; please report it";
                let mut found = self.context.found();
                found.problem(&name, what);
                if let Some(job) = self.jobs.get(job) {
                    found.fail(job.kind(), what);
                }
                job + 1
            }
        }
    }

    fn note(&mut self, job: usize, step: Step, waited: Duration) {
        if job != self.skip_job {
            self.skip.clear();
            self.skip_job = job;
        }
        self.skip.push(step);
        let waited = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
        self.context.waited.fetch_add(waited, Ordering::Relaxed);
    }

    /// How long the next read may take that hangs.
    fn limit(&self, job: usize) -> Duration {
        let options = &self.context.options;
        let whole = options.timeout;
        let least = LIMIT_MIN.min(whole);
        let again = job == self.skip_job && self.skip.len() >= PATIENT;
        if again {
            return (whole / 10).max(least);
        }
        let most = (whole * WHOLE_LIMITS).min(options.deadline / PART_OF_DEADLINE);
        let spent = Duration::from_millis(self.context.waited.load(Ordering::Relaxed));
        (most.saturating_sub(spent) / PART_OF_REST).clamp(least, whole)
    }
}

const OUTCOMES: &str = "outcomes.json";
