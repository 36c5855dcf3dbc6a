//! Sockets to their owners, and to each other.

use crate::model::{FileKind, OpenFile, Owner, Process, Protocol, Socket, SocketIndex};
use std::collections::HashMap;
use std::net::IpAddr;

/// Gives each socket every descriptor that is it. The key is (network namespace, inode): inodes alone repeat over
/// namespaces of different kernels' bundles, and a socket that nobody visible holds stays without an owner.
pub(crate) fn owners(sockets: &mut [Socket], processes: &[Process], files: &[OpenFile]) {
    let mut by_inode: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, socket) in sockets.iter().enumerate().filter(|(_, socket)| socket.inode != 0) {
        by_inode.entry(socket.inode).or_default().push(at);
    }
    for file in files.iter().filter(|file| file.kind == FileKind::Socket) {
        let Some(candidates) = file.inode().and_then(|inode| by_inode.get(&inode)) else {
            continue;
        };
        let netns = processes.get(file.process.0 as usize).and_then(|process| process.namespaces.net);
        let owner = Owner { process: file.process, fd: file.fd };
        // A descriptor may have come from another namespace (it was passed on, or the process moved): socket inodes are
        // unique in one kernel, so a single candidate is the one even then.
        let exact = candidates.iter().find(|at| sockets.get(**at).is_some_and(|s| Some(s.netns) == netns));
        let chosen = exact.or(if candidates.len() == 1 { candidates.first() } else { None });
        if let Some(socket) = chosen.and_then(|at| sockets.get_mut(*at)) {
            socket.owners.push(owner);
        }
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

/// Links the two ends of connections inside this system: same protocol, each one's local end the other's remote end.
pub(crate) fn peers(sockets: &mut [Socket]) {
    type Ends = (Protocol, (IpAddr, u16), (IpAddr, u16));
    let ends = |socket: &Socket| -> Option<Ends> {
        let remote = socket.remote.filter(|(_, port)| *port != 0)?;
        Some((socket.protocol, socket.local?, remote))
    };
    let mut by_ends: HashMap<Ends, Vec<usize>> = HashMap::new();
    for (at, socket) in sockets.iter().enumerate() {
        if let Some(key) = ends(socket) {
            by_ends.entry(key).or_default().push(at);
        }
    }
    let found: Vec<Option<SocketIndex>> = sockets
        .iter()
        .map(|socket| {
            let (protocol, local, remote) = ends(socket)?;
            let others = by_ends.get(&(protocol, remote, local))?;
            // Loopback addresses mean another machine in another namespace; other addresses cross namespaces.
            let same = |at: &&usize| sockets.get(**at).is_some_and(|other| other.netns == socket.netns);
            let loopback = local.0.is_loopback();
            let chosen = others.iter().find(same).or(if loopback { None } else { others.first() })?;
            Some(SocketIndex(u32::try_from(*chosen).ok()?))
        })
        .collect();
    for (socket, peer) in sockets.iter_mut().zip(found) {
        socket.peer = peer;
    }
}
