//! Copies of files that are about to be lost: programs without a name, in memory only, and open files that were deleted.

use super::Subject;
use super::extents::Extents;
use super::mounts::Place;
use crate::context::Known;
use crate::last_words;
use crate::options::Recover;
use crate::pipeline::{Message, Pieces, Worker};
use crate::step::{Part, Step};
use crate::sys;
use crate::take::Missing;
use procglass_model::bundle::{FileStat, hex, job};
use rustix::buffer::spare_capacity;
use rustix::fs::FileType;
use rustix::io::Errno;
use sha2::{Digest, Sha256};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

/// The largest file that is copied.
const EACH: u64 = 64 << 20;
/// How the names of shared memory begin: memfd_create(2), shm_open(3), shmget(2), mmap(2).
const MEMORY: &[&str] = &["/memfd:", "/dev/shm/", "/SYSV", "/dev/zero"];
/// Bytes of a piece on its way to the writer.
const PIECE: usize = 128 << 10;

impl Worker {
    /// Whether a file may be opened, and its mount where that may not answer. `path`: its name, as the kernel gives it.
    pub(super) fn may_open(
        &self,
        subject: &Subject,
        path: &[u8],
        stat: &FileStat,
        mount: Option<u64>,
    ) -> Result<Option<u64>, String> {
        let Some(mounts) = &subject.mounts else { return Ok(None) };
        let allowed = self.context.options.remote_files;
        match mounts.place(path, mount, stat.dev) {
            Place::Local => Ok(None),
            Place::Remote(mount) if allowed => Ok(Some(mount.id)),
            Place::Unknown if allowed => Ok(mount),
            Place::Remote(mount) => Err(mount.reason()),
            Place::Unknown => Err(UNKNOWN.into()),
        }
    }

    /// Copies an executable whose hash is known, if this run does that. True: it is in the bundle.
    pub(super) fn recover_exe(
        &mut self,
        subject: &Subject,
        stat: &FileStat,
        unnamed: bool,
        hash: &str,
        data: Extents,
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
        let copied = not_too_large(stat.size).and_then(|()| self.allow(&self.context.to_copy, data.data()));
        let copied = copied.and_then(|()| {
            self.taker.enter(step).map_err(word)?;
            let file = sys::open_unnoticed(subject.dir(), "exe").map_err(|errno| word(errno.into()))?;
            self.copy(step, file, stat.size, format!("executable/{hash}"), data)
        });
        self.recovered(&copied);
        copied.map_err(|what| self.draft.error("exe/copy", &what)).is_ok()
    }

    /// Counts a copy, or why there is none.
    fn recovered<T>(&self, copied: &Result<T, String>) {
        let mut found = self.context.found();
        match copied {
            Ok(_) => found.job(job::RECOVERY).read += 1,
            Err(why) if why.starts_with("cut") => found.refuse(job::RECOVERY, "over the limit of its size"),
            Err(why) => found.miss(job::RECOVERY, why),
        }
    }

