//! Closing files several at a time.
//!
//! A file is really closed on the way back from the system call, and that way costs more than closing the file does:
//! one call for sixteen saves a twentieth of all that collecting costs.

use rustix::io::fcntl_dupfd_cloexec;
use std::os::fd::{AsFd, AsRawFd as _, IntoRawFd as _, OwnedFd, RawFd};

/// With more, the kernel's buffers of the waiting files push each other out of the cache.
const FULL: RawFd = 16;

/// Numbers in a row that are enough: a batch, what is open meanwhile, and some more.
const ROW: RawFd = 2 * FULL + 8;
/// More gaps are not filled.
const HELD_MAX: usize = 256;

/// Files that wait to be closed, with numbers that follow each other.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    first: RawFd,
    count: RawFd,
    /// The kernel has no such call (before Linux 5.9), or a sandbox refuses it.
    refused: bool,
}

impl Closing {
    /// Closes a file, now or with the next ones.
    pub(crate) fn close(&mut self, file: OwnedFd) {
        if self.refused {
            return;
        }
        let number = file.as_raw_fd();
        if self.count > 0 && number != self.first + self.count && number != self.first - 1 {
            self.all();
        }
        if self.count == 0 || number < self.first {
            self.first = number;
        }
        // From here on it is ours, by its number.
        let _ = file.into_raw_fd();
        self.count += 1;
        if self.count >= FULL {
            self.all();
        }
    }

    /// Closes what waits.
    pub(crate) fn all(&mut self) {
        if self.count == 0 {
            return;
        }
        let waiting = self.first..self.first + self.count;
        self.count = 0;
        if !close_range(waiting.start, waiting.end - 1) {
            self.refused = true;
            waiting.for_each(close);
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.all();
    }
}

/// Makes the next files that are opened get numbers that follow each other, as long as what this gives lives: it fills the gaps
/// that inherited descriptors leave. One at 10, which many a shell leaves behind, would part each batch into pieces of two.
pub(crate) fn in_a_row(like: impl AsFd) -> Vec<OwnedFd> {
    fill_gaps(like, 0)
}

fn fill_gaps(like: impl AsFd, lowest: RawFd) -> Vec<OwnedFd> {
    let mut held: Vec<OwnedFd> = Vec::new();
    let row = usize::try_from(ROW).unwrap_or(0);
    while held.len() < HELD_MAX {
        // The lowest number that is free. That there is none is no reason to fail: the batches are smaller then.
        let Ok(next) = fcntl_dupfd_cloexec(&like, lowest) else { break };
        held.push(next);
        let first = held.len().checked_sub(row).and_then(|at| held.get(at));
        let last = held.last();
        if first.zip(last).is_some_and(|(first, last)| last.as_raw_fd() - first.as_raw_fd() == ROW - 1) {
            break;
        }
    }
    held.truncate(held.len().saturating_sub(row));
    held
}

/// close_range(2). False: nothing was closed.
fn close_range(first: RawFd, last: RawFd) -> bool {
    // SAFETY: called with the numbers of descriptors that `Closing` has taken over and nobody else closes.
    #[allow(unsafe_code, reason = "neither the standard library nor rustix has this call")]
    let done = unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) };
    done == 0
}

/// Closes a descriptor that a thread has from the table of its process, in a table of its own.
pub(crate) fn forget(number: RawFd) {
    if number >= 0 && !close_range(number, number) {
        close(number);
    }
}

fn close(number: RawFd) {
    use std::os::fd::FromRawFd as _;
    // SAFETY: as above; the call that was refused has closed none of them.
    #[allow(unsafe_code, reason = "the number of a descriptor that was taken over")]
    drop(unsafe { OwnedFd::from_raw_fd(number) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{FileType, fstat};

    fn pipe() -> (OwnedFd, std::io::PipeReader) {
        let (reader, writer) = std::io::pipe().unwrap();
        (writer.into(), reader)
    }

    /// That a pipe has no writer left shows that it was closed, whoever else has the number by now.
    fn closed(mut reader: std::io::PipeReader) -> bool {
        use std::io::Read as _;
        reader.read(&mut [0]).unwrap() == 0
    }

    #[test]
    fn everything_is_closed_in_the_end_and_nothing_else() {
        for refused in [false, true] {
            let mut closing = Closing { refused, ..Closing::default() };
            let kept = std::fs::File::open("/dev/null").unwrap();
            let mut readers = Vec::new();
            for _ in 0..3 * FULL + 1 {
                let (writer, reader) = pipe();
                closing.close(writer);
                readers.push(reader);
            }
            drop(closing);
            assert!(readers.into_iter().all(closed));
            assert_eq!(FileType::from_raw_mode(fstat(&kept).unwrap().st_mode), FileType::CharacterDevice);
        }
    }

    #[test]
    fn one_call_closes_several() {
        let (mut closing, mut readers) = (Closing::default(), Vec::new());
        for _ in 0..3 {
            let (writer, reader) = pipe();
            // Where nobody else opens files, so that the numbers follow each other.
            closing.close(fcntl_dupfd_cloexec(writer, 700).unwrap());
            readers.push(reader);
        }
        assert_eq!((closing.first, closing.count), (700, 3));
        assert!(!close_range(701, 700), "an empty range is an error and closes nothing");
        closing.all();
        assert_eq!(closing.count, 0);
        assert!(readers.into_iter().all(closed));
    }

    #[test]
    fn a_directory_opened_before_what_it_holds_is_closed_with_it() {
        let mut closing = Closing::default();
        let (writer, reader) = pipe();
        let mut files: Vec<_> = (0..4).map(|_| fcntl_dupfd_cloexec(&writer, 800).unwrap()).collect();
        drop(writer);
        // Its two directories came first, and go last, the second before the first.
        let inside = files.split_off(2);
        inside.into_iter().chain(files.into_iter().rev()).for_each(|file| closing.close(file));
        assert_eq!((closing.first, closing.count), (800, 4));
        drop(closing);
        assert!(closed(reader));
    }

    #[test]
    fn gaps_are_filled() {
        let (writer, _reader) = pipe();
        // Where nobody else opens files.
        let inherited = [602, 605].map(|number| fcntl_dupfd_cloexec(&writer, number).unwrap());
        let held = fill_gaps(&writer, 600);
        assert_eq!(held.iter().map(|file| file.as_raw_fd()).collect::<Vec<_>>(), [600, 601, 603, 604]);
        assert_eq!(fcntl_dupfd_cloexec(&writer, 600).unwrap().as_raw_fd(), 606);
        drop(inherited);
    }

    #[test]
    fn where_the_call_is_refused_each_is_closed_alone() {
        let (writer, reader) = pipe();
        close(writer.into_raw_fd());
        assert!(closed(reader));
    }
}
