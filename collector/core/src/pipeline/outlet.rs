//! What lies between the worker and the main thread: a queue bounded in bytes, that the main thread empties in one go.
//!
//! Waking a thread for each process costs as much as reading a dozen of its files, so the main thread sleeps until enough
//! has come or some time has passed. Everything is under one lock: a worker that hangs is shut out between two messages
//! and never between a message and what belongs to it.

use crate::process::Extents;
use procglass_model::bundle::Outcome;
use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The main thread is woken for this many bytes: some 50 processes. Each time it pushes the worker and the kernel out of the
/// caches that they share, and is pushed out by them.
const WAKE: usize = 256 << 10;
/// The worker waits at this many.
const FULL: usize = 512 << 10;
/// Buffers that are kept for the next processes.
const SPARES: usize = 128;
/// A larger buffer is given back to the system.
const SPARE_MAX: usize = 64 << 10;

/// From the worker to the writer.
#[derive(Debug)]
pub(crate) enum Message {
    /// A whole member.
    Member { name: String, data: Vec<u8> },
    /// A member that comes in pieces, of this size in all.
    Stream { name: String, size: u64, extents: Extents, data: Pieces },
    /// Content for `text/<sha256>`.
    Text(Vec<u8>),
    /// A member that cannot be had.
    Problem(Outcome),
}

impl Message {
    fn bytes(&self) -> usize {
        match self {
            Self::Member { data, .. } | Self::Text(data) => data.len(),
            // The worker goes on only when its pieces are taken.
            Self::Stream { .. } => WAKE,
            Self::Problem(_) => 0,
        }
    }
}

/// Where the pieces of a stream come from.
#[derive(Debug)]
pub(crate) enum Pieces {
    /// The worker reads them and sends them.
    Sent(Receiver<Vec<u8>>),
    /// No other thread can send: who writes the member reads the file.
    File(OwnedFd),
}

/// The worker shall stop: the run ends, or another has taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop;

/// A queue with its two ends.
pub(super) fn queue() -> (Outlet, Inbox) {
    let shared = Arc::new(Shared::default());
    (Outlet { shared: shared.clone(), alone: false }, Inbox(shared))
}

/// A queue whose two ends are held by one thread: it never waits for the other end.
pub(super) fn queue_of_one() -> (Outlet, Inbox) {
    let (mut outlet, inbox) = queue();
    outlet.alone = true;
    (outlet, inbox)
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    /// There is something to take.
    filled: Condvar,
    /// There is room.
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    messages: VecDeque<Message>,
    bytes: usize,
    /// The worker shall stop.
    closed: bool,
    /// The worker is gone.
    ended: bool,
    spares: Vec<Vec<u8>>,
}

impl Shared {
    /// A panic elsewhere leaves a queue of whole messages.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a worker puts what it has read.
#[derive(Debug)]
pub(crate) struct Outlet {
    shared: Arc<Shared>,
    /// Nobody empties the queue while something is sent.
    pub(crate) alone: bool,
}

impl Outlet {
    /// Sends a message, and does `then` in the same breath. Gives an empty buffer for the next one.
    pub(crate) fn send(&self, message: Message, then: impl FnOnce()) -> Result<Vec<u8>, Stop> {
        let mut queue = self.shared.lock();
        while queue.bytes >= FULL && !queue.closed && !self.alone {
            queue = self.shared.emptied.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if queue.closed {
            return Err(Stop);
        }
        queue.bytes += message.bytes();
        queue.messages.push_back(message);
        then();
        if queue.bytes >= WAKE {
            self.shared.filled.notify_one();
        }
        Ok(queue.spares.pop().unwrap_or_default())
    }

    /// Does something unless the worker shall stop.
    pub(crate) fn pass(&self, act: impl FnOnce()) -> Result<(), Stop> {
        let queue = self.shared.lock();
        if queue.closed {
            return Err(Stop);
        }
        act();
        Ok(())
    }

    /// Sends a shared text.
    pub(crate) fn text(&self, content: &[u8]) -> Result<(), Stop> {
        self.send(Message::Text(content.to_vec()), || {}).map(drop)
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.shared.lock().ended = true;
        self.shared.filled.notify_one();
    }
}

/// The main thread's end.
#[derive(Debug)]
pub(super) struct Inbox(Arc<Shared>);

/// What an [`Inbox`] holds.
#[derive(Debug)]
pub(super) enum Taken {
    /// These, in order.
    Some(VecDeque<Message>),
    /// Nothing came in the time.
    Nothing,
    /// The worker is gone, and all that it sent was taken.
    Ended,
}

impl Inbox {
    /// What is there, without waiting.
    pub(super) fn now(&self) -> VecDeque<Message> {
        let mut queue = self.0.lock();
        queue.bytes = 0;
        std::mem::take(&mut queue.messages)
    }

