//! One opened bundle.

use super::{Coverage, Members, OpenFile, Problem, Process, ProcessIndex, Socket, SocketIndex, Users};
use crate::analysis::tree::Tree;
use procglass_model::Timestamp;
use procglass_model::bundle::Tree as BundleTree;
use procglass_model::bundle::{
    BundleError, Integrity, Limits, Manifest, Outcomes, ProcessRecord, Reader, salvage,
};
use std::fmt;

/// Everything that one bundle says, joined. Immutable: views hold it behind a pointer and compare by that.
#[derive(Debug)]
pub struct Snapshot {
    /// The manifest; empty values where it was missing or damaged (see [`Snapshot::problems`]).
    pub manifest: Manifest,
    /// The outcomes, unless the end of the bundle is missing.
    pub outcomes: Option<Outcomes>,
    /// Every member as it is.
    pub members: Members,
    /// Whether it is what the collector wrote.
    pub integrity: Integrity,
    /// Boot time.
    pub boot: Option<Timestamp>,
    /// By pid.
    pub processes: Vec<Process>,
    /// Who started whom.
    pub tree: Tree,
    /// Open descriptors, by process and number.
    pub files: Vec<OpenFile>,
    /// Sockets of every network namespace, in the order of the tables.
    pub sockets: Vec<Socket>,
    /// User names.
    pub users: Users,
    /// Sockets by process.
    pub(super) held: Vec<Vec<SocketIndex>>,
    pub(super) own_problems: Vec<Problem>,
}

impl Snapshot {
    /// Reads a whole bundle that is already in memory. Where it passes a limit, what came before is read.
    ///
    /// # Errors
    /// [`BundleError::NotABundle`], or [`BundleError::Limit`] where nothing came before.
    pub fn read(bytes: &[u8], limits: Limits) -> Result<Self, BundleError> {
        let (mut reader, mut builder) = (Reader::new(limits), super::SnapshotBuilder::new());
        for piece in bytes.chunks(1 << 20) {
            if let Err(limit) = reader.push(piece, |member| builder.member(member)) {
                return Ok(builder.finish(reader.stop(limit)?));
            }
        }
        let integrity = reader.finish(|member| builder.member(member))?;
        Ok(builder.finish(integrity))
    }

    /// How much of the captured system is here.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        Coverage::of(self)
    }

    /// A process by its index.
    #[must_use]
    pub fn process(&self, index: ProcessIndex) -> Option<&Process> {
        self.processes.get(index.0 as usize)
    }

    /// The process with this pid (the latest, should a pid occur twice).
    #[must_use]
    pub fn by_pid(&self, pid: u32) -> Option<ProcessIndex> {
        let after = self.processes.partition_point(|process| process.pid <= pid);
        let at = after.checked_sub(1)?;
        (self.processes.get(at)?.pid == pid).then(|| ProcessIndex(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// Indices of all processes, by pid.
    pub fn indices(&self) -> impl Iterator<Item = ProcessIndex> + use<> {
        (0..u32::try_from(self.processes.len()).unwrap_or(u32::MAX)).map(ProcessIndex)
    }

    /// A socket by its index.
    #[must_use]
    pub fn socket(&self, index: SocketIndex) -> Option<&Socket> {
        self.sockets.get(index.0 as usize)
    }

    /// The open descriptors of a process.
    #[must_use]
    pub fn files_of(&self, index: ProcessIndex) -> &[OpenFile] {
        let range = self.process(index).map_or(0..0, |process| process.files.clone());
        self.files.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The sockets that a process holds.
    #[must_use]
    pub fn sockets_of(&self, index: ProcessIndex) -> &[SocketIndex] {
        self.held.get(index.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// All that was read of a process, parsed anew from its member.
    #[must_use]
    pub fn record(&self, index: ProcessIndex) -> Option<ProcessRecord> {
        let json = self.members.data(&self.process(index)?.member())?;
        serde_json::from_slice(json).ok().or_else(|| serde_json::from_slice(&salvage(json)?.json).ok())
    }

    /// When it was taken.
    #[must_use]
    pub fn captured(&self) -> Option<Timestamp> {
        if self.manifest.tree == Some(BundleTree::Copy)
            && let Some(copied) = self.copied()
        {
            return Some(copied);
        }
        Timestamp::parse(&self.manifest.started)
    }

    /// Whether [`Snapshot::captured`] is only the latest time at which the snapshot can have been taken: a copied tree does not
    /// always say when it was copied.
    #[must_use]
    pub fn captured_at_most(&self) -> bool {
        self.manifest.tree == Some(BundleTree::Copy) && self.copied().is_none()
    }

    /// `captured` or `captured not later than`, for the time that follows.
    #[must_use]
    pub fn captured_word(&self) -> &'static str {
        if self.captured_at_most() { "captured not later than" } else { "captured" }
    }

    /// When a tree was copied, by its own boot time and `/proc/uptime`, proc_uptime(5).
    fn copied(&self) -> Option<Timestamp> {
        let uptime = self.members.data("host/proc/uptime")?;
        let seconds = std::str::from_utf8(uptime).ok()?.split('.').next()?.trim().parse::<i64>().ok()?;
        Timestamp::plausible(self.boot?.seconds().checked_add(seconds)?)
    }

    /// The host name, with hostile characters visible.
    #[must_use]
    pub fn host_name(&self) -> String {
        match procglass_model::text::visible(&self.manifest.hostname).into_owned() {
            name if name.is_empty() => "unknown system".into(),
            name => name,
        }
    }

    /// Everything that could not be read or understood (refused by the kernel, damaged on the way, unknown in form), and
    /// what the collector saw that no later reader can see again: hidden processes and their like.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut all = Vec::new();
        self.each_problem(&mut |place, what| all.push(Problem::new(place.to_string(), what)));
        all
    }

    /// How many problems there are.
    #[must_use]
    pub fn count_problems(&self) -> usize {
        let mut count = 0;
        self.each_problem(&mut |_, _| count += 1);
        count
    }

    /// The same where they are: a system may have some for each of its processes.
    pub fn each_problem<'a>(&'a self, each: &mut dyn FnMut(Place<'a>, &str)) {
        for problem in &self.own_problems {
            each(Place::Member(&problem.member), &problem.what);
        }
        if let Some(outcomes) = &self.outcomes {
            for problem in &outcomes.problems {
                each(Place::Member(&problem.member), &problem.what);
            }
            for seen in &outcomes.observations {
                each(Place::Member("outcomes.json#observations"), &format!("{}: {}", seen.kind, seen.what));
            }
            for limit in &outcomes.limits {
                each(Place::Member("outcomes.json"), limit);
            }
        }
        for process in &self.processes {
            for (path, what) in &process.errors {
                each(Place::File(process, path), what);
            }
        }
        let Integrity { mismatched, missing, unlisted, .. } = &self.integrity;
        for (names, what) in [
            (mismatched, "its bytes do not match SHA256SUMS"),
            (missing, "listed in SHA256SUMS but missing"),
            (unlisted, "not listed in SHA256SUMS"),
        ] {
            names.iter().for_each(|name| each(Place::Member(name), what));
        }
        self.integrity.remarks().for_each(|what| each(Place::Member("bundle"), what));
        if self.manifest.format == 0 {
            each(Place::Member("manifest.json"), "missing: times and addresses may be wrong");
        }
    }
}

/// Where something was not read.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A member, maybe with what of it behind `#`.
    Member(&'a str),
    /// A file of a process.
    File(&'a Process, &'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => f.write_str(name),
            Self::File(process, path) => write!(f, "{}#{path}", process.member()),
        }
    }
}
