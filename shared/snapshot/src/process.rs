//! Processes: what tells them apart and what tables show. Everything else stays in the member and is parsed on demand.

use crate::User;
use crate::analysis::container::Container;
use bstr::{BStr, BString, ByteSlice};
use procglass_model::Timestamp;
use procglass_model::bundle::{Executable, OnDisk};
use procglass_proc::status::Ids;
use std::ops::Range;
use std::sync::Arc;

/// A process by its place in [`Snapshot::processes`](super::Snapshot::processes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessIndex(pub u32);

/// One process. `None` means: not collected, or the kernel did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Process {
    /// Process id in the collector's pid namespace.
    pub pid: u32,
    /// Start: clock ticks after boot. With the pid it names the process.
    pub start_ticks: u64,
    /// Start in UTC.
    pub started: Option<Timestamp>,
    /// Parent's pid as the kernel gave it; 0 for none in this pid namespace.
    pub ppid: Option<u32>,
    /// The parent, when it is among the processes and started no later.
    pub parent: Option<ProcessIndex>,
    /// `comm`: chosen by the process, any bytes but NUL.
    pub name: BString,
    /// State letter of proc_pid_stat(5).
    pub state: Option<char>,
    /// Process group.
    pub pgrp: Option<i32>,
    /// Session id.
    pub session: Option<i32>,
    /// Controlling terminal's device number; 0 for none.
    pub tty_nr: Option<i32>,
    /// User and kernel time, clock ticks.
    pub cpu_ticks: Option<u64>,
    /// Nice value.
    pub nice: Option<i32>,
    /// Threads.
    pub threads: Option<u32>,
    /// Resident memory, bytes.
    pub rss_bytes: Option<u64>,
    /// Virtual size, bytes.
    pub vsize_bytes: Option<u64>,
    /// Run by the kernel, without an address space.
    pub kernel_thread: Option<bool>,
    /// User ids.
    pub uid: Option<Ids>,
    /// Group ids.
    pub gid: Option<Ids>,
    /// The effective user, where it has a name: on the host and, in a user namespace of its own, there.
    pub user: Option<User>,
    /// Pid in each pid namespace, the outermost first.
    pub ns_pid: Vec<u32>,
    /// Pid of the tracer, 0 for none.
    pub tracer_pid: Option<u32>,
    /// Arguments, each ended by NUL: chosen by the process.
    pub cmdline: Option<BString>,
    /// Target of `exe`, verbatim: with ` (deleted)` where the kernel added that.
    pub exe: Option<BString>,
    /// `stat(2)` of the executable and its hash.
    pub executable: Option<Executable>,
    /// Working directory.
    pub cwd: Option<BString>,
    /// Root directory.
    pub root: Option<BString>,
    /// Namespace inodes.
    pub namespaces: Namespaces,
    /// Its descriptors in [`Snapshot::files`](super::Snapshot::files).
    pub files: Range<u32>,
    /// Whether these are all: false where the list could not be read, or not whole.
    pub files_known: bool,
    /// Id of its container. That of its pod's sandbox is none: see [`Process::container_facts`].
    pub container: Option<BString>,
    /// More of its container, and what told it.
    pub container_facts: Option<Arc<Container>>,
    /// What could not be read: path below `/proc/<pid>` and why. `not applicable` is left out.
    pub errors: Vec<(Box<str>, Box<str>)>,
}

/// Inodes of a process's namespaces, namespaces(7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Namespaces {
    /// `ns/cgroup`.
    pub cgroup: Option<u64>,
    /// `ns/ipc`.
    pub ipc: Option<u64>,
    /// `ns/mnt`.
    pub mnt: Option<u64>,
    /// `ns/net`.
    pub net: Option<u64>,
    /// `ns/pid`.
    pub pid: Option<u64>,
    /// `ns/time`.
    pub time: Option<u64>,
    /// `ns/user`.
    pub user: Option<u64>,
    /// `ns/uts`.
    pub uts: Option<u64>,
}

