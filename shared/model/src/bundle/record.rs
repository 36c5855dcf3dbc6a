//! One process as the collector found it: the member `process/<pid>.json`.

use super::content::Content;
use super::descriptor;
use super::file_content::FileContent;
use super::template::Bases;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything read below `/proc/<pid>`.
///
/// Maps are keyed by the path below `/proc/<pid>`: `stat`, `attr/current`, `ns/net`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// Process id in the collector's pid namespace.
    pub pid: u32,
    /// Clock ticks between boot and the start of the process: field 22 of `stat`, proc_pid_stat(5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<u64>,
    /// When reading of this process began: microseconds after the manifest's `started`.
    #[serde(default)]
    pub read_after_us: u64,
    /// The thread through which all but `stat`, `status` and `comm` was read, where the leader had ended before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_through: Option<u32>,
    /// Targets of symbolic links, unescaped: `exe`, `cwd`, `root`, `ns/net`, ...
    #[serde(default)]
    pub links: BTreeMap<String, Content>,
    /// What `stat(2)` says of the file behind `exe`, and its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable: Option<Executable>,
    /// The addresses that templates among [`ProcessRecord::files`] are relative to.
    #[serde(default, skip_serializing_if = "Bases::is_empty")]
    pub bases: Bases,
    /// Contents of files. `Members::file` gives them as they were read.
    #[serde(default)]
    pub files: BTreeMap<String, FileContent>,
    /// Open file descriptors by number.
    #[serde(default, deserialize_with = "descriptor::list")]
    pub fds: Vec<Fd>,
    /// The threads of a process that has more than one: `/proc/<pid>/task/<tid>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<Thread>,
    /// What could not be read, by the path below `/proc/<pid>`, and why: the errno's name (`EACCES`), or
    /// one of [`NOT_APPLICABLE`], [`TIMED_OUT`], [`VANISHED`] or a sentence that begins with [`CUT`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub errors: BTreeMap<String, String>,
}

/// The kernel has no such content for this kind of process: a kernel thread has no address space.
pub const NOT_APPLICABLE: &str = "not applicable";
/// The read did not return in time.
pub const TIMED_OUT: &str = "timed out";
/// The process ended between the start of its reading and this.
pub const VANISHED: &str = "vanished";
/// The content was longer than the artefact's cap; the rest is not here.
pub const CUT: &str = "cut";

/// One open file descriptor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fd {
    /// Its number.
    pub fd: u32,
    /// The target of `/proc/<pid>/fd/<fd>`, unescaped. `None` where the link could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Content>,
    /// `/proc/<pid>/fdinfo/<fd>` as read, proc_pid_fdinfo(5): put together again where the record has the key `info`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fdinfo: Option<Content>,
    /// `stat(2)` through the link, for targets that are paths: only this tells a deleted file from a file
    /// whose name ends in ` (deleted)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<FileStat>,
    /// What the path in `target` names now, for a target that ends in ` (deleted)` and has links left: whether the kernel says
    /// so or the file is called so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_disk: Option<OnDisk>,
    /// Set when `file/<sha256>` holds the bytes of a file that has no name left: its SHA-256, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovered: Option<String>,
    /// The errno's name of what could not be read of this descriptor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What `stat(2)` returned for a file, inode(7). Reads from an object, and from a list of the nine in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStat {
    /// `st_dev`: the device, as the kernel's `makedev` number.
    pub dev: u64,
    /// `st_ino`.
    pub inode: u64,
    /// `st_nlink`: 0 when no name is left.
    pub links: u64,
    /// `st_mode`: file type and permission bits.
    pub mode: u32,
    /// `st_uid`.
    pub uid: u32,
    /// `st_gid`.
    pub gid: u32,
    /// `st_size` in bytes.
    pub size: u64,
    /// `st_mtim`, whole seconds since 1970-01-01T00:00:00Z.
    pub mtime: i64,
    /// `st_ctim`, whole seconds since 1970-01-01T00:00:00Z.
    pub ctime: i64,
}

/// The file that a process executes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ExecutableForm")]
pub struct Executable {
    /// `stat(2)` through `/proc/<pid>/exe`, which also reaches deleted and in-memory files.
    #[serde(flatten)]
    pub stat: FileStat,
    /// What now has the path that `exe` names: same device and inode, another file, or nothing. `None` where
    /// that could not be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_disk: Option<OnDisk>,
    /// SHA-256 of the file's bytes, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Set when `executable/<sha256>` holds the bytes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
}

/// The same as it is read: a flattened struct would gather every value in memory first, for each process.
#[derive(Deserialize)]
struct ExecutableForm {
    dev: u64,
    inode: u64,
    links: u64,
    mode: u32,
    uid: u32,
    gid: u32,
    size: u64,
    mtime: i64,
    ctime: i64,
    #[serde(default)]
    on_disk: Option<OnDisk>,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    recovered: bool,
}

impl From<ExecutableForm> for Executable {
    fn from(form: ExecutableForm) -> Self {
        let ExecutableForm { dev, inode, links, mode, uid, gid, size, mtime, ctime, .. } = form;
        Self {
            stat: FileStat { dev, inode, links, mode, uid, gid, size, mtime, ctime },
            on_disk: form.on_disk,
            sha256: form.sha256,
            recovered: form.recovered,
        }
    }
}

/// What the path of a running executable names now, seen from the process's own root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDisk {
    /// The very file that runs.
    Same,
    /// Another file: replaced, as by a package upgrade.
    Other,
    /// Nothing.
    Missing,
}

/// One thread of a process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Thread id.
    pub tid: u32,
    /// `/proc/<pid>/task/<tid>/comm` as read, with its final newline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comm: Option<Content>,
    /// `/proc/<pid>/task/<tid>/stat` as read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stat: Option<Content>,
    /// `/proc/<pid>/task/<tid>/children` as read: the processes that this thread started, proc_tid_children(5). `None` also
    /// where the kernel was built without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children: Option<Content>,
}
