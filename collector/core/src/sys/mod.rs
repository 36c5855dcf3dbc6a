//! The only place that opens files: raw system calls, capped reads, errors kept as the kernel gave them.

mod close;
mod errno;
mod inside;
mod list;
mod read;
mod stat;

pub(crate) use close::{Closing, forget, in_a_row};
pub(crate) use errno::name as errno_name;
pub(crate) use inside::{look_inside, open_inside};
pub(crate) use list::{directories, names, numbers};
pub(crate) use read::{read_capped, read_link, read_record};
pub(crate) use stat::{file_stat, file_stat_on};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, setrlimit};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Opens a directory for use as the starting point of other paths.
pub(crate) fn open_dir(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    open(at.as_fd(), path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC)
}

/// Once in the program, whatever the directory is held by.
#[inline(never)]
fn open(at: BorrowedFd<'_>, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
    openat(at, path, flags, Mode::empty())
}

/// Opens a file to read.
pub(crate) fn open_file(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    open(at.as_fd(), path, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY)
}

/// Opens a file of an ordinary file system to read, without leaving an access time where that is allowed.
pub(crate) fn open_unnoticed(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
    match open(at.as_fd(), path, flags | OFlags::NOATIME) {
        // Only the owner and CAP_FOWNER may ask for that, open(2).
        Err(Errno::PERM) => open(at.as_fd(), path, flags),
        other => other,
    }
}

/// Allows this process as many descriptors as it may have.
pub(crate) fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    // Where it stays, what cannot be opened is noted.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

/// Waits until a descriptor that does not block takes more.
pub(crate) fn wait_writable(file: impl AsFd) -> Result<(), Errno> {
    let mut waiting = [PollFd::new(&file, PollFlags::OUT)];
    match poll(&mut waiting, None) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(errno) => Err(errno),
    }
}

/// This program's pid as a process file system has it.
pub(crate) fn own_pid(proc: impl AsFd) -> Option<Pid> {
    let mut target = Vec::new();
    read_link(proc, "self", &mut target).ok()?;
    Pid::from_raw(std::str::from_utf8(&target).ok()?.parse().ok()?)
}