    /// Copies a deleted file that is still open. `None` where there is no reason to.
    pub(super) fn recover_file(
        &mut self,
        subject: &Subject,
        fd: u32,
        links: impl AsFd,
        name: &str,
        (stat, mount): (&FileStat, Option<u64>),
    ) -> Option<String> {
        // What it is called is still in the buffer.
        let memory = MEMORY.iter().any(|start| self.taker.buffer.starts_with(start.as_bytes()));
        let regular = FileType::from_raw_mode(stat.mode) == FileType::RegularFile;
        let recover = self.context.options.recover;
        if recover == Recover::None || !regular || stat.links > 0 || stat.size == 0 {
            return None;
        }
        let open = self.may_open(subject, &self.taker.buffer, stat, mount);
        let result = match (open, self.context.files.ask((stat.dev, stat.inode))) {
            (Err(why), known) => {
                if known == Known::Ask {
                    self.context.files.learn((stat.dev, stat.inode), Err(why.clone()));
                    self.recovered(&Err::<(), _>(why.clone()));
                }
                Err(why)
            }
            (_, Known::Is(result)) => result,
            (_, Known::Hangs) => Err(word(Missing::TimedOut)),
            (Ok(mount), Known::Ask) => {
                let result = self.take_file(fd, links, name, stat, (memory, mount));
                self.taker.off_mount();
                self.context.files.learn((stat.dev, stat.inode), result.clone());
                // A piece of shared memory that holds no program is no candidate.
                if !matches!(result, Ok(None)) {
                    self.recovered(&result);
                }
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
        (memory, mount): (bool, Option<u64>),
    ) -> Result<Option<String>, String> {
        let step = Step::new(Part::FileHash, fd);
        self.taker.on_mount(mount, &self.context.hung).map_err(word)?;
        self.taker.enter(step).map_err(word)?;
        let file = sys::open_unnoticed(&links, name).map_err(|errno| word(errno.into()))?;
        // Shared memory of programs has no name either. Of that only programs and scripts are of interest.
        if self.context.options.recover == Recover::Deleted && memory && !runnable(&file) {
            return Ok(None);
        }
        not_too_large(stat.size)?;
        self.allow(&self.context.to_hash, stat.size)?;
        let (hash, data) = self.hash_file(step, &file, stat.size).map_err(word)?;
        self.allow(&self.context.to_copy, data.data())?;
        self.copy(Step::new(Part::FileCopy, fd), file, stat.size, format!("file/{hash}"), data)?;
        Ok(Some(hash))
    }

    /// The hash of the first `size` bytes, and which of them are no zeros.
    pub(super) fn hash_file(
        &mut self,
        step: Step,
        file: &OwnedFd,
        size: u64,
    ) -> Result<(String, Extents), Missing> {
        let (mut hasher, mut extents, mut at) = (Sha256::new(), Extents::default(), 0);
        loop {
            // Each piece is a step of its own: a large file on a slow disk is no hang.
            self.taker.enter(step)?;
            let piece = self.piece(file, at, size)?;
            if piece.is_empty() {
                extents.end();
                return Ok((hex(&hasher.finalize()), extents));
            }
            hasher.update(piece);
            extents.push(piece);
            at += piece.len() as u64;
        }
    }

    /// Sends the first `size` bytes as a member, without long runs of zeros. Who writes it sees whether they changed since they
    /// were hashed.
    fn copy(
        &mut self,
        step: Step,
        file: OwnedFd,
        size: u64,
        name: String,
        data: Extents,
    ) -> Result<(), String> {
        let gone = || "not copied: the bundle takes no more".to_owned();
        if !self.context.found().copies.insert(name.clone()) {
            return Ok(());
        }
        self.taker.idle();
        if self.outlet.alone {
            let message = Message::Stream { name, size, extents: data, data: Pieces::File(file) };
            return self.outlet.send(message, || {}).map(drop).map_err(|_| gone());
        }
        let (sender, pieces) = sync_channel(2);
        let parts = data.parts().to_vec();
        let message = Message::Stream { name, size, extents: data, data: Pieces::Sent(pieces) };
        self.outlet.send(message, || {}).map_err(|_| gone())?;
        for part in parts {
            let mut at = part.start;
            while at < part.end {
                self.taker.enter(step).map_err(word)?;
                let piece = self.piece(&file, at, part.end).map_err(word)?.to_vec();
                if piece.is_empty() {
                    return Err("the file became shorter while it was copied".into());
                }
                at += piece.len() as u64;
                self.taker.idle();
                sender.send(piece).map_err(|_| gone())?;
            }
        }
        Ok(())
    }

    /// Some bytes of a file from `at` on, none of them behind `end`.
    fn piece(&mut self, file: &OwnedFd, at: u64, end: u64) -> Result<&[u8], Missing> {
        let buffer = &mut self.taker.buffer;
        buffer.clear();
        last_words::reserve(buffer, PIECE)?;
        loop {
            match rustix::io::pread(file, spare_capacity(buffer), at) {
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
                Ok(_) => break,
            }
        }
        let most = usize::try_from(end - at).unwrap_or(usize::MAX);
        Ok(buffer.get(..buffer.len().min(most)).unwrap_or_default())
    }

    /// Takes `size` from what may still be copied, or hashed for that. Zeros are hashed and not copied, so that a file of nothing
    /// else takes no room from others.
    fn allow(&self, left: &AtomicU64, size: u64) -> Result<(), String> {
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(size));
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

fn not_too_large(size: u64) -> Result<(), String> {
    match size {
        0..=EACH => Ok(()),
        _ => Err(format!("cut: not copied, {size} bytes are over the limit of {EACH}")),
    }
}

/// Why a file is left alone whose mount is in no table.
const UNKNOWN: &str = "not opened: its mount is in no table of mounts, so it may be one that does not answer; --remote-files opens it";

pub(super) fn word(missing: Missing) -> String {
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
