//! Numbers and times as people read them. Pure text: tested natively.

mod duration;
mod size;
mod time;

pub(crate) use duration::{cpu_time, duration};
pub(crate) use size::{bytes, count, plural};
pub(crate) use time::{Zone, date_time, moment, set_zone, time_of_day, zone, zone_word};

use std::borrow::Cow;

/// Evidence cut to `limit` characters, with visible escapes and a mark where something is left out. Looks only at as
/// many bytes as it shows, so an argument of megabytes costs no more than a short one.
pub(crate) fn clip(bytes: &[u8], limit: usize) -> Cow<'_, str> {
    // At most four bytes a character; the cut may split one, which then shows as an escape before the mark.
    let head = bytes.get(..limit.saturating_mul(4)).unwrap_or(bytes);
    let text = procglass_model::text::visible(head);
    match text.char_indices().nth(limit) {
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or_default())),
        None if head.len() < bytes.len() => Cow::Owned(format!("{text}…")),
        None => text,
    }
}

/// A float of the browser as a whole number that is not negative.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn whole(number: f64) -> usize {
    if number.is_finite() && number > 0.0 {
        // Browser distances and sizes are far below 2^53, where this is exact.
        number.min(9e15) as usize
    } else {
        0
    }
}

/// A count as a float of the browser.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipping() {
        assert_eq!(clip(b"abc", 3), "abc");
        assert_eq!(clip(b"abcd", 3), "abc…");
        assert_eq!(clip("äöü€".as_bytes(), 3), "äöü…");
        assert_eq!(clip(b"\x1b[31m", 4), "\\x1b…");
        assert!(clip(&vec![b'x'; 2_000_000], 100).chars().count() == 101);
    }

    #[test]
    fn numbers_of_the_browser() {
        assert_eq!(whole(-1.0), 0);
        assert_eq!(whole(f64::NAN), 0);
        assert_eq!(whole(28.9), 28);
    }
}
