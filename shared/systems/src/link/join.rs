//! Sockets to connections, connections to links, over hash maps.

use super::{Connection, Link, Party, Strength, TOGETHER};
use crate::address::identifies;
use crate::register::Register;
use crate::system::{Kind, SocketRow, System, SystemIndex};
use procglass_model::sorting;
use procglass_snapshot::Protocol;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

/// Holders of one address that are looked at for one socket.
const HOLDERS: usize = 256;

type End = (IpAddr, u16);
/// The ends of a connection as one side sees them: transport, its own, the other's.
type Ends = (Protocol, End, End);
/// A socket of one snapshot.
type Place = (SystemIndex, u32);

/// One socket, in every bundle that shows it: a host shows the sockets of its containers, and a later snapshot shows those
/// that are still open.
#[derive(Debug)]
struct Group {
    ends: Ends,
    views: Vec<Place>,
}

/// What a link is gathered under.
type LinkKey = (Party, Party, Protocol, u16, Strength);

#[derive(Debug, Default)]
pub(super) struct Joiner {
    /// Kernels by boot id; a system that has none is a kernel of its own.
    kernels: HashMap<String, u32>,
    by_socket: HashMap<(u32, u64, Ends), usize>,
    groups: Vec<Group>,
    by_ends: HashMap<Ends, Vec<usize>>,
    /// Listeners by port; one of each, with its place.
    listeners: HashMap<(SystemIndex, Protocol, u64, u16), u32>,
    any_listener: HashMap<(SystemIndex, Protocol, u16), u32>,
    joined: HashSet<usize>,
    links: HashMap<LinkKey, Link>,
}

impl Joiner {
    /// Takes in the sockets of one system, and says how many.
    pub(super) fn gather(&mut self, register: &Register, at: usize) -> Option<usize> {
        let system = register.systems().get(at)?;
        let index = SystemIndex(u32::try_from(at).ok()?);
        let count = u32::try_from(self.kernels.len()).unwrap_or(u32::MAX);
        let boot = system.boot_id.clone().unwrap_or_else(|| format!("system {}", register.identity(index).0));
        let kernel = *self.kernels.entry(boot).or_insert(count);
        for (place, socket) in (0..).zip(&system.sockets) {
            let SocketRow { protocol, netns, local, .. } = *socket;
            if socket.listens {
                self.listeners.entry((index, protocol, netns, local.1)).or_insert(place);
                self.any_listener.entry((index, protocol, local.1)).or_insert(place);
            }
            let Some(remote) = socket.remote.filter(|(address, _)| identifies(*address)) else { continue };
            let ends = (protocol, local, remote);
            let group = *self.by_socket.entry((kernel, netns, ends)).or_insert_with(|| {
                self.groups.push(Group { ends, views: Vec::new() });
                self.by_ends.entry(ends).or_default().push(self.groups.len() - 1);
                self.groups.len() - 1
            });
            if let Some(group) = self.groups.get_mut(group) {
                group.views.push((index, place));
            }
        }
        Some(system.sockets.len())
    }

    /// Looks for the other end of one socket.
    pub(super) fn join(&mut self, register: &Register, at: usize) -> Option<usize> {
        let group = self.groups.get(at)?;
        let (protocol, local, remote) = group.ends;
        if self.joined.contains(&at) {
            return Some(1);
        }
        let mirrors = self.by_ends.get(&(protocol, remote, local)).map_or(&[][..], Vec::as_slice);
        let count = mirrors.len();
        // More than a few can only be forged, or addresses that many separate networks use.
        let others = mirrors.iter().filter(|other| **other != at).take(16);
        let pairs = others.filter_map(|other| {
            let pair = nearest(register, &group.views, &self.groups.get(*other)?.views)?;
            Some((pair, *other))
        });
        let best = pairs.min_by_key(|(pair, _)| (!pair.different, pair.cost));
        match best {
            Some((pair, other)) if pair.different => {
                self.joined.extend([at, other]);
                self.both(register, at, &pair, count.saturating_sub(1));
            }
            // Both ends are in one system.
            Some((_, other)) => self.joined.extend([at, other]),
            None => self.one_sided(register, at),
        }
        Some(1 + count.min(16))
    }

