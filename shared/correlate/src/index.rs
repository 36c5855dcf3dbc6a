//! All systems by what a log can name: addresses, five-tuples, ports, ids.

use super::place::{broadcast, identifies, key};
use foldhash::HashMap;
use foldhash::fast::RandomState;
use procglass_model::Timestamp;
use procglass_snapshot::Protocol;
use procglass_systems::{Kind, RowIndex, SocketRow, System};
use std::collections::HashSet;
use std::net::IpAddr;

/// How long after its capture a system is taken to be as it was captured, and how far clocks may differ: ten minutes, the
/// longest time that one VPC flow record covers.
pub const NEAR: i64 = 600 * 1_000_000_000;

/// How exact times are that are compared: many logs, and the start of the kernel, are told in whole seconds.
const EXACT: i64 = 2 * 1_000_000_000;

/// Who had an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) system: u32,
    /// In which network namespace, where that is known.
    pub(super) netns: Option<u64>,
    pub(super) stack: u32,
}

/// A socket, and in which system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) system: u32,
    /// Its place in the system's sockets.
    pub(super) socket: u32,
    pub(super) netns: u64,
    pub(super) local: IpAddr,
    /// Its owners: where they begin in [`Index::owners`], and how many.
    owners: (u32, u32),
}

/// Protocol, local address and port, remote address and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Tuple(pub(super) u128, pub(super) u128, pub(super) u16, pub(super) u16, pub(super) u8);

/// When a system is known to have been up, and as it was captured.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// Every system's addresses, sockets and names.
pub(super) struct Index {
    spans: Vec<Span>,
    addresses: HashMap<u128, Box<[Posting]>>,
    tuples: HashMap<Tuple, Vec<Held>>,
    /// By system, port and protocol.
    listeners: HashMap<(u32, u16, u8), Vec<Held>>,
    owners: Vec<(RowIndex, Option<Timestamp>)>,
    names: HashMap<Vec<u8>, Vec<u32>>,
    broadcasts: HashSet<u128, RandomState>,
}

impl Index {
    pub(super) fn new(systems: &[System]) -> Self {
        let mut index = Self {
            spans: systems.iter().map(span).collect(),
            addresses: HashMap::default(),
            tuples: HashMap::default(),
            listeners: HashMap::default(),
            owners: Vec::new(),
            names: HashMap::default(),
            broadcasts: HashSet::default(),
        };
        let mut stacks = Stacks::default();
        let mut addresses: HashMap<u128, Vec<Posting>> = HashMap::default();
        for (system, number) in systems.iter().zip(0..) {
            let mut had = |address: IpAddr, netns: Option<u64>| {
                if identifies(address) {
                    let stack = stacks.of(system, number, netns);
                    let postings = addresses.entry(key(address)).or_default();
                    let posting = Posting { system: number, netns, stack };
                    if !postings.contains(&posting) {
                        postings.push(posting);
                    }
                }
            };
            for address in &system.addresses {
                had(address.address, address.netns);
                index.broadcasts.extend(broadcast(address.address, address.prefix).map(key));
            }
            // Where the tables of addresses are missing, a connection still shows one.
            for socket in &system.sockets {
                had(socket.local.0, Some(socket.netns));
            }
            index.sockets(system, number);
            index.names(system, number);
        }
        for (address, mut postings) in addresses {
            // An address of which the namespace is not known adds nothing where one is.
            let known: Vec<u32> =
                postings.iter().filter(|each| each.netns.is_some()).map(|each| each.system).collect();
            postings.retain(|each| each.netns.is_some() || !known.contains(&each.system));
            index.addresses.insert(address, postings.into());
        }
        index
    }

    fn sockets(&mut self, system: &System, number: u32) {
        for (socket, place) in system.sockets.iter().zip(0..) {
            let Some(protocol) = number_of(socket) else { continue };
            let first = u32::try_from(self.owners.len()).unwrap_or(u32::MAX);
            let started = |row: RowIndex| {
                system.processes.get(usize::try_from(row.0).ok()?).and_then(|process| process.started)
            };
            self.owners.extend(socket.owners.iter().map(|row| (*row, started(*row))));
            let count = u32::try_from(socket.owners.len()).unwrap_or(u32::MAX);
            let (local, port) = socket.local;
            let held =
                Held { system: number, socket: place, netns: socket.netns, local, owners: (first, count) };
            match socket.remote {
                Some((remote, remote_port)) => {
                    let tuple = Tuple(key(local), key(remote), port, remote_port, protocol);
                    self.tuples.entry(tuple).or_default().push(held);
                }
                None if socket.listens => {
                    self.listeners.entry((number, port, protocol)).or_default().push(held);
                }
                None => {}
            }
        }
    }

