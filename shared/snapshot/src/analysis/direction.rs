//! Who called whom: the kernel's tables do not say it, but a listener on the local port does.

use crate::{Protocol, Snapshot, Socket};
use foldhash::HashSet;

/// Which end began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The remote end called: something here listens on the local port.
    Incoming,
    /// This end called, as far as can be told.
    Outgoing,
}

/// What listens, by protocol, network namespace and port.
#[derive(Debug, Default)]
pub struct Listeners(HashSet<(Protocol, u64, u16)>);

impl Listeners {
    /// Of a whole snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let key = |socket: &Socket| {
            let (_, port) = socket.local.filter(|_| socket.listens())?;
            Some((socket.protocol, socket.netns, port))
        };
        Self(snapshot.sockets.iter().filter_map(key).collect())
    }

    /// The direction of a socket; `None` when it is not connected to an address.
    #[must_use]
    pub fn direction(&self, socket: &Socket) -> Option<Direction> {
        let (_, port) = socket.local?;
        socket.remote.filter(|(_, port)| *port != 0)?;
        let called = self.0.contains(&(socket.protocol, socket.netns, port));
        Some(if called { Direction::Incoming } else { Direction::Outgoing })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SnapshotBuilder;
    use procglass_model::bundle::{Integrity, Member};

    #[test]
    fn a_listener_tells_who_was_called() {
        let table = b"  sl  local_address rem_address st\n\
            0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 11 1 0 100 0 0 10 0\n\
            1: 0100007F:0050 0100007F:C000 01 00000000:00000000 00:00000000 00000000 0 0 12 1 0 20 4 30 10 -1\n\
            2: 0100007F:C000 0100007F:0050 01 00000000:00000000 00:00000000 00000000 0 0 13 1 0 20 4 30 10 -1\n";
        let mut builder = SnapshotBuilder::new();
        builder.member(Member::new("net/1/tcp", table.to_vec()));
        let snapshot = builder.finish(Integrity::default());
        let listeners = Listeners::of(&snapshot);
        let directions: Vec<_> = snapshot.sockets.iter().map(|s| listeners.direction(s)).collect();
        assert_eq!(directions, [None, Some(Direction::Incoming), Some(Direction::Outgoing)]);
    }
}
