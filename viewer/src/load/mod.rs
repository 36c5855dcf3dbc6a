//! From bytes to an opened system, in slices short enough that the page stays alive.

mod bytes;
mod digest;
mod embedded;
mod evidence;
mod job;
mod sealed;
mod turn;

pub(crate) use bytes::{Input, Opened};
pub(crate) use embedded::{embedded, release};
pub(crate) use job::{Cancel, Progress, load, run_rules};
pub(crate) use sealed::{Key, Locked, Stretch, Unlocker, stretch};
pub(crate) use turn::Turn;
