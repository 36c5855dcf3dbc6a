//! Sockets of the Internet families and UNIX sockets.

use super::ProcessIndex;
use crate::artefact::{net_inet::InetRow, net_unix::UnixRow};
use bstr::BString;
use serde::Serialize;
use std::net::IpAddr;

/// A socket by its place in [`Snapshot::sockets`](super::Snapshot::sockets).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SocketIndex(pub u32);

/// Transport; the words are those of `show sockets`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// UDP-Lite.
    UdpLite,
    /// Raw IP.
    Raw,
    /// ICMP echo.
    Icmp,
    /// UNIX domain.
    Unix,
}

impl Protocol {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::UdpLite => "udplite",
            Self::Raw => "raw",
            Self::Icmp => "icmp",
            Self::Unix => "unix",
        }
    }
}

/// One socket of one network namespace. The pair of namespace and inode names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Transport.
    pub protocol: Protocol,
    /// Whether it is of the IPv6 family; an IPv4 connection may be on such a socket.
    pub inet6: bool,
    /// Inode of the network namespace.
    pub netns: u64,
    /// Inode of the socket; 0 where the kernel keeps no owner (TIME_WAIT, a connection not yet accepted).
    pub inode: u64,
    /// Local address and port; v4-mapped addresses are shown as the IPv4 that they are.
    pub local: Option<(IpAddr, u16)>,
    /// Remote address and port; unspecified and 0 when not connected.
    pub remote: Option<(IpAddr, u16)>,
    /// Bound name of a UNIX socket; `@` stands for the NUL of an abstract one.
    pub path: Option<BString>,
    /// State in the kernel's words.
    pub state: &'static str,
    /// Owner by user id, where the table has it.
    pub uid: Option<u32>,
    /// Bytes or connections waiting to be sent and to be read.
    pub queues: (u64, u64),
    /// Timer kind, clock ticks until it fires, retransmissions.
    pub timer: (u8, u64, u64),
    /// `stream`, `dgram` or `seqpacket` for a UNIX socket.
    pub kind: &'static str,
    /// Every descriptor that is this socket.
    pub owners: Vec<Owner>,
    /// The other end, when it is among these sockets.
    pub peer: Option<SocketIndex>,
    /// Name of the table below `net/<netns>/` and line in it, counted from 1.
    pub source: (&'static str, u32),
}

/// Who holds a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    /// The process.
    pub process: ProcessIndex,
    /// Its descriptor.
    pub fd: u32,
}

/// How far a listener can be reached, by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exposure {
    /// From every interface.
    AllInterfaces,
    /// On one address.
    OneAddress,
    /// From this machine only.
    ThisMachine,
}

/// State names of include/net/tcp_states.h.
const STATES: [&str; 13] = [
    "UNKNOWN",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
];

impl Socket {
    pub(crate) fn inet(protocol: Protocol, table: &'static str, netns: u64, row: &InetRow) -> Self {
        let canonical = |(address, port): (IpAddr, u16)| Some((address.to_canonical(), port));
        let state = STATES.get(usize::from(row.state)).copied().unwrap_or("UNKNOWN");
        Self {
            protocol,
            inet6: row.local.0.is_ipv6(),
            netns,
            inode: row.inode,
            local: canonical(row.local),
            remote: canonical(row.remote),
            path: None,
            // CLOSE is the kernel's word for a datagram socket without a peer; ss and netstat say so too.
            state: if protocol != Protocol::Tcp && row.state == 7 { "UNCONN" } else { state },
            uid: Some(row.uid),
            queues: (row.tx_queue, row.rx_queue),
            timer: (row.timer, row.timer_ticks, row.retransmits),
            kind: "",
            owners: Vec::new(),
            peer: None,
            source: (table, u32::try_from(row.line).unwrap_or(u32::MAX)),
        }
    }

    pub(crate) fn unix(netns: u64, row: &UnixRow<'_>) -> Self {
        let state = match row.state {
            _ if row.listens() => "LISTEN",
            2 => "SYN_SENT",
            3 => "ESTABLISHED",
            4 => "CLOSING",
            _ => "UNCONN",
        };
        let kind = match row.kind {
            1 => "stream",
            2 => "dgram",
            5 => "seqpacket",
            _ => "unknown",
        };
        Self {
            protocol: Protocol::Unix,
            inet6: false,
            netns,
            inode: row.inode,
            local: None,
            remote: None,
            path: (!row.path.is_empty()).then(|| row.path.into()),
            state,
            uid: None,
            queues: (0, 0),
            timer: (0, 0, 0),
            kind,
            owners: Vec::new(),
            peer: None,
            source: ("unix", u32::try_from(row.line).unwrap_or(u32::MAX)),
        }
    }

    /// Whether it waits for others: a TCP or UNIX listener, or a datagram socket that is bound and has no peer.
    #[must_use]
    pub fn listens(&self) -> bool {
        match self.protocol {
            Protocol::Tcp | Protocol::Unix => self.state == "LISTEN",
            Protocol::Udp | Protocol::UdpLite => {
                self.local.is_some_and(|(_, port)| port != 0) && self.remote.is_none_or(|(_, port)| port == 0)
            }
            Protocol::Raw | Protocol::Icmp => self.remote.is_none_or(|(address, _)| address.is_unspecified()),
        }
    }

    /// How far it can be reached; `None` when it does not listen on the Internet families.
    #[must_use]
    pub fn exposure(&self) -> Option<Exposure> {
        let (address, _) = self.local.filter(|_| self.listens())?;
        Some(if address.is_unspecified() {
            Exposure::AllInterfaces
        } else if address.is_loopback() {
            Exposure::ThisMachine
        } else {
            Exposure::OneAddress
        })
    }
}
