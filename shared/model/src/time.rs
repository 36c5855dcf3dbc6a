//! Points in time.

use std::fmt;

/// Nanoseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

const SECOND: i64 = 1_000_000_000;

/// Seconds from 1970 to the year 2200: no clock of a system is that far from it, and the range ends in 2262.
const PLAUSIBLE: i64 = 7_258_118_400;

impl Timestamp {
    /// From whole seconds.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(SECOND))
    }

    /// Parses RFC 3339.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(10)?;
        let rest = rest.strip_prefix(['T', 't', ' '])?;
        let (time, rest) = rest.split_at_checked(8)?;
        let end = rest.find(|char: char| char != '.' && !char.is_ascii_digit())?;
        let (fraction, zone) = rest.split_at_checked(end)?;
        let [year, month, day] = numbers(date, '-')?;
        let [hour, minute, second] = numbers(time, ':')?;
        let days = days_from_civil(year, month, day)?;
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?;
        seconds.checked_mul(SECOND)?.checked_add(nanoseconds(fraction)?).map(Self)
    }

    /// From whole seconds that a kernel or a file system gave. `None` where they are so near to an end of the range that no
    /// clock had that time: the number is damaged or made up.
    #[must_use]
    pub fn plausible(seconds: i64) -> Option<Self> {
        seconds.checked_mul(SECOND).and_then(Self::in_range)
    }

    /// The time `ticks` after `self`, of which a second has `clock_ticks`. `None` as for [`Timestamp::plausible`].
    #[must_use]
    pub fn plus_ticks(self, ticks: u64, clock_ticks: u64) -> Option<Self> {
        let nanoseconds = u128::from(ticks) * 1_000_000_000 / u128::from(clock_ticks.max(1));
        self.0.checked_add(i64::try_from(nanoseconds).ok()?).and_then(Self::in_range)
    }

    fn in_range(nanoseconds: i64) -> Option<Self> {
        (-PLAUSIBLE..PLAUSIBLE).contains(&nanoseconds.div_euclid(SECOND)).then_some(Self(nanoseconds))
    }

    /// Whole seconds since the epoch.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// Year, month, day, hour, minute, second and millisecond in UTC.
    #[must_use]
    pub fn parts(self) -> [i64; 7] {
        let (year, month, day) = civil_from_days(self.seconds().div_euclid(86_400));
        let second = self.seconds().rem_euclid(86_400);
        let milliseconds = self.0.rem_euclid(SECOND) / 1_000_000;
        [year, month, day, second / 3_600, second / 60 % 60, second % 60, milliseconds]
    }

    /// Date and time to the second, in UTC, for people: `2026-11-24 06:12:03`.
    #[must_use]
    pub fn to_the_second(self) -> String {
        let mut text = Self::from_seconds(self.seconds()).to_string().replace('T', " ");
        text.truncate(19);
        text
    }
}

/// Three numbers of digits only.
fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(digits);
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

fn digits(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// What stands behind the seconds: nothing, or a point and up to nine digits that count.
fn nanoseconds(fraction: &str) -> Option<i64> {
    if fraction.is_empty() {
        return Some(0);
    }
    let all = fraction.strip_prefix('.')?;
    let counted = all.get(..9).unwrap_or(all);
    let scale = 10_i64.checked_pow(u32::try_from(9 - counted.len()).ok()?)?;
    digits(counted)?.checked_mul(scale)
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("Z" | "z", "") => return Some(0),
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that the leap day is the last one.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// Year, month and day of a number of days from 1970-01-01: [`days_from_civil`] turned round.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + later, month, day)
}

/// RFC 3339 in UTC with milliseconds: `2026-11-24T06:12:03.450Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, day, hour, minute, second, milliseconds] = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milliseconds:03}Z")
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
        let start = boot.plus_ticks(72_345, 100).unwrap();
        assert_eq!(start.to_string(), "2026-11-24T06:12:03.950Z");
        assert_eq!(start.to_the_second(), "2026-11-24 06:12:03");
        assert_eq!(boot.plus_ticks(u64::MAX, 0), None);
        assert_eq!(boot.plus_ticks(18_446_744_073_709_551, 100), None);
        assert_eq!(boot.plus_ticks(700_000_000_000, 100), None, "the year 2248 is not one of this boot");
        assert_eq!(Timestamp::plausible(i64::MAX), None);
        assert_eq!(Timestamp::plausible(i64::MAX / SECOND), None);
        assert_eq!(Timestamp::plausible(i64::MIN / SECOND), None);
        assert_eq!(Timestamp::plausible(-1), Some(Timestamp::from_seconds(-1)));
        assert_eq!(Timestamp::parse("yesterday"), None);
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn rfc_3339_and_nothing_else() {
        let ok = [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01 00:00:01.000000001z", 1_000_000_001),
            ("1970-01-01T02:00:00+02:00", 0),
            ("1969-12-31T22:30:00.25-01:30", 250_000_000),
            ("2000-02-29T00:00:00.1234567899Z", 951_782_400_123_456_789),
        ];
        for (text, nanoseconds) in ok {
            assert_eq!(Timestamp::parse(text), Some(Timestamp(nanoseconds)), "{text}");
        }
        for text in [
            "",
            "2026-11-24",
            "2026-11-24T06:00:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T06:00:00.Z",
            "2026-11-24T06:00:00..5Z",
            "+026-11-24T06:00:00Z",
            "2026-11-24T06:00:00+1:x",
            "9999-01-01T00:00:00Z",
            "2026-11-2éT06:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn there_and_back(milliseconds in -9_223_372_036_854_i64..9_223_372_036_854) {
            let time = Timestamp(milliseconds * 1_000_000);
            proptest::prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
        }

        #[test]
        fn any_text_is_survived(text: String) {
            let _ = Timestamp::parse(&text);
        }
    }
}
