//! The histogram with its brush: what is chosen goes into the filter, and so to every page.

use super::ZOOM;
use crate::format::{moment, plural, time_of_day};
use crate::state::{QUERY, use_data, use_filter, use_go, use_here};
use crate::ui::brush::{Brush, Mark, Part};
use procglass_model::Timestamp;
use procglass_query::Filter;
use procglass_query::edit::{started, with_started, without_field};
use std::ops::Range;
use yew::prelude::*;

/// At most so many bars: each is at least some pixels wide.
const BARS: usize = 140;

/// The histogram.
#[component]
pub(super) fn Chart() -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let filter = use_filter();
    // What the bars count passes all of the filter but the chosen part, which would leave nothing to choose from.
    let rest = without_field(&filter.text, "started");
    let zoom = parse(here.param(ZOOM));
    let whole = data.as_ref().and_then(|data| data.timeline.span());
    let shown = zoom.clone().or(whole.clone());
    let bins = use_memo((data.clone(), rest, shown), |(data, rest, shown)| {
        let filter = Filter::parse(rest).unwrap_or_default();
        let data = data.as_ref()?;
        let passes = |process| filter.is_empty() || filter.process(&data.snapshot, process);
        Some(data.timeline.bins(shown.clone()?, BARS, passes))
    });
    let bins_of_edge = bins.clone();
    let edge = use_callback(bins_of_edge, |at: usize, bins| {
        bins.as_ref().as_ref().map(|bins| moment(bins.edge(at))).unwrap_or_default()
    });
    let (Some(data), Some(bins)) = (data, &*bins) else { return Html::default() };
    let chosen = started(&filter.text);
    let part = chosen.map(|(from, to)| (bins.nearest(from), bins.nearest(to))).filter(|(from, to)| from < to);
    let onchoose = {
        let (go, here, bins, query) = (go, here.clone(), bins.clone(), here.query().to_owned());
        Callback::from(move |part: Option<Part>| {
            let query = match part {
                Some((from, to)) => with_started(&query, bins.edge(from), bins.edge(to)),
                None => without_field(&query, "started"),
            };
            go.replace((*here.0).clone().with(QUERY, &query));
        })
    };
    let title = |(at, number): (usize, &usize)| -> AttrValue {
        let (from, to) = (bins.edge(at), bins.edge(at + 1));
        let words = plural(*number, "start", "starts");
        format!("{words} from {} to {}", moment(from), time_of_day(to, Some(from))).into()
    };
    let mark = |time: Option<Timestamp>, word: &'static str| {
        let place = bins.place(time?)?;
        Some(Mark { place, word: word.into() })
    };
    let marks = [mark(data.timeline.boot, "boot"), mark(data.timeline.captured, "capture")];
    let last = bins.edge(bins.counts.len());
    let clear = (*here.0).clone().with(QUERY, &without_field(here.query(), "started")).hash();
    let to_zoom = chosen.zip(whole).map(|((from, to), whole)| {
        let (from, to) = (from.0.max(whole.start), to.0.min(whole.end));
        (*here.0).clone().with(ZOOM, &format!("{from}..{to}")).hash()
    });
    let all = (*here.0).clone().with(ZOOM, "").hash();
    html! {
        <section class="timeline" aria-label="Starts over time">
            <Brush bars={bins.counts.clone()} titles={bins.counts.iter().enumerate().map(title).collect::<Vec<_>>()}
                marks={marks.into_iter().flatten().collect::<Vec<_>>()} chosen={part} {edge} {onchoose} label="Span of time: drag over the bars, or move its two ends with the arrow keys" />
            <p class="axis"><span>{ moment(bins.edge(0)) }</span><span class="note">{ format!("a bar is {}", width(bins.step)) }</span><span>{ moment(last) }</span></p>
            <p class="brushed" role="status" data-testid="brushed">
                { match chosen {
                    Some((from, to)) => html! { <>{ format!("Started {}. Every page shows only these. ", words(from, to)) }
                        <a href={clear} data-testid="brush-clear">{ "all times" }</a>
                        if let Some(href) = to_zoom.filter(|_| part.is_some_and(|(from, to)| to - from < bins.counts.len())) { { " · " }<a {href} data-testid="zoom-in">{ "zoom in" }</a> }</> },
                    None => html! { <span class="note">{ "Drag over the bars to see on every page only what started then." }</span> },
                } }
                if zoom.is_some() { { " · " }<a href={all} data-testid="zoom-out">{ "from boot to capture" }</a> }
            </p>
        </section>
    }
}

fn parse(text: &str) -> Option<Range<i64>> {
    let (from, to) = text.split_once("..")?;
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from < to).then_some(from..to)
}

/// A span of which an end may be open.
fn words(from: Timestamp, to: Timestamp) -> String {
    match (from.0, to.0) {
        (i64::MIN, _) => format!("before {}", moment(to)),
        (_, i64::MAX) => format!("at {} or later", moment(from)),
        _ => format!("from {} until {}", moment(from), moment(to)),
    }
}

/// The width of a bar in words.
fn width(step: i64) -> String {
    match u64::try_from(step / 1_000_000_000).unwrap_or(0) {
        0 => format!("{} ms", step / 1_000_000),
        seconds => crate::format::duration(seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_in_links_and_words() {
        assert_eq!(parse("5..7"), Some(5..7));
        assert_eq!((parse("7..5"), parse("x..1"), parse("")), (None, None, None));
        assert_eq!(words(Timestamp(i64::MIN), Timestamp(0)), "before 1970-01-01 00:00:00 UTC");
        assert_eq!((width(50_000_000), width(120_000_000_000)), ("50 ms".into(), "2 min".into()));
    }
}
