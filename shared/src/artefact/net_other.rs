//! Further tables of a network namespace: packet and netlink sockets, SCTP, routes, neighbours, addresses.

use super::Artefact;

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
