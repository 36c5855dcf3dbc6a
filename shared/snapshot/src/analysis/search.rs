//! One text, looked for in everything: processes, addresses, paths, names of environment variables, containers, hashes.
//! It goes on in small steps, so that a page stays alive meanwhile, and every hit says why it is one.

use crate::FileIndex;
use crate::environ;
use crate::{FileKind, Process, ProcessIndex, Snapshot, Socket, SocketIndex};
use bstr::BString;
use procglass_model::bundle::hex;
use procglass_proc::cmdline::{strings, variable};
use std::collections::HashSet;
use std::net::IpAddr;

/// Kinds of hits, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Name, pid, user, arguments, program, working directory.
    Processes,
    /// Local and remote addresses, with ports.
    Addresses,
    /// Open files and UNIX sockets.
    Paths,
    /// Names of environment variables; never their values.
    Environment,
    /// Container ids.
    Containers,
    /// SHA-256 of programs and of the bundle's members.
    Hashes,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Processes, Self::Addresses, Self::Paths, Self::Environment, Self::Containers, Self::Hashes];
}

/// Where a hit leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A process.
    Process(ProcessIndex),
    /// All sockets with an address.
    Address(IpAddr),
    /// A UNIX socket.
    Socket(SocketIndex),
    /// An open file.
    File(FileIndex),
    /// A container.
    Container(BString),
    /// A member of the bundle.
    Member(String),
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it leads.
    pub target: Target,
    /// The text with the match in it.
    pub text: Vec<u8>,
    /// Why it is a hit: `argument`, `remote address`.
    pub why: &'static str,
}

/// Hits of one group: the first of them, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The first [`Search::MOST`].
    pub hits: Vec<Hit>,
    /// All of them so far.
    pub total: usize,
    /// Whether looking ended before everything was looked at.
    pub more: bool,
}

/// A search that is under way.
#[derive(Clone, Debug)]
pub struct Search {
    needle: Vec<u8>,
    stage: usize,
    at: usize,
    found: [Found; 6],
    addresses: HashSet<IpAddr>,
    containers: HashSet<BString>,
    paths: HashSet<BString>,
}

/// What looking at one thing costs, against the others.
const CHEAP: usize = 1;
const DEAR: usize = 24;
/// Environments are parsed for this many hits and no more: each costs a whole record.
const ENVIRONMENTS: usize = 40;

impl Search {
    /// Hits that are kept of each group.
    pub const MOST: usize = 7;

