//! Reading to the end or to a cap.

use rustix::buffer::spare_capacity;
use rustix::fs::readlinkat_raw;
use rustix::io::Errno;
use std::os::fd::AsFd;

/// The kernel fills at most a page a read for most of `/proc`; more room saves calls where it gives more.
const ROOM: usize = 16 * 1024;

/// Appends the content of an open file to `out`, `cap` bytes at most. True: there was more.
pub(crate) fn read_capped(file: impl AsFd, cap: usize, out: &mut Vec<u8>) -> Result<bool, Errno> {
    let begin = out.len();
    loop {
        // One byte beyond the cap tells a file that ends there from one that goes on.
        let have = out.len() - begin;
        if have > cap {
            out.truncate(begin + cap);
            return Ok(true);
        }
        if out.capacity() - out.len() < ROOM / 4 {
            out.reserve(ROOM);
        }
        match rustix::io::read(&file, spare_capacity(out)) {
            Ok(0) => return Ok(false),
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => {
                out.truncate(begin);
                return Err(errno);
            }
        }
    }
}

/// Appends the target of a symbolic link to `out`.
pub(crate) fn read_link(at: impl AsFd, path: &str, out: &mut Vec<u8>) -> Result<(), Errno> {
    // The kernel builds targets in one page, d_path() of fs/d_path.c.
    out.reserve(4096);
    readlinkat_raw(at, path, spare_capacity(out)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::CWD;

    #[test]
    fn the_cap_is_exact() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        for size in [0, 1, 4095, 4096, 100_000] {
            std::fs::write(&path, vec![7; size]).unwrap();
            for (cap, cut) in [(size, false), (size + 1, false), (size.saturating_sub(1), size > 0)] {
                let mut out = b"before".to_vec();
                let file = std::fs::File::open(&path).unwrap();
                assert_eq!(read_capped(&file, cap, &mut out), Ok(cut), "{size} bytes, cap {cap}");
                assert_eq!(out.len() - 6, size.min(cap));
            }
        }
    }

    #[test]
    fn errors_leave_what_was_there() {
        let mut out = b"before".to_vec();
        assert_eq!(read_capped(std::fs::File::open("/").unwrap(), 10, &mut out), Err(Errno::ISDIR));
        assert_eq!(read_link(CWD, "/", &mut out), Err(Errno::INVAL));
        assert_eq!(out, b"before");
    }

    #[test]
    fn long_targets_come_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("link");
        let target = "x/".repeat(2000);
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let mut out = b"before".to_vec();
        read_link(CWD, path.to_str().unwrap(), &mut out).unwrap();
        assert_eq!(out, format!("before{target}").into_bytes());
    }
}
