//! When processes started: in order, and counted in bars of a width that people can read off.

use crate::{ProcessIndex, Snapshot};
use procglass_model::Timestamp;
use procglass_model::sorting::ascending;
use std::ops::Range;

/// The starts of all processes, with the two events around them.
#[derive(Debug, Default)]
pub struct Timeline {
    /// When the system booted.
    pub boot: Option<Timestamp>,
    /// When it was captured.
    pub captured: Option<Timestamp>,
    /// Starts, the earliest first; equal ones by pid.
    pub starts: Vec<(Timestamp, ProcessIndex)>,
    /// Processes of which no start is known: not collected is not "at boot".
    pub unknown: usize,
}

/// Processes by time: the n-th bar goes from `from + n * step` to `from + (n + 1) * step`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bins {
    /// Begin of the first bar, nanoseconds since the epoch.
    pub from: i64,
    /// Width of a bar, nanoseconds.
    pub step: i64,
    /// Starts in each bar.
    pub counts: Vec<usize>,
}

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Widths of bars. Milliseconds are the finest that the query language is given.
const STEPS: [i64; 33] = [
    MILLISECOND,
    2 * MILLISECOND,
    5 * MILLISECOND,
    10 * MILLISECOND,
    20 * MILLISECOND,
    50 * MILLISECOND,
    100 * MILLISECOND,
    200 * MILLISECOND,
    500 * MILLISECOND,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
];

impl Timeline {
    /// Of a whole snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let start = |index| Some((snapshot.process(index)?.started?, index));
        let known: Vec<_> = snapshot.indices().filter_map(start).collect();
        // With the sign turned, negative times come before the others.
        let key = |(time, _): &(Timestamp, ProcessIndex)| time.0.cast_unsigned() ^ (1 << 63);
        let order = ascending(known.iter().map(key));
        let starts: Vec<_> = order.into_iter().filter_map(|at| known.get(at).copied()).collect();
        Self {
            boot: snapshot.boot,
            captured: snapshot.captured(),
            unknown: snapshot.processes.len() - starts.len(),
            starts,
        }
    }

    /// What a first picture shows: from boot to capture; but when everything began long after boot, as in a container,
    /// from just before the first. `None` when no start is known.
    #[must_use]
    pub fn span(&self) -> Option<Range<i64>> {
        let (first, last) = (self.starts.first()?.0.0, self.starts.last()?.0.0);
        // The end is not part of the span, and the last start is.
        let end = last.saturating_add(1).max(self.captured.map_or(i64::MIN, |captured| captured.0));
        let boot = self.boot.map_or(first, |boot| boot.0).min(first);
        let long_before = end.saturating_sub(first).saturating_mul(8) < end.saturating_sub(boot);
        let from = if long_before { first } else { boot };
        Some(from..end.max(from.saturating_add(1)))
    }

    /// Counts the starts within `range` that `passes` lets through, in at most `most` bars.
    #[must_use]
    pub fn bins(&self, range: Range<i64>, most: usize, passes: impl Fn(ProcessIndex) -> bool) -> Bins {
        let width = range.end.saturating_sub(range.start).max(1);
        let most = i64::try_from(most.max(2)).unwrap_or(i64::MAX);
        // One bar is lost to alignment at each end.
        let fits = |step: &i64| width / step + 2 <= most;
        let step = STEPS.into_iter().find(fits).unwrap_or_else(|| (width / (most - 1)).max(365 * DAY));
        let from = range.start.div_euclid(step).saturating_mul(step);
        let bars = usize::try_from(range.end.saturating_sub(1).saturating_sub(from) / step).unwrap_or(0) + 1;
        let mut counts = vec![0; bars];
        for (time, process) in self.within(&range) {
            let at = usize::try_from(time.0.saturating_sub(from) / step).unwrap_or(0).min(bars - 1);
            if let Some(count) = counts.get_mut(at).filter(|_| passes(*process)) {
                *count += 1;
            }
        }
        Bins { from, step, counts }
    }

    fn within(&self, range: &Range<i64>) -> &[(Timestamp, ProcessIndex)] {
        let from = self.starts.partition_point(|(time, _)| time.0 < range.start);
        // No time is later than the last that there can be.
        let to = self.starts.partition_point(|(time, _)| time.0 < range.end || range.end == i64::MAX);
        self.starts.get(from..to.max(from)).unwrap_or_default()
    }
}

impl Bins {
    /// The time at the left of the n-th bar; with the number of bars, the right end.
    #[must_use]
    pub fn edge(&self, at: usize) -> Timestamp {
        let at = i64::try_from(at).unwrap_or(i64::MAX);
        Timestamp(self.from.saturating_add(self.step.saturating_mul(at)))
    }

