//! Why a bundle could not be read or written.

use super::sniff::Kind;
use std::fmt;

/// A reason to stop. What was read before it stays usable.
#[derive(Debug)]
#[non_exhaustive]
pub enum BundleError {
    /// The input is something else.
    NotABundle(Kind),
    /// A limit was passed; going on could exhaust memory.
    Limit {
        /// What was too much, in words.
        what: &'static str,
        /// The limit, in bytes or pieces.
        limit: u64,
    },
    /// The output could not be written.
    Io(std::io::Error),
    /// A member's name does not fit the format.
    BadName(String),
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABundle(kind) => write!(f, "this is not a procglass bundle: {kind}"),
            Self::Limit { what, limit } => write!(
                f,
                "{what} is over the limit of {limit}; reading stopped there, and what came before is shown. \
                 If you trust the source, read more of it on the command line: procglass show --limit SIZE"
            ),
            Self::Io(error) => write!(f, "the bundle could not be written: {error}"),
            Self::BadName(name) => write!(f, "member name `{}` does not fit the format", name.escape_debug()),
        }
    }
}

impl std::error::Error for BundleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<std::io::Error> for BundleError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}
