//! What the kernel knows of a file, in the form of the bundle.

use procglass_model::bundle::FileStat;
use rustix::fs::{AtFlags, StatxFlags, makedev, statat, statx};
use rustix::io::Errno;
use std::os::fd::AsFd;

/// `stat(2)` of what `path` leads to, without asking a file server for news.
pub(crate) fn file_stat(at: impl AsFd, path: &str) -> Result<FileStat, Errno> {
    file_stat_on(at, path).map(|(stat, _)| stat)
}

/// As [`file_stat`], with the number of the mount that the file lies on: `None` before Linux 5.8.
pub(crate) fn file_stat_on(at: impl AsFd, path: &str) -> Result<(FileStat, Option<u64>), Errno> {
    let flags = AtFlags::STATX_DONT_SYNC | AtFlags::NO_AUTOMOUNT | AtFlags::EMPTY_PATH;
    let found = match statx(&at, path, flags, StatxFlags::BASIC_STATS | StatxFlags::MNT_ID) {
        Ok(found) => found,
        // Before Linux 4.11, and where a sandbox does not know it.
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => {
            return old_stat(at.as_fd(), path).map(|stat| (stat, None));
        }
        Err(errno) => return Err(errno),
    };
    let mount = (found.stx_mask & StatxFlags::MNT_ID.bits() != 0).then_some(found.stx_mnt_id);
    let stat = FileStat {
        dev: makedev(found.stx_dev_major, found.stx_dev_minor),
        inode: found.stx_ino,
        links: u64::from(found.stx_nlink),
        mode: u32::from(found.stx_mode),
        uid: found.stx_uid,
        gid: found.stx_gid,
        size: found.stx_size,
        mtime: found.stx_mtime.tv_sec,
        ctime: found.stx_ctime.tv_sec,
    };
    Ok((stat, mount))
}

// The widths of these fields differ by architecture.
#[allow(clippy::useless_conversion, clippy::unnecessary_cast)]
#[cold]
fn old_stat(at: std::os::fd::BorrowedFd<'_>, path: &str) -> Result<FileStat, Errno> {
    let found = statat(at, path, AtFlags::empty())?;
    Ok(FileStat {
        dev: u64::from(found.st_dev),
        inode: u64::from(found.st_ino),
        links: u64::from(found.st_nlink),
        mode: found.st_mode,
        uid: found.st_uid,
        gid: found.st_gid,
        size: u64::try_from(found.st_size).unwrap_or(0),
        mtime: found.st_mtime as i64,
        ctime: found.st_ctime as i64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::CWD;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn both_ways_agree_with_the_standard_library() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        for path in [path.to_str().unwrap(), "/proc/self/exe", "/dev/null"] {
            let want = std::fs::metadata(path).unwrap();
            let new = file_stat(CWD, path).unwrap();
            assert_eq!(new, old_stat(CWD.as_fd(), path).unwrap());
            assert_eq!((new.dev, new.inode, new.links), (want.dev(), want.ino(), want.nlink()));
            assert_eq!((new.mode, new.uid, new.size), (want.mode(), want.uid(), want.size()));
            assert_eq!((new.mtime, new.ctime), (want.mtime(), want.ctime()));
        }
        assert_eq!(file_stat(CWD, "/nowhere"), Err(Errno::NOENT));
    }
}
