//! Opening a path inside another root: a container's `/etc/passwd` must never turn out to be the host's, nor a device,
//! nor a FIFO that blocks. Everything below that root is the container's to arrange.

use super::file_stat;
use rustix::fs::{
    AtFlags, FileType, Mode, OFlags, ResolveFlags, fstat, fstatfs, openat, openat2, readlinkat, statat,
};
use rustix::io::Errno;
use std::ffi::OsStr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// Linux follows 40 symbolic links, path_resolution(7).
const LINKS_MAX: usize = 40;

/// NONBLOCK, so that a FIFO put there does not hang the open; regular files ignore it.
const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOCTTY).union(OFlags::NONBLOCK);

/// Opens the regular file that the absolute `path` names for somebody whose root is `root`.
pub(crate) fn open_inside(root: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    open_in(root.as_fd(), path)
}

/// Once in the program, whatever the root is held by.
#[inline(never)]
fn open_in(root: BorrowedFd<'_>, path: &str) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let file = match openat2(root, path, FLAGS, Mode::empty(), resolve) {
        // The kernel is older than 5.6, or a sandbox forbids the call.
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => in_steps(root, path)?,
        other => other?,
    };
    regular(file)
}

fn regular(file: OwnedFd) -> Result<OwnedFd, Errno> {
    match FileType::from_raw_mode(fstat(&file)?.st_mode) {
        FileType::RegularFile => Ok(file),
        FileType::Directory => Err(Errno::ISDIR),
        _ => Err(Errno::NXIO),
    }
}

/// Device and inode of what `name`, bytes of any kind, names below `root`.
#[inline(never)]
pub(crate) fn look_inside(root: BorrowedFd<'_>, name: &[u8]) -> Result<(u64, u64), Errno> {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    let path = Path::new(OsStr::from_bytes(name));
    let found = match openat2(root, path, flags, Mode::empty(), resolve) {
        // A name that the kernel reported holds no symbolic links, so that an ordinary look stays inside as well.
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => {
            openat(root, path, flags | OFlags::NOFOLLOW, Mode::empty())?
        }
        other => other?,
    };
    file_stat(&found, "").map(|stat| (stat.dev, stat.inode))
}

/// Path resolution by hand. `trail` holds the directories from the root to where we are, so that `..` cannot lead out of
/// the root even when somebody moves directories meanwhile.
fn in_steps(root: BorrowedFd<'_>, path: &str) -> Result<OwnedFd, Errno> {
    let mut trail: Vec<OwnedFd> = Vec::new();
    let mut left: Vec<Vec<u8>> = components(path.as_bytes());
    let mut links = 0;
    while let Some(name) = left.pop() {
        match name.as_slice() {
            b"." => continue,
            b".." => {
                trail.pop();
                continue;
            }
            _ => {}
        }
        let here = trail.last().map_or(root, AsFd::as_fd);
        let name = Path::new(OsStr::from_bytes(&name));
        let kind = FileType::from_raw_mode(statat(here, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode);
        match kind {
            FileType::Symlink => {
                links += 1;
                let target = readlinkat(here, name, Vec::new())?.into_bytes();
                if links > LINKS_MAX || on_proc(here)? {
                    return Err(Errno::LOOP);
                }
                if target.first() == Some(&b'/') {
                    trail.clear();
                }
                left.append(&mut components(&target));
            }
            FileType::Directory if !left.is_empty() => {
                let step = OFlags::PATH | OFlags::NOFOLLOW | OFlags::DIRECTORY | OFlags::CLOEXEC;
                trail.push(openat(here, name, step, Mode::empty())?);
            }
            FileType::RegularFile if left.is_empty() => {
                return openat(here, name, FLAGS | OFlags::NOFOLLOW, Mode::empty());
            }
            FileType::Directory => return Err(Errno::ISDIR),
            _ if left.is_empty() => return Err(Errno::NXIO),
            _ => return Err(Errno::NOTDIR),
        }
    }
    Err(Errno::ISDIR)
}

/// In reverse, so that the next is the last.
fn components(path: &[u8]) -> Vec<Vec<u8>> {
    let parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty());
    parts.rev().map(<[u8]>::to_vec).collect()
}

