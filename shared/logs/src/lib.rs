//! Logs of flows: what firewalls, clouds and sensors wrote about who talked to whom.
//!
//! [`LogReader`] takes the bytes of a log in pieces and gives [`Record`]s, the same for every format. A format is one
//! file here and one line in [`FORMATS`].

mod alb;
mod azure;
mod cloudwatch;
mod column;
mod columns;
mod csv;
mod day;
mod eve;
mod format;
mod frame;
mod gcp;
mod journal;
mod json;
mod kernel;
mod kind;
mod parser;
mod protocols;
mod reader;
mod recognise;
mod record;
mod refused;
mod scan;
mod syslog;
mod tally;
#[cfg(test)]
mod tests;
mod vpc;
mod wide;
mod zeek;

pub use column::Column;
pub use columns::{Columns, Which, guess};
pub use csv::header;
pub use format::{About, FORMATS, Format};
pub use kind::is_bundle;
pub use reader::{LogReader, Options};
pub use recognise::recognise;
pub use record::{Action, Amount, Direction, End, Record, Reporter, Status, protocol_name};
pub use refused::{Packing, Refused};
pub use tally::{BadLine, Tally};
