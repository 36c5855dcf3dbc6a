//! Date and time of day in columns of their own.

use super::column::Column;
use super::scan;
use procglass_model::Timestamp;

/// What a record has said so far of its day, and of times on it.
#[derive(Debug, Default)]
pub(super) struct Day<'a> {
    date: Option<&'a [u8]>,
    zone: Option<&'a [u8]>,
    /// Times of day: of the record, of its begin, of its end.
    clocks: [Option<&'a [u8]>; 3],
}

/// Points in time that came of days and times of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moments {
    /// Of the record, of its begin, of its end.
    pub(super) times: [Option<Timestamp>; 3],
    /// The caller's zone was taken.
    pub(super) assumed: bool,
    /// A time or a date was there, and no point in time comes of it.
    pub(super) unclear: bool,
}

impl<'a> Day<'a> {
    /// Takes a value that is no point in time by itself. Any other is left to the caller.
    pub(super) fn takes(&mut self, column: Column, text: &'a [u8]) -> bool {
        let place = match column {
            Column::Zone => {
                self.zone = Some(text);
                return true;
            }
            Column::Date if scan::date(text).is_some() || !text.contains(&b':') => {
                self.date = Some(text);
                return true;
            }
            Column::Time => &mut self.clocks[0],
            Column::Start => &mut self.clocks[1],
            Column::End => &mut self.clocks[2],
            _ => return false,
        };
        let is_clock = scan::is_clock(text);
        if is_clock {
            *place = Some(text);
        }
        is_clock
    }

    /// The points in time, `zone` seconds ahead of UTC where the record has no zone. `None` when there are no such columns.
    pub(super) fn moments(&self, zone: i64) -> Option<Moments> {
        if self.date.is_none() && self.clocks.iter().all(Option::is_none) {
            return None;
        }
        let own = self.zone.and_then(scan::offset);
        let date = self.date.and_then(scan::date);
        let at = |clock: Option<&[u8]>| {
            let (year, month, day) = date?;
            scan::at(year, month, day, clock?, own.unwrap_or(zone))
        };
        let times = self.clocks.map(at);
        let some = times.iter().any(Option::is_some);
        Some(Moments { times, assumed: some && own.is_none(), unclear: !some })
    }
}
