//! Space set aside on the disk, so that a full disk ends the collection and not the bundle: what is needed to close it is
//! already there.

use rustix::fs::{FallocateFlags, fallocate, ftruncate};
use rustix::io::Errno;
use std::fs::File;

/// What closing takes: a compressor holds back up to 64 KB, encryption as much, and the list of hashes is still to come.
const CLOSING: u64 = if cfg!(feature = "encrypt") { 256 << 10 } else { 128 << 10 };
/// Space is asked for in pieces of this size.
const PIECE: u64 = 1 << 20;

/// Space ahead of a file that is being written.
#[derive(Debug)]
pub(crate) struct Room {
    /// `None`: the file system sets nothing aside, or the output is no file.
    file: Option<File>,
    /// Set aside up to here.
    end: u64,
}

impl Room {
    pub(crate) fn new(file: Option<File>) -> Self {
        Self { file, end: 0 }
    }

    /// Sees to it that there is room to close the bundle after `position`. False: there is none.
    pub(crate) fn ahead(&mut self, position: u64) -> bool {
        // The list of hashes grows with the members, of which a byte of bundle in four is an upper bound.
        let need = position + CLOSING + position / 4;
        let Some(file) = &self.file else { return true };
        if need <= self.end {
            return true;
        }
        for want in [need + PIECE, need] {
            match fallocate(file, FallocateFlags::KEEP_SIZE, self.end, want - self.end) {
                Ok(()) => {
                    self.end = want;
                    return true;
                }
                Err(Errno::NOSPC | Errno::DQUOT | Errno::FBIG) => {}
                Err(_) => {
                    self.file = None;
                    return true;
                }
            }
        }
        false
    }

    /// Gives back what was not needed.
    pub(crate) fn give_back(&self, size: u64) {
        if let Some(file) = &self.file {
            // Space that stays set aside is a waste and no fault.
            let _ = ftruncate(file, size);
        }
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
        assert!(room.ahead(1000));
        file.write_all(&[1; 1000]).unwrap();
        let found = file.metadata().unwrap();
        assert_eq!(found.len(), 1000);
        if room.file.is_some() {
            assert!(found.blocks() * 512 >= CLOSING);
        }
        room.give_back(1000);
        assert!(file.metadata().unwrap().blocks() * 512 < CLOSING);
    }

    #[test]
    fn streams_have_room() {
        assert!(Room::new(None).ahead(u64::MAX / 2));
    }
}
