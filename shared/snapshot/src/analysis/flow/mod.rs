//! Who talks to whom over the network, as a picture: processes on the left, what they talk to on the right, and a band for
//! each pair. What is connected is gathered here; where it is drawn is decided in [`Layout`].

mod layout;

pub use layout::{Band, Bar, Layout};

use super::direction::{Direction, Listeners};
use super::overview::is_local;
use crate::{ProcessIndex, Snapshot, Socket, SocketIndex};
use procglass_model::sorting::ascending;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Who is on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Near {
    /// A process that holds the socket.
    Process(ProcessIndex),
    /// Nobody visible holds it.
    Unowned,
    /// Several that have no place of their own.
    Others(usize),
}

/// What is on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Far {
    /// Called from here: the address and the port that was called.
    Called(IpAddr, u16),
    /// Called us: its address, and our port that it called. Its own port is a passing number.
    Caller(IpAddr, u16),
    /// A process of this system that was called on a port.
    Inside(ProcessIndex, u16),
    /// Several that have no place of their own.
    Others(usize),
}

/// One connection kind between two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Left end.
    pub near: Near,
    /// Right end.
    pub far: Far,
    /// How many connections.
    pub count: usize,
}

/// All links, the strongest ends first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Left ends with their connections.
    pub near: Vec<(Near, usize)>,
    /// Right ends with their connections.
    pub far: Vec<(Far, usize)>,
    /// Pairs.
    pub links: Vec<Link>,
    /// Connections in all.
    pub connections: usize,
}

impl Flow {
    /// The connections among `sockets`. Each side has at most `most` ends of its own; the rest stand together.
    #[must_use]
    pub fn of(
        snapshot: &Snapshot,
        listeners: &Listeners,
        sockets: impl Iterator<Item = SocketIndex>,
        most: usize,
    ) -> Self {
        let mut pairs: BTreeMap<(Near, Far), usize> = BTreeMap::new();
        for index in sockets {
            let ends = snapshot.socket(index).and_then(|socket| ends(snapshot, listeners, index, socket));
            if let Some(ends) = ends {
                *pairs.entry(ends).or_default() += 1;
            }
        }
        let near = ranked(pairs.iter().map(|((near, _), count)| (*near, *count)), most, Near::Others);
        let far = ranked(pairs.iter().map(|((_, far), count)| (*far, *count)), most, Far::Others);
        let mut links: BTreeMap<(Near, Far), usize> = BTreeMap::new();
        for ((from, to), count) in pairs {
            let ends = (near.end(from), far.end(to));
            *links.entry(ends).or_default() += count;
        }
        let connections = links.values().sum();
        let links = links.into_iter().map(|((near, far), count)| Link { near, far, count }).collect();
        Self { near: near.list, far: far.list, links, connections }
    }
}

/// The two ends of a socket's connection; `None` where it has none, or where the other end of the same connection, also on
/// this system, tells it.
fn ends(
    snapshot: &Snapshot,
    listeners: &Listeners,
    index: SocketIndex,
    socket: &Socket,
) -> Option<(Near, Far)> {
    let direction = listeners.direction(socket).filter(|_| !is_local(socket.protocol))?;
    let (address, port) = socket.remote?;
    let owner = |socket: &Socket| socket.owners.iter().map(|owner| owner.process).min();
    let near = owner(socket).map_or(Near::Unowned, Near::Process);
    if let Some((peer_index, peer)) = socket.peer.and_then(|peer| Some((peer, snapshot.socket(peer)?))) {
        let called = direction == Direction::Incoming;
        // The end that called tells the connection; where neither is known to have been called, the first one.
        let both = listeners.direction(peer) == Some(direction);
        if called && !both || both && peer_index < index {
            return None;
        }
        return Some((near, owner(peer).map_or(Far::Called(address, port), |peer| Far::Inside(peer, port))));
    }
    Some(match direction {
        Direction::Outgoing => (near, Far::Called(address, port)),
        Direction::Incoming => (near, Far::Caller(address, socket.local?.1)),
    })
}

struct Ranked<T> {
    list: Vec<(T, usize)>,
    others: T,
}

impl<T: Ord + Copy> Ranked<T> {
    /// The end itself where it has a place, else the others.
    fn end(&self, end: T) -> T {
        if self.list.iter().any(|(known, _)| *known == end) { end } else { self.others }
    }
}

/// The `most` ends with the most connections; the others last, together.
fn ranked<T: Ord + Copy>(
    pairs: impl Iterator<Item = (T, usize)>,
    most: usize,
    others: impl Fn(usize) -> T,
) -> Ranked<T> {
    let mut sums: BTreeMap<T, usize> = BTreeMap::new();
    for (end, count) in pairs {
        *sums.entry(end).or_default() += count;
    }
    let sums: Vec<(T, usize)> = sums.into_iter().collect();
    let order = ascending(sums.iter().map(|(_, count)| u64::MAX - *count as u64));
    let mut list: Vec<(T, usize)> = order.into_iter().filter_map(|at| sums.get(at).copied()).collect();
    // One more takes no more room than the line that would stand for it.
    let rest = if list.len() > most + 1 { list.split_off(most) } else { Vec::new() };
    let others = others(rest.len());
    if !rest.is_empty() {
        list.push((others, rest.iter().map(|(_, count)| count).sum()));
    }
    Ranked { list, others }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn flow(most: usize) -> (Snapshot, Flow) {
        let snapshot = fixture::payments();
        let all = (0..).map(SocketIndex).take(snapshot.sockets.len());
        let flow = Flow::of(&snapshot, &Listeners::of(&snapshot), all, most);
        (snapshot, flow)
    }

    #[test]
    fn a_connection_is_told_once_and_by_its_caller() {
        let (snapshot, flow) = flow(30);
        let pid = |index| snapshot.process(index).unwrap().pid;
        let mut told: Vec<String> = flow
            .links
            .iter()
            .map(|link| {
                let near = match link.near {
                    Near::Process(index) => pid(index).to_string(),
                    other => format!("{other:?}"),
                };
                let far = match link.far {
                    Far::Called(address, port) => format!("-> {address}:{port}"),
                    Far::Caller(address, port) => format!("{port} <- {address}"),
                    Far::Inside(index, port) => format!("=> {} :{port}", pid(index)),
                    Far::Others(_) => "others".into(),
                };
                format!("{near} {far} x{}", link.count)
            })
            .collect();
        told.sort();
        assert_eq!(
            told,
            [
                "7 => 40 :6379 x1",
                "812 -> 203.0.113.7:4444 x1",
                "Unowned 443 <- 198.51.100.20 x1",
                "Unowned 80 <- 198.51.100.9 x1",
            ]
        );
        assert_eq!(flow.connections, 4);
    }

    #[test]
    fn what_has_no_place_stands_together() {
        let (_, flow) = flow(1);
        assert_eq!(flow.near.len(), 2, "the strongest, and the others");
        assert_eq!(flow.near[0], (Near::Unowned, 2));
        assert_eq!(flow.near[1], (Near::Others(2), 2));
        assert_eq!(flow.far.last(), Some(&(Far::Others(3), 3)));
        assert_eq!(flow.links.iter().map(|link| link.count).sum::<usize>(), 4);
    }
}
