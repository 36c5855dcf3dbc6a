//! From members that were read to a snapshot: what belongs together is joined, a step at a time.

use super::containers::Containers;
use super::standing::Cuts;
use super::summary::Loaded;
use super::tables::Tables;
use super::{Members, Namespaces, OpenFile, Problem, Process, ProcessIndex, Snapshot, Socket, Users};
use crate::analysis::container::from_environ;
use crate::analysis::{join, tree};
use procglass_model::Timestamp;
use procglass_model::bundle::{Bases, Integrity, Manifest, Outcomes, ProcessRecord, Sha256Digest};
use procglass_model::sorting;
use std::sync::Arc;

/// What the builder gathered.
pub(super) struct Parts {
    pub(super) manifest: Manifest,
    pub(super) outcomes: Option<Outcomes>,
    pub(super) members: Members,
    pub(super) loaded: Vec<Loaded>,
    /// Descriptors as they came; each process knows its part.
    pub(super) files: Vec<OpenFile>,
    pub(super) tables: Tables,
    pub(super) users: Users,
    pub(super) cuts: Cuts,
    pub(super) problems: Vec<Problem>,
}

/// A snapshot in the making. Each [`Assembly::step`] takes a few milliseconds, in a browser, on 10,000 processes.
pub struct Assembly {
    parts: Parts,
    waiting: std::vec::IntoIter<Loaded>,
    boot: Option<Timestamp>,
    containers: Containers,
    processes: Vec<Process>,
    files: Vec<OpenFile>,
    sockets: Vec<Socket>,
    tree: tree::Tree,
    owners: join::Owners,
    next: Step,
}

/// What is to be done next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Tables,
    Processes,
    Tree,
    Owners,
    Peers,
    Done,
}

/// Processes a step.
const BATCH: usize = 500;

impl Assembly {
    pub(super) fn new(mut parts: Parts) -> Self {
        sorting::sort_by_key(&mut parts.loaded, |loaded| (loaded.process.pid, loaded.process.start_ticks));
        let mut loaded = std::mem::take(&mut parts.loaded);
        let mut files = std::mem::take(&mut parts.files);
        in_order(&mut loaded, &mut files);
        parts.users.set_own(own_namespaces(&parts.manifest, &loaded));
        Self {
            boot: boot_time(&parts.manifest),
            processes: Vec::with_capacity(loaded.len()),
            waiting: loaded.into_iter(),
            containers: Containers::default(),
            files,
            sockets: Vec::new(),
            tree: tree::Tree::default(),
            owners: join::Owners::default(),
            next: Step::Tables,
            parts,
        }
    }

    /// Does the next piece. False when nothing is left to do.
    pub fn step(&mut self) -> bool {
        self.next = match self.next {
            Step::Tables => {
                let Parts { manifest, tables, members, problems, .. } = &mut self.parts;
                let more = tables.step(members, manifest.byte_order, &mut self.sockets, problems);
                if more { Step::Tables } else { Step::Processes }
            }
            Step::Processes => {
                for _ in 0..BATCH {
                    let Some(loaded) = self.waiting.next() else { break };
                    self.process(loaded);
                }
                if self.waiting.len() == 0 { Step::Tree } else { Step::Processes }
            }
            Step::Tree => {
                self.told_by_first();
                self.tree = tree::build(&mut self.processes);
                self.owners = join::Owners::of(&self.sockets);
                Step::Owners
            }
            Step::Owners => {
                let more = self.owners.step(&mut self.sockets, &self.processes, &self.files);
                if more { Step::Owners } else { Step::Peers }
            }
            Step::Peers => {
                join::peers(&mut self.sockets);
                Step::Done
            }
            Step::Done => return false,
        };
        true
    }

    /// Every member.
    #[must_use]
    pub fn members(&self) -> &Members {
        &self.parts.members
    }

    /// Takes the members' hashes, in the order in which a reader without hashing handed them out.
    pub fn set_digests(&mut self, digests: &[Sha256Digest]) {
        self.parts.members.set_digests(digests);
    }

    /// The snapshot.
    #[must_use]
    pub fn finish(mut self, integrity: Integrity) -> Snapshot {
        while self.step() {}
        let Self { parts, boot, processes, files, sockets, tree, .. } = self;
        let Parts { manifest, outcomes, members, users, mut problems, .. } = parts;
        sorting::sort(&mut problems);
        Snapshot {
            manifest,
            outcomes,
            members,
            integrity,
            boot,
            held: join::by_process(&sockets, processes.len()),
            processes,
            tree,
            files,
            sockets,
            users,
            own_problems: problems,
        }
    }

