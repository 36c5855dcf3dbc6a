//! How far a loading is, and the wish to stop it.

use crate::format::clip;
use procglass_snapshot::Process;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How far the loading is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Name of the file.
    pub(crate) name: String,
    /// Which of how many files, counted from 1.
    pub(crate) file: (usize, usize),
    /// Bytes read.
    pub(crate) done: usize,
    /// Of how many.
    pub(crate) total: usize,
    /// Members found.
    pub(crate) members: usize,
    /// Processes among them.
    pub(crate) processes: usize,
    /// The system's name, once it was read.
    pub(crate) system: Option<String>,
    /// The first processes of it.
    pub(crate) first: Rc<[First]>,
}

/// A process while the rest is still being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// Its pid.
    pub(crate) pid: u32,
    /// Its name.
    pub(crate) name: String,
    /// Its program.
    pub(crate) exe: String,
}

/// How many processes are shown while the rest is being read: a screen full.
pub(super) const FIRST: usize = 24;

/// A wish to stop.
#[derive(Clone, Default)]
pub(crate) struct Cancel(Rc<Wish>);

#[derive(Default)]
struct Wish {
    wished: Cell<bool>,
    abandoned: Cell<bool>,
    then: RefCell<Option<Box<dyn Fn()>>>,
}

impl Cancel {
    /// Stops the work at its next slice.
    pub(crate) fn cancel(&self) {
        self.0.wished.set(true);
        if let Some(then) = self.0.then.take() {
            then();
        }
    }

    /// Stops it, and what came of it until then is not wanted.
    pub(crate) fn abandon(&self) {
        self.0.abandoned.set(true);
        self.cancel();
    }

    /// Whether nobody wants what came of it.
    pub(super) fn abandoned(&self) -> bool {
        self.0.abandoned.get()
    }

    /// Whether it was cancelled.
    pub(super) fn wished(&self) -> bool {
        self.0.wished.get()
    }

    /// What to do when it is cancelled, in place of what was said before: to wake what waits.
    pub(super) fn then(&self, call: impl Fn() + 'static) {
        if self.wished() {
            return call();
        }
        self.0.then.replace(Some(Box::new(call)));
    }
}

impl PartialEq for Cancel {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl First {
    pub(super) fn of(process: &Process) -> Self {
        let text = |bytes: &[u8]| clip(bytes, 80).into_owned();
        Self {
            pid: process.pid,
            name: text(&process.name),
            exe: process.exe.as_ref().map(|exe| text(exe)).unwrap_or_default(),
        }
    }
}
