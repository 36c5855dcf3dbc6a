//! How one term looks at one value.

use procglass_model::Timestamp;
use procglass_model::text::find;

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

    /// Whether it is one letter, as the state of a process is.
    pub(super) fn is_letter(&self) -> bool {
        matches!(self, Self::Part(part) if part.len() == 1)
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
