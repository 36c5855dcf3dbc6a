//! Addresses that name no system.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Answered by the cloud itself, in every network: Azure's wire server, and AWS's metadata, name and time services over
/// IPv6. What else clouds use for this is link-local.
const EVERYWHERE: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x253)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x123)),
];

/// Whether an address can tell one system from another: not loopback, link-local (ECS and EC2 metadata among them),
/// unspecified, multicast, broadcast, or a service of the cloud that every system sees under the same address.
#[must_use]
pub fn identifies(address: IpAddr) -> bool {
    let here = match address {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.octets()[0] == 0
        }
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local()
        }
    };
    !here && !EVERYWHERE.contains(&address)
}

/// An address as one number: v4-mapped, so that both families have a place.
pub(super) fn key(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => 0xffff_0000_0000 | u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

/// [`key`] turned round.
pub(super) fn address(key: u128) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(key)).to_canonical()
}

/// The broadcast address of an IPv4 network.
pub(super) fn broadcast(address: IpAddr, prefix: Option<u8>) -> Option<IpAddr> {
    let (IpAddr::V4(v4), Some(prefix @ 1..=30)) = (address, prefix) else { return None };
    Some(IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() | (u32::MAX >> prefix))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_name_a_system() {
        for (text, expected) in [
            ("10.0.0.1", true),
            ("203.0.113.7", true),
            ("2001:db8::1", true),
            ("fd00::1", true),
            ("127.0.0.53", false),
            ("::1", false),
            ("169.254.169.254", false),
            ("169.254.170.2", false),
            ("fd00:ec2::254", false),
            ("168.63.129.16", false),
            ("fe80::1", false),
            ("224.0.0.251", false),
            ("ff02::1", false),
            ("255.255.255.255", false),
            ("0.0.0.0", false),
            ("::", false),
        ] {
            let parsed: IpAddr = text.parse().unwrap();
            assert_eq!(identifies(parsed), expected, "{text}");
            assert_eq!(address(key(parsed)), parsed);
        }
    }

    #[test]
    fn broadcast_of_a_network() {
        let ten: IpAddr = "10.0.1.4".parse().unwrap();
        assert_eq!(broadcast(ten, Some(24)), Some("10.0.1.255".parse().unwrap()));
        assert_eq!((broadcast(ten, Some(32)), broadcast(ten, None)), (None, None));
    }
}