    fn names(&mut self, system: &System, number: u32) {
        let containers = system.containers.iter().flat_map(|container| {
            let task = container.task.as_ref().map(|task| task.clone().into_bytes());
            [Some(container.id.to_vec()), task].into_iter().flatten()
        });
        let own = [
            system.task.as_ref().map(|id| id.clone().into_bytes()),
            system.instance.as_ref().map(|id| id.clone().into_bytes()),
            system.container.as_ref().map(|id| id.to_vec()),
        ];
        for name in own.into_iter().flatten().chain(containers).filter(|name| name.len() > 3) {
            let systems = self.names.entry(name).or_default();
            if !systems.contains(&number) {
                systems.push(number);
            }
        }
    }

    pub(super) fn at(&self, address: IpAddr) -> &[Posting] {
        self.addresses.get(&key(address)).map(|postings| &**postings).unwrap_or_default()
    }

    pub(super) fn tuple(&self, tuple: &Tuple) -> &[Held] {
        self.tuples.get(tuple).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn listeners(&self, system: u32, port: u16, protocol: u8) -> &[Held] {
        self.listeners.get(&(system, port, protocol)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Systems of an id, as a log writes it.
    pub(super) fn named(&self, name: &[u8]) -> &[u32] {
        self.names.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn is_broadcast(&self, address: IpAddr) -> bool {
        self.broadcasts.contains(&key(address))
    }

    /// Who held a socket, without those that were started after `last`: those cannot have been it.
    pub(super) fn owners(&self, held: &Held, last: Option<Timestamp>) -> impl Iterator<Item = RowIndex> {
        let (first, count) = held.owners;
        let from = usize::try_from(first).unwrap_or(usize::MAX);
        let to = from.saturating_add(usize::try_from(count).unwrap_or(0));
        let last = last.map(|last| Timestamp(last.0.saturating_add(EXACT)));
        let after = move |started: &Option<Timestamp>| {
            started.zip(last).is_some_and(|(started, last)| started > last)
        };
        self.owners
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .filter(move |(_, started)| !after(started))
            .map(|(row, _)| *row)
    }

    /// Whether a system was up, as it was captured, at some moment from `first` to `last`. `None` when that is not known.
    pub(super) fn was_up(
        &self,
        system: u32,
        first: Option<Timestamp>,
        last: Option<Timestamp>,
    ) -> Option<bool> {
        let span = usize::try_from(system).ok().and_then(|at| self.spans.get(at))?;
        let (first, last) = (first?, last?);
        let until = Timestamp(span.until?.0.saturating_add(NEAR));
        // Without its beginning, only the moment of capture is certain.
        let since = span.since.unwrap_or(Timestamp(span.until?.0.saturating_sub(NEAR)));
        let since = Timestamp(since.0.saturating_sub(EXACT));
        Some(last >= since && first <= until)
    }
}

/// A machine is up since its kernel started. Anything inside of one is up since its first process: that still runs in a
/// container, or the container would have ended.
fn span(system: &System) -> Span {
    let first = system.processes.iter().filter_map(|process| process.started).min();
    let since = match system.kind {
        Kind::Host => system.booted.or(first),
        _ => first.or(system.booted),
    };
    Span { since, until: system.captured }
}

/// IP's number of a socket's protocol. Raw sockets have no port that a log would show.
fn number_of(socket: &SocketRow) -> Option<u8> {
    Some(match socket.protocol {
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
        Protocol::UdpLite => 136,
        Protocol::Sctp => 132,
        _ => return None,
    })
}

/// Network stacks: a namespace of one boot of one kernel, however many bundles saw it. Without a boot id, the system.
#[derive(Default)]
struct Stacks(HashMap<(String, u64), u32>);

impl Stacks {
    fn of(&mut self, system: &System, number: u32, netns: Option<u64>) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let name = match (&system.boot_id, netns) {
            (Some(boot), Some(netns)) => (format!("boot {boot}"), netns),
            (Some(boot), None) => (format!("boot {boot} of {}", system.name), 0),
            (None, _) => (format!("system {number}"), 0),
        };
        *self.0.entry(name).or_insert(next)
    }
}
