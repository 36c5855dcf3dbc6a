//! Many systems: what each bundle says of where it was taken, kept small enough that a thousand of them fit side by side.
//!
//! A [`System`] outlives its [`Snapshot`](procglass_snapshot::Snapshot): it holds only what questions across systems need, and
//! names the bundle that has the rest.

mod address;
mod alike;
mod answer;
pub mod compare;
mod describe;
mod identity;
mod link;
mod mention;
mod question;
mod register;
mod rows;
mod same;
mod share;
mod system;
mod who;

pub use alike::{ALIKE, Alike};
pub use answer::{Answer, AnswerKind, Holder, Reply};
pub use describe::AddressSource;
pub use link::{Connection, Link, Linker, Party, Strength};
pub use procglass_findings::Proof;
pub use question::{Question, QuestionError};
pub use register::{Register, StoryIndex};
pub use same::Same;
pub use share::{Common, CommonKind};
pub use system::{
    Address, ContainerRow, Fact, FindingRow, Kind, Mention, Named, NamespaceRow, Place, ProcessRow, RowIndex,
    SocketRow, StoryRow, System, SystemIndex,
};
pub use who::{Who, who};

#[cfg(test)]
mod identity_tests;
#[cfg(test)]
mod register_tests;
#[cfg(test)]
mod tests;
