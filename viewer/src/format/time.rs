//! Points in time, always with the zone that they are told in.

use procglass_model::Timestamp;
use std::cell::Cell;

/// The zone that times are told in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Zone {
    /// What evidence, logs and the filter use.
    Utc,
    /// The reader's own. Takes seconds since the epoch and gives the minutes that local time is ahead: summer time makes
    /// that differ from one day to another.
    Local(fn(i64) -> i64),
}

thread_local! {
    // A choice of the reader that holds for every time on the page, so it is not handed through every function. The frame
    // sets it from the address before it draws, and draws its pages anew when it changes.
    static ZONE: Cell<Zone> = const { Cell::new(Zone::Utc) };
}

/// Sets the zone for all that is formatted from now on.
pub(crate) fn set_zone(zone: Zone) {
    ZONE.set(zone);
}

/// Minutes ahead of UTC; `None` in UTC.
fn ahead(time: Timestamp) -> Option<i64> {
    match ZONE.get() {
        Zone::Utc => None,
        Zone::Local(ahead) => Some(ahead(time.seconds())),
    }
}

fn shifted(time: Timestamp) -> String {
    let nanoseconds = ahead(time).unwrap_or(0).saturating_mul(60_000_000_000);
    Timestamp(time.0.saturating_add(nanoseconds)).to_the_second()
}

/// The zone at a moment: `UTC`, or `UTC+02:00` for a local time.
pub(crate) fn zone(time: Timestamp) -> String {
    let Some(minutes) = ahead(time) else { return "UTC".into() };
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The zone in a word, for the head of a column.
pub(crate) fn zone_word() -> &'static str {
    match ZONE.get() {
        Zone::Utc => "UTC",
        Zone::Local(_) => "local",
    }
}

/// `2026-11-24 06:12:03 UTC`, or `2026-11-24 08:12:03 UTC+02:00`.
pub(crate) fn moment(time: Timestamp) -> String {
    format!("{} {}", shifted(time), zone(time))
}

/// The same without the zone, below a head that says it.
pub(crate) fn date_time(time: Timestamp) -> String {
    shifted(time)
}

/// `06:12:03` on the day of `reference`, with month and day before it on another day of that year, else in full.
pub(crate) fn time_of_day(time: Timestamp, reference: Option<Timestamp>) -> String {
    let full = shifted(time);
    let other = reference.map(shifted).unwrap_or_default();
    let same = |length| full.get(..length).is_some_and(|head| other.get(..length) == Some(head));
    let from = match () {
        () if same(10) => 11,
        () if same(4) => 5,
        () => 0,
    };
    full.get(from..).unwrap_or(&full).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn no_more_than_is_needed() {
        let capture = Some(at("2026-11-24T06:50:12Z"));
        assert_eq!(time_of_day(at("2026-11-24T06:12:03Z"), capture), "06:12:03");
        assert_eq!(time_of_day(at("2026-11-23T06:12:03Z"), capture), "11-23 06:12:03");
        assert_eq!(time_of_day(at("2025-11-24T06:12:03Z"), capture), "2025-11-24 06:12:03");
        assert_eq!(time_of_day(at("2025-11-24T06:12:03Z"), None), "2025-11-24 06:12:03");
        assert_eq!(moment(at("2026-11-24T06:12:03.9Z")), "2026-11-24 06:12:03 UTC");
    }

    #[test]
    fn a_local_time_says_how_far_it_is_from_utc() {
        set_zone(Zone::Local(|_| -210));
        assert_eq!(moment(at("2026-11-24T01:12:03Z")), "2026-11-23 21:42:03 UTC-03:30");
        assert_eq!(time_of_day(at("2026-11-24T01:00:00Z"), Some(at("2026-11-23T23:00:00Z"))), "21:30:00");
        assert_eq!(zone_word(), "local");
        set_zone(Zone::Utc);
        assert_eq!(zone(at("2026-11-24T01:12:03Z")), "UTC");
    }
}
