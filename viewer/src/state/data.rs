//! One opened bundle and what pages derive from it once.

use super::Notebook;
use procglass_opened::Opened;
use procglass_snapshot::analysis::direction::{Direction, Listeners};
use procglass_snapshot::analysis::flow::Flow;
use procglass_snapshot::analysis::overview::Overview;
use procglass_snapshot::analysis::talk::Talks;
use procglass_snapshot::analysis::timeline::Timeline;
use procglass_snapshot::{Problem, Process, ProcessIndex, Socket, SocketIndex};
use procglass_systems::{Who, who};
use std::cell::{Cell, OnceCell};
use std::ops::Deref;
use std::rc::Rc;
use web_sys::Blob;

/// A file as it was opened.
pub(crate) struct Origin {
    /// Its name, as the reader's machine has it.
    pub(crate) name: String,
    /// Its SHA-256, lower-case hex.
    pub(crate) sha256: String,
    /// Its length.
    pub(crate) bytes: usize,
    /// Its bytes, kept by the browser.
    pub(crate) original: Option<Blob>,
}

/// Ends with a place of their own on each side of the first page's picture: what one look takes in.
const ENDS: usize = 6;

/// An opened system. Never changed after loading.
pub(crate) struct System {
    /// The file that it came from.
    pub(crate) origin: Origin,
    /// Why reading stopped early, if it did.
    pub(crate) stopped: Option<String>,
    /// What the bundle says.
    pub(crate) snapshot: Opened,
    /// Facts for the first page.
    pub(crate) overview: Overview,
    /// Who talks to whom, for the first page: the strongest ends.
    pub(crate) flow: Flow,
    /// When processes started.
    pub(crate) timeline: Timeline,
    /// Processes below each process.
    pub(crate) below: Vec<u32>,
    /// The state of the notebook whose notes the snapshot has.
    noted: Cell<Option<u32>>,
    listeners: Listeners,
    problems: OnceCell<Vec<Problem>>,
    talks: OnceCell<Talks>,
    who: OnceCell<Vec<Who>>,
}

impl System {
    /// Derives everything from a snapshot; `turn` is awaited between the pieces, so that the page stays alive.
    pub(crate) async fn new(
        origin: Origin,
        stopped: Option<String>,
        snapshot: Opened,
        mut turn: impl AsyncFnMut(),
    ) -> Self {
        let overview = Overview::of(&snapshot);
        turn().await;
        let timeline = Timeline::of(&snapshot);
        let below = snapshot.tree.descendants();
        turn().await;
        let listeners = Listeners::of(&snapshot);
        turn().await;
        let sockets = (0..).map(SocketIndex).take(snapshot.sockets.len());
        let flow = Flow::of(&snapshot, &listeners, sockets, ENDS);
        Self {
            origin,
            stopped,
            overview,
            flow,
            problems: OnceCell::new(),
            timeline,
            below,
            noted: Cell::new(None),
            listeners,
            talks: OnceCell::new(),
            who: OnceCell::new(),
            snapshot,
        }
    }

    /// What could not be read; put into words when it is first asked for.
    pub(crate) fn problems(&self) -> &[Problem] {
        self.problems.get_or_init(|| self.snapshot.problems())
    }

    /// Which end of a connection began.
    pub(crate) fn direction(&self, socket: &Socket) -> Option<Direction> {
        self.listeners.direction(socket)
    }

    /// What listens.
    pub(crate) fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Who talks to whom inside; put together when it is first asked for.
    pub(crate) fn talks(&self) -> &Talks {
        self.talks.get_or_init(|| Talks::of(&self.snapshot, &self.listeners))
    }

    /// Who the system is; looked up when it is first asked for.
    pub(crate) fn who(&self) -> &[Who] {
        self.who.get_or_init(|| who(&self.snapshot))
    }

    /// How many processes are below one.
    pub(crate) fn below(&self, index: ProcessIndex) -> usize {
        self.below.get(index.0 as usize).map_or(0, |count| *count as usize)
    }

    /// The effective user by name, or by number where no name is known.
    pub(crate) fn user(process: &Process) -> Option<String> {
        Some(crate::format::clip(process.user_words()?.as_bytes(), 100).into_owned())
    }
}

/// A [`System`] behind a pointer, compared by it, by how often the rules have run, and by how often the notes changed.
#[derive(Clone)]
pub(crate) struct Data(Rc<System>, u32, u32);

impl Data {
    /// Takes a system.
    pub(crate) fn new(system: System) -> Self {
        Self(Rc::new(system), 0, 0)
    }

    /// The same after the rules have run: views that show findings draw themselves anew.
    pub(crate) fn checked(&self) -> Self {
        Self(Rc::clone(&self.0), self.1 + 1, self.2)
    }

    /// The same with what people say of it now: views that show notes draw themselves anew.
    pub(crate) fn with_notes(&self, notebook: &Notebook) -> Self {
        let version = notebook.version();
        if self.0.noted.replace(Some(version)) != Some(version) {
            self.0.snapshot.set_notes(notebook.section(self));
        }
        Self(Rc::clone(&self.0), self.1, version)
    }
}

impl Deref for Data {
    type Target = System;
    fn deref(&self) -> &System {
        &self.0
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) && self.1 == other.1 && self.2 == other.2
    }
}

impl Eq for Data {}
