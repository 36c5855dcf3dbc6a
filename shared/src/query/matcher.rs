//! How one term looks at one value.

use crate::model::Timestamp;
use std::net::IpAddr;

/// A text pattern, ASCII case-insensitive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// Stands somewhere in the text.
    Part(Vec<u8>),
    /// Is the whole text; `*` stands for any bytes, `?` for one.
    Glob(Vec<u8>),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_ascii_lowercase().into_bytes();
        if lower.contains(&b'*') || lower.contains(&b'?') { Self::Glob(lower) } else { Self::Part(lower) }
    }

    pub(super) fn matches(&self, text: &[u8]) -> bool {
        match self {
            Self::Part(part) => contains(text, part),
            Self::Glob(glob) => matches_glob(glob, text),
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

/// Where `part`, in lower case, first stands in `text`, in any ASCII case.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some((first, rest)) = part.split_first() else { return Some(0) };
    let mut from = 0;
    loop {
        let tail = text.get(from..).unwrap_or_default();
        let at = from + tail.iter().position(|byte| byte.to_ascii_lowercase() == *first)?;
        from = at + 1;
        if text.get(from..from + rest.len()).is_some_and(|next| next.eq_ignore_ascii_case(rest)) {
            return Some(at);
        }
    }
}

/// Goes back to the last `*` only, so the cost is at most the product of the lengths.
fn matches_glob(glob: &[u8], text: &[u8]) -> bool {
    let (mut g, mut t, mut star) = (0, 0, None);
    while let Some(byte) = text.get(t) {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g, t));
                g += 1;
            }
            Some(want) if *want == b'?' || *want == byte.to_ascii_lowercase() => {
                g += 1;
                t += 1;
            }
            _ => match star {
                Some((star_at, from)) => {
                    star = Some((star_at, from + 1));
                    g = star_at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    glob.get(g..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

/// An inclusive range of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    low: u64,
    high: u64,
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(low) = text.strip_prefix('>') {
            return Some(Self { low: low.parse::<u64>().ok()?.checked_add(1)?, high: u64::MAX });
        }
        if let Some(high) = text.strip_prefix('<') {
            return Some(Self { low: 0, high: high.parse::<u64>().ok()?.checked_sub(1)? });
        }
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let range = Self { low: low.parse().ok()?, high: high.parse().ok()? };
        (range.low <= range.high).then_some(range)
    }

    pub(super) fn contains(self, number: u64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

/// An address with a prefix length, RFC 4632 and RFC 4291.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.unwrap_or(bits);
        (prefix <= bits).then_some(Self { address, prefix })
    }

    /// A network by its address and the length of its prefix; `None` where the prefix is too long.
    pub(crate) fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = u32::from(prefix);
        (prefix <= bits).then_some(Self { address, prefix })
    }

    /// Its first address, by which equal networks are equal.
    pub(crate) fn first(self) -> IpAddr {
        match self.address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - self.prefix).unwrap_or(0);
                IpAddr::V4((address.to_bits() & mask).into())
            }
            IpAddr::V6(address) => {
                let mask = u128::MAX.checked_shl(128 - self.prefix).unwrap_or(0);
                IpAddr::V6((address.to_bits() & mask).into())
            }
        }
    }

    /// The length of its prefix.
    pub(crate) fn prefix(self) -> u8 {
        u8::try_from(self.prefix).unwrap_or(u8::MAX)
    }

    /// Whether it is one address.
    pub(crate) fn single(self) -> Option<IpAddr> {
        let bits = if self.address.is_ipv4() { 32 } else { 128 };
        (self.prefix == bits).then_some(self.address)
    }

    pub(crate) fn contains(self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(a), IpAddr::V4(b)) => u128::from(a.to_bits() ^ b.to_bits()) << 96,
            (IpAddr::V6(a), IpAddr::V6(b)) => a.to_bits() ^ b.to_bits(),
            _ => return false,
        };
        differ.leading_zeros() >= self.prefix
    }
}

/// A span of time, from inclusive to exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: i64,
    to: i64,
}

impl Span {
    /// `2026-11-24`, `2026-11-24T06:00`, with seconds, with or without `Z`, after `>` or `<` or alone: then the whole
    /// day, minute or second.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, rest) = match text.strip_prefix(['>', '<']) {
            Some(rest) => (text.get(..1), rest),
            None => (None, text),
        };
        let plain = rest.trim_end_matches('Z').replace(' ', "T");
        let (full, unit) = match plain.len() {
            10 => (format!("{plain}T00:00:00Z"), 86_400),
            16 => (format!("{plain}:00Z"), 60),
            _ => (format!("{plain}Z"), 1),
        };
        let from = Timestamp::parse(&full)?.0;
        let to = from.checked_add(unit * 1_000_000_000)?;
        Some(match sign {
            Some(">") => Self { from, to: i64::MAX },
            Some(_) => Self { from: i64::MIN, to: from },
            None => Self { from, to },
        })
    }

    /// Its ends, from inclusive to exclusive.
    pub(super) fn ends(self) -> (Timestamp, Timestamp) {
        (Timestamp(self.from), Timestamp(self.to))
    }

    pub(super) fn contains(self, time: Timestamp) -> bool {
        (self.from..self.to).contains(&time.0)
    }
}
