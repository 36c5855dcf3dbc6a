//! What an address means before anybody is asked: private, public, this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Scope of an address, by the special-purpose registries of RFC 6890 and its successors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// 0.0.0.0 or ::.
    Unspecified,
    /// This machine.
    Loopback,
    /// A cloud's metadata or credential service.
    Metadata,
    /// This wire only.
    LinkLocal,
    /// RFC 1918, RFC 4193, or shared address space of RFC 6598.
    Private,
    /// Many at once.
    Multicast,
    /// Ranges that no host should have.
    Reserved,
    /// The Internet.
    Public,
}

impl Scope {
    /// Whether it is on the Internet.
    #[must_use]
    pub fn is_public(self) -> bool {
        self == Self::Public
    }

    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "any",
            Self::Loopback => "this machine",
            Self::Metadata => "cloud metadata",
            Self::LinkLocal => "link-local",
            Self::Private => "private",
            Self::Multicast => "multicast",
            Self::Reserved => "reserved",
            Self::Public => "public",
        }
    }
}

/// Services of clouds at fixed addresses: EC2, Azure and GCP; ECS; EKS Pod Identity; EC2 over IPv6.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// The scope of an address.
#[must_use]
pub fn of(address: IpAddr) -> Scope {
    let address = address.to_canonical();
    if address.is_unspecified() {
        return Scope::Unspecified;
    }
    if address.is_loopback() {
        return Scope::Loopback;
    }
    if METADATA.contains(&address) {
        return Scope::Metadata;
    }
    if address.is_multicast() {
        return Scope::Multicast;
    }
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            if v4.is_link_local() {
                Scope::LinkLocal
            } else if v4.is_private() || (a == 100 && (64..128).contains(&b)) {
                Scope::Private
            } else if a == 0 || a >= 240 || v4.is_broadcast() {
                Scope::Reserved
            } else {
                Scope::Public
            }
        }
        IpAddr::V6(v6) => {
            if v6.is_unicast_link_local() {
                Scope::LinkLocal
            } else if v6.is_unique_local() {
                Scope::Private
            } else if v6.segments().first().is_some_and(|first| first & 0xe000 == 0x2000) {
                Scope::Public
            } else {
                Scope::Reserved
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes() {
        let cases = [
            ("0.0.0.0", Scope::Unspecified),
            ("::", Scope::Unspecified),
            ("127.3.2.1", Scope::Loopback),
            ("::ffff:127.0.0.1", Scope::Loopback),
            ("169.254.169.254", Scope::Metadata),
            ("fd00:ec2::254", Scope::Metadata),
            ("169.254.1.1", Scope::LinkLocal),
            ("fe80::1", Scope::LinkLocal),
            ("10.0.3.4", Scope::Private),
            ("100.64.0.1", Scope::Private),
            ("fd12::1", Scope::Private),
            ("224.0.0.1", Scope::Multicast),
            ("203.0.113.7", Scope::Public),
            ("2001:db8::1", Scope::Public),
            ("255.255.255.255", Scope::Reserved),
            ("100::1", Scope::Reserved),
        ];
        for (address, scope) in cases {
            assert_eq!(of(address.parse().unwrap()), scope, "{address}");
        }
    }
}
