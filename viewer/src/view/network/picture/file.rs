//! The picture as a file of its own: nothing of the page is needed to look at it, and it says what it shows.

use super::draw::{MARGIN, SPACE, short};
use super::words;
use crate::format::moment;
use crate::state::Data;
use procglass_model::text::decimal;
use procglass_snapshot::analysis::flow::{Bar, Far, Layout};
use std::fmt::Write as _;

/// Height of the lines above the drawing.
const HEAD: u32 = 58;
/// Left and right margin.
const SIDE: u32 = 12;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#172023}.s{font-size:11px;fill:#526064}.h{font-size:16px;font-weight:600}\
    .b{fill:#0b6663;fill-opacity:.3}.i{fill:#7a3d00;fill-opacity:.3}rect.n{fill:#0b6663}";

/// The file. Colours are its own, on a white ground.
pub(super) fn svg(data: &Data, layout: &Layout) -> String {
    let (width, height) =
        (Layout::WIDTH + 2.0 * f64::from(SIDE), layout.height + f64::from(HEAD) + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\"><style>{STYLE}</style>\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
        w = decimal(width),
        h = decimal(height)
    );
    let captured = data.snapshot.captured().map_or_else(|| "an unknown time".into(), moment);
    let title = format!("Connections of {} at {captured}", data.snapshot.host_name());
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<title>{t}</title><text class=\"h\" x=\"{SIDE}\" y=\"24\">{t}</text><text class=\"s\" x=\"{SIDE}\" y=\"42\">bundle {} · SHA-256 {}</text>\
         <g transform=\"translate({SIDE} {HEAD})\">",
        escaped(&data.origin.name),
        escaped(&data.origin.sha256),
        t = escaped(&title),
    );
    for band in &layout.bands {
        let class = if matches!(band.far, Far::Inside(..)) { "i" } else { "b" };
        let (from, (to, _)) = (words::near(data, band.near), words::far(data, band.far));
        let label = escaped(&format!("{from} and {to}: {}", band.count));
        let _ = write!(out, "<path class=\"{class}\" d=\"{}\"><title>{label}</title></path>", band.path);
    }
    for bar in &layout.near {
        let text = escaped(&short(&words::near(data, bar.end)));
        let x = decimal(bar.x - SPACE);
        rect(&mut out, bar);
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"end\">{text}</text>",
            decimal(bar.middle() + 4.5)
        );
    }
    for bar in &layout.far {
        let (text, kind) = words::far(data, bar.end);
        let x = decimal(bar.x + Bar::<Far>::WIDTH + SPACE);
        rect(&mut out, bar);
        let _ = write!(
            out,
            "<text x=\"{x}\" y=\"{}\">{} <tspan class=\"s\">{kind}</tspan></text>",
            decimal(bar.middle() + 4.5),
            escaped(&short(&text))
        );
    }
    out.push_str("</g></svg>\n");
    out
}

fn rect<T>(out: &mut String, bar: &Bar<T>) {
    let (x, y, width, height) =
        (decimal(bar.x), decimal(bar.y), decimal(Bar::<T>::WIDTH), decimal(bar.height));
    let _ =
        write!(out, "<rect class=\"n\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"2\"/>");
}

/// Text that cannot become markup. Control characters are visible escapes by now.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in procglass_model::text::visible(text.as_bytes()).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_stays_text() {
        assert_eq!(escaped("<a href=\"x\">&\u{202e}"), "&lt;a href=&quot;x&quot;&gt;&amp;\\u{202e}");
    }
}
