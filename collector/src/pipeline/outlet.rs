//! The worker's side of the channel, with a gate that the main thread can close behind a worker that hangs.

use procglass_model::bundle::Outcome;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

/// From the worker to the writer.
#[derive(Debug)]
pub(crate) enum Message {
    /// A whole member.
    Member { name: String, data: Vec<u8> },
    /// Content for `text/<sha256>`.
    Text(Vec<u8>),
    /// A member that cannot be had.
    Problem(Outcome),
}

/// The worker shall stop: the run ends, or another has taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop;

/// True: closed. Held while a worker sends, so that it is closed either before a message or after it and what belongs to
/// it, never between.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<bool>>);

impl Gate {
    /// Closes it. False when the worker is just going through, and so does not hang.
    pub(crate) fn close(&self) -> bool {
        match self.0.try_lock() {
            Ok(mut closed) => {
                *closed = true;
                true
            }
            Err(TryLockError::Poisoned(_)) => true,
            Err(TryLockError::WouldBlock) => false,
        }
    }
}

/// Where a worker puts what it has read.
#[derive(Debug)]
pub(crate) struct Outlet {
    sender: SyncSender<Message>,
    gate: Gate,
}

impl Outlet {
    pub(crate) fn new(sender: SyncSender<Message>, gate: Gate) -> Self {
        Self { sender, gate }
    }

    /// Sends a message, and does `then` in the same breath.
    pub(crate) fn send(&self, message: Message, then: impl FnOnce()) -> Result<(), Stop> {
        self.pass(|| {
            self.sender.send(message).map_err(|_| Stop)?;
            then();
            Ok(())
        })
    }

    /// Does something unless the gate is closed.
    pub(crate) fn pass(&self, act: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
        let closed = self.gate.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *closed { Err(Stop) } else { act() }
    }

    /// Sends a shared text.
    pub(crate) fn text(&self, content: Vec<u8>) -> Result<(), Stop> {
        self.send(Message::Text(content), || {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;

    #[test]
    fn a_closed_gate_lets_nothing_through() {
        let (sender, receiver) = sync_channel(4);
        let gate = Gate::default();
        let outlet = Outlet::new(sender, gate.clone());
        outlet.text(vec![1]).unwrap();
        assert!(gate.close());
        let mut done = false;
        assert_eq!(outlet.send(Message::Text(vec![2]), || done = true), Err(Stop));
        assert!(!done);
        assert_eq!(receiver.try_iter().count(), 1);
    }

    #[test]
    fn a_gate_in_use_is_not_closed() {
        let (sender, receiver) = sync_channel(0);
        let gate = Gate::default();
        let outlet = Outlet::new(sender, gate.clone());
        let thread = std::thread::spawn(move || outlet.text(vec![1]));
        while gate.close() {
            // Not there yet: open it again.
            *gate.0.lock().unwrap() = false;
            std::thread::yield_now();
        }
        assert!(matches!(receiver.recv(), Ok(Message::Text(_))));
        assert_eq!(thread.join().unwrap(), Ok(()));
    }

    #[test]
    fn nobody_there_means_stop() {
        let (sender, receiver) = sync_channel(1);
        drop(receiver);
        assert_eq!(Outlet::new(sender, Gate::default()).text(Vec::new()), Err(Stop));
    }
}
