//! Where the ends and bands of a [`Flow`] are drawn. Pure arithmetic, in units of the picture.

use super::{Far, Flow, Link, Near};
use procglass_model::sorting::{ascending, key};
use procglass_model::text::decimal;

/// Width of the picture.
const WIDTH: f64 = 960.0;
/// Left and right edge of what is drawn between the labels.
const EDGES: (f64, f64) = (300.0, 640.0);
/// Width of the bar of an end.
const BAR_WIDTH: f64 = 8.0;
/// The least height of an end: its label has to fit.
const LEAST: f64 = 20.0;
/// Between two ends.
const GAP: f64 = 6.0;
/// What all connections together should take at most, where labels leave the choice.
const WANTED: f64 = 420.0;
/// The most that one connection takes.
const THICKEST: f64 = 14.0;

/// An end, drawn as an upright bar with its label beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar<T> {
    /// Who it is.
    pub end: T,
    /// Its connections.
    pub count: usize,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Height.
    pub height: f64,
}

impl<T> Bar<T> {
    /// Width of every bar.
    pub const WIDTH: f64 = BAR_WIDTH;

    /// Where the middle of the label stands.
    #[must_use]
    pub fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// A link, drawn as a band.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Left end.
    pub near: Near,
    /// Right end.
    pub far: Far,
    /// Its connections.
    pub count: usize,
    /// Its outline, as the `d` of an SVG path.
    pub path: String,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Height of the picture; its width is [`Layout::WIDTH`].
    pub height: f64,
    /// Left ends.
    pub near: Vec<Bar<Near>>,
    /// Right ends.
    pub far: Vec<Bar<Far>>,
    /// Bands.
    pub bands: Vec<Band>,
}

impl Layout {
    /// Width of every picture.
    pub const WIDTH: f64 = WIDTH;

    /// Draws a flow. Right ends stand as near as possible to what they are linked with, so that few bands cross.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn of(flow: &Flow) -> Self {
        let unit = (WANTED / flow.connections.max(1) as f64).min(THICKEST);
        let near = column(&flow.near, EDGES.0, unit);
        // The mean height of what each right end is linked with. There are at most some dozens of ends.
        let mean = |(end, _): &(Far, usize)| {
            let linked = flow.links.iter().filter(|link| link.far == *end);
            let middle = |link: &Link| near.iter().find(|one| one.end == link.near).map_or(0.0, Bar::middle);
            let (sum, count) = linked.fold((0.0, 0.0), |(sum, count), link| {
                (sum + middle(link) * link.count as f64, count + link.count as f64)
            });
            if matches!(end, Far::Others(_)) { f64::MAX } else { sum / f64::max(count, 1.0) }
        };
        let order = ascending(flow.far.iter().map(|end| key(mean(end))));
        let order: Vec<_> = order.into_iter().filter_map(|at| flow.far.get(at).copied()).collect();
        let far = column(&order, EDGES.1 - BAR_WIDTH, unit);
        let bottom = |height: f64, (y, own): (f64, f64)| f64::max(height, y + own);
        let ends =
            near.iter().map(|one| (one.y, one.height)).chain(far.iter().map(|one| (one.y, one.height)));
        let height = ends.fold(0.0, bottom);
        let bands = bands(flow, &near, &far, unit);
        Self { height, near, far, bands }
    }
}

#[allow(clippy::cast_precision_loss)]
fn column<T: Copy>(ends: &[(T, usize)], x: f64, unit: f64) -> Vec<Bar<T>> {
    let mut y = 0.0;
    let place = |(end, count): &(T, usize)| {
        let height = (*count as f64 * unit).max(LEAST);
        let one = Bar { end: *end, count: *count, x, y, height };
        y += height + GAP;
        one
    };
    ends.iter().map(place).collect()
}

