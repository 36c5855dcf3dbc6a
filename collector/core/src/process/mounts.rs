//! Which files lie on file systems whose server may not answer. A thread that waits for such a server can often not be killed, so
//! these files are known by their mount before anything touches them.

use rustix::fs::{MemfdFlags, fstat, memfd_create};

/// File systems that another process or machine serves, by their type in mountinfo. A subtype follows a dot: `fuse.sshfs`.
/// virtiofs is none of them: it is the disk of a virtual machine.
const REMOTE: [&[u8]; 21] = [
    b"9p",
    b"afs",
    b"beegfs",
    b"ceph",
    b"cifs",
    b"coda",
    b"fuse",
    b"fuseblk",
    b"gfs2",
    b"glusterfs",
    b"gpfs",
    b"lustre",
    b"ncpfs",
    b"nfs",
    b"nfs4",
    b"ocfs2",
    b"orangefs",
    b"panfs",
    b"pvfs2",
    b"smb3",
    b"smbfs",
];

/// The mounts of a namespace below a root, as far as the question goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mounts {
    remote: Vec<Mount>,
    /// Numbers of the other mounts, sorted.
    local: Vec<u64>,
    /// Devices of the other mounts.
    devices: Vec<u64>,
}

/// A mount of a remote file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    /// Its number, unique on the machine.
    pub(crate) id: u64,
    point: Vec<u8>,
    /// The type of its file system.
    kind: String,
}

impl Mount {
    /// Why its files are left alone.
    pub(crate) fn reason(&self) -> String {
        format!("not opened: it is on {}, which may not answer; --remote-files opens it", self.kind)
    }
}

/// Where a file lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// On a file system of this machine.
    Local,
    /// On one that is served.
    Remote(&'a Mount),
    /// On a mount that is in no table, as one that was unmounted while files were open.
    Unknown,
}

impl Mounts {
    /// Of the lines of a mountinfo, proc_pid_mountinfo(5).
    pub(crate) fn parse(mountinfo: &[u8]) -> Self {
        let mut mounts = Self::default();
        for line in mountinfo.split(|byte| *byte == b'\n') {
            mounts.line(line);
        }
        mounts.local.sort_unstable();
        mounts
    }

    fn line(&mut self, line: &[u8]) -> Option<()> {
        let mut words = line.split(|byte| *byte == b' ');
        let id = number(words.next()?)?;
        let (major, minor) = halves(words.nth(1)?)?;
        let point = unescape(words.nth(1)?);
        // Optional fields end with a hyphen; the type of the file system follows.
        let kind = words.by_ref().skip_while(|word| *word != b"-").nth(1)?;
        let plain = kind.split(|byte| *byte == b'.').next().unwrap_or_default();
        if REMOTE.contains(&plain) {
            self.remote.push(Mount { id, point, kind: String::from_utf8_lossy(kind).into_owned() });
        } else {
            // What is mounted last at a place is seen there.
            self.remote.retain(|mount| mount.point != point || point == b"/");
            self.local.push(id);
            self.devices.push(rustix::fs::makedev(major, minor));
        }
        Some(())
    }

    /// The remote mount that a walk along `path` comes to.
    pub(crate) fn on_the_way(&self, path: &[u8]) -> Option<&Mount> {
        let below = |mount: &&Mount| {
            let rest = path.strip_prefix(mount.point.strip_suffix(b"/").unwrap_or(&mount.point));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        self.remote.iter().rev().find(below)
    }

    /// Where a file lies by its path, and by the number of its mount (since Linux 5.8) and its device, once it was looked at.
    pub(crate) fn place(&self, path: &[u8], id: Option<u64>, device: u64) -> Place<'_> {
        if let Some(mount) = id.and_then(|id| self.remote.iter().find(|mount| mount.id == id)) {
            return Place::Remote(mount);
        }
        match id {
            Some(id) if self.local.binary_search(&id).is_ok() => Place::Local,
            Some(_) if rustix::fs::major(device) != 0 || self.devices.contains(&device) => Place::Local,
            Some(_) if memory_device().is_none_or(|memory| memory == device) => Place::Local,
            Some(_) => Place::Unknown,
            // By its path alone, on older kernels.
            None => self.on_the_way(path).map_or(Place::Local, Place::Remote),
        }
    }
}

