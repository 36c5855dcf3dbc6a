//! What the kernel knows of a file, in the form of the bundle.

use procglass_model::bundle::FileStat;
use rustix::fs::{AtFlags, StatxFlags, makedev, statat, statx};
use rustix::io::Errno;
use std::os::fd::AsFd;

/// `stat(2)` of what `path` leads to, without asking a file server for news.
pub(crate) fn file_stat(at: impl AsFd, path: &str) -> Result<FileStat, Errno> {
    let flags = AtFlags::STATX_DONT_SYNC | AtFlags::NO_AUTOMOUNT | AtFlags::EMPTY_PATH;
    match statx(&at, path, flags, StatxFlags::BASIC_STATS) {
        Ok(found) => Ok(FileStat {
            dev: makedev(found.stx_dev_major, found.stx_dev_minor),
            inode: found.stx_ino,
            links: u64::from(found.stx_nlink),
            mode: u32::from(found.stx_mode),
            uid: found.stx_uid,
            gid: found.stx_gid,
            size: found.stx_size,
            mtime: found.stx_mtime.tv_sec,
            ctime: found.stx_ctime.tv_sec,
        }),
        // Before Linux 4.11, and where a sandbox does not know it.
        Err(Errno::NOSYS | Errno::PERM | Errno::INVAL) => old_stat(at, path),
        Err(errno) => Err(errno),
    }
}

// The widths of these fields differ by architecture.
#[allow(clippy::useless_conversion, clippy::unnecessary_cast)]
fn old_stat(at: impl AsFd, path: &str) -> Result<FileStat, Errno> {
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
            assert_eq!(new, old_stat(CWD, path).unwrap());
            assert_eq!((new.dev, new.inode, new.links), (want.dev(), want.ino(), want.nlink()));
            assert_eq!((new.mode, new.uid, new.size), (want.mode(), want.uid(), want.size()));
            assert_eq!((new.mtime, new.ctime), (want.mtime(), want.ctime()));
        }
        assert_eq!(file_stat(CWD, "/nowhere"), Err(Errno::NOENT));
    }
}
