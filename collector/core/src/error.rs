//! Why a run could not be done.

use procglass_model::bundle::BundleError;
use rustix::io::Errno;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// A reason to end without a bundle.
#[derive(Debug)]
pub(crate) enum CollectError {
    /// There is no process file system to read.
    NoProc { path: PathBuf, errno: Errno },
    /// `--pid` names only processes that are not there.
    NoSuchProcess(Vec<u32>),
    /// The output cannot be made.
    Create { path: PathBuf, error: io::Error },
    /// What lies under the output's name is not written into.
    Refused { path: PathBuf, what: &'static str },
    /// Another file took the place of the bundle.
    Replaced(PathBuf),
    /// The output could not be written, and nothing of it is left.
    Write { path: PathBuf, error: io::Error },
    /// The bundle is whole but could not get its name.
    Rename { from: PathBuf, to: PathBuf, error: io::Error },
    /// Random bytes are missing, without which redaction would be guessable.
    Random(io::Error),
    /// There is no passphrase to encrypt with.
    #[cfg(feature = "encrypt")]
    Passphrase { path: PathBuf, what: String },
    /// The bundle's format refused something: a fault of this program.
    Bundle(BundleError),
}

impl fmt::Display for CollectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProc { path, errno } => write!(
                f,
                "cannot open {}: {errno}. Mount it (mount -t proc proc /proc), or name the directory that holds \
                 proc with --root",
                path.display()
            ),
            Self::NoSuchProcess(pids) => write!(
                f,
                "none of the processes {pids:?} is here. They may have ended; without --pid all processes are \
                 collected"
            ),
            Self::Create { path, error } => write!(
                f,
                "cannot write {}: {error}. Nothing was collected; name another place with -o FILE, or use -o - \
                 for standard output",
                path.display()
            ),
            Self::Refused { path, what } => write!(
                f,
                "{}: {what}, and is not written into. Nothing was collected; name a new file with -o FILE, in a directory \
                 that nobody else may write to, or use -o - for standard output",
                path.display()
            ),
            Self::Replaced(path) => write!(
                f,
                "{}: another file took the place of the bundle while it got its name. Do not use that file; collect again \
                 with -o FILE in a directory that nobody else may write to",
                path.display()
            ),
            Self::Write { path, error } => write!(
                f,
                "cannot write {}: {error}. Nothing was left behind; name another place with -o FILE, or use -o - \
                 to send the bundle elsewhere",
                path.display()
            ),
            Self::Rename { from, to, error } => write!(
                f,
                "the bundle is whole but cannot be renamed to {}: {error}. It is in {}",
                to.display(),
                from.display()
            ),
            Self::Random(error) => write!(
                f,
                "the kernel gives no random bytes ({error}), without which redacted values could be guessed. \
                 Try again, or choose --environ keys or --environ full"
            ),
            #[cfg(feature = "encrypt")]
            Self::Passphrase { path, what } => {
                write!(f, "--passphrase-file {}: {what}. Nothing was collected", path.display())
            }
            Self::Bundle(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for CollectError {}