    /// Where nothing else says that the first process is in a container, its environment may. Beside threads of the kernel it
    /// is the host's.
    fn told_by_first(&mut self) {
        if self.processes.iter().any(Process::is_kernel_thread) {
            return;
        }
        let Some(first) = self.processes.iter_mut().find(|process| process.pid == 1) else { return };
        if first.in_container() {
            return;
        }
        let members = &self.parts.members;
        let record =
            members.data(&first.member()).and_then(|data| serde_json::from_slice::<ProcessRecord>(data).ok());
        if let Some(record) = record
            && let Ok(Some(environ)) = members.file(&record, "environ")
        {
            first.container_facts = from_environ(&environ).map(Arc::new);
        }
    }

    fn process(&mut self, loaded: Loaded) {
        let Loaded { mut process, has_start, cgroup, mountinfo, uid_map, status } = loaded;
        if let Some(status) = status {
            let Parts { members, cuts, problems, .. } = &mut self.parts;
            status.take(&mut process, members, cuts, problems);
        }
        let index = ProcessIndex(u32::try_from(self.processes.len()).unwrap_or(u32::MAX));
        for file in part(&mut self.files, &process) {
            file.process = index;
        }
        let Parts { manifest, users, members, .. } = &mut self.parts;
        process.started = self
            .boot
            .filter(|_| has_start)
            .and_then(|boot| boot.plus_ticks(process.start_ticks, manifest.clock_ticks));
        process.container_facts = self.containers.of(members, cgroup, mountinfo);
        if users.lacks_map(&process.namespaces)
            && let Some(map) =
                uid_map.and_then(|map| Some(members.content(&map, &Bases::default()).ok()?.into_owned()))
        {
            users.add_map(&process.namespaces, &map);
        }
        let user =
            process.uid.map(|uid| users.user(&process.namespaces, process.in_container(), uid.effective));
        process.user = user.filter(|user| user.name.is_some() || user.inside.is_some());
        process.container = process.container_facts.as_ref().and_then(|container| container.id.clone());
        self.processes.push(process);
    }
}

/// The namespaces that numbers of users are right in: the collector's own. A copied tree has none of a collector's, and was
/// read by somebody on its system: where its first process is.
fn own_namespaces(manifest: &Manifest, loaded: &[Loaded]) -> Namespaces {
    let own = &manifest.collector.namespaces;
    let first =
        loaded.iter().find(|loaded| loaded.process.pid == 1).map(|loaded| loaded.process.namespaces.user);
    Namespaces {
        mnt: own.get("mnt").copied(),
        user: own.get("user").copied().or(first.flatten()),
        ..Namespaces::default()
    }
}

/// Puts the descriptors in the order of their processes, where those did not come in order anyway.
fn in_order(loaded: &mut [Loaded], files: &mut Vec<OpenFile>) {
    if loaded.is_sorted_by_key(|loaded| loaded.process.files.start) {
        return;
    }
    let mut sorted = Vec::with_capacity(files.len());
    for Loaded { process, .. } in loaded {
        let start = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        // Taken, not copied: what stays behind is thrown away.
        sorted.extend(part(files, process).iter_mut().map(OpenFile::take));
        process.files = start..u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    }
    *files = sorted;
}

/// The descriptors of a process.
fn part<'a>(files: &'a mut [OpenFile], process: &Process) -> &'a mut [OpenFile] {
    files.get_mut(process.files.start as usize..process.files.end as usize).unwrap_or_default()
}

/// When the system booted. The two clocks of the manifest give it to the nanosecond; `btime` only to the second.
fn boot_time(manifest: &Manifest) -> Option<Timestamp> {
    let started = Timestamp::parse(&manifest.started);
    let exact = started
        .zip(manifest.uptime_ns)
        .and_then(|(started, uptime)| Some(Timestamp(started.0.checked_sub(i64::try_from(uptime).ok()?)?)))
        .filter(|boot| Timestamp::plausible(boot.seconds()).is_some());
    exact.or_else(|| Timestamp::plausible(i64::try_from(manifest.boot_time?).ok()?))
}
