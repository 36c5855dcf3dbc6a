//! HTML from evidence: everything that is text is escaped, in one place.

use std::fmt::{Display, Write as _};

/// HTML in the making.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text from anywhere: made visible and escaped.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        let text = text.to_string();
        escape(&crate::text::visible(text.as_bytes()), &mut self.0);
        self
    }

    /// Text in an element without attributes.
    pub(super) fn element(&mut self, name: &'static str, text: impl Display) -> &mut Self {
        let _ = write!(self.0, "<{name}>");
        self.text(text);
        let _ = writeln!(self.0, "</{name}>");
        self
    }

    /// A line of a table of facts; none without a value.
    pub(super) fn fact(&mut self, name: &'static str, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            self.element("dt", name).element("dd", value);
        }
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
