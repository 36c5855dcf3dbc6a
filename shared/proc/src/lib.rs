//! Parsers of the artefacts of `/proc`: one file for each form, bytes to typed values and problems.
//!
//! Parsers never lose a table for one bad row: they return values and problems.

mod error;
mod stretch;

pub mod account;
pub mod cgroup;
pub mod children;
pub mod cmdline;
pub mod fdinfo;
pub mod limits;
pub mod link;
pub mod maps;
pub mod mountinfo;
pub mod net_address;
pub mod net_inet;
pub mod net_other;
pub mod net_unix;
pub mod stat;
pub mod status;

pub use error::ParseError;
pub use stretch::Stretch;
