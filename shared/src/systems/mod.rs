//! Many systems: what each bundle says of where it was taken, kept small enough that a thousand of them fit side by side.
//!
//! A [`System`] outlives its [`Snapshot`](crate::model::Snapshot): it holds only what questions across systems need, and
//! names the bundle that has the rest.

mod system;

pub use system::{
    Address, ContainerRow, FindingRow, Kind, ProcessRow, Proof, RowIndex, SocketRow, System, SystemIndex,
};
