//! Leaving things out before a report is made.
//!
//! The result is a new bundle. What is kept is what this code knows how to clean: files of a known form, field by field;
//! everything else is left out and listed in the manifest. Values become pseudonyms, the same for the same, so that sockets
//! still find their owners and paths their trees. First all values are gathered, since what one process has in its
//! environment stands in another's arguments; then each text is searched for all of them.

mod address;
mod alike;
mod choice;
mod gather;
mod job;
mod member;
mod names;
mod needle;
mod notes;
mod path;
mod process;
mod table;
#[cfg(test)]
mod tests;

pub use choice::{CHOICES, Choice, Choices, NotAChoice};
pub use job::Job;
pub use names::Names;
pub use notes::notes;

use procglass_model::bundle::BundleError;
use procglass_opened::Opened;

/// Makes a new bundle without what `names` was made to leave out. The same `names` for several bundles gives the same
/// value the same pseudonym in all of them.
///
/// # Errors
/// Those of writing, which none are to be expected of.
pub fn redact(names: &mut Names, snapshot: &Opened, original_sha256: &str) -> Result<Vec<u8>, BundleError> {
    Job::new(names, snapshot, original_sha256)?.finish()
}

/// What the file of a redacted bundle is called: the original's name may hold what was to go.
#[must_use]
pub fn file_name(snapshot: &Opened, number: usize) -> String {
    let plain = |char: char| if char.is_ascii_alphanumeric() || "-_.".contains(char) { char } else { '-' };
    let host: String = snapshot.host_name().chars().take(64).map(plain).collect();
    let number = if number == 0 { String::new() } else { format!("-{}", number + 1) };
    format!("{}-redacted{number}.procglass.tar.gz", host.trim_start_matches(['.', '-']))
}
