//! Many systems: what each bundle says of where it was taken, kept small enough that a thousand of them fit side by side.
//!
//! A [`System`] outlives its [`Snapshot`](crate::model::Snapshot): it holds only what questions across systems need, and
//! names the bundle that has the rest.

mod address;
mod identity;
mod mention;
mod rows;
mod system;

pub use crate::finding::Proof;
pub use system::{
    Address, AddressSource, ContainerRow, Fact, FindingRow, Kind, Mention, NamespaceRow, Place, ProcessRow,
    RowIndex, SocketRow, StoryRow, System, SystemIndex,
};

#[cfg(test)]
mod tests;
