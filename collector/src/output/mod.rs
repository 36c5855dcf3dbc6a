//! Where the bundle goes: a file that gets its name when it is whole, or a stream.

mod out;
mod room;
mod sink;

pub(crate) use out::Out;
pub(crate) use sink::BundleSink;

use crate::error::CollectError;
use crate::options::Options;
use room::Room;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The place, and how the bundle gets there.
#[derive(Debug)]
pub(crate) enum Target {
    /// Standard output.
    Stream,
    /// Written under a temporary name.
    Renamed { temporary: PathBuf, name: PathBuf },
    /// Written in place, because no second name can be made there or the place is a device or a pipe.
    InPlace { name: PathBuf, note: bool },
}

impl Target {
    /// Opens the place. `default_name` is for a run without `-o`.
    pub(crate) fn open(options: &Options, default_name: &str) -> Result<(Self, File), CollectError> {
        let name = match &options.output {
            Some(name) if name.as_os_str() == "-" => return stream(options),
            Some(name) => name.clone(),
            None => PathBuf::from(default_name),
        };
        let fail = |error| CollectError::Create { path: name.clone(), error };
        if std::fs::metadata(&name).is_ok_and(|found| special(found.file_type())) {
            let file = OpenOptions::new().write(true).open(&name).map_err(fail)?;
            return Ok((Self::InPlace { name, note: false }, file));
        }
        let temporary = beside(&name).ok_or_else(|| fail(io::ErrorKind::InvalidInput.into()))?;
        match secret(&temporary, true) {
            Ok(file) => Ok((Self::Renamed { temporary, name }, file)),
            // The directory takes no new names, but the file may be there: a mount of a single file, for one.
            Err(error) => match secret(&name, false) {
                Ok(file) => Ok((Self::InPlace { name, note: true }, file)),
                Err(_) => Err(fail(error)),
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

    /// The bundle is whole: gives it its name.
    pub(crate) fn commit(&self) -> Result<(), CollectError> {
        let Self::Renamed { temporary, name } = self else { return Ok(()) };
        std::fs::rename(temporary, name).map_err(|error| CollectError::Rename {
            from: temporary.clone(),
            to: name.clone(),
            error,
        })
    }

    /// The bundle cannot be finished: leaves nothing behind.
    pub(crate) fn discard(&self) {
        if let Self::Renamed { temporary, .. } = self {
            // Nothing more can be done about it, and the reason to discard is what gets reported.
            let _ = std::fs::remove_file(temporary);
        }
    }
}

fn stream(options: &Options) -> Result<(Target, File), CollectError> {
    let fail = |error| CollectError::Create { path: "standard output".into(), error };
    let stdout = io::stdout();
    if stdout.is_terminal() && !options.armor {
        return Err(fail(io::Error::other(
            "it is a terminal; use --armor for text that can be copied from there",
        )));
    }
    // Not through the standard library's buffer, which looks for lines.
    let stdout = stdout.as_fd().try_clone_to_owned().map_err(fail)?;
    Ok((Target::Stream, stdout.into()))
}

/// Opens a file that only its owner may read.
fn secret(path: &Path, new: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    let file = if new { options.create_new(true).open(path)? } else { options.truncate(true).open(path)? };
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

fn special(kind: std::fs::FileType) -> bool {
    kind.is_char_device() || kind.is_fifo() || kind.is_block_device() || kind.is_socket()
}

/// A temporary name in the same directory, since a rename does not cross file systems.
fn beside(name: &Path) -> Option<PathBuf> {
    let last: &OsStr = name.file_name()?;
    let mut temporary = OsString::from(".");
    temporary.push(last);
    temporary.push(format!(".{}.partial", std::process::id()));
    Some(name.with_file_name(temporary))
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

/// How much may still be written, kept by the file system for the closing lines.
pub(crate) fn room(target: &Target, file: &File) -> Room {
    match target {
        Target::Renamed { .. } => Room::new(file.try_clone().ok()),
        _ => Room::new(None),
    }
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
        assert_eq!(beside(Path::new("/")), None);
    }
}
