//! Where the bundle goes: a file that gets its name when it is whole, or a stream.
//!
//! The directory may belong to people who want the evidence, or want it gone. A new file gets a name that nobody can guess, and is
//! made by this run or not at all. What lies under the output's name is written into only where it is the own regular file of who
//! runs this, a device, or an own FIFO.

mod out;
mod room;
mod sink;

pub(crate) use out::Out;
pub(crate) use sink::BundleSink;

use crate::context::random;
use crate::error::CollectError;
use crate::options::Options;
use procglass_model::bundle::hex;
use room::Room;
use rustix::fs::{CWD, FileType, Mode, OFlags, RawMode, Stat, fchmod, fstat, lstat, openat};
use rustix::process::geteuid;
use rustix::stdio::dup2_stdout;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IsTerminal as _};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::path::{Path, PathBuf};

/// The place, and how the bundle gets there.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stream,
    /// Written under a temporary name. `device` and `inode` say which file that is.
    Renamed { temporary: PathBuf, name: PathBuf, device: u64, inode: u64 },
    /// Written in place, because no second name can be made there or the place is a device or a pipe.
    InPlace { name: PathBuf, note: bool },
}

/// Who may read what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Its owner, or whoever reads the stream.
    Kept,
    /// The file system keeps no modes, or refuses to change them.
    Open,
}

impl Target {
    /// Opens the place. `default_name` is for a run without `-o`.
    pub(crate) fn open(options: &Options, default_name: &str) -> Result<(Self, File, Privacy), CollectError> {
        let name = match &options.output {
            Some(name) if is_stdout(name) => return stream(options),
            Some(name) => name.clone(),
            None => PathBuf::from(default_name),
        };
        let fail = |error| CollectError::Create { path: name.clone(), error };
        match lstat(&name).map(|found| FileType::from_raw_mode(found.st_mode)) {
            Ok(FileType::Symlink) => return Err(refused(&name, "it is a symbolic link")),
            Ok(FileType::Directory) => return Err(refused(&name, "it is a directory")),
            Ok(FileType::RegularFile) | Err(_) => {}
            Ok(_) => {
                let file = special(&name)?;
                return Ok((Self::InPlace { name, note: false }, file, Privacy::Kept));
            }
        }
        let temporary = beside(&name)?;
        match new_file(&temporary) {
            Ok((file, found)) => {
                let (device, inode) = (found.st_dev, found.st_ino);
                let privacy = private(&file, found.st_mode);
                Ok((Self::Renamed { temporary, name, device, inode }, file, privacy))
            }
            // The directory takes no new names, but the file may be there: a mount of a single file, for one.
            Err(error) => match own_file(&name)? {
                Some((file, mode)) => {
                    let privacy = private(&file, mode);
                    Ok((Self::InPlace { name, note: true }, file, privacy))
                }
                None => Err(fail(error)),
            },
        }
    }

    /// For messages.
    pub(crate) fn name(&self) -> &Path {
        match self {
            Self::Stream => Path::new("standard output"),
            Self::Renamed { name, .. } | Self::InPlace { name, .. } => name,
        }
    }

    /// The temporary name.
    pub(crate) fn temporary(&self) -> Option<&Path> {
        match self {
            Self::Renamed { temporary, .. } => Some(temporary),
            Self::Stream | Self::InPlace { .. } => None,
        }
    }

    /// The bundle is whole: gives it its name. Who may write to the directory could have put another file in its place.
    pub(crate) fn commit(&self) -> Result<(), CollectError> {
        let Self::Renamed { temporary, name, device, inode } = self else { return Ok(()) };
        std::fs::rename(temporary, name).map_err(|error| CollectError::Rename {
            from: temporary.clone(),
            to: name.clone(),
            error,
        })?;
        match lstat(name) {
            Ok(found) if (found.st_dev, found.st_ino) == (*device, *inode) => Ok(()),
            _ => Err(CollectError::Replaced(name.clone())),
        }
    }

    /// The bundle cannot be finished: leaves nothing behind.
    pub(crate) fn discard(&self) {
        if let Self::Renamed { temporary, .. } = self {
            // Nothing more can be done about it, and the reason to discard is what gets reported.
            let _ = std::fs::remove_file(temporary);
        }
    }
}

/// Names of standard output. The last ones are symbolic links that lead to it.
fn is_stdout(name: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|known| name.as_os_str() == *known)
}

fn stream(options: &Options) -> Result<(Target, File, Privacy), CollectError> {
    let fail = |error| CollectError::Create { path: "standard output".into(), error };
    let stdout = io::stdout();
    if stdout.is_terminal() && !options.armor {
        return Err(fail(io::Error::other(
            "it is a terminal; use --armor for text that can be copied from there",
        )));
    }
    // Not through the standard library's buffer, which looks for lines.
    let file: File = stdout.as_fd().try_clone_to_owned().map_err(fail)?.into();
    // The only descriptor of it, so that whoever reads it sees the end when this one is closed.
    if let Ok(nowhere) = openat(CWD, "/dev/null", OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty()) {
        let _ = dup2_stdout(nowhere);
    }
    Ok((Target::Stream, file, Privacy::Kept))
}

