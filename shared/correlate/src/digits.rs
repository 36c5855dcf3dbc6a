//! Numbers, addresses and times as text, for millions of rows: written wide, in one piece of fixed length, and then cut to
//! what they are, which is several times as fast as digit by digit.

use procglass_model::Timestamp;
use std::net::Ipv4Addr;

/// Two digits each of 0 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number: u8 = 0;
    // A constant has no iterators.
    #[allow(clippy::indexing_slicing)]
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

fn pair(number: u64) -> [u8; 2] {
    usize::try_from(number).ok().and_then(|at| PAIRS.get(at)).copied().unwrap_or_default()
}

/// Eight digits of a number below 10^8, zeros in front among them.
fn eight(number: u64) -> [u8; 8] {
    let (high, low) = (number / 10_000, number % 10_000);
    let ([a, b], [c, d]) = (pair(high / 100), pair(high % 100));
    let ([e, f], [g, h]) = (pair(low / 100), pair(low % 100));
    [a, b, c, d, e, f, g, h]
}

/// A number in decimal.
pub(super) fn put_number(number: u64, out: &mut Vec<u8>) {
    const STEP: u64 = 100_000_000;
    if number >= STEP {
        put_number(number / STEP, out);
        return out.extend_from_slice(&eight(number % STEP));
    }
    let digits = u64::from_be_bytes(eight(number));
    // Zeros in front, but never the last digit.
    let zeros = ((digits ^ 0x3030_3030_3030_3030) | 1).leading_zeros() / 8;
    out.extend_from_slice(&(digits << (8 * zeros)).to_be_bytes());
    out.truncate(out.len().saturating_sub(usize::try_from(zeros).unwrap_or(0)));
}

/// An address in four parts.
pub(super) fn put_v4(address: Ipv4Addr, out: &mut Vec<u8>) {
    for part in address.octets() {
        let number = u64::from(part);
        let ([tens, ones], hundreds) = (pair(number % 100), b'0' + part / 100);
        let (text, length) = match part {
            0..10 => ([ones, b'.', 0, 0], 2),
            10..100 => ([tens, ones, b'.', 0], 3),
            100.. => ([hundreds, tens, ones, b'.'], 4),
        };
        out.extend_from_slice(&text);
        out.truncate(out.len() + length - text.len());
    }
    // The last point.
    out.pop();
}

/// Times as [`Timestamp`] writes itself. Those of a log are near each other: of each only seconds and milliseconds are worked
/// out anew.
#[derive(Clone, Debug)]
pub(super) struct Clock([(i64, [u8; 24]); 4]);

impl Default for Clock {
    fn default() -> Self {
        Self([(i64::MAX, [0; 24]); 4])
    }
}

impl Clock {
    pub(super) fn put(&mut self, time: Timestamp, out: &mut Vec<u8>) {
        const MINUTE: i64 = 60_000;
        let milliseconds = time.0.div_euclid(1_000_000);
        let (minute, rest) = (milliseconds.div_euclid(MINUTE), milliseconds.rem_euclid(MINUTE));
        let [first, second, third, fourth] = &mut self.0;
        let (known, text) = match minute & 3 {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        if *known != minute {
            (*known, *text) = (minute, whole(time));
        }
        let rest = u64::try_from(rest).unwrap_or(0);
        let ([a, b], [_, c], [d, e]) = (pair(rest / 1_000), pair(rest % 1_000 / 100), pair(rest % 100));
        let [.., sa, sb, _, ma, mb, mc, _] = text;
        (*sa, *sb, *ma, *mb, *mc) = (a, b, c, d, e);
        out.extend_from_slice(text);
    }
}

/// `2026-11-24T06:12:03.000Z`.
fn whole(time: Timestamp) -> [u8; 24] {
    let [year, rest @ ..] = time.parts().map(|part| u64::try_from(part).unwrap_or(0));
    let [month, day, hour, minute, second, milliseconds] = rest;
    let ([y, e], [a, r]) = (pair(year / 100 % 100), pair(year % 100));
    let ([m, o], [d, t]) = (pair(month), pair(day));
    let ([h, u], [i, n]) = (pair(hour), pair(minute));
    let ([s, c], [_, x], [z, w]) = (pair(second), pair(milliseconds / 100), pair(milliseconds % 100));
    [y, e, a, r, b'-', m, o, b'-', d, t, b'T', h, u, b':', i, n, b':', s, c, b'.', x, z, w, b'Z']
}

/// To the second, for people: `2026-11-24 06:12:03`.
pub(super) fn put_second(time: Timestamp, out: &mut Vec<u8>) {
    let mut text = whole(time);
    text[10] = b' ';
    out.extend_from_slice(text.get(..19).unwrap_or_default());
}

/// A time by itself.
pub(super) fn put_time(time: Timestamp, out: &mut Vec<u8>) {
    out.extend_from_slice(&whole(time));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(put: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b"before ".to_vec();
        put(&mut out);
        String::from_utf8(out).unwrap().strip_prefix("before ").unwrap().to_owned()
    }

    #[test]
    fn at_the_edges() {
        for number in [0, 9, 10, 99, 100, 9_999, 65_535, 99_999_999, 100_000_000, 10_000_000_001, u64::MAX] {
            assert_eq!(text(|out| put_number(number, out)), number.to_string());
        }
        for address in [[0, 0, 0, 0], [10, 0, 0, 255], [255, 100, 99, 9], [1, 20, 200, 101]] {
            let address = Ipv4Addr::from(address);
            assert_eq!(text(|out| put_v4(address, out)), address.to_string());
        }
    }

    proptest! {
        #[test]
        fn as_the_standard_library_writes(number: u64, bits: u32, times: Vec<i64>, near: Vec<u32>) {
            prop_assert_eq!(text(|out| put_number(number, out)), number.to_string());
            prop_assert_eq!(text(|out| put_number(u64::from(bits), out)), bits.to_string());
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(text(|out| put_v4(address, out)), address.to_string());
            let mut clock = Clock::default();
            let near = near.into_iter().map(|after| 1_795_500_000_000_000_000 + i64::from(after) * 100_000);
            for time in times.into_iter().chain(near).chain([0, -1, i64::MAX, i64::MIN]).map(Timestamp) {
                prop_assert_eq!(text(|out| clock.put(time, out)), time.to_string());
                prop_assert_eq!(text(|out| put_time(time, out)), time.to_string());
                prop_assert_eq!(text(|out| put_second(time, out)), time.to_the_second());
            }
        }
    }
}
