//! What the application knows: the opened systems, the place in them, and how to go elsewhere.
//!
//! Three contexts, so that a keystroke in the filter does not render what depends on the data alone: [`Data`], the
//! [`Route`], and the [`Go`] that changes it.

mod actions;
mod data;
mod export;
mod filter;
mod fleet;
mod folds;
mod logs;
mod notebook;
mod offers;
mod route;
mod router;

pub(crate) use actions::Actions;
pub(crate) use data::{Data, Origin, System};
pub(crate) use export::{Exports, Rows};
pub(crate) use filter::use_filter;
pub(crate) use fleet::{Fleet, Slot, Systems, use_fleet};
pub(crate) use folds::Folds;
pub(crate) use logs::{Correlated, Log, Logs, ReadLog, Reading, use_logs};
pub(crate) use notebook::{Notebook, Notes, use_notebook};
pub(crate) use offers::{Offers, use_offers};
pub(crate) use route::{QUERY, Route, SYSTEM, TIME};
pub(crate) use router::{Go, Here, Router, use_around, use_go, use_here};

use yew::prelude::*;

/// The system that is shown. Only below the frame, where there is one.
#[hook]
pub(crate) fn use_data() -> Option<Data> {
    use_context::<Data>()
}
