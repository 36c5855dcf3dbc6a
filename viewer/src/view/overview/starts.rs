//! When the processes started: one histogram from boot to capture.

use crate::format::{moment, plural, time_of_day};
use crate::state::{Data, Here, QUERY, Route};
use crate::ui::histogram::{Bar, Histogram};
use procglass_model::Timestamp;
use procglass_query::edit::with_started;
use yew::prelude::*;

const BARS: usize = 90;

/// The drawing; nothing when no start time is known.
pub(super) fn section(here: &Here, data: &Data) -> Html {
    let Some(span) = data.timeline.span() else { return Html::default() };
    let left = if data.timeline.boot.is_some_and(|boot| boot.0 == span.start) { "boot " } else { "" };
    let ends = (
        format!("{left}{}", moment(Timestamp(span.start))).into(),
        format!("capture {}", moment(Timestamp(span.end))).into(),
    );
    let bins = data.timeline.bins(span, BARS, |_| true);
    let bar = |(at, count): (usize, &usize)| {
        let (begin, end) = (bins.edge(at), bins.edge(at + 1));
        Bar {
            count: *count,
            title: format!(
                "{} started from {} to {}",
                plural(*count, "process", "processes"),
                moment(begin),
                time_of_day(end, Some(begin))
            ),
            href: (*count > 0)
                .then(|| here.going(Route::to("timeline")).with(QUERY, &with_started("", begin, end)).hash()),
        }
    };
    let bars: Vec<Bar> = bins.counts.iter().enumerate().map(bar).collect();
    html! {
        <section class="starts"><h2>{ "When the processes started" }</h2>
            <Histogram {bars} {ends} label="Starts of processes over time; each bar leads to its processes" />
        </section>
    }
}
