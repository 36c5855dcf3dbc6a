//! Logs of flows joined to systems: from a line of a log to the process, and back.
//!
//! A [`Correlator`] takes [`Record`](procglass_logs::Record)s. For each it tells which systems and processes its ends are,
//! and with which [`Strength`]; it keeps sums for each process, and the addresses that no system explains.

mod brief;
mod cell;
mod correlator;
mod digits;
mod document;
mod fragment;
mod index;
mod join;
mod place;
mod seen;
mod strength;
mod table;
mod talker;
#[cfg(test)]
mod tests;
mod write;

pub use correlator::{Correlator, Counts, LogIndex, Row};
pub use document::documentation;
pub use index::NEAR;
pub use place::identifies;
pub use seen::{REMOTES, Remote, Seen, Totals};
pub use strength::{AboutStrength, Match, STRENGTHS, Side, Strength, reference};
pub use table::{processes, talkers};
pub use talker::{TALKERS, Talker};
pub use write::RowWriter;
