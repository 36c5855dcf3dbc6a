//! What all workers of a run share.

use crate::error::CollectError;
use crate::observe::{Link, Sockets};
use crate::options::Options;
use crate::pipeline::{Job, Seen};
use crate::sys;
use procglass_model::artefact;
use procglass_model::artefact::{Artefact, Scope};
use procglass_model::bundle::{JobOutcome, Observation, Outcome, job};
use rustix::fs::{CWD, fstatfs};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::atomic::{AtomicI32, AtomicU64};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// An artefact with its index in `artefact::ALL`, which is what a [`Step`](crate::step::Step) carries.
pub(crate) type Listed = (u32, &'static Artefact);

/// The options, the two directories below which everything lies, and what has been found so far.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) options: Options,
    pub(crate) root: OwnedFd,
    pub(crate) proc: OwnedFd,
    /// Whether `proc` is the kernel's. In a copied tree a link such as `exe` leads to a file of this system, and
    /// following it would attribute that file to the wrong process.
    pub(crate) real: bool,
    pub(crate) began: Instant,
    /// The process artefacts of this run.
    pub(crate) process: Vec<Listed>,
    /// The key of redaction.
    pub(crate) key: [u8; 32],
    found: Mutex<Found>,
    /// mountinfo, by mount namespace and root.
    pub(crate) mountinfo: Memo<Vec<u8>, crate::process::MountText>,
    /// Hashes of executables, by device and inode.
    pub(crate) hashes: Memo<(u64, u64), crate::process::Hashed>,
    /// Copies of deleted open files, by device and inode: the hash, nothing, or why not.
    pub(crate) files: Memo<(u64, u64), Result<Option<String>, String>>,
    /// The descriptor of the output, which a thread with a table of its own closes there. -1: none yet.
    pub(crate) output: AtomicI32,
    /// Milliseconds that reads which hung have cost.
    pub(crate) waited: AtomicU64,
    /// Mounts that did not answer.
    pub(crate) hung: Hung,
    /// Bytes of recovered files that may still be copied.
    pub(crate) to_copy: AtomicU64,
    /// Bytes of such files that may still be hashed, zeros among them.
    pub(crate) to_hash: AtomicU64,
}

/// What has been found so far. One lock a process.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Artefacts by outcome.
    pub(crate) tally: BTreeMap<Cow<'static, str>, u64>,
    /// How each job went, by its name in the bundle.
    pub(crate) jobs: BTreeMap<&'static str, JobOutcome>,
    /// Members that are written once, also when their job is begun again.
    pub(crate) sent: HashSet<String>,
    /// Values that were replaced, by the reason.
    pub(crate) redacted: procglass_redact::Counts,
    pub(crate) problems: Vec<Outcome>,
    /// Some processes of each network namespace.
    pub(crate) net: BTreeMap<u64, Vec<u32>>,
    /// Some processes of each mount namespace, those whose root is `/` first.
    pub(crate) mount: BTreeMap<u64, Vec<u32>>,
    /// Addresses of ECS agents in the environments of processes.
    pub(crate) ecs: Vec<String>,
    /// Further ones that were not kept.
    pub(crate) ecs_more: usize,
    /// Members that hold copies: two files may have the same bytes.
    pub(crate) copies: HashSet<String>,
    pub(crate) sockets: Sockets,
    /// Children that processes name.
    pub(crate) children: Vec<Link>,
    pub(crate) observations: Vec<Observation>,
    /// Limits that were hit, in words.
    pub(crate) limits: Vec<String>,
    /// The mount namespace of process 1.
    pub(crate) init_mount: Option<u64>,
}

/// Recovered files of a run, in bytes.
pub(crate) const RECOVER_TOTAL: u64 = 256 << 20;
/// Addresses of ECS agents that are remembered.
const ADDRESSES_MAX: usize = 256;
/// Errors that say what the collector lacks: descriptors of its own or of the system, and memory.
pub(crate) const WANTING: [&str; 3] = ["EMFILE", "ENFILE", "ENOMEM"];
/// Members of a namespace that are remembered, should the first ones end.
const MEMBERS: usize = 8;

impl Found {
    /// Notes a member of the bundle that cannot be had.
    pub(crate) fn problem(&mut self, member: &str, what: &str) {
        self.problems.push(Outcome { member: member.into(), what: what.into() });
    }