impl Namespaces {
    /// Kind and inode of each, by name.
    #[must_use]
    pub fn list(&self) -> [(&'static str, Option<u64>); 8] {
        [
            ("cgroup", self.cgroup),
            ("ipc", self.ipc),
            ("mnt", self.mnt),
            ("net", self.net),
            ("pid", self.pid),
            ("time", self.time),
            ("user", self.user),
            ("uts", self.uts),
        ]
    }
}

impl Process {
    /// Whether the program's file was removed from the name it runs by. That is so where its link count is 0, and where the
    /// kernel added ` (deleted)` (d_path(9)) and no such file is there: another hard link keeps the inode then. A file may
    /// be called `x (deleted)`; what the collector found under the name tells the two apart. `None` when it is not known.
    #[must_use]
    pub fn exe_deleted(&self) -> Option<bool> {
        let suffix = self.exe.as_ref().map(|exe| exe.ends_with_str(" (deleted)"));
        match &self.executable {
            None => suffix,
            Some(executable) if executable.stat.links == 0 => Some(true),
            Some(executable) if suffix == Some(true) => Some(executable.on_disk? != OnDisk::Same),
            Some(_) => Some(false),
        }
    }

    /// Whether the kernel runs it, as far as that is known.
    #[must_use]
    pub fn is_kernel_thread(&self) -> bool {
        self.kernel_thread == Some(true)
    }

    /// The effective user for people: by name, by number where no name is known, or both sides of a user namespace.
    #[must_use]
    pub fn user_words(&self) -> Option<String> {
        let number = || self.uid.map(|uid| uid.effective.to_string());
        self.user.as_ref().map(ToString::to_string).or_else(number)
    }

    /// Every name of the effective user.
    pub fn user_names(&self) -> impl Iterator<Item = &BStr> {
        self.user.iter().flat_map(User::names)
    }

    /// Id of its container, or of its pod's sandbox where only that is known.
    #[must_use]
    pub fn container_id(&self) -> Option<&BString> {
        self.container.as_ref().or_else(|| self.container_facts.as_ref()?.sandbox.as_ref())
    }

    /// Whether the evidence says that it is in a container, which need not have an id.
    #[must_use]
    pub fn in_container(&self) -> bool {
        self.container_facts.is_some()
    }

    /// Whether another process controls it, ptrace(2). `None` when it is not known.
    #[must_use]
    pub fn traced(&self) -> Option<bool> {
        self.tracer_pid.map(|pid| pid != 0)
    }

    /// How many descriptors it has. `None` where the list could not be read, or not whole.
    #[must_use]
    pub fn descriptors(&self) -> Option<usize> {
        self.files_known.then(|| self.files.len())
    }

    /// Whether this path below `/proc/<pid>` could not be read.
    #[must_use]
    pub fn refused(&self, path: &str) -> bool {
        self.errors.iter().any(|(refused, _)| **refused == *path)
    }

    /// The program's path without the suffix that the kernel adds to a deleted one.
    #[must_use]
    pub fn exe_path(&self) -> Option<&BStr> {
        let exe = self.exe.as_ref()?;
        let deleted = self.exe_deleted() == Some(true);
        let path = if deleted { exe.strip_suffix(b" (deleted)").unwrap_or(exe) } else { exe };
        Some(path.as_bstr())
    }

    /// The arguments. None where they were not collected or the process has none.
    pub fn arguments(&self) -> impl Iterator<Item = &[u8]> {
        procglass_proc::cmdline::strings(self.cmdline.as_deref().map_or(&[], |cmdline| cmdline.as_slice()))
    }

    /// What `state` means.
    #[must_use]
    pub fn state_words(&self) -> &'static str {
        let Some(state) = self.state else { return "not known" };
        match state {
            'R' => "running",
            'S' => "sleeping",
            'D' => "waiting for a device",
            'Z' => "ended, not yet collected by its parent",
            'T' => "stopped",
            't' => "stopped by a tracer",
            'X' | 'x' => "dead",
            'I' => "idle kernel thread",
            'P' => "parked",
            _ => "unknown",
        }
    }

    /// Name and pid, for sentences: `nginx (7)`.
    #[must_use]
    pub fn label(&self) -> String {
        let name = procglass_model::text::visible(&self.name);
        let name = if name.is_empty() { "a process without a name".into() } else { name };
        format!("{name} ({})", self.pid)
    }

    /// Name of its member in the bundle.
    #[must_use]
    pub fn member(&self) -> String {
        format!("process/{}.json", self.pid)
    }
}
