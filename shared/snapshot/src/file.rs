//! Open file descriptors.

use super::ProcessIndex;
use bstr::BString;
use procglass_model::bundle::{FileStat, OnDisk};
use procglass_proc::fdinfo::{Target, target};
use serde::Serialize;

/// A descriptor by its place in [`Snapshot::files`](crate::Snapshot::files).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileIndex(pub u32);

/// One descriptor of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// Who holds it.
    pub process: ProcessIndex,
    /// Its number.
    pub fd: u32,
    /// Target of the link, verbatim; `None` where it could not be read.
    pub target: Option<BString>,
    /// What it is.
    pub kind: FileKind,
    /// `stat(2)` of it, for targets that are paths.
    pub stat: Option<FileStat>,
    /// What its path names now, where the collector looked.
    pub on_disk: Option<OnDisk>,
    /// File offset, bytes.
    pub pos: Option<u64>,
    /// Access mode and status flags of open(2).
    pub flags: Option<u32>,
}

/// Kinds of descriptors; the words are those of `show files`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A character device.
    CharacterDevice,
    /// A block device.
    BlockDevice,
    /// A pipe, named or not.
    Pipe,
    /// A socket.
    Socket,
    /// An anonymous inode: epoll, eventfd, io_uring, bpf, ...
    AnonInode,
    /// Memory with a descriptor, memfd_create(2).
    Memfd,
    /// A namespace, a pidfd or another object of the kernel.
    Pseudo,
    /// A path of which `stat(2)` is not known.
    Path,
    /// The link could not be read.
    Unknown,
}

impl FileKind {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::CharacterDevice => "character_device",
            Self::BlockDevice => "block_device",
            Self::Pipe => "pipe",
            Self::Socket => "socket",
            Self::AnonInode => "anon_inode",
            Self::Memfd => "memfd",
            Self::Pseudo => "pseudo",
            Self::Path => "path",
            Self::Unknown => "unknown",
        }
    }

    pub(crate) fn of(link: Option<&[u8]>, stat: Option<&FileStat>) -> Self {
        let Some(link) = link else { return Self::Unknown };
        match target(link) {
            Target::Socket(_) => Self::Socket,
            Target::Pipe(_) => Self::Pipe,
            Target::AnonInode(_) => Self::AnonInode,
            Target::Memfd(_) => Self::Memfd,
            Target::Pseudo(..) => Self::Pseudo,
            // S_IFMT of include/uapi/linux/stat.h.
            Target::Path(_) => match stat.map(|stat| stat.mode & 0o170_000) {
                Some(0o100_000) => Self::File,
                Some(0o040_000) => Self::Directory,
                Some(0o020_000) => Self::CharacterDevice,
                Some(0o060_000) => Self::BlockDevice,
                Some(0o010_000) => Self::Pipe,
                Some(0o140_000) => Self::Socket,
                _ => Self::Path,
            },
        }
    }
}

impl OpenFile {
    /// Moves it out of a table that is thrown away.
    pub(super) fn take(&mut self) -> Self {
        Self { target: self.target.take(), ..*self }
    }

    /// Whether the file was removed from the name it was opened by: its link count is 0, or the kernel added ` (deleted)`
    /// (d_path(9)) and no such file is there, as far as the collector looked. Without that the suffix may be of the file's own
    /// name: `None`. Always false for what never had a name.
    #[must_use]
    pub fn deleted(&self) -> Option<bool> {
        let suffix = self.target.as_ref().map(|target| target.ends_with(b" (deleted)"));
        match (self.kind, &self.stat) {
            (FileKind::Memfd, _) => Some(false),
            (_, Some(stat)) if stat.links == 0 => Some(true),
            (FileKind::Unknown, _) => None,
            (_, Some(_)) if suffix == Some(true) => Some(self.on_disk? != OnDisk::Same),
            (FileKind::Path, None) => suffix,
            _ => Some(false),
        }
    }

    /// `r`, `w`, `u` (both) or `None` when unknown, as lsof has it.
    #[must_use]
    pub fn access(&self) -> Option<char> {
        let info = procglass_proc::fdinfo::FdInfo { flags: self.flags, ..Default::default() };
        info.access()
    }

    /// The inode of a socket or pipe.
    #[must_use]
    pub fn inode(&self) -> Option<u64> {
        match target(self.target.as_ref()?) {
            Target::Socket(inode) | Target::Pipe(inode) => Some(inode),
            _ => None,
        }
    }
}