    /// Counts what there is to do.
    pub(crate) fn list<'a>(&mut self, jobs: impl IntoIterator<Item = &'a Job>) {
        for job in jobs {
            self.job(job.kind()).listed += 1;
        }
    }

    /// How a job went so far.
    pub(crate) fn job(&mut self, name: &'static str) -> &mut JobOutcome {
        self.jobs.entry(name).or_default()
    }

    /// A piece of a job that the system does not show from here, and why.
    pub(crate) fn refuse(&mut self, name: &'static str, why: impl Into<String>) {
        *self.job(name).refused.entry(why.into()).or_default() += 1;
    }

    /// A piece of a job that could not be done, and why.
    pub(crate) fn fail(&mut self, name: &'static str, why: impl Into<String>) {
        *self.job(name).failed.entry(why.into()).or_default() += 1;
    }

    /// A file that could not be read: for want of descriptors or memory the collector failed, for the rest the system refused.
    pub(crate) fn miss(&mut self, name: &'static str, why: &str) {
        if WANTING.contains(&why) { self.fail(name, why) } else { self.refuse(name, why) }
    }

    /// Adds counts of outcomes.
    pub(crate) fn add(&mut self, counts: impl IntoIterator<Item = (Cow<'static, str>, u64)>) {
        for (word, count) in counts {
            *self.tally.entry(word).or_default() += count;
        }
    }

    /// Adds counts of values that were replaced, by the reason.
    pub(crate) fn count_redacted(&mut self, counts: procglass_redact::Counts) {
        for (all, more) in self.redacted.iter_mut().zip(counts) {
            *all += more;
        }
    }

    /// A process knows the address of an ECS agent.
    pub(crate) fn meet_ecs(&mut self, uri: &str) {
        if self.ecs.iter().any(|known| known == uri) {
            return;
        }
        if self.ecs.len() < ADDRESSES_MAX && uri.len() < 300 {
            self.ecs.push(uri.into());
        } else {
            self.ecs_more += 1;
        }
    }

    /// A process was read.
    pub(crate) fn meet(&mut self, seen: &Seen) {
        self.job(job::PROCESSES).read += 1;
        self.sockets.hold(&seen.sockets);
        self.sockets.blind |= seen.blind;
        self.children.extend_from_slice(&seen.children);
        if let Some(inode) = seen.net {
            let members = self.net.entry(inode).or_default();
            if members.len() < MEMBERS {
                members.push(seen.pid);
            }
        }
        if let Some(inode) = seen.mount {
            if seen.pid == 1 {
                self.init_mount = Some(inode);
            }
            let members = self.mount.entry(inode).or_default();
            if seen.whole_root {
                members.insert(0, seen.pid);
                members.truncate(MEMBERS);
            } else if members.len() < MEMBERS {
                members.push(seen.pid);
            }
        }
    }
}

impl Context {
    pub(crate) fn new(options: &Options, began: Instant) -> Result<Self, CollectError> {
        let path = options.root.join("proc");
        let open = |path: &Path| {
            let text = path.to_str().ok_or(rustix::io::Errno::ILSEQ);
            let directory = text.and_then(|text| sys::open_dir(CWD, text));
            directory.map_err(|errno| CollectError::NoProc { path: path.to_owned(), errno })
        };
        let proc = open(&path)?;
        /// `PROC_SUPER_MAGIC` of include/uapi/linux/magic.h.
        const PROC: u64 = 0x9fa0;
        let real =
            fstatfs(&proc).is_ok_and(|found| u64::try_from(found.f_type).is_ok_and(|kind| kind == PROC));
        Ok(Self {
            options: options.clone(),
            root: open(&options.root)?,
            proc,
            real,
            began,
            process: listed(Scope::Process, options),
            key: random()?,
            found: Mutex::default(),
            mountinfo: Memo::default(),
            hashes: Memo::default(),
            files: Memo::default(),
            output: AtomicI32::new(-1),
            waited: AtomicU64::new(0),
            hung: Hung::default(),
            to_copy: AtomicU64::new(RECOVER_TOTAL),
            to_hash: AtomicU64::new(4 * RECOVER_TOTAL),
        })
    }

    /// A lock that a panic elsewhere does not poison: what is inside are counters and lists, never half done.
    pub(crate) fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The artefacts of a scope that this run takes.
    pub(crate) fn listed(&self, scope: Scope) -> Vec<Listed> {
        listed(scope, &self.options)
    }
}

fn listed(scope: Scope, options: &Options) -> Vec<Listed> {
    let all = (0..).zip(artefact::ALL.iter().copied());
    all.filter(|(_, artefact)| artefact.scope == scope && (options.costly || !artefact.costly)).collect()
}

/// Random bytes from the kernel.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], CollectError> {
    let mut bytes = [0; N];
    match rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty()) {
        Ok(count) if count == N => return Ok(bytes),
        _ => {}
    }
    // Before Linux 3.17, and where a sandbox does not know the call.
    let mut file = std::fs::File::open("/dev/urandom").map_err(CollectError::Random)?;
    std::io::Read::read_exact(&mut file, &mut bytes).map_err(CollectError::Random)?;
    Ok(bytes)
}

/// Numbers of mounts of which a file did not answer.
#[derive(Debug, Default)]
pub(crate) struct Hung(Mutex<Vec<u64>>);

impl Hung {
    pub(crate) fn add(&self, mount: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mount);
    }

    pub(crate) fn holds(&self, mount: u64) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&mount)
    }
}

/// Things that are found out once. Somebody who began and never came back hangs, so nobody else tries.
#[derive(Debug)]
pub(crate) struct Memo<K, V>(Mutex<HashMap<K, Option<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// What a [`Memo`] knows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Known<V> {
    /// Nothing yet: find out, and tell with [`Memo::learn`].
    Ask,
    /// Somebody has been finding out for too long.
    Hangs,
    /// This.
    Is(V),
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    pub(crate) fn ask(&self, key: K) -> Known<V> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match map.entry(key) {
            std::collections::hash_map::Entry::Occupied(entry) => {
                entry.get().clone().map_or(Known::Hangs, Known::Is)
            }
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(None);
                Known::Ask
            }
        }
    }

    /// Lets the next one ask again.
    pub(crate) fn forget(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    pub(crate) fn learn(&self, key: K, value: V) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Some(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memo_is_asked_once() {
        let memo = Memo::default();
        assert_eq!(memo.ask(1), Known::Ask);
        assert_eq!(memo.ask(1), Known::Hangs);
        memo.learn(1, "one");
        assert_eq!(memo.ask(1), Known::Is("one"));
        assert_eq!(memo.ask(2), Known::Ask);
        memo.forget(&2);
        assert_eq!(memo.ask(2), Known::Ask);
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(random::<16>().unwrap(), random::<16>().unwrap());
    }
}
