//! Addresses: other ones of the same scope, from ranges that documentation and tests have for themselves.

use super::alike::Alike;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses of a report and what stands for them.
#[derive(Default)]
pub(super) struct Addresses {
    known: Alike<IpAddr, IpAddr>,
    /// How many were given out of each range.
    used: Vec<(IpAddr, u128)>,
    /// What really occurs is nothing else's pseudonym.
    real: HashSet<IpAddr>,
}

/// Where to take pseudonyms from. The next range is for when one is
/// used up; the last of each family is never (RFC 5737, RFC 2544, RFC 6598, RFC 6676, RFC 3849).
fn ranges(v6: bool, scope: Scope) -> &'static [Range] {
    const DOCUMENTATION: [Range; 5] = [
        v4(0xc000, 0x0200, 255),
        v4(0xc633, 0x6400, 255),
        v4(0xcb00, 0x7100, 255),
        v4(0xc612, 0, 1 << 17),
        RESERVED,
    ];
    const PRIVATE: [Range; 2] = [v4(0x647f, 0, 1 << 16), RESERVED];
    const LOOPBACK: [Range; 2] = [v4(0x7fc0, 0, 1 << 20), RESERVED];
    const LINK_LOCAL: [Range; 2] = [v4(0xa9fe, 0xc800, 1 << 11), RESERVED];
    const MULTICAST: [Range; 2] = [v4(0xe9fc, 0, 255), RESERVED];
    match (v6, scope) {
        (false, Scope::Public | Scope::Unspecified | Scope::Metadata) => &DOCUMENTATION,
        (false, Scope::Private) => &PRIVATE,
        (false, Scope::Loopback) => &LOOPBACK,
        (false, Scope::LinkLocal) => &LINK_LOCAL,
        (false, Scope::Multicast) => &MULTICAST,
        (false, Scope::Reserved) => &[RESERVED],
        (true, Scope::Private) => &[([0xfd00, 0xdb8, 0, 0, 0, 0, 0, 0], u128::MAX)],
        (true, Scope::LinkLocal) => &[([0xfe80, 0, 0, 0, 0, 0, 0xdb8, 0], u128::MAX)],
        (true, Scope::Multicast) => &[([0xff0e, 0, 0, 0, 0, 0xdb8, 0, 0], u128::MAX)],
        (true, Scope::Reserved) => &[([0x100, 0, 0, 0, 0, 0, 0, 0], u128::MAX)],
        (true, _) => &[([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], u128::MAX)],
    }
}

/// The first address of a range, and how many it has.
type Range = ([u16; 8], u128);

const RESERVED: Range = v4(0xf000, 0, 1 << 28);

const fn v4(high: u16, low: u16, count: u128) -> Range {
    ([0, 0, 0, 0, 0, 0xffff, high, low], count)
}

/// Addresses that every system has and that name nobody.
fn is_everyones(address: IpAddr) -> bool {
    match scope::of(address) {
        Scope::Unspecified | Scope::Metadata => true,
        _ => {
            address == IpAddr::V4(Ipv4Addr::LOCALHOST)
                || address == IpAddr::V6(Ipv6Addr::LOCALHOST)
                || address == IpAddr::V4(Ipv4Addr::BROADCAST)
        }
    }
}

impl Addresses {
    /// Notes one that occurs.
    pub(super) fn occurs(&mut self, address: IpAddr) {
        self.real.insert(address.to_canonical());
    }

    /// What stands for `address`. An IPv4 address in IPv6 form stays in that form.
    pub(super) fn of(&mut self, address: IpAddr) -> IpAddr {
        let canonical = address.to_canonical();
        if is_everyones(canonical) {
            return address;
        }
        let pseudonym = match self.known.get(&canonical) {
            Some(known) => *known,
            None => {
                let next = self.next(canonical);
                self.known.insert(canonical, next);
                next
            }
        };
        match (address, pseudonym) {
            (IpAddr::V6(_), IpAddr::V4(v4)) => IpAddr::V6(v4.to_ipv6_mapped()),
            _ => pseudonym,
        }
    }

    /// How many have a pseudonym.
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    fn next(&mut self, address: IpAddr) -> IpAddr {
        for (first, count) in ranges(address.is_ipv6(), scope::of(address)) {
            let first = Ipv6Addr::from(*first);
            let key = IpAddr::V6(first);
            let at = self.used.iter().position(|(range, _)| *range == key).unwrap_or_else(|| {
                self.used.push((key, 0));
                self.used.len() - 1
            });
            while let Some((_, used)) = self.used.get_mut(at).filter(|(_, used)| used + 1 < *count) {
                *used += 1;
                let candidate = IpAddr::V6(Ipv6Addr::from(u128::from(first) + *used)).to_canonical();
                if !self.real.contains(&candidate) {
                    return candidate;
                }
            }
        }
        // 2^28 different addresses in one report: the reader's limits do not let them in.
        IpAddr::V4(Ipv4Addr::BROADCAST)
    }
}

