//! The man page of the collector, from the text of its `--help`.

use std::fmt::Write as _;

/// The text of `procglass-collect --help`.
const HELP: &str = include_str!("../../../collector/core/src/help.txt");

/// The page, in the language of man(7).
pub(super) fn page() -> String {
    let mut paragraphs = HELP.split("\n\n");
    let (name, about) = paragraphs.next().and_then(|first| first.split_once(": ")).unwrap_or_default();
    let mut page = format!(
        ".TH {} 1 \"\" \"procglass {}\"\n.SH NAME\n{} \\- {}\n",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION"),
        escape(name),
        escape(about)
    );
    for paragraph in paragraphs {
        if let Some(usage) = paragraph.strip_prefix("usage: ") {
            let rest = usage.strip_prefix(name).unwrap_or(usage);
            let _ = write!(page, ".SH SYNOPSIS\n\\fB{}\\fR{}\n.SH DESCRIPTION\n", escape(name), escape(rest));
        } else if let Some(status) = paragraph.strip_prefix("Exit status: ") {
            let _ = writeln!(page, ".SH EXIT STATUS\n{}", escape(status.trim_end()));
        } else if paragraph.trim_start().starts_with('-') {
            page.push_str(".SH OPTIONS\n");
            paragraph.lines().for_each(|line| option(line, &mut page));
        } else if paragraph.starts_with("  ") {
            page.push_str(".SH EXAMPLES\n.nf\n");
            paragraph.lines().for_each(|line| {
                let _ = writeln!(page, "{}", escape(line.trim()));
            });
            page.push_str(".fi\n");
        } else {
            let _ = writeln!(page, "{}", escape(paragraph.trim_end()));
        }
    }
    page.push_str(".SH SEE ALSO\n\\fBprocglass\\fR(1), \\fBproc\\fR(5)\n");
    page
}

/// One line of the list of options: the start of an option, a value of one, or more of the text above it.
fn option(line: &str, page: &mut String) {
    let text = line.trim();
    let indent = line.len() - line.trim_start().len();
    let _ = if text.starts_with('-') {
        let (head, about) = head(text);
        writeln!(
            page,
            ".TP\n\\fB{}\\fR{}{}",
            escape(head),
            if about.is_empty() { "" } else { "\n" },
            escape(about)
        )
    } else if indent > TEXT {
        writeln!(page, ".br\n{}", escape(text))
    } else {
        writeln!(page, "{}", escape(text))
    };
}

/// The column in which the text of an option begins. Its values begin further to the right.
const TEXT: usize = 24;

/// The options with their values, and the text behind them. A value is in capitals, or ends in dots.
fn head(text: &str) -> (&str, &str) {
    let is_head = |word: &str| {
        let word = word.trim_end_matches([',', ';']);
        word.starts_with('-') || word.ends_with("...") || word.chars().all(|char| char.is_ascii_uppercase())
    };
    let mut end = 0;
    for word in text.split_whitespace() {
        let at = end + text.get(end..).and_then(|rest| rest.find(word)).unwrap_or_default();
        if !is_head(word) {
            return (text.get(..end).unwrap_or(text), text.get(at..).unwrap_or_default());
        }
        end = at + word.len();
    }
    (text, "")
}

/// Text that man(7) prints as it is.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let lines = text.lines().map(|line| match line.chars().next() {
        Some('.' | '\'') => format!("\\&{line}"),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_up_to_date() {
        let kept = include_str!("../../../docs/man/procglass-collect.1");
        assert!(kept == page(), "docs/man/procglass-collect.1 is out of date: run `cargo xtask docs`");
    }

    #[test]
    fn every_option_of_the_help_has_an_entry() {
        let page = page();
        let entries: Vec<_> = page.lines().filter(|line| line.starts_with("\\fB\\-")).collect();
        let words =
            HELP.lines().filter(|line| line.trim_start().starts_with('-')).flat_map(str::split_whitespace);
        for word in words.filter(|word| word.starts_with("--")) {
            let name = escape(word.trim_end_matches([',', ';']));
            assert!(entries.iter().any(|entry| entry.contains(&name)), "{word}");
        }
        assert!(entries.contains(&"\\fB\\-o, \\-\\-output FILE\\fR"), "{entries:?}");
        assert!(
            entries.contains(&"\\fB\\-\\-passphrase\\-file FILE, \\-\\-recipient age1...\\fR"),
            "{entries:?}"
        );
        assert!(page.contains(".br\nkeys "), "{page}");
    }
}
