//! Copies of files that are about to be lost: programs without a name, in memory only, and open files that were deleted.

use super::Subject;
use crate::context::Known;
use crate::options::Recover;
use crate::pipeline::{Message, Worker};
use crate::step::{Part, Step};
use crate::sys;
use crate::take::Missing;
use procglass_model::bundle::{FileStat, hex};
use rustix::buffer::spare_capacity;
use rustix::fs::FileType;
use rustix::io::Errno;
use sha2::{Digest, Sha256};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::Ordering;
use std::sync::mpsc::sync_channel;

/// The largest file that is copied.
const EACH: u64 = 64 << 20;
/// How the names of shared memory begin: memfd_create(2), shm_open(3), shmget(2), mmap(2).
const MEMORY: &[&str] = &["/memfd:", "/dev/shm/", "/SYSV", "/dev/zero"];
/// Bytes of a piece on its way to the writer.
const PIECE: usize = 128 << 10;

impl Worker {
    /// Copies an executable whose hash is known, if this run does that. True: it is in the bundle.
    pub(super) fn recover_exe(
        &mut self,
        subject: &Subject,
        stat: &FileStat,
        unnamed: bool,
        hash: &str,
    ) -> bool {
        let wanted = match self.context.options.recover {
            Recover::None => false,
            Recover::Deleted => unnamed,
            Recover::All => true,
        };
        if !wanted {
            return false;
        }
        let step = Step::new(Part::ExeCopy, 0);
        let copied = self.allow(stat.size).and_then(|()| {
            self.taker.enter(step).map_err(word)?;
            let file = sys::open_unnoticed(subject.dir(), "exe").map_err(|errno| word(errno.into()))?;
            self.copy(step, &file, stat.size, format!("executable/{hash}"), hash)
        });
        copied.map_err(|what| self.draft.error("exe/copy", &what)).is_ok()
    }

    /// Copies a deleted file that is still open. `None` where there is no reason to.
    pub(super) fn recover_file(
        &mut self,
        fd: u32,
        links: impl AsFd,
        name: &str,
        stat: &FileStat,
    ) -> Option<String> {
        // What it is called is still in the buffer.
        let memory = MEMORY.iter().any(|start| self.taker.buffer.starts_with(start.as_bytes()));
        let regular = FileType::from_raw_mode(stat.mode) == FileType::RegularFile;
        let recover = self.context.options.recover;
        if recover == Recover::None || !regular || stat.links > 0 || stat.size == 0 {
            return None;
        }
        let result = match self.context.files.ask((stat.dev, stat.inode)) {
            Known::Is(result) => result,
            Known::Hangs => Err(word(Missing::TimedOut)),
            Known::Ask => {
                let result = self.take_file(fd, links, name, stat, memory);
                self.context.files.learn((stat.dev, stat.inode), result.clone());
                result
            }
        };
        match result {
            Ok(hash) => hash,
            Err(what) => {
                self.draft.error(&format!("fd/{fd}/copy"), &what);
                None
            }
        }
    }

    fn take_file(
        &mut self,
        fd: u32,
        links: impl AsFd,
        name: &str,
        stat: &FileStat,
        memory: bool,
    ) -> Result<Option<String>, String> {
        let step = Step::new(Part::FileHash, fd);
        self.taker.enter(step).map_err(word)?;
        let file = sys::open_unnoticed(&links, name).map_err(|errno| word(errno.into()))?;
        // Shared memory of programs has no name either. Of that only programs and scripts are of interest.
        if self.context.options.recover == Recover::Deleted && memory && !runnable(&file) {
            return Ok(None);
        }
        self.allow(stat.size)?;
        let hash = self.hash_file(step, &file, stat.size).map_err(word)?;
        let file = sys::open_unnoticed(&links, name).map_err(|errno| word(errno.into()))?;
        self.copy(Step::new(Part::FileCopy, fd), &file, stat.size, format!("file/{hash}"), &hash)?;
        Ok(Some(hash))
    }

    /// The hash of the first `size` bytes.
    pub(super) fn hash_file(&mut self, step: Step, file: &OwnedFd, size: u64) -> Result<String, Missing> {
        let mut hasher = Sha256::new();
        let mut left = size;
        loop {
            // Each piece is a step of its own: a large file on a slow disk is no hang.
            self.taker.enter(step)?;
            let piece = self.piece(file, left)?;
            if piece.is_empty() {
                return Ok(hex(&hasher.finalize()));
            }
            hasher.update(piece);
            left -= piece.len() as u64;
        }
    }

    /// Sends the first `size` bytes as a member. They may have changed since they were hashed, which is said then.
    fn copy(
        &mut self,
        step: Step,
        file: &OwnedFd,
        size: u64,
        name: String,
        hash: &str,
    ) -> Result<(), String> {
        let gone = || "not copied: the bundle takes no more".to_owned();
        if !self.context.found().copies.insert(name.clone()) {
            return Ok(());
        }
        let (sender, data) = sync_channel(2);
        self.taker.idle();
        self.outlet.send(Message::Stream { name, size, data }, || {}).map_err(|_| gone())?;
        let (mut hasher, mut left) = (Sha256::new(), size);
        loop {
            self.taker.enter(step).map_err(word)?;
            let piece = self.piece(file, left).map_err(word)?;
            if piece.is_empty() {
                break;
            }
            hasher.update(piece);
            left -= piece.len() as u64;
            let piece = piece.to_vec();
            self.taker.idle();
            sender.send(piece).map_err(|_| gone())?;
        }
        if left > 0 || hex(&hasher.finalize()) != hash {
            return Err("the file changed while it was copied; the copy is of the moment".into());
        }
        Ok(())
    }

    fn piece(&mut self, file: &OwnedFd, left: u64) -> Result<&[u8], Missing> {
        let buffer = &mut self.taker.buffer;
        buffer.clear();
        buffer.reserve(PIECE);
        loop {
            match rustix::io::read(file, spare_capacity(buffer)) {
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
                Ok(_) => break,
            }
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        Ok(buffer.get(..buffer.len().min(most)).unwrap_or_default())
    }

    /// Takes `size` from what may still be copied.
    fn allow(&self, size: u64) -> Result<(), String> {
        if size > EACH {
            return Err(format!("cut: not copied, {size} bytes are over the limit of {EACH}"));
        }
        let taken = self
            .context
            .to_recover
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(size));
        taken.map(drop).map_err(|_| {
            let sentence = "recovered files: what was over 256 MiB in all was left out".to_owned();
            let mut found = self.context.found();
            if !found.limits.contains(&sentence) {
                found.limits.push(sentence.clone());
            }
            format!("cut: {sentence}")
        })
    }
}

fn word(missing: Missing) -> String {
    missing.word().into_owned()
}

/// Whether a file begins like a program or a script.
fn runnable(file: &OwnedFd) -> bool {
    let mut head = [0; 4];
    match rustix::io::pread(file, &mut head, 0) {
        Ok(4) => head == *b"\x7fELF" || head.starts_with(b"#!"),
        _ => false,
    }
}
