//! Small values as logs write them: numbers, addresses, times.

use procglass_model::Timestamp;
use std::net::{IpAddr, Ipv4Addr};

const SECOND: i64 = 1_000_000_000;

/// Digits only.
pub(super) fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    let mut value = 0_u64;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// An address; IPv6 may stand in brackets or carry a zone, and v4-mapped ones are the IPv4 that they are.
pub(super) fn address(text: &[u8]) -> Option<IpAddr> {
    if let Some(address) = v4(text) {
        return Some(IpAddr::V4(address));
    }
    let text = std::str::from_utf8(text).ok()?.trim_matches(|char| matches!(char, '[' | ']' | ' '));
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn v4(text: &[u8]) -> Option<Ipv4Addr> {
    if text.len() > 15 {
        return None;
    }
    let (mut whole, mut part, mut digits, mut parts) = (0_u32, 0_u32, 0, 0);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            part = part * 10 + u32::from(digit);
            digits += 1;
            if digits > 3 || part > 255 {
                return None;
            }
        } else if *byte == b'.' && digits > 0 {
            whole = whole << 8 | part;
            (part, digits, parts) = (0, 0, parts + 1);
        } else {
            return None;
        }
    }
    (parts == 3 && digits > 0).then(|| Ipv4Addr::from_bits(whole << 8 | part))
}

/// An address and a port: `10.0.0.1:443`, `[2001:db8::1]:443`.
pub(super) fn address_and_port(text: &[u8]) -> Option<(IpAddr, u16)> {
    let colon = text.iter().rposition(|byte| *byte == b':')?;
    let port = number(text.get(colon + 1..)?)?;
    Some((address(text.get(..colon)?)?, u16::try_from(port).ok()?))
}

/// A number of IP's field "protocol", from itself or a name.
pub(super) fn protocol(text: &[u8]) -> Option<u8> {
    if let Some(number) = number(text) {
        return u8::try_from(number).ok();
    }
    const NAMES: [(&str, u8); 19] = [
        ("tcp", 6),
        ("udp", 17),
        ("icmp", 1),
        ("icmpv6", 58),
        ("ipv6-icmp", 58),
        ("icmp6", 58),
        ("t", 6),
        ("u", 17),
        ("igmp", 2),
        ("gre", 47),
        ("esp", 50),
        ("ah", 51),
        ("sctp", 132),
        ("udplite", 136),
        ("ipip", 4),
        ("ipv6", 41),
        ("ospf", 89),
        ("vrrp", 112),
        ("pim", 103),
    ];
    NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name.as_bytes())).map(|(_, number)| *number)
}

/// A point in time: seconds since 1970, with a fraction or in milli-, micro- or nanoseconds (told by their size), or ISO
/// 8601. The second value says whether a zone was missing and `zone` (seconds ahead of UTC) was taken for it.
pub(super) fn time(text: &[u8], zone: i64) -> Option<(Timestamp, bool)> {
    if let Some(number) = number(text) {
        return epoch(number).map(|time| (time, false));
    }
    if let Some(dot) = text.iter().position(|byte| *byte == b'.')
        && let Some(seconds) = number(text.get(..dot)?)
    {
        let fraction = text.get(dot + 1..)?;
        let counted = fraction.get(..9).unwrap_or(fraction);
        let scale = 10_i64.checked_pow(u32::try_from(9 - counted.len()).ok()?)?;
        let nanoseconds = i64::try_from(number(counted)?).ok()?.checked_mul(scale)?;
        let seconds = i64::try_from(seconds).ok()?.checked_mul(SECOND)?;
        return Some((Timestamp(seconds.checked_add(nanoseconds)?), false));
    }
    iso(text, zone)
}