    /// The edge nearest to a time, within the bars.
    #[must_use]
    pub fn nearest(&self, time: Timestamp) -> usize {
        let half = self.step / 2;
        let at = time.0.saturating_sub(self.from).saturating_add(half).div_euclid(self.step.max(1));
        usize::try_from(at.max(0)).unwrap_or(usize::MAX).min(self.counts.len())
    }

    /// Where a time stands between the left end, 0, and the right one, 1; `None` outside.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn place(&self, time: Timestamp) -> Option<f64> {
        let width = self.edge(self.counts.len()).0.saturating_sub(self.from).max(1);
        let at = time.0.saturating_sub(self.from);
        (0..=width).contains(&at).then(|| at as f64 / width as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn timeline(starts: &[i64], boot: i64, captured: i64) -> Timeline {
        let starts = (0..).zip(starts).map(|(at, time)| (Timestamp(*time), ProcessIndex(at))).collect();
        Timeline { boot: Some(Timestamp(boot)), captured: Some(Timestamp(captured)), starts, unknown: 0 }
    }

    #[test]
    fn the_span_fits_what_happened() {
        assert_eq!(timeline(&[100, 900], 0, 1_000).span(), Some(0..1_000));
        let container = timeline(&[9_990 * SECOND], 0, 10_000 * SECOND);
        assert_eq!(container.span(), Some(9_990 * SECOND..10_000 * SECOND), "a container on an old host");
        assert_eq!(Timeline::default().span(), None);
        // A clock that was set back, or no manifest: nothing is later than the last start.
        let last = timeline(&[100, 900], 0, 900);
        assert_eq!(last.bins(last.span().unwrap(), 10, |_| true).counts.iter().sum::<usize>(), 2);
    }

    #[test]
    fn bars_have_edges_that_can_be_read() {
        let timeline = timeline(&[SECOND, 61 * SECOND, 62 * SECOND, 600 * SECOND], 0, 600 * SECOND);
        let bins = timeline.bins(0..601 * SECOND, 8, |process| process.0 != 2);
        assert_eq!((bins.step, bins.from), (2 * MINUTE, 0));
        assert_eq!(bins.counts, [2, 0, 0, 0, 0, 1], "the third did not pass");
        assert_eq!(bins.edge(6), Timestamp(12 * MINUTE));
        assert_eq!(bins.nearest(Timestamp(61 * SECOND)), 1);
        assert_eq!((bins.nearest(Timestamp(-5)), bins.nearest(Timestamp(i64::MAX))), (0, 6));
        assert_eq!(bins.place(Timestamp(6 * MINUTE)), Some(0.5));
        assert_eq!(bins.place(Timestamp(-1)), None);
    }

    #[test]
    fn forged_times_are_survived() {
        let timeline = timeline(&[i64::MIN, 0, i64::MAX], i64::MIN, i64::MAX);
        let span = timeline.span().unwrap();
        let bins = timeline.bins(span, 100, |_| true);
        assert!(bins.counts.len() <= 101, "{}", bins.counts.len());
        assert_eq!(bins.counts.iter().sum::<usize>(), 3);
        let _ = (bins.edge(usize::MAX), bins.place(Timestamp(i64::MIN)), bins.nearest(Timestamp(i64::MIN)));
    }

    #[test]
    fn starts_of_a_snapshot_stand_in_order() {
        let snapshot = fixture::payments();
        let timeline = Timeline::of(&snapshot);
        let pids: Vec<_> =
            timeline.starts.iter().map(|(_, index)| snapshot.process(*index).unwrap().pid).collect();
        assert_eq!(pids, [2, 1, 7, 40, 812]);
        assert_eq!(timeline.unknown, 0);
        let span = timeline.span().unwrap();
        assert_eq!(timeline.bins(span, 80, |_| true).counts.iter().sum::<usize>(), 5);
    }

    proptest::proptest! {
        #[test]
        fn every_start_in_range_is_in_a_bar(starts in proptest::collection::vec(-1_000_000_000_000_000i64..1_000_000_000_000_000, 1..50), most in 2..200usize) {
            let mut sorted = starts;
            sorted.sort_unstable();
            let timeline = timeline(&sorted, sorted[0], sorted[sorted.len() - 1] + 1);
            let bins = timeline.bins(sorted[0]..sorted[sorted.len() - 1] + 1, most, |_| true);
            proptest::prop_assert_eq!(bins.counts.iter().sum::<usize>(), sorted.len());
            proptest::prop_assert!(bins.counts.len() <= most);
        }
    }
}