/// Links on `/proc` may be magic: they lead to an open file and not to a path, proc(5).
fn on_proc(directory: BorrowedFd<'_>) -> Result<bool, Errno> {
    /// `PROC_SUPER_MAGIC` of include/uapi/linux/magic.h.
    const PROC: u64 = 0x9fa0;
    let kind = fstatfs(directory)?.f_type;
    Ok(u64::try_from(kind).is_ok_and(|kind| kind == PROC))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::{open_dir, read_capped};
    use rustix::fs::CWD;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn tree() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        let at = |path: &str| tree.path().join(path);
        fs::create_dir_all(at("root/etc/deep")).unwrap();
        fs::create_dir_all(at("root/usr/lib")).unwrap();
        fs::write(at("secret"), "outside").unwrap();
        fs::write(at("root/usr/lib/os-release"), "inside").unwrap();
        fs::write(at("root/secret"), "inner secret").unwrap();
        for (name, target) in [
            ("relative", "../usr/lib/os-release"),
            ("absolute", "/usr/lib/os-release"),
            ("chain", "/etc/relative"),
            ("up", "../../../../secret"),
            ("loop", "loop"),
            ("directory", "/usr/lib/"),
            ("dangling", "/none"),
            ("through", "deep/../relative"),
            ("device", "fifo"),
            ("file-as-directory", "/usr/lib/os-release/x"),
        ] {
            symlink(target, at("root/etc").join(name)).unwrap();
        }
        symlink(tree.path().join("secret"), at("root/etc/out")).unwrap();
        rustix::fs::mkfifoat(CWD, at("root/etc/fifo"), Mode::RUSR).unwrap();
        tree
    }

    #[test]
    fn both_resolvers_agree_and_stay_inside() {
        let tree = tree();
        let root = open_dir(CWD, tree.path().join("root").to_str().unwrap()).unwrap();
        for (path, want) in [
            ("/etc/relative", Ok("inside")),
            ("/etc/absolute", Ok("inside")),
            ("/etc/chain", Ok("inside")),
            ("/etc/through", Ok("inside")),
            ("/etc/directory/os-release", Ok("inside")),
            ("/etc/up", Ok("inner secret")),
            ("/../../secret", Ok("inner secret")),
            ("/etc/out", Err(Errno::NOENT)),
            ("/etc/dangling", Err(Errno::NOENT)),
            ("/etc/loop", Err(Errno::LOOP)),
            ("/etc/directory", Err(Errno::ISDIR)),
            ("/etc/file-as-directory", Err(Errno::NOTDIR)),
            ("/etc/fifo", Err(Errno::NXIO)),
            ("/etc/device", Err(Errno::NXIO)),
        ] {
            let ways = [
                ("kernel", open_inside(&root, path)),
                ("steps", in_steps(root.as_fd(), path).and_then(regular)),
            ];
            for (resolver, file) in ways {
                let got = file.map(|file| {
                    let mut text = Vec::new();
                    read_capped(&file, 100, &mut text).unwrap();
                    String::from_utf8(text).unwrap()
                });
                assert_eq!(got.as_deref().map_err(|e| *e), want, "{path} by {resolver}");
            }
        }
    }

    #[test]
    fn magic_links_are_not_followed() {
        let root = open_dir(CWD, "/").unwrap();
        for path in ["/proc/self/exe", "/proc/self/root/etc/passwd", "/proc/self/cwd/x"] {
            assert_eq!(open_inside(&root, path).err(), Some(Errno::LOOP), "{path}");
            assert_eq!(in_steps(root.as_fd(), path).err(), Some(Errno::LOOP), "{path}");
        }
    }
}