/// Replaces addresses in text: dotted, with dashes (`ip-10-0-0-1`) or underscores, IPv6, and hardware addresses.
pub(super) fn scrub(addresses: &mut Addresses, text: &[u8]) -> Option<Vec<u8>> {
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while at < text.len() {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let rest = text.get(at..).unwrap_or_default();
        let found = match before {
            Some(byte) if byte.is_ascii_digit() => None,
            Some(byte) if byte.is_ascii_alphabetic() => four(addresses, rest),
            _ => find(addresses, rest),
        };
        let Some((length, pseudonym)) = found else {
            at += 1;
            continue;
        };
        let out = out.get_or_insert_default();
        out.extend_from_slice(text.get(copied..at).unwrap_or_default());
        out.extend_from_slice(pseudonym.as_bytes());
        at += length;
        copied = at;
    }
    let mut out = out?;
    out.extend_from_slice(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// An address at the start of `text`: its length and what to write instead.
fn find(addresses: &mut Addresses, text: &[u8]) -> Option<(usize, String)> {
    if !text.first().is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':') {
        return None;
    }
    let run = text.iter().take(64).position(|byte| !(byte.is_ascii_hexdigit() || b":.".contains(byte)));
    let run = text.get(..run.unwrap_or(text.len().min(64))).unwrap_or_default();
    six(addresses, run).or_else(|| hardware(run)).or_else(|| four(addresses, text))
}

/// The longest beginning of a run that is an IPv6 address.
fn six(addresses: &mut Addresses, run: &[u8]) -> Option<(usize, String)> {
    if run.iter().filter(|byte| **byte == b':').count() < 2 {
        return None;
    }
    let run = std::str::from_utf8(run).ok()?;
    let (length, address) = (2..=run.len())
        .rev()
        .find_map(|length| Some((length, run.get(..length)?.parse::<Ipv6Addr>().ok()?)))?;
    // `::` alone stands in many texts and is everyone's.
    let pseudonym = addresses.of(IpAddr::V6(address));
    (pseudonym != IpAddr::V6(address)).then(|| (length, pseudonym.to_string()))
}

/// `02:fc:00:00:00:01`, by itself.
fn hardware(run: &[u8]) -> Option<(usize, String)> {
    let parts: Vec<&[u8]> = run.split(|byte| *byte == b':').collect();
    let all = parts.len() == 6 && parts.iter().all(|part| part.len() == 2);
    let zeros = run.iter().all(|byte| b"0:".contains(byte));
    (all && !zeros).then(|| (run.len(), "<hardware address>".to_owned()))
}

/// Four numbers with the same separator between them.
fn four(addresses: &mut Addresses, text: &[u8]) -> Option<(usize, String)> {
    let (mut octets, mut at, mut separator) = ([0; 4], 0, None);
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            let byte = *text.get(at).filter(|byte| b".-_".contains(byte))?;
            if *separator.get_or_insert(byte) != byte {
                return None;
            }
            at += 1;
        }
        let digits = text.get(at..)?.iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        *octet = std::str::from_utf8(text.get(at..at + digits)?).ok()?.parse::<u8>().ok()?;
        at += digits;
    }
    let address = IpAddr::V4(Ipv4Addr::from(octets));
    let pseudonym = addresses.of(address);
    let separator = char::from(separator?).to_string();
    (pseudonym != address).then(|| (at, pseudonym.to_string().replace('.', &separator)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_stays_and_the_address_goes() {
        let mut addresses = Addresses::default();
        addresses.occurs("192.0.2.1".parse().unwrap());
        for text in [
            "8.8.8.8",
            "10.0.0.1",
            "127.0.0.2",
            "169.254.9.9",
            "224.0.0.251",
            "2a00::7",
            "fd12::1",
            "fe80::2",
            "ff02::fb",
            "240.1.1.1",
        ] {
            let address: IpAddr = text.parse().unwrap();
            let pseudonym = addresses.of(address);
            assert_ne!(pseudonym, address);
            assert_eq!(scope::of(pseudonym), scope::of(address), "{text} became {pseudonym}");
            assert_eq!(addresses.of(address), pseudonym, "and stays that");
        }
        assert_eq!(
            addresses.of("8.8.8.8".parse().unwrap()).to_string(),
            "192.0.2.2",
            "192.0.2.1 is really there"
        );
        assert_eq!(addresses.of("::ffff:8.8.8.8".parse().unwrap()).to_string(), "::ffff:192.0.2.2");
        for text in ["0.0.0.0", "::", "127.0.0.1", "::1", "169.254.169.254"] {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(addresses.of(address), address);
        }
    }

    #[test]
    fn ranges_go_on_elsewhere() {
        let mut addresses = Addresses::default();
        let all: HashSet<IpAddr> =
            (0..2_000_u32).map(|n| addresses.of(Ipv4Addr::from(0x0808_0000 + n).into())).collect();
        assert_eq!(all.len(), 2_000);
        assert!(all.iter().all(|address| scope::of(*address).is_public()));
    }

    #[test]
    fn addresses_in_text() {
        let mut addresses = Addresses::default();
        let mut scrubbed = |text: &str| {
            let out = scrub(&mut addresses, text.as_bytes());
            String::from_utf8(out.unwrap_or_else(|| text.into())).unwrap()
        };
        assert_eq!(scrubbed("http://8.8.8.8:80/a"), "http://192.0.2.1:80/a");
        assert_eq!(scrubbed("ip-8-8-8-8.ec2"), "ip-192-0-2-1.ec2");
        assert_eq!(scrubbed("[2a00:1450::8]:443,8.8.4.4"), "[2001:db8::1]:443,192.0.2.2");
        assert_eq!(scrubbed("::ffff:8.8.4.4"), "::ffff:192.0.2.2");
        assert_eq!(scrubbed("ether 02:fc:00:00:00:01 lo"), "ether <hardware address> lo");
        for same in ["10:11:12", "v1.2.3", "std::string", "0.0.0.0:80", "1.2.3.400", "2024-01-02-03"] {
            assert_eq!(scrubbed(same), same);
        }
    }
}
