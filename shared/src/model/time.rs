//! Points in time.

use std::fmt;

/// Nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

const SECOND: i64 = 1_000_000_000;

impl Timestamp {
    /// From whole seconds.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Parses RFC 3339.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let nanoseconds = text.parse::<jiff::Timestamp>().ok()?.as_nanosecond();
        i64::try_from(nanoseconds).ok().map(Self)
    }

    /// `clock_ticks` a second after boot at `self`.
    #[must_use]
    pub fn plus_ticks(self, ticks: u64, clock_ticks: u64) -> Self {
        let nanoseconds = u128::from(ticks) * 1_000_000_000 / u128::from(clock_ticks.max(1));
        Self(self.0.saturating_add(i64::try_from(nanoseconds).unwrap_or(i64::MAX)))
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// Date and time to the second, in UTC, for people: `2026-11-24 06:12:03`.
    #[must_use]
    pub fn to_the_second(self) -> String {
        let mut text = Self::from_seconds(self.seconds()).to_string().replace('T', " ");
        text.truncate(19);
        text
    }
}

/// RFC 3339 in UTC with milliseconds: `2026-11-24T06:12:03.450Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.div_euclid(1_000_000);
        match jiff::Timestamp::from_millisecond(whole) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            Err(_) => write!(f, "@{}", self.seconds()),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let boot = Timestamp::parse("2026-11-24T06:00:00.5Z").unwrap();
        let start = boot.plus_ticks(72_345, 100);
        assert_eq!(start.to_string(), "2026-11-24T06:12:03.950Z");
        assert_eq!(start.to_the_second(), "2026-11-24 06:12:03");
        assert_eq!(boot.plus_ticks(u64::MAX, 0).0, i64::MAX);
        assert_eq!(Timestamp::parse("yesterday"), None);
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }
}
