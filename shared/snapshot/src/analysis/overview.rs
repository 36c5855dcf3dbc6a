//! The first answers about a snapshot: what it is, how much is in it, what stands out by a plain fact.

use super::scope::{self, Scope};
use crate::{Exposure, Place, ProcessIndex, Protocol, Snapshot, SocketIndex, explain};
use procglass_model::bundle::NOT_APPLICABLE;
use procglass_model::sorting;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::IpAddr;

/// Counts and lists for a first page. Everything here is a fact, not a judgement.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Name of the distribution, from os-release.
    pub distribution: Option<String>,
    /// Processes that are not kernel threads.
    pub user_processes: usize,
    /// Kernel threads.
    pub kernel_threads: usize,
    /// Different effective users, by mount namespace.
    pub users: usize,
    /// Different containers.
    pub containers: usize,
    /// Sockets that reach, or could reach, other systems.
    pub internet_sockets: usize,
    /// UNIX and netlink sockets: they talk inside this system.
    pub local_sockets: usize,
    /// Established connections.
    pub established: usize,
    /// Listeners that every interface reaches.
    pub open_to_all: Vec<SocketIndex>,
    /// Listeners on one address.
    pub open_on_one_address: Vec<SocketIndex>,
    /// Listeners that only this machine reaches.
    pub open_to_this_machine: Vec<SocketIndex>,
    /// Remote addresses with the number of sockets that are connected to each.
    pub remotes: BTreeMap<IpAddr, Vec<SocketIndex>>,
    /// Processes whose program file was deleted.
    pub deleted_programs: Vec<ProcessIndex>,
    /// Processes whose program has no file in a file system, by memfd_create(2).
    pub memory_programs: Vec<ProcessIndex>,
    /// Processes that have ended and wait for their parent.
    pub zombies: Vec<ProcessIndex>,
    /// Processes that another one traces.
    pub traced: Vec<ProcessIndex>,
    /// What could not be read, by reason: what was refused before what does not exist, the most frequent first.
    pub refusals: Vec<Refusal>,
}

/// What could not be read for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason in words, as [`explain`] has it.
    pub reason: &'static str,
    /// True when there was something that could have been read; false when the kernel has no such thing.
    pub refused: bool,
    /// How many pieces.
    pub pieces: usize,
    /// Of how many members.
    pub members: usize,
    /// The names of the files, without their process: `environ`, `exe`.
    pub files: BTreeSet<String>,
}

impl Overview {
    /// Looks through the whole snapshot once.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut overview = Self { distribution: distribution(snapshot), ..Self::default() };
        overview.processes(snapshot);
        overview.sockets(snapshot);
        overview.refusals = refusals(snapshot);
        overview
    }

    /// Remote addresses of one scope.
    pub fn remotes_in(&self, wanted: Scope) -> impl Iterator<Item = (IpAddr, &[SocketIndex])> {
        let sockets = |(address, sockets): (&IpAddr, _)| (*address, Vec::as_slice(sockets));
        self.remotes.iter().filter(move |(address, _)| scope::of(**address) == wanted).map(sockets)
    }

    fn processes(&mut self, snapshot: &Snapshot) {
        let (mut users, mut containers) = (HashSet::new(), HashSet::new());
        for index in snapshot.indices() {
            let Some(process) = snapshot.process(index) else {
                continue;
            };
            if process.is_kernel_thread() {
                self.kernel_threads += 1;
                continue;
            }
            self.user_processes += 1;
            users.extend(process.uid.map(|uid| (process.namespaces.user, uid.effective)));
            containers.extend(process.container_id());
            let in_memory = process.exe.as_ref().is_some_and(|exe| exe.starts_with(b"/memfd:"));
            if in_memory {
                self.memory_programs.push(index);
            } else if process.exe_deleted() == Some(true) {
                self.deleted_programs.push(index);
            }
            if process.state == Some('Z') {
                self.zombies.push(index);
            }
            if process.traced() == Some(true) {
                self.traced.push(index);
            }
        }
        (self.users, self.containers) = (users.len(), containers.len());
    }

    fn sockets(&mut self, snapshot: &Snapshot) {
        for (at, socket) in (0..).map(SocketIndex).zip(&snapshot.sockets) {
            if is_local(socket.protocol) {
                self.local_sockets += 1;
                continue;
            }
            self.internet_sockets += 1;
            self.established += usize::from(socket.state == "ESTABLISHED");
            match socket.exposure() {
                Some(Exposure::AllInterfaces) => self.open_to_all.push(at),
                Some(Exposure::OneAddress) => self.open_on_one_address.push(at),
                Some(Exposure::ThisMachine) => self.open_to_this_machine.push(at),
                None => {}
            }
            if let Some((address, _)) = socket.remote.filter(|(_, port)| *port != 0) {
                self.remotes.entry(address).or_default().push(at);
            }
        }
    }
}