    /// Looks for `text`, in any case of its letters.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            needle: text.trim().to_ascii_lowercase().into_bytes(),
            stage: 0,
            at: 0,
            found: Default::default(),
            addresses: HashSet::new(),
            containers: HashSet::new(),
            paths: HashSet::new(),
        }
    }

    /// What was found so far, in the order of [`Group::ALL`].
    #[must_use]
    pub fn found(&self) -> &[Found; 6] {
        &self.found
    }

    /// Goes on by `budget` units, one for each cheap thing; true when everything was looked at.
    pub fn step(&mut self, snapshot: &Snapshot, budget: usize) -> bool {
        let mut left = budget;
        while left > 0 && !self.needle.is_empty() {
            let cost = match self.stage {
                0 => self.process(snapshot),
                1 => self.socket(snapshot),
                2 => self.file(snapshot),
                3 => self.member(snapshot),
                4 => self.environment(snapshot),
                _ => return true,
            };
            match cost {
                Some(cost) => {
                    self.at += 1;
                    left = left.saturating_sub(cost);
                }
                None => (self.stage, self.at) = (self.stage + 1, 0),
            }
        }
        self.needle.is_empty()
    }

    fn add(&mut self, group: Group, target: Target, text: &[u8], why: &'static str) {
        let Some(found) = self.found.get_mut(group as usize) else { return };
        found.total += 1;
        if found.hits.len() < Self::MOST {
            // What is shown is short; the match has to be in it.
            let around = excerpt(text, &self.needle);
            found.hits.push(Hit { target, text: around.to_vec(), why });
        }
    }

    fn process(&mut self, snapshot: &Snapshot) -> Option<usize> {
        let process = snapshot.processes.get(self.at)?;
        let index = ProcessIndex(u32::try_from(self.at).ok()?);
        if let Some((text, why)) = self.of_process(process) {
            self.add(Group::Processes, Target::Process(index), &text, why);
        }
        if let Some(id) = process.container_id().filter(|id| contains(id, &self.needle))
            && self.containers.insert(id.clone())
        {
            let why = if process.container.is_some() { "container id" } else { "id of the pod's sandbox" };
            self.add(Group::Containers, Target::Container(id.clone()), id, why);
        }
        if let Some(hash) = process.executable.as_ref().and_then(|executable| executable.sha256.as_deref())
            && self.is_hash(hash.as_bytes())
        {
            self.add(Group::Hashes, Target::Process(index), hash.as_bytes(), "SHA-256 of the program");
        }
        Some(CHEAP)
    }

    /// The best reason why a process is a hit.
    fn of_process(&self, process: &Process) -> Option<(Vec<u8>, &'static str)> {
        let needle = &self.needle;
        let plain = |text: &[u8], why| contains(text, needle).then(|| (text.to_vec(), why));
        let optional = |text: &Option<BString>, why| text.as_ref().and_then(|text| plain(text, why));
        let pid = process.pid.to_string();
        let same_pid = (pid.as_bytes() == needle.as_slice()).then(|| (pid.into_bytes(), "process id"));
        let argument = || process.arguments().find_map(|argument| plain(argument, "argument"));
        same_pid
            .or_else(|| plain(&process.name, "name"))
            .or_else(|| optional(&process.exe, "program"))
            .or_else(argument)
            .or_else(|| process.user_words().and_then(|user| plain(user.as_bytes(), "user")))
            .or_else(|| optional(&process.cwd, "working directory"))
    }

    fn socket(&mut self, snapshot: &Snapshot) -> Option<usize> {
        let socket = snapshot.sockets.get(self.at)?;
        for (end, why) in [(socket.remote, "remote address"), (socket.local, "local address")] {
            let Some((address, port)) = end.filter(|(address, port)| *port != 0 || !address.is_unspecified())
            else {
                continue;
            };
            let text = endpoint(address, port);
            if contains(text.as_bytes(), &self.needle) && self.addresses.insert(address) {
                self.add(Group::Addresses, Target::Address(address), text.as_bytes(), why);
            }
        }
        self.unix(socket);
        Some(CHEAP)
    }

    fn unix(&mut self, socket: &Socket) {
        let index = SocketIndex(u32::try_from(self.at).unwrap_or(u32::MAX));
        if let Some(path) = socket.path.as_ref().filter(|path| contains(path, &self.needle))
            && self.paths.insert(path.clone())
        {
            self.add(Group::Paths, Target::Socket(index), path, "UNIX socket");
        }
    }

    fn file(&mut self, snapshot: &Snapshot) -> Option<usize> {
        let file = snapshot.files.get(self.at)?;
        let index = FileIndex(u32::try_from(self.at).ok()?);
        let named = !matches!(file.kind, FileKind::Socket | FileKind::Pipe | FileKind::AnonInode);
        let target = file.target.as_ref().filter(|target| named && contains(target, &self.needle));
        if let Some(target) = target
            && self.paths.insert(target.clone())
        {
            self.add(Group::Paths, Target::File(index), target, "open file");
        }
        Some(CHEAP)
    }

    fn member(&mut self, snapshot: &Snapshot) -> Option<usize> {
        let member = snapshot.members.iter().nth(self.at)?;
        if let Some(hash) = member.sha256.map(|hash| hex(&hash))
            && self.is_hash(hash.as_bytes())
        {
            self.add(
                Group::Hashes,
                Target::Member(member.name.to_string()),
                hash.as_bytes(),
                "SHA-256 of a member",
            );
        }
        Some(CHEAP)
    }

    /// Few digits are in every hash.
    fn is_hash(&self, hash: &[u8]) -> bool {
        const LEAST: usize = 4;
        self.needle.len() >= LEAST && contains(hash, &self.needle)
    }

    fn environment(&mut self, snapshot: &Snapshot) -> Option<usize> {
        let group = Group::Environment as usize;
        let so_far = self.found.get(group).map_or(0, |found| found.total);
        if so_far >= ENVIRONMENTS {
            if let Some(found) = self.found.get_mut(group) {
                found.more = true;
            }
            return None;
        }
        let process = snapshot.processes.get(self.at)?;
        let index = ProcessIndex(u32::try_from(self.at).ok()?);
        // Most do not have the text anywhere.
        let data = snapshot.members.data(&process.member()).unwrap_or_default();
        if !environ::may_hold(&snapshot.members, data, |text| contains(text, &self.needle)) {
            return Some(DEAR);
        }
        let record = snapshot.record(index);
        let environ = record.as_ref().and_then(|record| snapshot.members.file(record, "environ").ok()?);
        let environ = environ.unwrap_or_default();
        let mut names = strings(&environ).map(|string| variable(string).0);
        if let Some(name) = names.find(|name| contains(name, &self.needle)) {
            let name = name.to_vec();
            self.add(Group::Environment, Target::Process(index), &name, "environment");
        }
        Some(8 * DEAR)
    }
}

fn endpoint(address: IpAddr, port: u16) -> String {
    match address {
        IpAddr::V4(address) => format!("{address}:{port}"),
        IpAddr::V6(address) => format!("[{address}]:{port}"),
    }
}

/// At most this many bytes of a text are kept around a match.
const AROUND: usize = 160;

fn excerpt<'a>(text: &'a [u8], needle: &[u8]) -> &'a [u8] {
    if text.len() <= AROUND {
        return text;
    }
    let at = procglass_model::text::find(text, needle).unwrap_or(0);
    let from = at.saturating_sub(AROUND / 4);
    text.get(from..(from + AROUND).min(text.len())).unwrap_or(text)
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    procglass_model::text::find(text, needle).is_some()
}

#[cfg(test)]
mod tests;