/// The device of the kernel's own mount of shared memory, which no table shows: memfd_create(2), shmget(2).
fn memory_device() -> Option<u64> {
    let file = memfd_create("procglass", MemfdFlags::CLOEXEC).ok()?;
    Some(fstat(&file).ok()?.st_dev)
}

fn number(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn halves(word: &[u8]) -> Option<(u32, u32)> {
    let (major, minor) = std::str::from_utf8(word).ok()?.split_once(':')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// Spaces, tabs, newlines and backslashes of a path are octal there: `\040`.
fn unescape(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    let mut rest = word;
    while let Some((first, after)) = rest.split_first() {
        let octal = (*first == b'\\').then(|| after.get(..3)).flatten();
        let value = octal.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match value {
            Some(value) => {
                out.push(value);
                rest = after.get(3..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"22 1 0:30 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/a\n\
        23 22 0:31 / /mnt/a\\040b rw - fuse.sshfs host:/ rw\n\
        24 22 0:32 / /srv rw master:1 - nfs4 server:/x rw\n\
        25 22 254:1 / /home rw - ext4 /dev/vda1 rw\n\
        26 22 0:33 / /srv rw - tmpfs tmpfs rw\n\
        27 22 0:34 / /host rw - virtiofs host rw\n\
        short\n";

    #[test]
    fn remote_mounts_are_known_by_path_and_by_number() {
        let mounts = Mounts::parse(TABLE);
        let kind = |path: &[u8]| mounts.on_the_way(path).map(|mount| mount.kind.as_str());
        assert_eq!(kind(b"/mnt/a b/x"), Some("fuse.sshfs"));
        assert_eq!(kind(b"/mnt/a b"), Some("fuse.sshfs"));
        for other in [&b"/mnt/a bc"[..], b"/mnt", b"/srv/x", b"/home/x", b"/host/x", b""] {
            assert_eq!(kind(other), None, "{}", other.escape_ascii());
        }
        assert!(matches!(mounts.place(b"/x", Some(23), 9), Place::Remote(mount) if mount.id == 23));
        assert_eq!(mounts.place(b"/x", Some(25), 9), Place::Local);
        assert!(matches!(mounts.place(b"/mnt/a b/x", None, 9), Place::Remote(_)));
        assert_eq!(mounts.place(b"/x", None, 9), Place::Local);
    }

    #[test]
    fn a_mount_in_no_table_is_unknown_unless_its_device_says_more() {
        let mounts = Mounts::parse(TABLE);
        let device = |major, minor| rustix::fs::makedev(major, minor);
        assert_eq!(mounts.place(b"/x", Some(99), device(0, 77_777)), Place::Unknown);
        assert_eq!(mounts.place(b"/x", Some(99), device(254, 9)), Place::Local);
        assert_eq!(mounts.place(b"/x", Some(99), device(0, 33)), Place::Local);
        assert_eq!(mounts.place(b"/memfd:x", Some(99), memory_device().unwrap()), Place::Local);
        assert_eq!(mounts.place(b"/x", Some(99), device(0, 31)), Place::Unknown);
    }

    #[test]
    fn a_remote_root_holds_everything() {
        let mounts =
            Mounts::parse(b"1 0 0:9 / / rw - fuse.fuse-overlayfs x rw\n2 1 0:8 / /proc rw - proc proc rw\n");
        assert!(mounts.on_the_way(b"/usr/bin/sh").is_some() && mounts.on_the_way(b"/").is_some());
    }
}