    /// Waits until much has come, or for `most` until anything has.
    pub(super) fn take(&self, most: Duration) -> Taken {
        let queue = self.0.lock();
        let waiting = |queue: &mut Queue| queue.bytes < WAKE && !queue.ended;
        let waited = self.0.filled.wait_timeout_while(queue, most, waiting);
        let mut queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        if queue.messages.is_empty() {
            return if queue.ended { Taken::Ended } else { Taken::Nothing };
        }
        queue.bytes = 0;
        self.0.emptied.notify_one();
        Taken::Some(std::mem::take(&mut queue.messages))
    }

    /// Shuts the worker out, and gives what it sent before.
    pub(super) fn close(&self) -> VecDeque<Message> {
        let mut queue = self.0.lock();
        queue.closed = true;
        self.0.emptied.notify_one();
        std::mem::take(&mut queue.messages)
    }

    /// Gives buffers back for further use.
    pub(super) fn reuse(&self, messages: VecDeque<Message>) {
        let mut queue = self.0.lock();
        for message in messages {
            if let Message::Member { mut data, .. } = message
                && data.capacity() <= SPARE_MAX
                && queue.spares.len() < SPARES
            {
                data.clear();
                queue.spares.push(data);
            }
        }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(10);

    fn count(taken: Taken) -> usize {
        match taken {
            Taken::Some(messages) => messages.len(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_shut_out_leaves_nothing_behind() {
        let (outlet, inbox) = queue();
        outlet.text(&[1]).unwrap();
        assert_eq!(inbox.close().len(), 1);
        let mut done = false;
        assert_eq!(outlet.send(Message::Text(vec![2]), || done = true), Err(Stop));
        assert_eq!(outlet.pass(|| done = true), Err(Stop));
        assert!(!done && matches!(inbox.take(SOON), Taken::Nothing));
    }

    #[test]
    fn little_is_taken_after_a_while_and_much_at_once() {
        let (outlet, inbox) = queue();
        outlet.text(&[1]).unwrap();
        outlet.text(&[1]).unwrap();
        assert_eq!(count(inbox.take(SOON)), 2);
        outlet.text(&vec![1; WAKE]).unwrap();
        assert_eq!(count(inbox.take(Duration::from_secs(60))), 1);
        outlet.text(&[1]).unwrap();
        drop(outlet);
        assert_eq!(count(inbox.take(Duration::from_secs(60))), 1);
        assert!(matches!(inbox.take(SOON), Taken::Ended));
    }

    #[test]
    fn a_full_queue_makes_the_worker_wait_and_a_closed_one_does_not() {
        let (outlet, inbox) = queue();
        let worker = std::thread::spawn(move || {
            let mut sent = 0;
            while outlet.text(&vec![1; FULL / 2]).is_ok() {
                sent += 1;
            }
            sent
        });
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(count(inbox.take(SOON)), 2, "no more fit");
        std::thread::sleep(Duration::from_millis(100));
        drop(inbox);
        assert_eq!(worker.join().unwrap(), 4);
    }

    #[test]
    fn buffers_come_back_empty() {
        let (outlet, inbox) = queue();
        let member = |size| Message::Member { name: "a".into(), data: vec![1; size] };
        assert_eq!(outlet.send(member(1000), || {}).unwrap().capacity(), 0);
        outlet.send(member(SPARE_MAX + 1), || {}).unwrap();
        let Taken::Some(messages) = inbox.take(SOON) else { panic!() };
        inbox.reuse(messages);
        let spare = outlet.send(member(1), || {}).unwrap();
        assert!(spare.is_empty() && spare.capacity() >= 1000);
        assert_eq!(outlet.send(member(1), || {}).unwrap().capacity(), 0, "the large one was not kept");
    }
}
