//! Logs that are read beside the bundles, and what they say of them.

use crate::load::Input;
use procglass_correlate::Correlator;
use procglass_logs::{Column, Format, Options, Tally};
use procglass_systems::Register;
use std::rc::Rc;
use yew::prelude::*;

/// A log, and what a person said of it.
#[derive(Clone)]
pub(crate) struct Log {
    /// Where it is read.
    pub(crate) input: Input,
    /// What it does not say itself.
    pub(crate) options: Options,
}

/// A log that was read.
#[derive(Clone)]
pub(crate) struct ReadLog {
    /// The log.
    pub(crate) log: Log,
    /// In which format it was read; `None` for none that is known.
    pub(crate) format: Option<Format>,
    /// The names of its columns with what they are taken for, where it is a table.
    pub(crate) header: Vec<(String, Option<Column>)>,
    /// What became of its lines.
    pub(crate) tally: Tally,
    /// Why its reading ended early, if it did.
    pub(crate) stopped: Option<String>,
}

/// All logs, joined to the systems.
pub(crate) struct Correlated {
    /// The systems that they were joined to.
    pub(crate) register: Rc<Register>,
    /// Every log, in the order of [`LogIndex`](procglass_correlate::LogIndex).
    pub(crate) logs: Vec<ReadLog>,
    /// What was found.
    pub(crate) correlator: Correlator,
}

/// How far the reading is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// Which log.
    pub(crate) name: String,
    /// Bytes read of all logs.
    pub(crate) done: usize,
    /// Of how many.
    pub(crate) total: usize,
    /// Records so far.
    pub(crate) records: u64,
}

/// The logs as pages see them.
#[derive(Clone, Default)]
pub(crate) struct Logs {
    /// What was found, once something was read.
    pub(crate) found: Option<Rc<Correlated>>,
    /// While logs are read.
    pub(crate) reading: Option<Reading>,
    /// Reads a log again as a person says, by its place.
    pub(crate) correct: Callback<(usize, Options)>,
    /// Forgets all logs.
    pub(crate) clear: Callback<()>,
    /// Stops the reading.
    pub(crate) stop: Callback<()>,
}

impl PartialEq for Logs {
    fn eq(&self, other: &Self) -> bool {
        let pointer = |logs: &Self| logs.found.as_ref().map(Rc::as_ptr);
        pointer(self) == pointer(other) && self.reading == other.reading
    }
}

/// The logs. Renders the component anew when more was read.
#[hook]
pub(crate) fn use_logs() -> Logs {
    use_context::<Logs>().unwrap_or_default()
}
