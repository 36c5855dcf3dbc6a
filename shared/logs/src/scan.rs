//! Small values as logs write them: numbers, addresses, times.

use super::protocols;
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

/// Digits, also behind a point that only zeros follow: `443.0`, as spreadsheets and tables of floating-point numbers
/// write whole numbers.
pub(super) fn whole(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii();
    let Some(dot) = text.iter().position(|byte| *byte == b'.') else { return number(text) };
    let (before, after) = (text.get(..dot)?, text.get(dot + 1..)?);
    after.iter().all(|byte| *byte == b'0').then(|| number(before))?
}

/// A number of IP's field "protocol", from itself or a name.
pub(super) fn protocol(text: &[u8]) -> Option<u8> {
    match whole(text) {
        Some(number) => u8::try_from(number).ok(),
        None => protocols::named(text.trim_ascii()),
    }
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

/// The number of a month, from 1, by the first three letters of its English name.
pub(super) fn month(text: &[u8]) -> Option<u8> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let place = MONTHS.iter().position(|name| text.eq_ignore_ascii_case(name.as_bytes()))?;
    u8::try_from(place + 1).ok()
}

/// Seconds ahead of UTC of `Z`, `UTC`, `+0200`, `+02:00` or `-03`.
pub(super) fn offset(text: &[u8]) -> Option<i64> {
    if matches!(text, b"Z" | b"z" | b"UTC" | b"GMT" | b"utc") {
        return Some(0);
    }
    let (sign, rest) = text.split_first()?;
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: Vec<u8> = rest.iter().copied().filter(|byte| *byte != b':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { number(minutes).filter(|_| minutes.len() == 2)? };
    let hours = number(hours)?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    i64::try_from(hours * 3_600 + minutes * 60).ok().map(|seconds| sign * seconds)
}

/// `14:34:33`, `14:34:33.123456`: a time of day, which names no day.
pub(super) fn is_clock(text: &[u8]) -> bool {
    let shape = |at: usize, byte: &u8| match at {
        2 | 5 => *byte == b':',
        8 => matches!(byte, b'.' | b','),
        _ => byte.is_ascii_digit(),
    };
    (8..=18).contains(&text.len())
        && text.len() != 9
        && text.iter().enumerate().all(|(at, byte)| shape(at, byte))
}

/// A day and a time of day, `zone` seconds ahead of UTC.
pub(super) fn at(year: u64, month: u8, day: u8, clock: &[u8], zone: i64) -> Option<Timestamp> {
    if !is_clock(clock) {
        return None;
    }
    let clock = std::str::from_utf8(clock).ok()?.replace(',', ".");
    let time = Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}Z"))?;
    Some(Timestamp(time.0.checked_sub(zone.checked_mul(SECOND)?)?))
}

/// A day and a time of day without a year: the year is the one that brings it nearest to `reference`.
pub(super) fn near(reference: Timestamp, month: u8, day: u8, clock: &[u8], zone: i64) -> Option<Timestamp> {
    let [this, ..] = reference.parts();
    // A 29th of February can be some years away.
    let times =
        (this - 8..=this + 8).filter_map(|year| at(u64::try_from(year).ok()?, month, day, clock, zone));
    times.min_by_key(|time| time.0.abs_diff(reference.0))
}

/// A date in a column of its own: year first, day first between points, or with the month's name. `None` where day and
/// month could be either.
pub(super) fn date(text: &[u8]) -> Option<(u64, u8, u8)> {
    let text = text.trim_ascii();
    let small =
        |part: &[u8]| number(part).filter(|_| part.len() <= 2).and_then(|number| u8::try_from(number).ok());
    if text.len() == 8 && text.iter().all(u8::is_ascii_digit) {
        return Some((number(text.get(..4)?)?, small(text.get(4..6)?)?, small(text.get(6..)?)?));
    }
    let separator = *text.iter().find(|byte| matches!(byte, b'-' | b'/' | b'.' | b' '))?;
    let mut parts = text.split(|byte| *byte == separator).filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let year = |part: &[u8]| number(part).filter(|_| part.len() == 4);
    if let Some(year) = year(first) {
        return Some((year, small(second).or_else(|| month(second))?, small(third)?));
    }
    let year = year(third)?;
    if let Some(month) = month(second) {
        return Some((year, month, small(first)?));
    }
    if let Some(month) = month(first) {
        return Some((year, month, small(second.strip_suffix(b",").unwrap_or(second))?));
    }
    let (first, second) = (small(first)?, small(second)?);
    // Between points the day stands first; elsewhere only a number above 12 tells which one the day is.
    match (first > 12, second > 12) {
        (true, false) => Some((year, second, first)),
        (false, true) => Some((year, first, second)),
        (false, false) if separator == b'.' || first == second => Some((year, second, first)),
        _ => None,
    }
}

/// `Jun  8 14:34:33` of syslog: no year, no zone. The year is the one that brings it nearest to `reference`.
#[cfg(test)]
fn syslog_time(text: &[u8], reference: Timestamp, zone: i64) -> Option<Timestamp> {
    let mut words = text.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let (month, day, clock) = (month(words.next()?)?, number(words.next()?)?, words.next()?);
    near(reference, month, u8::try_from(day).ok()?, clock, zone)
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