/// Whether sockets of this kind only talk inside one system: to other programs, or to the kernel.
#[must_use]
pub fn is_local(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Unix | Protocol::Netlink)
}

/// `PRETTY_NAME` of os-release(5), of the collector's own root.
pub fn distribution(snapshot: &Snapshot) -> Option<String> {
    let paths = ["host/etc/os-release", "host/usr/lib/os-release"];
    let text = paths.iter().find_map(|path| snapshot.members.data(path))?;
    let line = text.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"PRETTY_NAME="))?;
    let name = procglass_model::text::visible(line.trim_ascii()).into_owned();
    let name = name.trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.chars().take(80).collect())
}

/// Reasons that the kernel or the collector gave. What is damaged in the bundle itself is the business of
/// [`Integrity`](procglass_model::bundle::Integrity).
fn refusals(snapshot: &Snapshot) -> Vec<Refusal> {
    type Found<'a> = (usize, HashSet<Whose<'a>>, BTreeSet<&'a str>);
    let mut by_reason: BTreeMap<(bool, &'static str), Found<'_>> = BTreeMap::new();
    snapshot.each_problem(&mut |place, what| {
        let reason = explain(what);
        if reason.is_empty() || what == NOT_APPLICABLE {
            return;
        }
        let (member, file) = match place {
            Place::File(process, path) => (Whose::Process(process.pid), path),
            Place::Member(name) => {
                let (member, file) = name.split_once('#').unwrap_or((name, name));
                (Whose::of(member), file)
            }
        };
        // What is absent on this kernel is no loss; what was refused is.
        let absent = matches!(what, "ENOENT" | "EINVAL" | "ENOTDIR" | "ENODEV" | "EOPNOTSUPP");
        let (pieces, members, files) = by_reason.entry((!absent, reason)).or_default();
        *pieces += 1;
        members.insert(member);
        files.insert(kind_of_file(file));
    });
    let mut refusals: Vec<_> = by_reason
        .into_iter()
        .map(|((refused, reason), (pieces, members, files))| Refusal {
            reason,
            refused,
            pieces,
            members: members.len(),
            files: files.into_iter().map(ToOwned::to_owned).collect(),
        })
        .collect();
    sorting::sort_by_key(&mut refusals, |refusal| std::cmp::Reverse((refusal.refused, refusal.pieces)));
    refusals
}

/// A member that could not be read whole.
#[derive(PartialEq, Eq, Hash)]
enum Whose<'a> {
    Process(u32),
    Other(&'a str),
}

impl<'a> Whose<'a> {
    fn of(member: &'a str) -> Self {
        let pid = member.strip_prefix("process/").and_then(|name| name.strip_suffix(".json")?.parse().ok());
        pid.map_or(Self::Other(member), Self::Process)
    }
}

/// `fd/17` and `fdinfo/17` are of one kind.
fn kind_of_file(path: &str) -> &str {
    let path = path.strip_prefix("files/").or_else(|| path.strip_prefix("links/")).unwrap_or(path);
    match path.split_once('/') {
        Some((folder @ ("fd" | "fds" | "fdinfo" | "task" | "threads"), _)) => folder,
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SnapshotBuilder;
    use procglass_model::bundle::{Integrity, Member};

    fn snapshot(members: &[(&str, &str)]) -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        for (name, data) in members {
            builder.member(Member::new(*name, data.as_bytes().to_vec()));
        }
        builder.finish(Integrity::default())
    }

    #[test]
    fn counts_and_reasons() {
        let overview = Overview::of(&snapshot(&[
            (
                "process/7.json",
                r#"{"pid":7,"links":{"exe":"/memfd:x (deleted)"},"errors":{"fd/3":"EACCES","fd/4":"EPERM","environ":"EACCES"}}"#,
            ),
            (
                "process/8.json",
                r#"{"pid":8,"links":{"exe":"/tmp/x (deleted)"},"errors":{"stack":"not applicable","a":"EINVAL"}}"#,
            ),
            ("host/etc/os-release", "ID=debian\nPRETTY_NAME=\"Debian 13\"\n"),
        ]));
        assert_eq!(overview.distribution.as_deref(), Some("Debian 13"));
        assert_eq!((overview.user_processes, overview.kernel_threads), (2, 0));
        assert_eq!(overview.memory_programs, [ProcessIndex(0)]);
        assert_eq!(overview.deleted_programs, [ProcessIndex(1)]);
        let [refusal, absent] = overview.refusals.as_slice() else {
            panic!("two reasons: {:?}", overview.refusals);
        };
        assert_eq!((refusal.refused, refusal.pieces, refusal.members), (true, 3, 1));
        assert_eq!((absent.refused, absent.pieces), (false, 1));
        assert_eq!(refusal.files.iter().map(String::as_str).collect::<Vec<_>>(), ["environ", "fd"]);
    }
}
