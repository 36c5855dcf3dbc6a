//! Points in time, always in UTC.

use procglass_model::model::Timestamp;

/// `2026-11-24 06:12:03 UTC`.
pub(crate) fn utc(time: Timestamp) -> String {
    format!("{} UTC", time.to_the_second())
}

/// `06:12:03` on the day of `reference`, with month and day before it on another day of that year, else in full.
pub(crate) fn time_of_day(time: Timestamp, reference: Option<Timestamp>) -> String {
    let full = time.to_the_second();
    let other = reference.map(Timestamp::to_the_second).unwrap_or_default();
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

    #[test]
    fn no_more_than_is_needed() {
        let at = |text| Timestamp::parse(text).unwrap();
        let capture = Some(at("2026-11-24T06:50:12Z"));
        assert_eq!(time_of_day(at("2026-11-24T06:12:03Z"), capture), "06:12:03");
        assert_eq!(time_of_day(at("2026-11-23T06:12:03Z"), capture), "11-23 06:12:03");
        assert_eq!(time_of_day(at("2025-11-24T06:12:03Z"), capture), "2025-11-24 06:12:03");
        assert_eq!(time_of_day(at("2025-11-24T06:12:03Z"), None), "2025-11-24 06:12:03");
        assert_eq!(utc(at("2026-11-24T06:12:03.9Z")), "2026-11-24 06:12:03 UTC");
    }
}
