//! HTML from evidence: everything that is text is escaped, in one place.

use std::fmt::{Display, Write as _};

/// HTML in the making.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// The beginning of an element; names and classes are our own.
    pub(super) fn open(&mut self, name: &'static str, class: &'static str) {
        let _ = match class {
            "" => write!(self.0, "<{name}>"),
            _ => write!(self.0, "<{name} class=\"{class}\">"),
        };
    }

    /// Its end. Elements without content have none.
    pub(super) fn close(&mut self, name: &'static str) {
        if name != "br" {
            let _ = write!(self.0, "</{name}>");
        }
        // A line for each block, for people who look at the source.
        if !matches!(name, "strong" | "code" | "span" | "br" | "td" | "th") {
            self.0.push('\n');
        }
    }

    /// Text from anywhere: made visible and escaped.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        let text = text.to_string();
        escape(&procglass_model::text::visible(text.as_bytes()), &mut self.0);
        self
    }

    pub(super) fn done(self) -> String {
        self.0
    }
}

/// What means something in HTML, in text and in quoted attributes.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_never_becomes_markup(text: String) {
            let mut html = Html::default();
            html.text(&text);
            let html = html.done();
            prop_assert!(!html.contains(['<', '>', '"', '\'']), "{}", html);
            prop_assert!(!html.chars().any(char::is_control), "{:?}", html);
        }
    }
}