fn refused(path: &Path, what: &'static str) -> CollectError {
    CollectError::Refused { path: path.to_owned(), what }
}

const FLAGS: OFlags = OFlags::WRONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::NOCTTY);

/// Makes a file that only its owner may read. What is there under that name, a link for one, is an error.
fn new_file(path: &Path) -> io::Result<(File, Stat)> {
    let mode = Mode::RUSR | Mode::WUSR;
    let file = openat(CWD, path, FLAGS | OFlags::CREATE | OFlags::EXCL, mode)?;
    let found = fstat(&file)?;
    Ok((file.into(), found))
}

/// Opens the regular file of that name to write over it, where it belongs to the collector's own user and has one link. `None`: this
/// user may not open it.
fn own_file(path: &Path) -> Result<Option<(File, RawMode)>, CollectError> {
    let Ok(file) = openat(CWD, path, FLAGS | OFlags::NONBLOCK, Mode::empty()) else { return Ok(None) };
    let Ok(found) = fstat(&file) else { return Ok(None) };
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
        return Err(refused(path, "it is no regular file"));
    }
    if found.st_uid != geteuid().as_raw() {
        return Err(refused(path, "it belongs to another user"));
    }
    if found.st_nlink > 1 {
        return Err(refused(path, "it has a second name, under which others may read it"));
    }
    let file = File::from(file);
    match file.set_len(0) {
        Ok(()) => Ok(Some((file, found.st_mode))),
        Err(error) => Err(CollectError::Create { path: path.to_owned(), error }),
    }
}

/// Opens a device, or a FIFO of the collector's own user that a process reads from.
fn special(path: &Path) -> Result<File, CollectError> {
    // A FIFO without a reader would block the open.
    let file = openat(CWD, path, FLAGS | OFlags::NONBLOCK, Mode::empty());
    let fail = |errno: rustix::io::Errno| CollectError::Create { path: path.to_owned(), error: errno.into() };
    let file = match file {
        Err(rustix::io::Errno::NXIO) => {
            return Err(refused(path, "it is a FIFO that nobody reads from, or a socket"));
        }
        other => other.map_err(fail)?,
    };
    let found = fstat(&file).map_err(fail)?;
    match FileType::from_raw_mode(found.st_mode) {
        FileType::CharacterDevice | FileType::BlockDevice => {}
        FileType::Fifo if found.st_uid == geteuid().as_raw() => {}
        FileType::Fifo => return Err(refused(path, "it is a FIFO of another user")),
        _ => return Err(refused(path, "it is neither a file nor a device")),
    }
    Ok(file.into())
}

/// Sees to it that only the owner may read the file, whose mode is this.
fn private(file: &File, mode: RawMode) -> Privacy {
    let others = |mode: RawMode| mode & 0o077 != 0;
    if !others(mode) {
        return Privacy::Kept;
    }
    // Refused or passed over by FAT, exFAT and some network file systems.
    let _ = fchmod(file, Mode::RUSR | Mode::WUSR);
    if fstat(file).is_ok_and(|found| !others(found.st_mode)) { Privacy::Kept } else { Privacy::Open }
}

/// A temporary name in the same directory, since a rename does not cross file systems.
fn beside(name: &Path) -> Result<PathBuf, CollectError> {
    let Some(last) = name.file_name() else { return Err(refused(name, "it names no file")) };
    let last: &OsStr = last;
    let mut temporary = OsString::from(".");
    temporary.push(last);
    temporary.push(format!(".{}.partial", hex(&random::<8>()?)));
    Ok(name.with_file_name(temporary))
}

/// How much may still be written, kept by the file system for what is to come.
pub(crate) fn room(target: &Target, file: &File) -> Room {
    match target {
        Target::Renamed { .. } => Room::new(file.try_clone().ok()),
        _ => Room::new(None),
    }
}

/// The number of the descriptor that is written to.
pub(crate) fn descriptor(file: &File) -> i32 {
    file.as_raw_fd()
}

/// A host name as part of a file name.
pub(crate) fn file_name(hostname: &[u8], time: &str, encrypted: bool) -> String {
    let safe = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let host: String =
        hostname.iter().take(64).map(|byte| if safe(byte) { char::from(*byte) } else { '_' }).collect();
    let host = host.trim_start_matches('.');
    let host = if host.is_empty() { "unknown" } else { host };
    let end = if encrypted { ".age" } else { "" };
    format!("{host}-{time}.procglass.tar.gz{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(file_name(b"web-1.local", "T", false), "web-1.local-T.procglass.tar.gz");
        assert_eq!(file_name(b"../a b\n\xff", "T", true), "_a_b__-T.procglass.tar.gz.age");
        assert_eq!(file_name(b"", "T", false), "unknown-T.procglass.tar.gz");
        let temporary = beside(Path::new("/x/y.gz")).unwrap();
        assert_eq!(temporary.parent(), Some(Path::new("/x")));
        assert!(beside(Path::new("/")).is_err());
        assert_ne!(temporary, beside(Path::new("/x/y.gz")).unwrap());
    }
}
