//! What a bundle holds, and its format.
//!
//! [`bundle`] reads and writes the format, which `FORMAT.md` of this crate describes. [`artefact`] lists each file that the collector
//! copies. The rest is vocabulary that every other crate shares: [`Timestamp`], [`network`], [`text`] and [`sorting`].
//!
//! The collector and the viewer both use this crate. It opens no file, reads no clock and starts no thread.

pub mod artefact;
pub mod bundle;
pub mod network;
pub mod sorting;
pub mod text;
mod time;

pub use time::Timestamp;
