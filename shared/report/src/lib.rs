//! The report: one HTML file with the viewer, the evidence, and a summary that reads without scripts.
//!
//! The same code makes it on the command line and in the page, so both give the same file.

mod analyst;
mod contents;
mod full;
mod html;
mod limit;
mod outline;
mod page;
pub mod redact;
mod register;
mod sealed;
mod summary;

pub use analyst::words;
pub use contents::{Contents, ContentsError};
pub use full::{Part, full};
pub use limit::{EASY, MOST, TooLarge};
pub use outline::{Element, Node};
pub use page::{EVIDENCE_PLACE, Evidence, NotAPage, PIECE, Page, SUMMARY_PLACE};
pub use sealed::{SEALED_ID, SealedReport};
pub use summary::{Source, paper, summary, summary_of};
