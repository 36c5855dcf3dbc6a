//! All bundles that are open. A thousand of them do not fit into a page at once: each stays where it came from, and the few
//! that somebody looks at are in memory.

use super::Data;
use crate::load::Input;
use procglass_systems::{Register, System as Record, SystemIndex};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

/// One bundle: where it can be read again.
#[derive(Clone)]
pub(crate) struct Slot {
    /// Where it came from.
    pub(crate) input: Input,
    /// SHA-256 of the file, lower-case hex.
    pub(crate) sha256: String,
    /// Its length. To ask the browser for it takes as long as to read a little of it.
    pub(crate) bytes: usize,
}

/// What is open.
#[derive(Clone, Default)]
pub(crate) struct Systems {
    /// Every bundle, in the order in which they were opened.
    pub(crate) slots: Vec<Slot>,
    /// What questions across systems need of each, in the same order; without findings until the rules have run.
    pub(crate) register: Rc<Register>,
    /// Whether the register holds all of that. Of a bundle that is alone it has only the name until somebody asks: to look
    /// through ten thousand processes takes as long as to open them.
    pub(crate) complete: bool,
    /// What could not be opened beside them, in words.
    pub(crate) failures: Vec<String>,
    /// Those that are in memory, by place in `slots`.
    pub(crate) loaded: BTreeMap<usize, Data>,
    /// The same places, what was asked for last at the end.
    pub(crate) recent: Vec<usize>,
}

/// [`Systems`] behind a pointer, compared by it.
#[derive(Clone, Default)]
pub(crate) struct Fleet(Rc<Systems>);

/// How many processes may be in memory beside what is looked at: a bundle takes about 35 KB a process.
const ROOM: usize = 12_000;

/// So many stay in memory however large they are: what is shown, and two to compare.
const NEEDED: usize = 3;

impl Systems {
    /// Keeps a bundle in memory, and lets those go for it that nobody has asked for in a long time.
    pub(crate) fn keep(&mut self, at: usize, data: Data) {
        self.loaded.insert(at, data);
        self.recent.retain(|other| *other != at);
        self.recent.push(at);
        let size = |data: &Data| data.snapshot.processes.len();
        let mut total: usize = self.loaded.values().map(size).sum();
        while total > ROOM && self.recent.len() > NEEDED {
            let oldest = self.recent.remove(0);
            total -= self.loaded.remove(&oldest).map_or(0, |data| size(&data));
        }
    }

    /// Whether one of so many processes can be kept in memory without another being let go.
    pub(crate) fn has_room(&self, processes: usize) -> bool {
        let total: usize = self.loaded.values().map(|data| data.snapshot.processes.len()).sum();
        self.loaded.len() < NEEDED || total + processes <= ROOM
    }

    /// What is known of the system of a bundle.
    pub(crate) fn record(&self, at: usize) -> Option<&Record> {
        self.register.get(SystemIndex(u32::try_from(at).ok()?))
    }

    /// The place of a bundle that is open already.
    pub(crate) fn find(&self, sha256: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.sha256 == sha256)
    }
}

impl From<Systems> for Fleet {
    fn from(systems: Systems) -> Self {
        Self(Rc::new(systems))
    }
}

impl Fleet {
    /// A copy to change.
    pub(crate) fn to_systems(&self) -> Systems {
        (*self.0).clone()
    }
}

impl Deref for Fleet {
    type Target = Systems;
    fn deref(&self) -> &Systems {
        &self.0
    }
}

impl PartialEq for Fleet {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// All bundles that are open. Renders the component anew when one is added or its rules have run.
#[hook]
pub(crate) fn use_fleet() -> Fleet {
    use_context::<Fleet>().unwrap_or_default()
}
