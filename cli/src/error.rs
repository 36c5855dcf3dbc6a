//! What can go wrong, and the exit code of it.

use procglass_age::SealError;
use procglass_model::bundle::BundleError;
use procglass_notes::NotNotes;
use procglass_query::FilterError;
use procglass_report::TooLarge;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fmt, io};

/// Exit codes, the same as the collector's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All went well.
    Done = 0,
    /// Nothing was written.
    Nothing = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Done, but the input was damaged or incomplete.
    Damaged = 3,
    /// Done, and what was found is as serious as `--fail-on` says.
    Found = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A reason to stop.
#[derive(Debug)]
pub(crate) enum Error {
    /// A file could not be read or written.
    File { path: PathBuf, doing: &'static str, error: io::Error },
    /// A file is no bundle.
    Bundle { path: PathBuf, error: BundleError },
    /// A file holds no notes.
    Notes { path: PathBuf, error: NotNotes },
    /// A report would be too large.
    TooLarge(TooLarge),
    /// A file cannot be decrypted, or a key not be read.
    Sealed { path: PathBuf, error: SealError },
    /// A file is encrypted, and there is nothing to open it with.
    Locked { path: PathBuf, with: &'static str, option: &'static str },
    /// The query is not understood.
    Filter { query: String, error: FilterError },
    /// Wrong words on the command line.
    Usage(String),
    /// Standard output failed.
    Output(io::Error),
    /// This binary has no viewer in it.
    NoViewer,
    /// The given viewer has no place for evidence.
    NotAViewer(PathBuf),
}

impl Error {
    pub(crate) fn file(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::File { path: path.into(), doing, error }
    }

    pub(crate) fn sealed(path: &Path) -> impl FnOnce(SealError) -> Self {
        move |error| Self::Sealed { path: path.into(), error }
    }

    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Filter { .. } | Self::Usage(_) | Self::Locked { .. } => Exit::Usage,
            _ => Exit::Nothing,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, doing, error } => {
                write!(f, "{}: could not be {doing}: {error}", path.display())
            }
            Self::Bundle { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Notes { path, error } => write!(f, "{}: {error}", path.display()),
            Self::TooLarge(error) if error.is_possible() => {
                write!(f, "{error}; --force makes it all the same")
            }
            Self::TooLarge(error) => write!(f, "{error}"),
            Self::Sealed { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Locked { path, with, option } => write!(
                f,
                "{}: it is encrypted and takes {with} to open: give that with {option} FILE",
                path.display()
            ),
            Self::Filter { query, error } => {
                let before = query.get(..error.at.start).map_or(0, |text| text.chars().count());
                let width = query.get(error.at.clone()).map_or(1, |text| text.chars().count().max(1));
                writeln!(f, "the filter is not understood: {}", error.message)?;
                write!(f, "  {query}\n  {}{}", " ".repeat(before), "^".repeat(width))
            }
            Self::Usage(what) => write!(f, "{what}"),
            Self::Output(error) => write!(f, "could not write: {error}"),
            Self::NoViewer => write!(
                f,
                "this procglass was built without its viewer. Build it with `cargo xtask build`, or name one with --viewer"
            ),
            Self::NotAViewer(path) => {
                write!(
                    f,
                    "{}: this is not procglass's viewer.html: it has no place for evidence",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for Error {}
