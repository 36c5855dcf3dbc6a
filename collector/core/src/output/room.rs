//! Space for what is to come, asked for before it is written, so that a full disk ends the collection and not the bundle.

use rustix::fs::{FallocateFlags, fallocate, fstatvfs, ftruncate};
use rustix::io::Errno;
use std::fs::File;

/// Space is set aside in pieces of this size, in bytes.
const PIECE: u64 = 1 << 20;

/// Space ahead of a file that is being written.
#[derive(Debug)]
pub(crate) struct Room {
    /// `None`: the output is no file.
    file: Option<File>,
    /// Set aside up to here.
    end: u64,
    /// The file system sets nothing aside.
    refused: bool,
}

impl Room {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self { file, end: 0, refused: false }
    }

    /// Whether the file, of which `written` bytes are there, can grow to `size` bytes.
    pub(crate) fn reaches(&mut self, size: u64, written: u64) -> bool {
        let Some(file) = &self.file else { return true };
        if size <= self.end {
            return true;
        }
        for want in [size + PIECE, size] {
            if self.refused {
                break;
            }
            match fallocate(file, FallocateFlags::KEEP_SIZE, self.end, want - self.end) {
                Ok(()) => {
                    self.end = want;
                    return true;
                }
                Err(Errno::NOSPC | Errno::DQUOT | Errno::FBIG | Errno::INTR) => {}
                Err(_) => self.refused = true,
            }
        }
        // What is free may be taken by others meanwhile: the writer goes back then.
        let free = |found: rustix::fs::StatVfs| {
            found.f_blocks == 0
                || found.f_bavail.saturating_mul(found.f_frsize) >= size.saturating_sub(written)
        };
        self.refused && fstatvfs(file).map_or(true, free)
    }

    /// Forgets what was set aside behind `size`, which is given back.
    pub(crate) fn give_back(&mut self, size: u64) {
        if let Some(file) = &self.file {
            // Space that stays set aside is a waste and no fault.
            let _ = ftruncate(file, size);
        }
        self.end = self.end.min(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn space_is_set_aside_and_given_back() {
        let mut file = tempfile::tempfile().unwrap();
        let mut room = Room::new(Some(file.try_clone().unwrap()));
        assert!(room.reaches(300_000, 0));
        file.write_all(&[1; 1000]).unwrap();
        let found = file.metadata().unwrap();
        assert_eq!(found.len(), 1000);
        if !room.refused {
            assert!(found.blocks() * 512 >= 300_000);
            assert!(room.end >= 300_000);
        }
        room.give_back(1000);
        assert!(file.metadata().unwrap().blocks() * 512 < 300_000);
        assert!(!room.reaches(u64::MAX / 4, 1000), "no disk is as large");
    }

    #[test]
    fn streams_have_room() {
        assert!(Room::new(None).reaches(u64::MAX / 2, 0));
    }
}