    fn both(&mut self, register: &Register, at: usize, pair: &Pair, others: usize) {
        let Some(Group { ends: (protocol, local, remote), views }) = self.groups.get(at) else { return };
        let (protocol, local, remote) = (*protocol, *local, *remote);
        let called_near = self.listens(register, pair.near, protocol, local.1);
        let called_far = self.listens(register, pair.far, protocol, remote.1);
        let strength = if pair.apart.is_some_and(|apart| apart <= TOGETHER) {
            Strength::BothEnds
        } else {
            Strength::BothEndsApart
        };
        let (near, far) = (party(register, pair.near), party(register, pair.far));
        let connection = Connection {
            near: pair.near,
            far: Some(pair.far),
            views: u32::try_from(views.len()).unwrap_or(u32::MAX),
            apart: pair.apart,
        };
        let directed = called_near != called_far;
        let incoming = if directed { called_near } else { local.1 < remote.1 };
        let (from, to, port) = if incoming { (far, near, local.1) } else { (near, far, remote.1) };
        self.add((from, to, protocol, port, strength), directed, connection, others, false);
    }

    fn one_sided(&mut self, register: &Register, at: usize) {
        let Some(Group { ends: (protocol, local, remote), views }) = self.groups.get(at) else { return };
        let (protocol, local, remote) = (*protocol, *local, *remote);
        let Some(near) = views.iter().copied().min_by_key(|view| (is_host(register, *view), view.0, view.1))
        else {
            return;
        };
        let own: HashSet<SystemIndex> = views.iter().map(|(system, _)| register.identity(*system)).collect();
        let captured = register.get(near.0).and_then(|system| system.captured);
        // Nobody's address is had by more systems than this, unless bundles are forged.
        let holders = register.holders(remote.0);
        let holders = holders.get(..holders.len().min(HOLDERS)).unwrap_or_default();
        // What is connected to an address of its own talks to itself.
        if holders.iter().any(|(holder, _)| own.contains(&register.identity(*holder))) {
            return;
        }
        let mut identities = HashSet::new();
        let candidate = holders
            .iter()
            .filter_map(|(holder, address)| {
                let system = register.get(*holder)?;
                identities.insert(register.identity(*holder));
                let netns = system.addresses.get(*address as usize)?.netns;
                let listener = match netns {
                    Some(netns) => self.listeners.get(&(*holder, protocol, netns, remote.1)),
                    None => self.any_listener.get(&(*holder, protocol, remote.1)),
                };
                let apart = apart(captured, system.captured);
                Some((
                    !alive(system, captured),
                    listener.is_none(),
                    apart.unwrap_or(u64::MAX),
                    *holder,
                    listener.copied(),
                    apart,
                ))
            })
            .min();
        let incoming = self.listens(register, near, protocol, local.1);
        let (far, strength, listener, apart, missing) = match candidate {
            Some((other_time, _, _, holder, listener, apart)) => {
                let strength = match (other_time, incoming, listener) {
                    (true, ..) => Strength::OtherTime,
                    (false, false, Some(_)) => Strength::Listener,
                    (false, ..) => Strength::AddressOnly,
                };
                let missing = apart.is_some_and(|apart| apart <= TOGETHER);
                let far = Party::System(register.identity(holder));
                (far, strength, listener.filter(|_| !incoming).map(|at| (holder, at)), apart, missing)
            }
            None => (Party::Address(remote.0), Strength::Unknown, None, None, false),
        };
        let connection =
            Connection { near, far: listener, views: u32::try_from(views.len()).unwrap_or(u32::MAX), apart };
        let directed = incoming || listener.is_some();
        let near = party(register, near);
        let called = incoming || (!directed && local.1 < remote.1);
        let (from, to, port) = if called { (far, near, local.1) } else { (near, far, remote.1) };
        let others = identities.len().saturating_sub(1);
        self.add((from, to, protocol, port, strength), directed, connection, others, missing);
    }

