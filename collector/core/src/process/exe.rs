//! The file that a process executes, reached through `/proc/<pid>/exe` and so also when it is deleted or was never on a
//! disk.

use super::Subject;
use super::extents::Extents;
use super::fds::stat_fields;
use super::recover::word;
use crate::context::Known;
use crate::pipeline::Worker;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::Missing;
use procglass_model::bundle::{FileStat, OnDisk};
use std::os::fd::AsFd as _;

/// Larger files are not hashed: a sparse file of terabytes costs nothing to make and hours to hash.
const HASH_MAX: u64 = 1 << 30;

/// The hash of an executable, or why there is none.
pub(crate) type Hashed = Result<Hash, Missing>;

/// The hash of an executable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hash {
    hex: String,
    /// A copy is in the bundle.
    recovered: bool,
}

/// The word for it in a record.
pub(super) fn word_of(on_disk: OnDisk) -> &'static str {
    match on_disk {
        OnDisk::Same => "same",
        OnDisk::Other => "other",
        OnDisk::Missing => "missing",
    }
}

impl Worker {
    /// Adds `executable` to the draft.
    pub(super) fn executable(&mut self, subject: &Subject) {
        self.taker.buffer.clone_from(&subject.exe);
        let (stat, mount) = match self.look(subject, Step::new(Part::ExeStat, 0), subject.dir(), "exe") {
            Ok(found) => found,
            Err(missing) => {
                self.draft.error("exe/stat", &missing.word());
                return;
            }
        };
        let on_disk = self.on_disk(subject, &subject.exe, &stat, 0);
        let unnamed = stat.links == 0 || on_disk == Some(OnDisk::Missing);
        let hash = self.exe_hash(subject, (&stat, mount), unnamed);
        let json = &mut self.draft.executable;
        json.open(b'{');
        stat_fields(&stat, json);
        if let Some(on_disk) = on_disk {
            json.key("on_disk");
            json.text(word_of(on_disk));
        }
        match &hash {
            Ok(hash) => {
                json.key("sha256");
                json.text(&hash.hex);
                if hash.recovered {
                    json.key("recovered");
                    json.raw(b"true");
                }
            }
            Err(sentence) => self.draft.error("exe/sha256", sentence),
        }
        self.draft.executable.close(b'}');
    }

    /// What has the name `path` now. The kernel appends ` (deleted)` to the name of a file without one, and a file may be
    /// called so: the name as it stands is asked first. `number` tells the steps of a process apart.
    pub(super) fn on_disk(
        &mut self,
        subject: &Subject,
        path: &[u8],
        stat: &FileStat,
        number: u32,
    ) -> Option<OnDisk> {
        let name = path.strip_prefix(b"/")?;
        let key = [subject.mnt.as_slice(), &subject.root, path].join(&0);
        if let Some((known, dev, inode, answer)) = &self.last_exe
            && *known == key
            && (*dev, *inode) == (stat.dev, stat.inode)
        {
            return Some(*answer);
        }
        // The walk to it would ask the file system.
        let remote = subject.mounts.as_ref().is_some_and(|mounts| mounts.on_the_way(path).is_some());
        if remote && !self.context.options.remote_files {
            return None;
        }
        self.taker.enter(Step::new(Part::ExeOnDisk, number)).ok()?;
        let root = sys::open_dir(subject.dir(), "root").ok()?;
        let answer = match sys::look_inside(root.as_fd(), name) {
            Ok((dev, inode)) if (dev, inode) == (stat.dev, stat.inode) => OnDisk::Same,
            Ok(_) => OnDisk::Other,
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => {
                match name.strip_suffix(b" (deleted)").map(|name| sys::look_inside(root.as_fd(), name)) {
                    Some(Ok((dev, inode))) if (dev, inode) == (stat.dev, stat.inode) => OnDisk::Same,
                    Some(Ok(_)) => OnDisk::Other,
                    _ => OnDisk::Missing,
                }
            }
            Err(_) => return None,
        };
        self.last_exe = Some((key, stat.dev, stat.inode, answer));
        Some(answer)
    }

    fn exe_hash(
        &mut self,
        subject: &Subject,
        (stat, mount): (&FileStat, Option<u64>),
        unnamed: bool,
    ) -> Result<Hash, String> {
        let mount = self.may_open(subject, &subject.exe, stat, mount)?;
        if stat.size > HASH_MAX {
            return Err(format!("cut: not hashed, {} bytes are over the limit of {HASH_MAX}", stat.size));
        }
        let key = (stat.dev, stat.inode);
        let hashed = match self.context.hashes.ask(key) {
            Known::Is(hashed) => hashed,
            Known::Hangs => Err(Missing::TimedOut),
            Known::Ask => {
                self.taker.on_mount(mount, &self.context.hung).map_err(word)?;
                let hashed = self.hash(subject, stat).map(|(hex, data)| Hash {
                    recovered: self.recover_exe(subject, stat, unnamed, &hex, data),
                    hex,
                });
                self.taker.off_mount();
                self.context.hashes.learn(key, hashed.clone());
                hashed
            }
        };
        hashed.map_err(|missing| missing.word().into_owned())
    }

    fn hash(&mut self, subject: &Subject, stat: &FileStat) -> Result<(String, Extents), Missing> {
        let step = Step::new(Part::ExeHash, 0);
        self.taker.enter(step)?;
        let file = sys::open_unnoticed(subject.dir(), "exe")?;
        self.hash_file(step, &file, stat.size)
    }
}
