//! Encrypted bundles and reports: asking for the key, and what is inside.

mod look;
mod open;
mod stretch;
mod unlock;

pub(crate) use stretch::{Stretch, normal, stretch};
pub(crate) use unlock::{Key, Locked, Unlocker};
