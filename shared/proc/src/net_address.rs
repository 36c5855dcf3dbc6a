//! Which addresses a network namespace has, and whom it knows: `fib_trie`, `if_inet6`, `route`, `ipv6_route` and `arp`.
//! What is to be collected of them stands in [`net_other`](super::net_other).

use super::error::{hex_number, lines, words};
use procglass_model::bundle::ByteOrder;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address of the namespace's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// The address.
    pub address: IpAddr,
    /// Length of its network's prefix, where the table says it.
    pub prefix: Option<u8>,
    /// Its interface, where the table says it.
    pub interface: Option<String>,
    /// The line, counted from 1.
    pub line: usize,
}

/// IPv4 addresses in `fib_trie`: leaves that are `host LOCAL`, net/ipv4/fib_trie.c. The table prints tries of several
/// routing tables, which mostly repeat each other: each address is told once.
#[must_use]
pub fn fib_trie(bytes: &[u8]) -> Vec<Local> {
    let (mut found, mut leaf): (Vec<Local>, Option<(Ipv4Addr, usize)>) = (Vec::new(), None);
    let mut seen = std::collections::HashSet::new();
    for (at, line) in lines(bytes) {
        let mut words = words(line);
        match words.next() {
            Some(b"|--") => leaf = words.next().and_then(|word| Some((text(word)?.parse().ok()?, at))),
            Some(word) if word.starts_with(b"/") => {
                let own = words.next() == Some(b"host") && words.next() == Some(b"LOCAL");
                if let Some((address, line)) = leaf.filter(|_| own && word == b"/32")
                    && seen.insert(address)
                {
                    found.push(Local { address: address.into(), prefix: None, interface: None, line });
                }
            }
            _ => {}
        }
    }
    found
}

/// IPv6 addresses in `if_inet6`, net/ipv6/addrconf.c.
#[must_use]
pub fn if_inet6(bytes: &[u8]) -> Vec<Local> {
    let row = |(line, text): (usize, &[u8])| {
        let mut words = words(text);
        let address = IpAddr::V6(six(words.next()?)?);
        let prefix = u8::try_from(hex_number(words.nth(1)?)?).ok()?;
        let interface = procglass_model::text::visible(words.nth(2)?).into_owned();
        Some(Local { address, prefix: Some(prefix), interface: Some(interface), line })
    };
    lines(bytes).filter_map(row).collect()
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it leads: network and length of its prefix.
    pub to: (IpAddr, u8),
    /// By way of whom; `None` where the network is on the wire.
    pub gateway: Option<IpAddr>,
    /// Out of which interface.
    pub interface: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// Rows of `route`, net/ipv4/fib_trie.c: addresses are words of the kernel's byte order.
#[must_use]
pub fn route(bytes: &[u8], order: ByteOrder) -> Vec<Route> {
    let row = |(line, text): (usize, &[u8])| {
        let mut words = words(text);
        let interface = procglass_model::text::visible(words.next()?).into_owned();
        let (to, gateway) = (four(words.next()?, order)?, four(words.next()?, order)?);
        let mask = four(words.nth(4)?, order)?;
        let prefix = u8::try_from(mask.to_bits().leading_ones()).ok()?;
        let gateway = Some(gateway.into()).filter(|_| !gateway.is_unspecified());
        Some(Route { to: (to.into(), prefix), gateway, interface, line })
    };
    lines(bytes).skip(1).filter_map(row).collect()
}

/// Rows of `ipv6_route`, net/ipv6/route.c.
#[must_use]
pub fn ipv6_route(bytes: &[u8]) -> Vec<Route> {
    let row = |(line, text): (usize, &[u8])| {
        let mut words = words(text);
        let to = IpAddr::V6(six(words.next()?)?);
        let prefix = u8::try_from(hex_number(words.next()?)?).ok()?;
        let gateway = six(words.nth(2)?)?;
        let interface = procglass_model::text::visible(words.nth(4)?).into_owned();
        let gateway = Some(gateway.into()).filter(|_| !gateway.is_unspecified());
        Some(Route { to: (to, prefix), gateway, interface, line })
    };
    lines(bytes).filter_map(row).collect()
}

/// Neighbours in `arp` with their lines, net/ipv4/arp.c.
#[must_use]
pub fn arp(bytes: &[u8]) -> Vec<(IpAddr, usize)> {
    let row = |(line, row): (usize, &[u8])| Some((text(words(row).next()?)?.parse().ok()?, line));
    lines(bytes).skip(1).filter_map(row).collect()
}

fn text(word: &[u8]) -> Option<&str> {
    std::str::from_utf8(word).ok()
}

fn four(word: &[u8], order: ByteOrder) -> Option<Ipv4Addr> {
    let value = u32::try_from(hex_number(word)?).ok()?;
    Some(match order {
        ByteOrder::Little => Ipv4Addr::from_bits(value.swap_bytes()),
        ByteOrder::Big => Ipv4Addr::from_bits(value),
    })
}

fn six(word: &[u8]) -> Option<Ipv6Addr> {
    let (high, low) = word.split_at_checked(16).filter(|(_, low)| low.len() == 16)?;
    let bits = u128::from(hex_number(high)?) << 64 | u128::from(hex_number(low)?);
    Some(Ipv6Addr::from_bits(bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn own_addresses() {
        let trie = b"Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     |-- 10.0.3.0\n        \
            /24 link UNICAST\n     |-- 10.0.3.4\n        /32 host LOCAL\n     |-- 127.0.0.0\n        /8 host LOCAL\n\
            Local:\n     |-- 10.0.3.4\n        /32 host LOCAL\n     |-- 10.0.3.255\n        /32 link BROADCAST\n";
        let own: Vec<_> = fib_trie(trie).into_iter().map(|own| (own.address.to_string(), own.line)).collect();
        assert_eq!(own, [("10.0.3.4".to_owned(), 7)]);
        let own = if_inet6(b"fe8000000000000000fc00fffe000001 04 40 20 80     eth0\nnot a row\n");
        assert_eq!(own[0].address.to_string(), "fe80::fc:ff:fe00:1");
        assert_eq!((own[0].prefix, own[0].interface.as_deref(), own.len()), (Some(64), Some("eth0"), 1));
    }

    #[test]
    fn routes_and_neighbours() {
        let table = b"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
            eth0\t00000000\t0103000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
            eth0\t0003000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
        let routes = route(table, ByteOrder::Little);
        assert_eq!(routes[0].gateway, Some("10.0.3.1".parse().unwrap()));
        assert_eq!((routes[1].to, routes[1].gateway), (("10.0.3.0".parse().unwrap(), 24), None));
        let six = b"00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n";
        let routes = ipv6_route(six);
        assert_eq!(
            (routes[0].gateway, routes[0].interface.as_str()),
            (Some("fd00::1".parse().unwrap()), "eth0")
        );
        let arp = arp(
            b"IP address  HW type Flags HW address Mask Device\n10.0.3.1 0x1 0x2 02:fc:00:00:00:05 * eth0\n",
        );
        assert_eq!(arp, [("10.0.3.1".parse().unwrap(), 2)]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = (fib_trie(&bytes), if_inet6(&bytes), route(&bytes, ByteOrder::Big), ipv6_route(&bytes), arp(&bytes));
        }
    }
}
