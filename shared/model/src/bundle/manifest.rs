//! The first member, `manifest.json`, and the last but one, `outcomes.json`.

use super::content::Content;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The format number that this version writes and reads in full.
pub const FORMAT: u32 = 1;

/// What, when, where and by whom: enough to interpret every other member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the writer.
    pub format: u32,
    /// Name of the program that wrote the bundle.
    pub tool: String,
    /// Its version.
    pub tool_version: String,
    /// 128 random bits in hex: names this snapshot and no other.
    pub snapshot_id: String,
    /// When the collection began: RFC 3339 in UTC with nanoseconds.
    pub started: String,
    /// `CLOCK_BOOTTIME` at `started`, nanoseconds: what `start_time` of a process counts in ticks.
    #[serde(default)]
    pub uptime_ns: Option<u64>,
    /// Boot time, whole seconds since the epoch: `btime` of `/proc/stat`.
    #[serde(default)]
    pub boot_time: Option<u64>,
    /// Clock ticks a second, `sysconf(_SC_CLK_TCK)`.
    pub clock_ticks: u64,
    /// Bytes a page, `sysconf(_SC_PAGESIZE)`.
    pub page_size: u64,
    /// Byte order of the kernel, which decides how `/proc/net/tcp` prints addresses.
    pub byte_order: ByteOrder,
    /// `uname -r` and `uname -v`, joined by a space. Empty: a copied tree does not hold it.
    pub kernel: String,
    /// `uname -m`. Empty: a copied tree does not hold it.
    pub architecture: String,
    /// `uname -n`: the host name in the collector's UTS namespace; with `--root` that of the tree. Empty: not known.
    pub hostname: Content,
    /// The process that collected, and what it was allowed to see.
    pub collector: CollectorState,
    /// Case id, as given by the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Who collected, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// Free text, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The options in force, by their long names without dashes.
    #[serde(default)]
    pub options: BTreeMap<String, serde_json::Value>,
    /// Process directories listed in `/proc` before the first was read. It stands in front, so that a bundle without its end
    /// still shows how many processes it lacks. `None`: the collector did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processes_listed: Option<u64>,
    /// What `--root` named. `None`: nothing, the collector read its own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Tree>,
    /// What was taken out of this bundle after it was collected. `None` for a bundle as collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<Redacted>,
}

/// What was left out when a report was made, and of which bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redacted {
    /// SHA-256 of the bundle as it was collected, lower-case hex.
    pub original_sha256: String,
    /// What was chosen to be left out, by its word.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Sentences: what was replaced, and how much was left out.
    #[serde(default)]
    pub removed: Vec<String>,
}

/// A root that is not the collector's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tree {
    /// Its `/proc` is the running kernel's, under another path.
    Live,
    /// It is a copy of files: `started` is when the copy was read, and the capture was not later. What the manifest says is from files of
    /// the copy, or empty.
    Copy,
}

/// Order of the bytes of a machine word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ByteOrder {
    /// Least significant first: x86, arm64.
    #[default]
    Little,
    /// Most significant first: s390x.
    Big,
}

/// What the collector itself was, since that decides what it could see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectorState {
    /// Its pid, which is also among the collected processes. 0: it is none of them, since a copied tree was read.
    pub pid: u32,
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// `CapEff` of its status: 16 hex digits.
    #[serde(default)]
    pub capabilities: Option<String>,
    /// Namespace name to its inode: `net`, `pid`, `mnt`, ...
    #[serde(default)]
    pub namespaces: BTreeMap<String, u64>,
    /// `/proc/sys/kernel/yama/ptrace_scope`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yama: Option<String>,
    /// The `hidepid=` option of the `/proc` mount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidepid: Option<String>,
}

/// What was tried and how it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcomes {
    /// When the collection ended: RFC 3339 in UTC with nanoseconds.
    pub finished: String,
    /// Every job was done: no limit was hit, no signal came, nothing failed, and everything that was listed was reached. What the
    /// kernel refused to show is no incompleteness.
    pub complete: bool,
    /// Process directories listed in `/proc`.
    pub processes_listed: u64,
    /// Processes that have a member.
    pub processes_read: u64,
    /// Processes that ended between listing and reading.
    pub processes_vanished: u64,
    /// How each job of the collection went, by its name. Empty: the collector did not write it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub jobs: BTreeMap<String, JobOutcome>,
    /// Artefacts by outcome: `read`, an errno's name, `not applicable`, `timed out`, `cut`.
    #[serde(default)]
    pub counts: BTreeMap<String, u64>,
    /// Values that were replaced, by the reason: `secret name`, `private key` and others. Empty where nothing was
    /// replaced, and in bundles of collectors that did not count.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub redacted: BTreeMap<String, u64>,
    /// Limits that were hit, in words.
    #[serde(default)]
    pub limits: Vec<String>,
    /// What could not be read outside a process's own record.
    #[serde(default)]
    pub problems: Vec<Outcome>,
    /// What only the collector could see, by looking more than once: hidden processes and their like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation>,
}

/// How one job of the collection went. `listed` is the sum of the other numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobOutcome {
    /// How much there was to look at.
    pub listed: u64,
    /// What was looked at.
    pub read: u64,
    /// What ended between listing and reading.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ended: u64,
    /// What the system does not show from where the collector ran, by reason: an errno's name or words. A fact of the place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
    /// What the collector could not do, by reason: an errno's name or words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, u64>,
    /// What was left when the collection ended.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_reached: u64,
}

impl JobOutcome {
    /// Whether nothing failed and nothing was left.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_reached == 0
    }

    /// Whether the job looked at all that it listed, or at nothing because there was nothing.
    #[must_use]
    pub fn ran(&self) -> bool {
        self.is_complete() && (self.read > 0 || self.refused.is_empty())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The names of jobs in [`Outcomes::jobs`].
pub mod job {
    /// Every process directory that was listed.
    pub const PROCESSES: &str = "processes";
    /// Files of the host and of the namespaces that were met.
    pub const FILES: &str = "files";
    /// Listings of `/sys`.
    pub const SYSTEM: &str = "system";
    /// Process numbers that were asked whether a process answers that is not listed.
    pub const HIDDEN: &str = "hidden-processes";
    /// Members of control groups that are not listed.
    pub const CGROUPS: &str = "control-groups";
    /// Sockets that no process holds.
    pub const SOCKETS: &str = "sockets";
    /// Answers of metadata services.
    pub const IDENTITY: &str = "identity";
    /// Copies of programs and open files that have no name left.
    pub const RECOVERY: &str = "recovery";
}

/// Something that two ways of looking disagree about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// `hidden-process`, `mount-over-process` or `socket-without-owner`.
    pub kind: String,
    /// One sentence.
    pub what: String,
    /// The process that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// The bytes that show it: a line of a file, as read.
    pub evidence: Content,
}

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The member that would have held it.
    pub member: String,
    /// Why it does not: an errno's name or a sentence.
    pub what: String,
}
