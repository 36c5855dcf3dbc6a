//! One member, as a reader hands it out.

use super::sums::Sha256Digest;
use std::sync::Arc;

/// One whole member of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, as in the archive, without a leading `./`.
    pub name: Arc<str>,
    /// Its bytes; of a recovered file only the first where [`Limits::recovered`](super::Limits::recovered) left the others
    /// where they are.
    pub data: Vec<u8>,
    /// How many bytes it has in the bundle.
    pub size: u64,
    /// SHA-256 of all of them; none where nobody has hashed it.
    pub sha256: Option<Sha256Digest>,
}

impl Member {
    /// One whose hash nobody has computed yet.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, data: Vec<u8>) -> Self {
        Self { name: name.into(), size: data.len() as u64, data, sha256: None }
    }

    /// Whether all of its bytes are here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.data.len() as u64 == self.size
    }

    /// The hash that a member of this name is called by, in hex as it should be: for shared texts and recovered files.
    #[must_use]
    pub(super) fn called(name: &str) -> Option<&str> {
        ["text/", "executable/", "file/"].iter().find_map(|folder| name.strip_prefix(folder))
    }

    /// Whether a member of this name is a file that was recovered from a running process: the program of one, or a deleted
    /// file that one has open. They are most of a large bundle, and nothing but their bytes themselves is told from them.
    #[must_use]
    pub fn is_recovered(name: &str) -> bool {
        name.starts_with("executable/") || name.starts_with("file/")
    }
}
