//! Files of each network namespace, below `/proc/<pid>/net`, proc_pid_net(5).

use super::Artefact;

/// TCP over IPv4.
pub const TCP: Artefact =
    Artefact::net("tcp", "TCP over IPv4: connections and listeners with state and inode.").record();
/// TCP over IPv6.
pub const TCP6: Artefact = Artefact::net("tcp6", "TCP over IPv6, and IPv4 on dual-stack sockets.").record();
/// UDP over IPv4.
pub const UDP: Artefact = Artefact::net("udp", "UDP over IPv4: bound and connected sockets.").record();
/// UDP over IPv6.
pub const UDP6: Artefact = Artefact::net("udp6", "UDP over IPv6, and IPv4 on dual-stack sockets.").record();
/// UDP-Lite over IPv4.
pub const UDPLITE: Artefact = Artefact::net("udplite", "UDP-Lite over IPv4: rare, so worth a look.").record();
/// UDP-Lite over IPv6.
pub const UDPLITE6: Artefact =
    Artefact::net("udplite6", "UDP-Lite over IPv6: rare, so worth a look.").record();
/// Raw IPv4.
pub const RAW: Artefact = Artefact::net("raw", "Raw IPv4 sockets: scanners, backdoors, routing daemons.");
/// Raw IPv6.
pub const RAW6: Artefact = Artefact::net("raw6", "Raw IPv6 sockets: scanners, backdoors, routing daemons.");
/// ICMP echo without privilege.
pub const ICMP: Artefact = Artefact::net("icmp", "Ping sockets over IPv4: echo without privilege.");
/// ICMPv6 echo without privilege.
pub const ICMP6: Artefact = Artefact::net("icmp6", "Ping sockets over IPv6: echo without privilege.");
/// `/proc/net/unix`.
pub const UNIX: Artefact =
    Artefact::net("unix", "UNIX sockets: who talks to whom on this machine, and to the container runtime.")
        .record();
/// Packet sockets.
pub const PACKET: Artefact =
    Artefact::net("packet", "Packet sockets: sniffers, and backdoors that wait for a magic packet.");
/// Netlink sockets.
pub const NETLINK: Artefact =
    Artefact::net("netlink", "Netlink sockets: who configures the network or listens to the kernel.");
/// SCTP endpoints.
pub const SCTP_EPS: Artefact = Artefact::net("sctp/eps", "SCTP endpoints that listen.");
/// SCTP associations.
pub const SCTP_ASSOCS: Artefact =
    Artefact::net("sctp/assocs", "SCTP associations: telephony, and little else.");
/// IPv4 routes.
pub const ROUTE: Artefact = Artefact::net("route", "IPv4 routes: which way traffic leaves.");
/// IPv6 routes.
pub const IPV6_ROUTE: Artefact = Artefact::net("ipv6_route", "IPv6 routes: which way traffic leaves.");
/// IPv4 neighbours.
pub const ARP: Artefact =
    Artefact::net("arp", "Neighbours on the wire: addresses that were spoken to of late.");
/// IPv6 addresses.
pub const IF_INET6: Artefact = Artefact::net("if_inet6", "This system's IPv6 addresses, by interface.");
/// IPv4 addresses, as leaves of the routing table.
pub const FIB_TRIE: Artefact =
    Artefact::net("fib_trie", "This system's IPv4 addresses: the local leaves of the routing table.");
/// Interfaces.
pub const DEV: Artefact =
    Artefact::net("dev", "Interfaces with bytes and packets: how much went in and out.");
/// Protocols.
pub const PROTOCOLS: Artefact =
    Artefact::net("protocols", "Protocols in use with socket counts: a check on the tables.");
/// Packet handlers.
pub const PTYPE: Artefact =
    Artefact::net("ptype", "Packet handlers in the kernel: shows sniffers from another side.");