    fn add(&mut self, key: LinkKey, directed: bool, connection: Connection, others: usize, missing: bool) {
        let (from, to, protocol, port, strength) = key;
        let link = self.links.entry(key).or_insert_with(|| Link {
            from,
            to,
            protocol,
            port,
            strength,
            directed,
            count: 0,
            samples: Vec::new(),
            others: 0,
            mirror_missing: false,
        });
        link.count = link.count.saturating_add(1);
        link.directed |= directed;
        link.mirror_missing |= missing;
        link.others = link.others.max(u32::try_from(others).unwrap_or(u32::MAX));
        if link.samples.len() < Link::SAMPLES {
            link.samples.push(connection);
        }
    }

    /// Whether something listens on the port, in the namespace of the socket.
    fn listens(&self, register: &Register, place: Place, protocol: Protocol, port: u16) -> bool {
        let netns = socket(register, place).map(|socket| socket.netns);
        netns.is_some_and(|netns| self.listeners.contains_key(&(place.0, protocol, netns, port)))
    }

    pub(super) fn links(self, register: &Register) -> Vec<Link> {
        let name = |party: Party| Link::party(register, party);
        let order = |link: &Link| {
            let names = (name(link.from), name(link.to));
            (link.strength, Reverse(link.count), names, link.protocol, link.port, link.from, link.to)
        };
        let mut links: Vec<_> = self.links.into_values().map(|link| (order(&link), link)).collect();
        sorting::sort_by(&mut links, |(a, _), (b, _)| a.cmp(b));
        links.into_iter().map(|(_, link)| link).collect()
    }
}

fn socket(register: &Register, (system, place): Place) -> Option<&SocketRow> {
    register.get(system)?.sockets.get(place as usize)
}

fn party(register: &Register, place: Place) -> Party {
    Party::System(register.identity(place.0))
}

fn is_host(register: &Register, place: Place) -> bool {
    register.get(place.0).is_some_and(|system| system.kind == Kind::Host)
}

/// A view of each of two ends.
struct Pair {
    near: Place,
    far: Place,
    /// Whether they are of different systems.
    different: bool,
    apart: Option<u64>,
    /// The lower the better: a container says more than the host that shows it as well, and what is near in time more than
    /// what is far.
    cost: (u8, u64),
}

/// The views of two ends that say the most about each other. A socket is seen from a handful of bundles at most; of more
/// the first are taken.
fn nearest(register: &Register, near: &[Place], far: &[Place]) -> Option<Pair> {
    const VIEWS: usize = 8;
    let time = |place: &Place| register.get(place.0).and_then(|system| system.captured);
    let pairs = near.iter().take(VIEWS).flat_map(|near| far.iter().take(VIEWS).map(move |far| (*near, *far)));
    let pairs = pairs.map(|(near, far)| {
        let apart = apart(time(&near), time(&far));
        Pair {
            near,
            far,
            different: register.identity(near.0) != register.identity(far.0),
            apart,
            cost: (
                u8::from(is_host(register, near)) + u8::from(is_host(register, far)),
                apart.unwrap_or(u64::MAX),
            ),
        }
    });
    pairs.min_by_key(|pair| (!pair.different, pair.cost))
}

fn apart(a: Option<procglass_model::Timestamp>, b: Option<procglass_model::Timestamp>) -> Option<u64> {
    a.zip(b).map(|(a, b)| a.0.abs_diff(b.0))
}

/// Whether a system was there at a time: since the start of its first process, to shortly after it was captured.
fn alive(system: &System, at: Option<procglass_model::Timestamp>) -> bool {
    let Some((at, captured)) = at.zip(system.captured) else { return false };
    let late = at.0 > captured.0 && at.0.abs_diff(captured.0) > TOGETHER;
    let early = system.since().is_none_or(|since| at < since) && at.0.abs_diff(captured.0) > TOGETHER;
    !late && !early
}
