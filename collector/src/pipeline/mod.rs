//! One worker reads, the main thread compresses and writes. A bounded queue lies between, so that memory stays bounded
//! and both are busy.
//!
//! A read that the kernel does not finish cannot be cancelled. So the main thread watches what the worker announces; when
//! nothing moves for the time limit, it leaves that worker behind and starts another, which does the same job again but
//! for the step that hung.

mod job;
mod outlet;
mod worker;

pub(crate) use job::{Job, Place};
pub(crate) use outlet::{Message, Stop};
pub(crate) use worker::{Seen, Worker};

use crate::context::Context;
use crate::step::{Step, Watch};
use outlet::{Inbox, Taken};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often to look whether the run shall end.
const TICK: Duration = Duration::from_millis(100);
/// Hung reads of one job that are given the whole time limit. The next ones of that job get a tenth: the kernel lock
/// that one read waits for is often the one that others wait for.
const PATIENT: usize = 1;
/// Hung reads of a run after which each further one gets a tenth.
const PATIENT_RUN: usize = 12;
/// A tenth of a short limit is no fair chance.
const LIMIT_MIN: Duration = Duration::from_millis(200);

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
    let mut crew = Crew { context, jobs: &jobs, hung: 0, skip: Vec::new(), skip_job: 0 };
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
    hung: usize,
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
        let Some(hand) = self.hire(from) else {
            self.context.found().problem(OUTCOMES, "no thread could be started; what was left is missing");
            return Shift::Goes(self.jobs.len());
        };
        let (mut mark, mut since) = (hand.watch.mark(), Instant::now());
        loop {
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
                    (mark, since) = (hand.watch.mark(), Instant::now());
                }
                Taken::Ended => return Shift::Goes(self.part(hand)),
                Taken::Nothing => {
                    let now = hand.watch.mark();
                    let step = Watch::step_of(now);
                    if now != mark || step == Step::IDLE {
                        (mark, since) = (now, Instant::now());
                    } else if since.elapsed() >= self.limit(hand.watch.job()) {
                        let hung = hand.watch.job();
                        // What it sent at the last moment counts.
                        if !hand.inbox.close().iter().all(|message| sink.message(message)) {
                            return Shift::Stopped;
                        }
                        let job = hand.watch.job();
                        if job == hung {
                            self.note(job, step);
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
        let skip = if from == self.skip_job { self.skip.clone() } else { Vec::new() };
        let (context, jobs, seen) = (self.context.clone(), self.jobs.clone(), watch.clone());
        let thread = std::thread::Builder::new().name("reader".into()).spawn(move || {
            // A worker that is told to stop has nobody left to tell.
            let _ = Worker::new(context, seen, outlet, skip).work(&jobs, from);
        });
        Some(Hand { watch, inbox, thread: thread.ok()? })
    }

    /// A worker is at its end; says where the next one begins.
    fn part(&self, hand: Hand) -> usize {
        let job = hand.watch.job();
        match hand.thread.join() {
            Ok(()) => self.jobs.len(),
            Err(_) => {
                // A fault of this program costs one job, not the run.
                let name = self.jobs.get(job).map_or_else(String::new, Job::member);
                self.context.found().problem(&name, "this program failed here; please report it");
                job + 1
            }
        }
    }

    fn note(&mut self, job: usize, step: Step) {
        if job != self.skip_job {
            self.skip.clear();
            self.skip_job = job;
        }
        self.skip.push(step);
        self.hung += 1;
    }

    fn limit(&self, job: usize) -> Duration {
        let whole = self.context.options.timeout;
        let again = job == self.skip_job && self.skip.len() >= PATIENT;
        if again || self.hung >= PATIENT_RUN { (whole / 10).max(LIMIT_MIN).min(whole) } else { whole }
    }
}

const OUTCOMES: &str = "outcomes.json";
