//! What sockets are grouped by.

use super::super::grouped::Grouped;
use super::words::remote;
use crate::state::Data;
use bstr::BString;
use procglass_snapshot::{ProcessIndex, Protocol, SocketIndex};
use std::net::IpAddr;

/// The choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Process,
    Remote,
    Port,
    Container,
}

impl By {
    pub(super) const ALL: [Self; 4] = [Self::Process, Self::Remote, Self::Port, Self::Container];

    pub(super) fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|by| by.word() == text).unwrap_or(Self::Process)
    }

    /// Its word in links; empty for the ordinary one.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Process => "",
            Self::Remote => "remote",
            Self::Port => "port",
            Self::Container => "container",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Process => "Process",
            Self::Remote => "Remote address",
            Self::Port => "Local port",
            Self::Container => "Container",
        }
    }
}

/// A group; in the order in which groups stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Process(ProcessIndex),
    Remote(IpAddr),
    Port(u16, Protocol),
    Container(BString),
    /// In a container of a pod, of which the sandbox is known.
    Sandbox(BString),
    /// In a container without a name that is known.
    Contained,
    /// Not in a container.
    Host,
    /// Not connected, or without a port.
    None,
    /// Owner not visible.
    Unowned,
}

/// Groups sockets. One that several processes hold stands with the first of them.
pub(super) fn grouped(data: &Data, sockets: impl Iterator<Item = SocketIndex>, by: By) -> Grouped<Key> {
    let key = |index: SocketIndex| {
        let socket = data.snapshot.socket(index)?;
        let owner = socket.owners.iter().map(|owner| owner.process).min();
        Some(match by {
            By::Process => owner.map_or(Key::Unowned, Key::Process),
            By::Remote => remote(socket).map_or(Key::None, |(address, _)| Key::Remote(address)),
            By::Port => socket.local.map_or(Key::None, |(_, port)| Key::Port(port, socket.protocol)),
            By::Container => match owner.and_then(|owner| data.snapshot.process(owner)) {
                Some(process) => match (&process.container, process.container_id()) {
                    (Some(id), _) => Key::Container(id.clone()),
                    (None, Some(sandbox)) => Key::Sandbox(sandbox.clone()),
                    (None, None) if process.in_container() => Key::Contained,
                    (None, None) => Key::Host,
                },
                None => Key::Unowned,
            },
        })
    };
    Grouped::new(sockets.filter_map(|index| Some((key(index)?, index.0))))
}
