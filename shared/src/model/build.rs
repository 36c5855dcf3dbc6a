//! Building a snapshot: member by member, so that a browser can show progress and stop in between.

use super::assembly::{Assembly, Parts};
use super::summary::{Loaded, Summary};
use super::{Members, Problem, Process, Protocol, Snapshot, Socket, Users};
use crate::artefact::{ParseError, net_inet, net_other, net_unix};
use crate::bundle::{FORMAT, Integrity, MANIFEST_NAME, Manifest, Member, OUTCOMES_NAME, Outcomes};

/// Takes members in any order (those that need the manifest's clock and byte order work best after it, where a bundle
/// has them) and ends with a [`Snapshot`].
#[derive(Default)]
pub struct SnapshotBuilder {
    manifest: Option<Manifest>,
    outcomes: Option<Outcomes>,
    members: Members,
    loaded: Vec<Loaded>,
    sockets: Vec<Socket>,
    users: Users,
    problems: Vec<Problem>,
}

/// The Internet tables, by name below `net/<inode>/`.
const TABLES: [(&str, Protocol); 10] = [
    ("tcp", Protocol::Tcp),
    ("tcp6", Protocol::Tcp),
    ("udp", Protocol::Udp),
    ("udp6", Protocol::Udp),
    ("udplite", Protocol::UdpLite),
    ("udplite6", Protocol::UdpLite),
    ("raw", Protocol::Raw),
    ("raw6", Protocol::Raw),
    ("icmp", Protocol::Icmp),
    ("icmp6", Protocol::Icmp),
];

impl SnapshotBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Processes taken so far.
    #[must_use]
    pub fn processes(&self) -> usize {
        self.loaded.len()
    }

    /// Takes one member. What is not understood becomes a problem of the snapshot.
    pub fn member(&mut self, member: Member) {
        let mut parts = member.name.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(MANIFEST_NAME), None, None) => self.manifest(&member),
            (Some(OUTCOMES_NAME), None, None) => self.outcomes = self.json(&member),
            (Some("process"), Some(_), None) => self.process(&member),
            (Some("net"), Some(netns), Some(table)) => match netns.parse() {
                Ok(netns) => self.table(netns, table, &member),
                Err(_) => {
                    self.problems.push(Problem::new(&member.name, "the network namespace is no number"));
                }
            },
            (Some("host"), Some("etc"), Some("passwd")) => self.users.add(None, &member.data),
            (Some("mount"), Some(mnt), Some("etc/passwd")) => {
                if let Ok(mnt) = mnt.parse() {
                    self.users.add(Some(mnt), &member.data);
                }
            }
            _ => {}
        }
        self.members.push(member);
    }

    /// Puts everything together at once.
    #[must_use]
    pub fn finish(self, integrity: Integrity) -> Snapshot {
        let mut assembly = self.assemble();
        while assembly.step() {}
        assembly.finish(integrity)
    }

    /// Puts everything together in steps, for a page that must stay alive.
    #[must_use]
    pub fn assemble(self) -> Assembly {
        let Self { manifest, outcomes, members, loaded, sockets, users, problems } = self;
        Assembly::new(Parts {
            manifest: manifest.unwrap_or_default(),
            outcomes,
            members,
            loaded,
            sockets,
            users,
            problems,
        })
    }

    /// The names and pids of the first `count` processes that were read: something to look at while the rest comes.
    pub fn first(&self, count: usize) -> impl Iterator<Item = &Process> {
        self.loaded.iter().take(count).map(|loaded| &loaded.process)
    }

    /// The host's name, once the manifest was read.
    #[must_use]
    pub fn host_name(&self) -> Option<String> {
        let manifest = self.manifest.as_ref()?;
        Some(crate::text::visible(&manifest.hostname).into_owned()).filter(|name| !name.is_empty())
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self, member: &Member) -> Option<T> {
        match serde_json::from_slice(&member.data) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems
                    .push(Problem::new(&member.name, format!("not the JSON of this format: {error}")));
                None
            }
        }
    }

    fn manifest(&mut self, member: &Member) {
        self.manifest = self.json(member);
        if let Some(manifest) = self.manifest.as_ref().filter(|manifest| manifest.format > FORMAT) {
            let what = format!(
                "made by a newer procglass (format {}, this one reads {FORMAT}): what is understood is shown",
                manifest.format
            );
            self.problems.push(Problem::new(MANIFEST_NAME, what));
        }
    }

    fn process(&mut self, member: &Member) {
        let page_size = self.manifest.as_ref().map_or(4096, |manifest| manifest.page_size);
        if let Some(summary) = self.json::<Summary>(member) {
            let loaded = summary.load(&member.name, page_size, &mut self.problems);
            self.loaded.push(loaded);
        }
    }

    fn table(&mut self, netns: u64, table: &str, member: &Member) {
        let order = self.manifest.as_ref().map(|manifest| manifest.byte_order).unwrap_or_default();
        let data = &member.data;
        let errors = match table {
            "unix" => {
                let (rows, errors) = net_unix::parse(data);
                self.sockets.extend(rows.iter().map(|row| Socket::unix(netns, row)));
                errors
            }
            "packet" => {
                let (rows, errors) = net_other::packet(data);
                self.sockets.extend(rows.iter().map(|row| Socket::packet(netns, row)));
                errors
            }
            "netlink" => {
                let (rows, errors) = net_other::netlink(data);
                self.sockets.extend(rows.iter().map(|row| Socket::netlink(netns, row)));
                errors
            }
            "sctp/eps" | "sctp/assocs" => {
                let table = if table == "sctp/eps" { "sctp/eps" } else { "sctp/assocs" };
                let (rows, errors) = net_other::sctp(data, table == "sctp/assocs");
                self.sockets.extend(rows.iter().map(|row| Socket::sctp(table, netns, row)));
                errors
            }
            _ => match TABLES.into_iter().find(|(name, _)| *name == table) {
                Some((table, protocol)) => {
                    let (rows, errors) = net_inet::parse(data, order);
                    self.sockets.extend(rows.iter().map(|row| Socket::inet(protocol, table, netns, row)));
                    errors
                }
                None => Vec::new(),
            },
        };
        let problem = |error: ParseError| Problem::new(&member.name, error.to_string());
        self.problems.extend(errors.into_iter().map(problem));
    }
}
