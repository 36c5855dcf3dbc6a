//! What every section of a process needs.

use crate::state::{Data, Here};
use crate::view::links;
use procglass_model::bundle::ProcessRecord;
use procglass_snapshot::{Process, ProcessIndex, explain};
use std::borrow::Cow;
use std::rc::Rc;
use yew::prelude::*;

/// A process with everything that was read of it.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) data: Data,
    pub(super) here: Here,
    pub(super) index: ProcessIndex,
    /// Empty where the member was damaged.
    pub(super) record: Rc<ProcessRecord>,
}

impl Context {
    /// The process; an empty one should the index be foreign.
    pub(super) fn process(&self) -> &Process {
        static NONE: std::sync::LazyLock<Process> = std::sync::LazyLock::new(Process::default);
        self.data.snapshot.process(self.index).unwrap_or(&NONE)
    }

    /// The bytes of a file of the process.
    pub(super) fn file(&self, path: &str) -> Option<Cow<'_, [u8]>> {
        self.data.snapshot.members.file(&self.record, path).ok()?
    }

    /// Why a file is not there, for people: `None` when nothing went wrong with it.
    pub(super) fn missing(&self, path: &str) -> Option<String> {
        if let Err(error) = self.data.snapshot.members.file(&self.record, path) {
            return Some(format!("Cannot be shown: {error}."));
        }
        let what = self.record.errors.get(path)?;
        let explained = explain(what);
        Some(match explained {
            "" => format!("Not collected: {what}."),
            _ => format!("Not collected: {explained} ({what})."),
        })
    }

    /// The sentence for a section without content: what went wrong, or that there is nothing.
    pub(super) fn nothing(&self, path: &str, nothing: &'static str) -> Html {
        let missing = self.missing(path);
        let class = if missing.is_some() { "empty missing" } else { "empty" };
        html! { <p {class}>{ missing.unwrap_or_else(|| nothing.to_owned()) }</p> }
    }

    /// A link to the bytes of a part.
    pub(super) fn source(&self, part: &str) -> Html {
        links::source(&self.here, &self.process().member(), part)
    }

    /// A link to another process.
    pub(super) fn link(&self, index: ProcessIndex) -> Html {
        links::process(&self.here, &self.data, index)
    }
}
