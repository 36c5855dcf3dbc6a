//! From bytes to an opened system, in slices short enough that the page stays alive.

mod bytes;
mod digest;
mod embedded;
mod embedded_notes;
mod evidence;
mod folder;
mod job;
pub(crate) mod many;
mod turn;

pub(crate) use bytes::Input;
pub(crate) use embedded::{embedded, release};
pub(crate) use embedded_notes::embedded_notes;
pub(crate) use folder::Dropped;
pub(crate) use job::{Cancel, Progress, load, run_rules};
pub(crate) use turn::Turn;
