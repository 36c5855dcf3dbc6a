//! The bundle: a gzip-compressed tar that needs no tool of ours. Normative description: `FORMAT.md` of this
//! crate.
//!
//! [`Writer`] and [`Reader`] are the two ends. The reader takes pieces of any size, gives every whole member of a
//! truncated or damaged file, and keeps within [`Limits`].

mod armor;
mod content;
pub mod descriptor;
mod error;
mod file_content;
pub mod gunzip;
mod gzip;
mod history;
mod integrity;
mod limits;
mod manifest;
mod marks;
mod member;
mod output;
mod reader;
mod record;
mod salvage;
pub mod scan;
mod sniff;
mod sparse;
mod sums;
mod tar_entry;
pub mod tarball;
pub mod template;
#[cfg(test)]
mod tests;
mod writer;

pub use armor::{
    AGE_ARMOR, ArmorReader, ArmorWriter, BEGIN as ARMOR_BEGIN, BUNDLE_ARMOR, END as ARMOR_END, Marker,
};
pub use content::{Content, serialize_bytes};
pub use error::BundleError;
pub use file_content::{ContentError, FileContent};
pub use integrity::{Integrity, Verdict};
pub use limits::Limits;
pub use manifest::{
    ByteOrder, CollectorState, FORMAT, JobOutcome, Manifest, Observation, Outcome, Outcomes, Redacted, Tree,
    job,
};
pub use marks::ArmorMarks;
pub use member::Member;
pub use reader::{Ended, Reader};
pub use record::{
    CUT, Executable, Fd, FileStat, NOT_APPLICABLE, OnDisk, ProcessRecord, TIMED_OUT, Thread, VANISHED,
};
pub use salvage::{Salvaged, salvage};
pub use sniff::Kind;
pub use sums::{SUMS_NAME, Sha256Digest, hex, sha256, unhex};
pub use template::{Bases, TemplateError};
#[cfg(feature = "zlib")]
pub use writer::{Mark, NEAR_MIN, Search};
pub use writer::{Streamed, Writer};

/// Name of the first member.
pub const MANIFEST_NAME: &str = "manifest.json";
/// Name of the last member but [`SUMS_NAME`].
pub const OUTCOMES_NAME: &str = "outcomes.json";