/// Of this many digits on, a number of seconds would lie after the year 5138.
pub(super) fn epoch(number: u64) -> Option<Timestamp> {
    let scale = match number {
        0..100_000_000_000 => SECOND,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    i64::try_from(number).ok()?.checked_mul(scale).map(Timestamp)
}

/// Seconds of a floating-point number, to the microsecond: more is not in it.
pub(super) fn float_time(seconds: f64) -> Option<Timestamp> {
    if !(0.0..9e9).contains(&seconds) {
        return None;
    }
    // In range, by the line above.
    #[allow(clippy::cast_possible_truncation)]
    let microseconds = (seconds * 1e6).round() as i64;
    Some(Timestamp(microseconds * 1_000))
}

/// ISO 8601 as programs write it: also a zone without its colon, a comma for the point, or no zone at all.
fn iso(text: &[u8], zone: i64) -> Option<(Timestamp, bool)> {
    let text = std::str::from_utf8(text).ok()?.trim();
    if text.len() > 40 || text.len() < 19 {
        return None;
    }
    if let Some(time) = Timestamp::parse(text) {
        return Some((time, false));
    }
    let mut text = text.replace(',', ".").replace(" UTC", "Z").replace('/', "-");
    let sign = text.len().checked_sub(5).filter(|at| *at >= 19);
    let sign = sign.filter(|at| matches!(text.as_bytes().get(*at), Some(b'+' | b'-')));
    if let Some(at) = sign {
        text.insert(at + 3, ':');
        return Timestamp::parse(&text).map(|time| (time, false));
    }
    if let Some(time) = Timestamp::parse(&text) {
        return Some((time, false));
    }
    text.push('Z');
    Timestamp::parse(&text).map(|time| (Timestamp(time.0.saturating_sub(zone.saturating_mul(SECOND))), true))
}

/// `Jun  8 14:34:33` of syslog: no year, no zone. The year is the one that brings it nearest to `reference`.
pub(super) fn syslog_time(text: &[u8], reference: Timestamp, zone: i64) -> Option<Timestamp> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = std::str::from_utf8(text).ok()?;
    let mut words = text.split_ascii_whitespace();
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let day: u8 = words.next()?.parse().ok()?;
    let clock = words.next()?;
    let this: i64 = reference.to_string().get(..4)?.parse().ok()?;
    // A 29th of February can be some years away.
    let times = (this - 8..=this + 8).filter_map(|year| {
        let time = Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}Z"))?;
        Some(Timestamp(time.0.saturating_sub(zone.saturating_mul(SECOND))))
    });
    times.min_by_key(|time| time.0.abs_diff(reference.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("10.0.0.255", Some("10.0.0.255")),
            ("0.0.0.0", Some("0.0.0.0")),
            ("::ffff:10.0.0.1", Some("10.0.0.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("fe80::1%eth0", Some("fe80::1")),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", Some("2001:db8::1")),
            ("10.0.0.256", None),
            ("10.0.0", None),
            ("10.0.0.", None),
            ("10..0.1", None),
            ("1.2.3.4.5", None),
            ("1234.1.1.1", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(address(text.as_bytes()), expected.map(|text| text.parse().unwrap()), "{text}");
        }
        assert_eq!(address_and_port(b"[::1]:80"), Some(("::1".parse().unwrap(), 80)));
        assert_eq!(address_and_port(b"10.0.0.1:70000"), None);
        assert_eq!(address_and_port(b"10.0.0.1"), None);
    }

    #[test]
    fn numbers_and_protocols() {
        assert_eq!(number(b"18446744073709551615"), Some(u64::MAX));
        for text in [&b"18446744073709551616"[..], b"", b"-1", b"1.5", b"000000000000000000001"] {
            assert_eq!(number(text), None, "{}", text.escape_ascii());
        }
        assert_eq!((protocol(b"TCP"), protocol(b"17"), protocol(b"256")), (Some(6), Some(17), None));
        assert_eq!((protocol(b"IPv6-ICMP"), protocol(b"?")), (Some(58), None));
    }

    #[test]
    fn times_of_every_kind() {
        let all = [
            ("1418530010", "2014-12-14T04:06:50.000Z", false),
            ("1418530010000", "2014-12-14T04:06:50.000Z", false),
            ("1418530010000000", "2014-12-14T04:06:50.000Z", false),
            ("1418530010000000000", "2014-12-14T04:06:50.000Z", false),
            ("1418530010.25", "2014-12-14T04:06:50.250Z", false),
            ("2022-07-10T23:50:05.533101+0000", "2022-07-10T23:50:05.533Z", false),
            ("2022-07-10T23:50:05.533101-0130", "2022-07-11T01:20:05.533Z", false),
            ("2022-07-10T23:50:05Z", "2022-07-10T23:50:05.000Z", false),
            ("2022-07-10 23:50:05 UTC", "2022-07-10T23:50:05.000Z", false),
            ("2022-07-10 23:50:05,5", "2022-07-10T22:50:05.500Z", true),
        ];
        for (text, expected, assumed) in all {
            let (time, was) = time(text.as_bytes(), 3_600).expect(text);
            assert_eq!((time.to_string().as_str(), was), (expected, assumed), "{text}");
        }
        for text in
            ["XXXXXXXXXX.XXXXXX", "", "-", "1.", ".5", "99999999999999999999", "yesterday at noon, or so"]
        {
            assert_eq!(time(text.as_bytes(), 0), None, "{text}");
        }
        assert_eq!(float_time(1_588_205_198.899_71), Some(Timestamp(1_588_205_198_899_710_000)));
        assert_eq!((float_time(f64::NAN), float_time(-1.0)), (None, None));
    }

    #[test]
    fn the_year_that_syslog_leaves_out() {
        let reference = Timestamp::parse("2026-01-02T00:00:00Z").unwrap();
        let at = |text: &str| syslog_time(text.as_bytes(), reference, 0).map(|time| time.to_string());
        assert_eq!(at("Jan  2 12:00:00").as_deref(), Some("2026-01-02T12:00:00.000Z"));
        assert_eq!(at("Dec 31 23:59:59").as_deref(), Some("2025-12-31T23:59:59.000Z"));
        assert_eq!(at("Feb 29 00:00:00").as_deref(), Some("2024-02-29T00:00:00.000Z"));
        assert_eq!(at("Foo  2 12:00:00"), None);
        assert_eq!(at("Jan 32 12:00:00"), None);
    }
}
