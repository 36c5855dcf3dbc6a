//! What people say of the evidence: marks, texts and a summary. They stand beside it and never change it.
//!
//! A note is on one thing ([`On`]), by one author, with the time of its last change. Notes of several people are merged
//! without a loss: each author has one note on a thing, and the newer of two counts. What is deleted leaves a trace without
//! text, so that it does not come back from an older copy. The file is described in `docs/notes.md`.

mod document;
mod note;
mod noted;
mod on;
mod read;

pub use document::{Document, MAGIC, Section};
pub use note::{Note, Tag};
pub use noted::Noted;
pub use on::{On, SUMMARY};
pub use read::{Limit, NotNotes, Reading};
