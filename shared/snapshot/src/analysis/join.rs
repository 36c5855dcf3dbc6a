//! Sockets to their owners, and to each other.

use crate::{FileKind, OpenFile, Owner, Process, Protocol, Socket, SocketIndex};
use foldhash::HashMap;
use foldhash::fast::RandomState;
use std::net::IpAddr;

/// Gives each socket every descriptor that is it, some descriptors at a time. The key is (network namespace, inode): inodes
/// alone repeat over namespaces of different kernels' bundles, and a socket that nobody visible holds stays without an owner.
#[derive(Default)]
pub(crate) struct Owners {
    /// Inodes, namespaces and places of the sockets, in order.
    by_inode: Vec<(u64, u64, u32)>,
    /// Descriptors that are done.
    done: usize,
}

/// Descriptors a step.
const FILES: usize = 20_000;

impl Owners {
    /// For these sockets.
    pub(crate) fn of(sockets: &[Socket]) -> Self {
        let known = (0..).zip(sockets).filter(|(_, socket)| socket.inode != 0);
        let mut by_inode: Vec<_> = known.map(|(at, socket)| (socket.inode, socket.netns, at)).collect();
        by_inode.sort_unstable();
        Self { by_inode, done: 0 }
    }

    /// Looks at the next descriptors. False when none are left.
    pub(crate) fn step(&mut self, sockets: &mut [Socket], processes: &[Process], files: &[OpenFile]) -> bool {
        let left = files.get(self.done..).unwrap_or_default();
        let now = left.get(..FILES).unwrap_or(left);
        for file in now.iter().filter(|file| file.kind == FileKind::Socket) {
            let Some(inode) = file.inode() else { continue };
            let netns = processes.get(file.process.0 as usize).and_then(|process| process.namespaces.net);
            if let Some(socket) = self.socket(inode, netns).and_then(|at| sockets.get_mut(at)) {
                socket.owners.push(Owner { process: file.process, fd: file.fd });
            }
        }
        self.done += now.len();
        now.len() < left.len()
    }

    /// The place of the socket that a process of this namespace means by an inode.
    fn socket(&self, inode: u64, netns: Option<u64>) -> Option<usize> {
        let from = |netns: u64| {
            let first = self.by_inode.partition_point(|(i, n, _)| (*i, *n) < (inode, netns));
            self.by_inode.get(first..).unwrap_or_default().iter().take_while(move |(i, ..)| *i == inode)
        };
        let exact = netns.and_then(|netns| from(netns).next().filter(|(_, n, _)| *n == netns));
        // A descriptor may have come from another namespace (it was passed on, or the process moved): socket inodes are
        // unique in one kernel, so a single candidate is the one even then.
        let only = || {
            let mut all = from(0);
            all.next().filter(|_| all.next().is_none())
        };
        let (_, _, at) = exact.or_else(only)?;
        usize::try_from(*at).ok()
    }
}

/// The sockets of each process, each once, in the order of the tables.
pub(crate) fn by_process(sockets: &[Socket], processes: usize) -> Vec<Vec<SocketIndex>> {
    let mut held = vec![Vec::new(); processes];
    for (at, socket) in (0..).zip(sockets) {
        for owner in &socket.owners {
            if let Some(list) = held.get_mut(owner.process.0 as usize)
                && list.last() != Some(&SocketIndex(at))
            {
                list.push(SocketIndex(at));
            }
        }
    }
    held
}

/// An address and a port.
type End = (IpAddr, u16);

/// Both ends of a connection, without the two of any other: in few words, since a system has a hundred thousand of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Ends(u128, u128, (Protocol, bool, bool), u32);

impl Ends {
    fn of(protocol: Protocol, (local, port): End, (remote, remote_port): End) -> Self {
        let number = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address),
        };
        let kind = (protocol, local.is_ipv4(), remote.is_ipv4());
        Self(number(local), number(remote), kind, u32::from(port) << 16 | u32::from(remote_port))
    }
}

/// The local and the remote end of a socket that has both.
fn ends(socket: &Socket) -> Option<(End, End)> {
    let remote = socket.remote.filter(|(_, port)| *port != 0)?;
    Some((socket.local?, remote))
}

/// Links the two ends of connections inside this system: same protocol, each one's local end the other's remote end.
pub(crate) fn peers(sockets: &mut [Socket]) {
    // The first of each, anywhere, and where it is; the others of the same ends, which are rare, beside it.
    let mut first: HashMap<Ends, (u64, usize)> =
        HashMap::with_capacity_and_hasher(sockets.len(), RandomState::default());
    let mut others: HashMap<(Ends, u64), usize> = HashMap::default();
    for (at, socket) in sockets.iter().enumerate() {
        if let Some((local, remote)) = ends(socket) {
            let key = Ends::of(socket.protocol, local, remote);
            let (netns, _) = *first.entry(key).or_insert((socket.netns, at));
            if netns != socket.netns {
                others.entry((key, socket.netns)).or_insert(at);
            }
        }
    }
    let found: Vec<Option<SocketIndex>> = sockets
        .iter()
        .map(|socket| {
            let (local, remote) = ends(socket)?;
            let key = Ends::of(socket.protocol, remote, local);
            let (netns, at) = *first.get(&key)?;
            let chosen = if netns == socket.netns {
                at
            } else if let Some(here) = others.get(&(key, socket.netns)) {
                *here
            } else if local.0.is_loopback() {
                // Loopback addresses mean another machine in another namespace; other addresses cross namespaces.
                return None;
            } else {
                at
            };
            Some(SocketIndex(u32::try_from(chosen).ok()?))
        })
        .collect();
    for (socket, peer) in sockets.iter_mut().zip(found) {
        socket.peer = peer;
    }
}
