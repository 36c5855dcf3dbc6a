//! What each process passes through on its way into a bundle: its record as JSON, and files written relative to its memory or as
//! what they share with those of other processes. A package of its own, since it is compiled for speed and most of the collector
//! for size.

mod alike;
mod json;
mod layout;

pub use alike::{Alike, Pattern};
pub use json::Json;
pub use layout::Layout;
