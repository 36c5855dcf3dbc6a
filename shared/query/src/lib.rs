//! Questions and their answers as plain data: the same for the terminal and for the screen.

mod changes;
mod columns;
mod complete;
mod complete_changes;
pub mod edit;
mod field;
mod filter;
mod findings;
mod matcher;
mod notes;
mod parse;
mod source;
mod systems;
mod table;
mod value;
pub mod write;

pub use columns::{FILES, PROBLEMS, PROCESSES, SOCKETS, TREE};
pub use complete::{Completion, Completions, complete};
pub use complete_changes::complete_changes;
pub use field::{CHANGE_FIELDS, FIELDS, FLAGS, FieldSpec, FlagSpec, SYSTEM_FIELDS, documentation};
pub use filter::Filter;
pub use findings::FINDINGS;
pub use parse::FilterError;
pub use systems::{GROUPS, SYSTEMS, SystemColumn, complete_systems};
pub use table::{Extra, Table, View};
pub use value::{Column, Value};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk_tests;
