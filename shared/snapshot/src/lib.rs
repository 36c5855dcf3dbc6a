//! The model: typed, immutable after loading, built from members one by one.

pub mod analysis;
mod assembly;
mod build;
mod containers;
mod coverage;
mod descriptors;
mod early;
pub mod environ;
mod file;
#[cfg(test)]
mod fixture;
mod member;
mod problem;
mod process;
mod snapshot;
mod socket;
mod standing;
mod summary;
mod tables;
mod user;

pub use assembly::Assembly;
pub use build::SnapshotBuilder;
pub use coverage::{Coverage, Gap};
pub use file::{FileIndex, FileKind, OpenFile};
pub use member::Members;
pub use problem::{Problem, explain};
pub use process::{Namespaces, Process, ProcessIndex};
pub use snapshot::Place;
pub use snapshot::Snapshot;
pub use socket::{Exposure, Owner, Protocol, Socket, SocketIndex};
pub use user::{User, Users};

#[cfg(test)]
mod tests;