/// Bands leave and reach each end one below the other, in the order of their other ends.
#[allow(clippy::cast_precision_loss)]
fn bands(flow: &Flow, near: &[Bar<Near>], far: &[Bar<Far>], unit: f64) -> Vec<Band> {
    let start = |middle: f64, count: usize| middle - count as f64 * unit / 2.0;
    let mut from: Vec<f64> = near.iter().map(|one| start(one.middle(), one.count)).collect();
    let mut to: Vec<f64> = far.iter().map(|one| start(one.middle(), one.count)).collect();
    let links: Vec<_> = flow
        .links
        .iter()
        .filter_map(|link| {
            let left = near.iter().position(|one| one.end == link.near)?;
            Some((link, left, far.iter().position(|one| one.end == link.far)?))
        })
        .collect();
    let order = ascending(links.iter().map(|(_, left, right)| (*left as u64) << 32 | *right as u64));
    let mut bands = Vec::with_capacity(links.len());
    for (link, left, right) in order.into_iter().filter_map(|at| links.get(at)) {
        let thickness = (link.count as f64 * unit).max(1.5);
        let (Some(left), Some(right)) = (from.get_mut(*left), to.get_mut(*right)) else { continue };
        let path = outline(*left, *right, thickness);
        *left += link.count as f64 * unit;
        *right += link.count as f64 * unit;
        bands.push(Band { near: link.near, far: link.far, count: link.count, path });
    }
    bands
}

fn outline(left: f64, right: f64, thickness: f64) -> String {
    let (from, to) = (EDGES.0 + BAR_WIDTH, EDGES.1 - BAR_WIDTH);
    let bend = f64::midpoint(from, to);
    let points = [left, right, left + thickness, right + thickness].map(decimal);
    let [left, right, below_left, below_right] = points;
    let [from, to, bend] = [from, to, bend].map(decimal);
    format!(
        "M{from} {left}C{bend} {left} {bend} {right} {to} {right}\
         V{below_right}C{bend} {below_right} {bend} {below_left} {from} {below_left}Z"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ProcessIndex;

    fn flow(counts: &[(u32, u16, usize)]) -> Flow {
        let near = |n| Near::Process(ProcessIndex(n));
        let far = |port| Far::Called(std::net::Ipv4Addr::LOCALHOST.into(), port);
        let mut all = Flow::default();
        for (process, port, count) in counts {
            match all.near.iter_mut().find(|(known, _)| *known == near(*process)) {
                Some((_, sum)) => *sum += count,
                None => all.near.push((near(*process), *count)),
            }
            match all.far.iter_mut().find(|(known, _)| *known == far(*port)) {
                Some((_, sum)) => *sum += count,
                None => all.far.push((far(*port), *count)),
            }
            all.links.push(Link { near: near(*process), far: far(*port), count: *count });
            all.connections += count;
        }
        all
    }

    #[test]
    fn ends_do_not_overlap_and_hold_their_bands() {
        let layout = Layout::of(&flow(&[(1, 443, 40), (2, 80, 1), (1, 80, 2), (3, 22, 300)]));
        for pair in layout.near.windows(2) {
            assert!(pair[0].y + pair[0].height < pair[1].y);
        }
        for pair in layout.far.windows(2) {
            assert!(pair[0].y + pair[0].height < pair[1].y);
        }
        assert_eq!(layout.bands.len(), 4);
        assert!(layout.near.iter().all(|one| one.height >= LEAST), "labels fit");
        assert!(
            (layout.height - layout.far.iter().map(|one| one.y + one.height).fold(0.0, f64::max)).abs()
                < 60.0
        );
        assert!(layout.bands.iter().all(|band| band.path.starts_with('M') && band.path.ends_with('Z')));
    }

    #[test]
    fn right_ends_stand_beside_what_they_are_linked_with() {
        let layout = Layout::of(&flow(&[(1, 9, 5), (2, 5, 5), (3, 7, 5)]));
        let ports: Vec<_> = layout
            .far
            .iter()
            .map(|one| match one.end {
                Far::Called(_, port) => port,
                _ => 0,
            })
            .collect();
        assert_eq!(ports, [9, 5, 7], "no band crosses another");
    }

    #[test]
    fn nothing_draws_nothing() {
        assert_eq!(Layout::of(&Flow::default()).bands, []);
    }
}
