//! The only place that opens files: raw system calls, capped reads, errors kept as the kernel gave them.

mod close;
mod errno;
mod inside;
mod list;
mod read;
mod stat;

pub(crate) use close::{Closing, in_a_row};
pub(crate) use errno::name as errno_name;
pub(crate) use inside::{look_inside, open_inside};
pub(crate) use list::{directories, names, numbers};
pub(crate) use read::{read_capped, read_link, read_record};
pub(crate) use stat::file_stat;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::process::Pid;
use std::os::fd::{AsFd, OwnedFd};

/// Opens a directory for use as the starting point of other paths.
pub(crate) fn open_dir(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    openat(at, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

/// Opens a file to read.
pub(crate) fn open_file(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    openat(at, path, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY, Mode::empty())
}

/// Opens a file of an ordinary file system to read, without leaving an access time where that is allowed.
pub(crate) fn open_unnoticed(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
    match openat(&at, path, flags | OFlags::NOATIME, Mode::empty()) {
        // Only the owner and CAP_FOWNER may ask for that, open(2).
        Err(Errno::PERM) => openat(&at, path, flags, Mode::empty()),
        other => other,
    }
}

/// This program's pid as a process file system has it.
pub(crate) fn own_pid(proc: impl AsFd) -> Option<Pid> {
    let mut target = Vec::new();
    read_link(proc, "self", &mut target).ok()?;
    Pid::from_raw(std::str::from_utf8(&target).ok()?.parse().ok()?)
}
