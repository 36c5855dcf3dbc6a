//! Listing directories whose entries are numbers: processes, threads, descriptors.

use rustix::fs::{FileType, Mode, OFlags, RawDir, openat};
use rustix::io::Errno;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Calls `each` with the entries that are decimal numbers, in the directory's order.
/// Gives the directory, to open what it lists.
pub(crate) fn numbers(at: impl AsFd, path: &str, mut each: impl FnMut(u32)) -> Result<OwnedFd, Errno> {
    let directory = openat(at, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut buffer = [MaybeUninit::<u8>::uninit(); 8192];
    let mut entries = RawDir::new(&directory, &mut buffer);
    while let Some(entry) = entries.next() {
        if let Some(number) = number(entry?.file_name().to_bytes()) {
            each(number);
        }
    }
    Ok(directory)
}

/// The names in a directory, sorted.
pub(crate) fn names(at: impl AsFd, path: &str) -> Result<Vec<String>, Errno> {
    chosen(at.as_fd(), path, &|_| true)
}

/// The names of the directories in a directory, sorted, where the file system says which those are.
pub(crate) fn directories(at: impl AsFd, path: &str) -> Result<Vec<String>, Errno> {
    chosen(at.as_fd(), path, &|kind| kind == FileType::Directory)
}

#[inline(never)]
fn chosen(at: BorrowedFd<'_>, path: &str, wanted: &dyn Fn(FileType) -> bool) -> Result<Vec<String>, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let directory = openat(at, path, flags, Mode::empty())?;
    let mut buffer = [MaybeUninit::<u8>::uninit(); 8192];
    let mut entries = RawDir::new(directory, &mut buffer);
    let mut names = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if !matches!(name, b"." | b"..") && wanted(entry.file_type()) {
            names.push(String::from_utf8_lossy(name).into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn number(name: &[u8]) -> Option<u32> {
    if !name.first()?.is_ascii_digit() {
        return None;
    }
    std::str::from_utf8(name).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::CWD;

    #[test]
    fn only_numbers_are_listed() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["1", "42", "4294967295", "4294967296", "self", "+7", "-7", "7a", "a7"] {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        let mut found = Vec::new();
        numbers(CWD, directory.path().to_str().unwrap(), |n| found.push(n)).unwrap();
        found.sort_unstable();
        assert_eq!(found, [1, 42, u32::MAX]);
    }

    #[test]
    fn names_are_sorted() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b", ".a", "c"] {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        std::fs::create_dir(directory.path().join("d")).unwrap();
        assert_eq!(names(CWD, directory.path().to_str().unwrap()).unwrap(), [".a", "b", "c", "d"]);
        assert_eq!(directories(CWD, directory.path().to_str().unwrap()).unwrap(), ["d"]);
    }

    #[test]
    fn many_entries_are_listed() {
        let directory = tempfile::tempdir().unwrap();
        for n in 0..3000 {
            std::fs::write(directory.path().join(n.to_string()), "").unwrap();
        }
        let mut sum = 0;
        numbers(CWD, directory.path().to_str().unwrap(), |n| sum += n).unwrap();
        assert_eq!(sum, 2999 * 3000 / 2);
    }

    #[test]
    fn what_is_no_directory_is_said() {
        assert_eq!(numbers(CWD, "/dev/null", |_| {}).unwrap_err(), Errno::NOTDIR);
    }
}
