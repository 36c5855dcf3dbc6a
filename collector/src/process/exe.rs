//! The file that a process executes, reached through `/proc/<pid>/exe` and so also when it is deleted or was never on a
//! disk.

use super::Subject;
use super::fds::stat_fields;
use crate::context::Known;
use crate::pipeline::Worker;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::Missing;
use procglass_model::bundle::{FileStat, OnDisk};

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

impl Worker {
    /// Adds `executable` to the draft.
    pub(super) fn executable(&mut self, subject: &Subject) {
        let stat = match self.stat(Step::new(Part::ExeStat, 0), subject.dir(), "exe") {
            Ok(stat) => stat,
            Err(missing) => {
                self.draft.error("exe/stat", &missing.word());
                return;
            }
        };
        let on_disk = self.on_disk(subject, &stat);
        let unnamed = stat.links == 0 || on_disk == Some(OnDisk::Missing);
        let hash = self.exe_hash(subject, &stat, unnamed);
        let json = &mut self.draft.executable;
        json.open(b'{');
        stat_fields(&stat, json);
        if let Some(on_disk) = on_disk {
            json.key("on_disk");
            json.text(match on_disk {
                OnDisk::Same => "same",
                OnDisk::Other => "other",
                OnDisk::Missing => "missing",
            });
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

    /// What has the name now. The kernel appends ` (deleted)` to the name of a file without one, and a file may be
    /// called so: the name as it stands is asked first.
    fn on_disk(&mut self, subject: &Subject, stat: &FileStat) -> Option<OnDisk> {
        let name = subject.exe.strip_prefix(b"/")?;
        let key = [subject.mnt.as_slice(), &subject.root, &subject.exe].join(&0);
        if let Some((known, dev, inode, answer)) = &self.last_exe
            && *known == key
            && (*dev, *inode) == (stat.dev, stat.inode)
        {
            return Some(*answer);
        }
        self.taker.enter(Step::new(Part::ExeOnDisk, 0)).ok()?;
        let root = sys::open_dir(subject.dir(), "root").ok()?;
        let answer = match sys::look_inside(&root, name) {
            Ok((dev, inode)) if (dev, inode) == (stat.dev, stat.inode) => OnDisk::Same,
            Ok(_) => OnDisk::Other,
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => {
                match name.strip_suffix(b" (deleted)").map(|name| sys::look_inside(&root, name)) {
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

    fn exe_hash(&mut self, subject: &Subject, stat: &FileStat, unnamed: bool) -> Result<Hash, String> {
        if stat.size > HASH_MAX {
            return Err(format!("cut: not hashed, {} bytes are over the limit of {HASH_MAX}", stat.size));
        }
        let key = (stat.dev, stat.inode);
        let hashed = match self.context.hashes.ask(key) {
            Known::Is(hashed) => hashed,
            Known::Hangs => Err(Missing::TimedOut),
            Known::Ask => {
                let hashed = self
                    .hash(subject, stat)
                    .map(|hex| Hash { recovered: self.recover_exe(subject, stat, unnamed, &hex), hex });
                self.context.hashes.learn(key, hashed.clone());
                hashed
            }
        };
        hashed.map_err(|missing| missing.word().into_owned())
    }

    fn hash(&mut self, subject: &Subject, stat: &FileStat) -> Result<String, Missing> {
        let step = Step::new(Part::ExeHash, 0);
        self.taker.enter(step)?;
        let file = sys::open_unnoticed(subject.dir(), "exe")?;
        self.hash_file(step, &file, stat.size)
    }
}
