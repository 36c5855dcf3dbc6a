//! Reading to the end or to a cap.

use crate::last_words;
use rustix::buffer::spare_capacity;
use rustix::fs::readlinkat_raw;
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd};

/// The kernel fills at most a page a read for most of `/proc`; more room saves calls where it gives more.
const ROOM: usize = 16 * 1024;

/// What is shorter has left room for another line in the page that the kernel fills, seq_file of Documentation/filesystems.
const SHORT: usize = 3 * 1024;

/// A number or a name: nothing gives only part of that.
const WORD: usize = 64;

/// Appends the content of an open file to `out`, `cap` bytes at most. True: there was more.
pub(crate) fn read_capped(file: impl AsFd, cap: usize, out: &mut Vec<u8>) -> Result<bool, Errno> {
    fill(file.as_fd(), cap, out, false)
}

/// As [`read_capped`] for what the artefact table calls a record: a read that leaves room to spare gives the end of it. Only a
/// word, and what ends like a whole line or a whole string, is believed to be that.
pub(crate) fn read_record(file: impl AsFd, cap: usize, out: &mut Vec<u8>) -> Result<bool, Errno> {
    fill(file.as_fd(), cap, out, true)
}

fn fill(file: BorrowedFd<'_>, cap: usize, out: &mut Vec<u8>, record: bool) -> Result<bool, Errno> {
    let begin = out.len();
    loop {
        // One byte beyond the cap tells a file that ends there from one that goes on.
        let have = out.len() - begin;
        if have > cap {
            out.truncate(begin + cap);
            return Ok(true);
        }
        if out.capacity() - out.len() < ROOM / 4 {
            // A table of 64 MiB may be more than there is: that costs the table, not the run.
            if let Err(errno) = last_words::reserve(out, ROOM) {
                out.truncate(begin);
                return Err(errno);
            }
        }
        match rustix::io::read(file, spare_capacity(out)) {
            Ok(0) => return Ok(false),
            Ok(count) if record && have + count <= cap && is_end(out, have, count) => return Ok(false),
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => {
                out.truncate(begin);
                return Err(errno);
            }
        }
    }
}

/// Whether a read of a record that gave `count` bytes, after `have`, was the last.
fn is_end(out: &[u8], have: usize, count: usize) -> bool {
    count < SHORT && (have == 0 && count < WORD || matches!(out.last(), Some(b'\n' | 0)))
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
    fn a_record_is_read_like_any_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        for content in
            [&b""[..], b"x", b"x\n", &[b'x'; 20_000], &[b'\n'; 20_000], &[b'\n'; SHORT], b"x\0", &[0; 20_000]]
        {
            std::fs::write(&path, content).unwrap();
            for cap in [0, 1, 2, content.len().saturating_sub(1), content.len(), content.len() + 1] {
                let open = || std::fs::File::open(&path).unwrap();
                let (mut one, mut other) = (b"before".to_vec(), b"before".to_vec());
                let cut = read_record(open(), cap, &mut one).unwrap();
                assert_eq!(Ok(cut), read_capped(open(), cap, &mut other), "{} {cap}", content.len());
                assert_eq!(one, other);
            }
        }
    }

    /// What this build relies on, asked of the kernel that it runs on.
    #[test]
    fn the_kernel_gives_a_record_in_one_read() {
        use procglass_model::artefact::{Scope, of};
        for artefact in of(Scope::Process).filter(|artefact| artefact.record) {
            let path = format!("/proc/self/{}", artefact.path);
            let Ok(file) = std::fs::File::open(&path) else { continue };
            let (mut first, mut rest) = (Vec::with_capacity(ROOM), Vec::new());
            if rustix::io::read(&file, spare_capacity(&mut first)).is_ok() {
                read_capped(&file, 1 << 20, &mut rest).unwrap();
                assert!(rest.is_empty(), "{path}: {}", rest.escape_ascii());
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
