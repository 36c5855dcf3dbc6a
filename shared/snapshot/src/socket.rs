//! Sockets of the Internet families and UNIX sockets.

use super::ProcessIndex;
use bstr::BString;
use procglass_proc::net_inet::InetRow;
use procglass_proc::net_other::{NetlinkRow, PacketRow, SctpRow};
use procglass_proc::net_unix::UnixRow;
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
    /// SCTP.
    Sctp,
    /// Whole frames, packet(7).
    Packet,
    /// Messages with the kernel, netlink(7).
    Netlink,
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
            Self::Sctp => "sctp",
            Self::Packet => "packet",
            Self::Netlink => "netlink",
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
    /// What a packet or netlink socket is bound to, in words.
    pub detail: Option<String>,
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

/// Families of netlink by number, include/uapi/linux/netlink.h.
const NETLINK: [&str; 23] = [
    "route",
    "unused",
    "usersock",
    "firewall",
    "sock_diag",
    "nflog",
    "xfrm",
    "selinux",
    "iscsi",
    "audit",
    "fib_lookup",
    "connector",
    "netfilter",
    "ip6_fw",
    "dnrtmsg",
    "kobject_uevent",
    "generic",
    "unused",
    "scsitransport",
    "ecryptfs",
    "rdma",
    "crypto",
    "smc",
];

impl Socket {
    /// A socket of which only the place is known.
    fn blank(protocol: Protocol, table: &'static str, netns: u64, inode: u64, line: usize) -> Self {
        Self {
            protocol,
            inet6: false,
            netns,
            inode,
            local: None,
            remote: None,
            path: None,
            detail: None,
            state: "UNCONN",
            uid: None,
            queues: (0, 0),
            timer: (0, 0, 0),
            kind: "",
            owners: Vec::new(),
            peer: None,
            source: (table, u32::try_from(line).unwrap_or(u32::MAX)),
        }
    }

    pub(crate) fn inet(protocol: Protocol, table: &'static str, netns: u64, row: &InetRow) -> Self {
        let canonical = |(address, port): (IpAddr, u16)| Some((address.to_canonical(), port));
        let state = STATES.get(usize::from(row.state)).copied().unwrap_or("UNKNOWN");
        Self {
            inet6: row.local.0.is_ipv6(),
            local: canonical(row.local),
            remote: canonical(row.remote),
            // CLOSE is the kernel's word for a datagram socket without a peer; ss and netstat say so too.
            state: if protocol != Protocol::Tcp && row.state == 7 { "UNCONN" } else { state },
            uid: Some(row.uid),
            queues: (row.tx_queue, row.rx_queue),
            timer: (row.timer, row.timer_ticks, row.retransmits),
            ..Self::blank(protocol, table, netns, row.inode, row.line)
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
            path: (!row.path.is_empty()).then(|| row.path.into()),
            state,
            kind,
            ..Self::blank(Protocol::Unix, "unix", netns, row.inode, row.line)
        }
    }

    /// One socket for each association or endpoint; further addresses of a multi-homed one are in `detail`.
    pub(crate) fn sctp(table: &'static str, netns: u64, row: &SctpRow) -> Self {
        let first = |addresses: &[IpAddr], port| Some((addresses.first()?.to_canonical(), port));
        let all =
            |addresses: &[IpAddr]| addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let several = row.local.len() > 1 || row.remote.len() > 1;
        Self {
            inet6: row.local.iter().any(IpAddr::is_ipv6),
            local: first(&row.local, row.local_port),
            remote: row.remote_port.and_then(|port| first(&row.remote, port)),
            detail: several.then(|| format!("{} <-> {}", all(&row.local), all(&row.remote))),
            state: if row.remote_port.is_some() { "ESTABLISHED" } else { "LISTEN" },
            uid: Some(row.uid),
            ..Self::blank(Protocol::Sctp, table, netns, row.inode, row.line)
        }
    }

    pub(crate) fn packet(netns: u64, row: &PacketRow) -> Self {
        let what = match row.protocol {
            3 => "every frame".to_owned(),
            protocol => format!("EtherType 0x{protocol:04x}"),
        };
        let whence = match row.interface {
            0 => "on every interface".to_owned(),
            interface => format!("on interface {interface}"),
        };
        Self {
            detail: Some(format!("{what} {whence}")),
            uid: Some(row.uid),
            kind: if row.kind == 3 { "raw" } else { "dgram" },
            ..Self::blank(Protocol::Packet, "packet", netns, row.inode, row.line)
        }
    }

    pub(crate) fn netlink(netns: u64, row: &NetlinkRow) -> Self {
        let family =
            usize::try_from(row.protocol).ok().and_then(|at| NETLINK.get(at)).copied().unwrap_or("unknown");
        let groups = if row.groups == 0 { String::new() } else { format!(", groups {:08x}", row.groups) };
        Self {
            detail: Some(format!("{family}, port id {}{groups}", row.port_id)),
            ..Self::blank(Protocol::Netlink, "netlink", netns, row.inode, row.line)
        }
    }

    /// Whether it waits for others: a TCP or UNIX listener, or a datagram socket that is bound and has no peer.
    #[must_use]
    pub fn listens(&self) -> bool {
        match self.protocol {
            Protocol::Tcp | Protocol::Unix | Protocol::Sctp => self.state == "LISTEN",
            Protocol::Udp | Protocol::UdpLite => {
                self.local.is_some_and(|(_, port)| port != 0) && self.remote.is_none_or(|(_, port)| port == 0)
            }
            Protocol::Packet | Protocol::Netlink => false,
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
