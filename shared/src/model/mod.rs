//! The model: typed, immutable after loading, built from members one by one.

mod assembly;
mod build;
mod containers;
mod coverage;
mod descriptors;
mod early;
pub(crate) mod environ;
mod file;
mod latest;
mod member;
mod problem;
mod process;
mod snapshot;
mod socket;
mod standing;
mod summary;
mod tables;
mod time;
mod user;

pub use assembly::Assembly;
pub use build::SnapshotBuilder;
pub use coverage::{Coverage, Gap};
pub use file::{FileKind, OpenFile};
pub use member::Members;
pub use problem::{Problem, explain};
pub use process::{Namespaces, Process, ProcessIndex};
pub(crate) use snapshot::Place;
pub use snapshot::Snapshot;
pub use socket::{Exposure, Owner, Protocol, Socket, SocketIndex};
pub use time::Timestamp;
pub use user::{User, Users};

#[cfg(test)]
mod tests;
