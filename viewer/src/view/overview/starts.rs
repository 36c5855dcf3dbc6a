//! When the processes started: one histogram from boot to capture.

use crate::format::{plural, time_of_day, utc};
use crate::state::{Data, Here, QUERY, Route};
use crate::ui::histogram::{Bar, Histogram};
use procglass_model::model::Timestamp;
use yew::prelude::*;

const BARS: usize = 80;

/// The drawing; nothing when no start time is known.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let starts: Vec<i64> =
        data.snapshot.processes.iter().filter_map(|process| process.started).map(|time| time.0).collect();
    let (Some(first), Some(last)) = (starts.iter().min(), starts.iter().max()) else {
        return Html::default();
    };
    let (from, to) = span(
        *first,
        (*last).max(data.snapshot.captured().map_or(i64::MIN, |captured| captured.0)),
        data.snapshot.boot,
    );
    let step = ((to - from) / i64::try_from(BARS).unwrap_or(1)).max(1) + 1;
    let mut counts = [0_usize; BARS];
    for start in &starts {
        let at = usize::try_from((start - from) / step).unwrap_or(0).min(BARS - 1);
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    let bar = |(at, count): (usize, &usize)| {
        let begin = from + step * i64::try_from(at).unwrap_or(0);
        let (begin, end) = (Timestamp(begin), Timestamp(begin + step));
        // The query language knows whole seconds; a bar may be shorter, so its link covers the seconds that it touches.
        let after = Timestamp::from_seconds(begin.seconds() - 1);
        let before = Timestamp::from_seconds(end.seconds() + 1);
        let iso = |time: Timestamp| time.to_the_second().replace(' ', "T");
        let query = format!("started:>{} started:<{}", iso(after), iso(before));
        Bar {
            count: *count,
            title: format!(
                "{} started from {} to {}",
                plural(*count, "process", "processes"),
                utc(begin),
                time_of_day(end, Some(begin))
            ),
            href: (*count > 0).then(|| {
                here.going(Route::to("processes"))
                    .with("view", "list")
                    .with("sort", "started")
                    .with(QUERY, &query)
                    .hash()
            }),
        }
    };
    let bars: Vec<Bar> = counts.iter().enumerate().map(bar).collect();
    let left = if data.snapshot.boot.is_some_and(|boot| boot.0 == from) { "boot " } else { "" };
    let ends =
        (format!("{left}{}", utc(Timestamp(from))).into(), format!("capture {}", utc(Timestamp(to))).into());
    html! {
        <section class="starts"><h2>{ "When the processes started" }</h2>
            <Histogram {bars} {ends} label="Starts of processes over time; each bar leads to its processes" />
        </section>
    }
}

/// From boot to capture; but when everything began long after boot, as in a container, from just before the first.
fn span(first: i64, last: i64, boot: Option<Timestamp>) -> (i64, i64) {
    let boot = boot.map_or(first, |boot| boot.0).min(first);
    let from = if (last - first).saturating_mul(8) < last - boot { first } else { boot };
    (from, last.max(from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_fits_what_happened() {
        assert_eq!(span(100, 1_000, Some(Timestamp(0))), (0, 1_000));
        assert_eq!(
            span(9_990_000_000_000, 10_000_000_000_000, Some(Timestamp(0))),
            (9_990_000_000_000, 10_000_000_000_000),
            "a container on an old host"
        );
        assert_eq!(span(5, 5, None), (5, 6));
    }
}
