//! Which rows of a long list are on the screen. Pure arithmetic: tested natively.

use crate::format::{float, whole};
use std::ops::Range;

/// Browsers end elements at some height (Firefox at 17.9 million pixels); longer lists are scrolled in proportion.
const MAX_HEIGHT: f64 = 12_000_000.0;
/// Rows are made in blocks, so that most scroll events change nothing.
const BLOCK: usize = 2;

/// A list of rows of one height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extent {
    /// How many rows.
    pub(crate) count: usize,
    /// Height of a row in pixels.
    pub(crate) row: f64,
    /// Height of the visible part in pixels.
    pub(crate) viewport: f64,
}

/// The rows to make, and where the first of them stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Span {
    /// Rows.
    pub(crate) rows: Range<usize>,
    /// Pixels from the top of the space.
    pub(crate) top: f64,
}

impl Extent {
    fn full(self) -> f64 {
        float(self.count) * self.row
    }

    /// Height of the space to scroll in.
    pub(crate) fn height(self) -> f64 {
        self.full().min(MAX_HEIGHT)
    }

    /// Rows on the screen when scrolled to `scroll`, and a block more on each side.
    pub(crate) fn span(self, scroll: f64) -> Span {
        let scroll = scroll.max(0.0);
        let virtual_top = scroll * self.scale();
        let first = whole(virtual_top / self.row);
        let from = (first / BLOCK).saturating_sub(1) * BLOCK;
        let last = whole(((virtual_top + self.viewport) / self.row).ceil());
        let to = (last.div_ceil(BLOCK) + 1) * BLOCK;
        let rows = from.min(self.count)..to.min(self.count);
        // In a list of ordinary length rows stand where they belong. In a longer one, the row that the scroll bar names
        // is put where the reader looks.
        let top = float(rows.start) * self.row - (virtual_top - scroll);
        Span { rows, top }
    }

    /// Where to scroll so that `row` is visible; `None` when it is.
    pub(crate) fn reveal(self, row: usize, scroll: f64) -> Option<f64> {
        let top = float(row) * self.row;
        let virtual_top = scroll * self.scale();
        let wanted = if top < virtual_top {
            top
        } else if top + self.row > virtual_top + self.viewport {
            top + self.row - self.viewport
        } else {
            return None;
        };
        Some((wanted / self.scale()).max(0.0))
    }

    /// Whole rows in the visible part.
    pub(crate) fn page(self) -> usize {
        whole(self.viewport / self.row).max(2) - 1
    }

    fn scale(self) -> f64 {
        let (full, room) = (self.full() - self.viewport, self.height() - self.viewport);
        if self.full() <= MAX_HEIGHT || room <= 0.0 { 1.0 } else { full / room }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Extent = Extent { count: 1_000, row: 28.0, viewport: 560.0 };

    #[test]
    fn a_window_of_rows() {
        assert_eq!(SHORT.span(0.0), Span { rows: 0..22, top: 0.0 });
        let span = SHORT.span(2_800.0);
        assert_eq!(span.rows, 98..122);
        assert!((span.top - 98.0 * 28.0).abs() < 1e-6);
        assert_eq!(SHORT.span(2_801.0), SHORT.span(2_827.0), "no change, no rendering");
        assert_eq!(SHORT.span(1e9).rows.end, 1_000);
        assert_eq!(Extent { count: 0, ..SHORT }.span(50.0).rows, 0..0);
    }

    #[test]
    fn rows_come_into_view_by_the_shortest_way() {
        assert_eq!(SHORT.reveal(5, 0.0), None);
        assert_eq!(SHORT.reveal(20, 0.0), Some(28.0));
        assert_eq!(SHORT.reveal(2, 280.0), Some(56.0));
        assert_eq!(SHORT.page(), 19);
    }

    #[test]
    fn a_list_longer_than_browsers_allow_ends_at_its_end() {
        let long = Extent { count: 2_000_000, ..SHORT };
        assert!(long.height() <= MAX_HEIGHT);
        let end = long.span(long.height() - long.viewport);
        assert_eq!(end.rows.end, 2_000_000);
        let bottom = end.top + float(end.rows.len()) * 28.0;
        assert!((bottom - long.height()).abs() < 1.0, "{bottom}");
        let scroll = long.reveal(1_500_000, 0.0).unwrap();
        assert!(long.span(scroll).rows.contains(&1_500_000));
    }
}
