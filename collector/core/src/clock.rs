//! Wall-clock time as text, without a calendar library: the collector only ever prints UTC.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Utc {
    pub(crate) seconds: u64,
    nanoseconds: u32,
}

impl Utc {
    /// The system clock's time. Before 1970 it is 1970.
    pub(crate) fn now() -> Self {
        let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Realtime);
        Self { seconds: u64::try_from(tv_sec).unwrap_or(0), nanoseconds: u32::try_from(tv_nsec).unwrap_or(0) }
    }

    /// RFC 3339 with nanoseconds: `2026-11-24T06:50:12.000000001Z`.
    pub(crate) fn rfc3339(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.time();
        let nanos = self.nanoseconds;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{nanos:09}Z")
    }

    /// For file names: `20261124T065012Z`.
    pub(crate) fn compact(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.time();
        format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
    }

    fn time(self) -> (u64, u64, u64) {
        (self.seconds / 3600 % 24, self.seconds / 60 % 60, self.seconds % 60)
    }

    /// Civil date from days, in the proleptic Gregorian calendar. Years are counted from March, so that the leap day
    /// is the last of its year, and in eras of 400 years, after which the calendar repeats.
    fn date(self) -> (u64, u64, u64) {
        // From 0000-03-01 to 1970-01-01.
        let days = self.seconds / 86_400 + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        (era * 400 + year + u64::from(month <= 2), month, day)
    }
}

/// Nanoseconds since boot, sleep included: what the start times of processes count from.
pub(crate) fn uptime_ns() -> Option<u64> {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::Boottime);
    let seconds = u64::try_from(tv_sec).ok()?;
    seconds.checked_mul(1_000_000_000)?.checked_add(u64::try_from(tv_nsec).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000007Z"),
            (951_782_400, "2000-02-29T00:00:00.000000007Z"),
            (1_795_503_012, "2026-11-24T06:50:12.000000007Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000000007Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000000007Z"),
        ] {
            let moment = Utc { seconds, nanoseconds: 7 };
            assert_eq!(moment.rfc3339(), text);
        }
        let moment = Utc { seconds: 1_795_503_012, nanoseconds: 0 };
        assert_eq!(moment.compact(), "20261124T065012Z");
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut before = (1969, 12, 31);
        for day in 0..200 * 366 {
            let (year, month, date) = Utc { seconds: day * 86_400, nanoseconds: 0 }.date();
            let next = before.2 + 1 == date && (before.0, before.1) == (year, month);
            let first = date == 1 && before.2 >= 28;
            assert!(next || first, "{before:?} then {:?}", (year, month, date));
            before = (year, month, date);
        }
    }

    #[test]
    fn time_goes_on() {
        assert!(Utc::now().seconds > 1_700_000_000);
        assert!(uptime_ns().unwrap() > 0);
    }
}
