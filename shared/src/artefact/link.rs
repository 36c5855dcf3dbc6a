//! Symbolic links of a process, and the descriptors' targets. The kernel escapes nothing in them: proc_pid_exe(5).

use super::Artefact;

/// `/proc/<pid>/exe`.
pub const EXE: Artefact = Artefact::link(
    "exe",
    "The program that runs, by path: with its inode the only name the process cannot choose.",
);
/// `/proc/<pid>/cwd`.
pub const CWD: Artefact =
    Artefact::link("cwd", "The working directory: where relative paths begin, and often where it came from.");
/// `/proc/<pid>/root`.
pub const ROOT: Artefact = Artefact::link("root", "The root directory: shows a chroot.");
/// `/proc/<pid>/ns/cgroup`.
pub const NS_CGROUP: Artefact =
    Artefact::link("ns/cgroup", "The cgroup namespace: explains the paths in cgroup.");
/// `/proc/<pid>/ns/ipc`.
pub const NS_IPC: Artefact = Artefact::link("ns/ipc", "The IPC namespace: who shares memory and semaphores.");
/// `/proc/<pid>/ns/mnt`.
pub const NS_MNT: Artefact = Artefact::link("ns/mnt", "The mount namespace: which files its paths mean.");
/// `/proc/<pid>/ns/net`.
pub const NS_NET: Artefact =
    Artefact::link("ns/net", "The network namespace: whose socket tables list its sockets.");
/// `/proc/<pid>/ns/pid`.
pub const NS_PID: Artefact = Artefact::link("ns/pid", "The pid namespace: which container it belongs to.");
/// `/proc/<pid>/ns/pid_for_children`.
pub const NS_PID_FOR_CHILDREN: Artefact = Artefact::link(
    "ns/pid_for_children",
    "The pid namespace of its children: shows a process about to enter one.",
);
/// `/proc/<pid>/ns/time`.
pub const NS_TIME: Artefact = Artefact::link("ns/time", "The time namespace: shifts its clock.");
/// `/proc/<pid>/ns/time_for_children`.
pub const NS_TIME_FOR_CHILDREN: Artefact =
    Artefact::link("ns/time_for_children", "The time namespace of its children.");
/// `/proc/<pid>/ns/user`.
pub const NS_USER: Artefact =
    Artefact::link("ns/user", "The user namespace: where its user ids and capabilities count.");
/// `/proc/<pid>/ns/uts`.
pub const NS_UTS: Artefact = Artefact::link("ns/uts", "The UTS namespace: which host name it sees.");

/// The inode in a target of the form `net:[4026531840]`, namespaces(7), or `socket:[12345]`.
#[cfg(feature = "parse")]
#[must_use]
pub fn bracketed_inode<'a>(target: &'a [u8], prefix: &str) -> Option<u64> {
    let inner: &'a [u8] = target.strip_prefix(prefix.as_bytes())?.strip_prefix(b":[")?.strip_suffix(b"]")?;
    super::error::number(inner)
}

#[cfg(all(test, feature = "parse"))]
mod tests {
    use super::*;

    #[test]
    fn inodes() {
        assert_eq!(bracketed_inode(b"net:[4026531840]", "net"), Some(4_026_531_840));
        for other in [&b"net:[]"[..], b"net:[1", b"mnt:[1]", b"", b"net:[-1]", b"net:[1] (deleted)"] {
            assert_eq!(bracketed_inode(other, "net"), None);
        }
    }
}
