//! Putting texts into a page: into the marked places of the template, and safely between tags.

use crate::error::{Result, failure};

const NEXT: &str = "Mend www/shell.html: each marker stands there exactly once, on a line of its own.";

/// Replaces each marker of `template` by its text. Nothing that is put in is looked at again, so a text may
/// contain markers, `$&`, or anything else.
pub(crate) fn fill(template: &str, parts: &[(&str, &str)]) -> Result<String> {
    let mut places = Vec::new();
    for &(marker, text) in parts {
        let mut found = template.match_indices(marker);
        match (found.next(), found.next()) {
            (Some((start, _)), None) => places.push((start, marker.len(), text)),
            (None, _) => return Err(failure(format!("the page template has no {marker}"), NEXT)),
            _ => {
                return Err(failure(format!("the page template has several {marker}"), NEXT));
            }
        }
    }
    places.sort_unstable_by_key(|&(start, ..)| start);
    let mut page =
        String::with_capacity(template.len() + parts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut done = 0;
    for (start, length, text) in places {
        page.push_str(template.get(done..start).unwrap_or_default());
        page.push_str(text);
        done = start + length;
    }
    page.push_str(template.get(done..).unwrap_or_default());
    Ok(page)
}

/// JavaScript that can stand between `<script>` tags: nothing in it ends the element early or hides its end.
///
/// The two sequences can only occur in strings, templates, regular expressions and comments, where `\x3C` means
/// the same as `<`.
pub(crate) fn script_text(javascript: &str) -> String {
    defuse(&unix_lines(javascript), &["</script", "<script", "<!--"], "\\x3C")
}

/// CSS that can stand between `<style>` tags.
pub(crate) fn style_text(css: &str) -> String {
    defuse(&unix_lines(css), &["</style"], "\\3C ")
}

/// A browser turns line ends into `\n` before it compares hashes, so they have to be `\n` when hashes are made.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Replaces the `<` of each sequence, whatever its letters' case.
fn defuse(text: &str, sequences: &[&str], instead: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let starts = |sequence: &&str| {
            rest.get(..sequence.len()).is_some_and(|head| head.eq_ignore_ascii_case(sequence.as_bytes()))
        };
        if char == '<' && sequences.iter().any(starts) {
            safe.push_str(instead);
        } else {
            safe.push(char);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_taken_literally() {
        let page =
            fill("a<!--1-->b<!--2-->c", &[("<!--2-->", "$& $1 \\0"), ("<!--1-->", "<!--2-->")]).unwrap();
        assert_eq!(page, "a<!--2-->b$& $1 \\0c");
    }

    #[test]
    fn a_missing_or_doubled_marker_is_refused() {
        assert!(fill("ab", &[("<!--1-->", "")]).is_err());
        assert!(fill("<!--1--><!--1-->", &[("<!--1-->", "")]).is_err());
    }

    #[test]
    fn scripts_cannot_end_their_element() {
        let safe = script_text("x = '</SCRIPT>'; y = '<!-- <script>'; a < b; '√<'");
        assert_eq!(safe, "x = '\\x3C/SCRIPT>'; y = '\\x3C!-- \\x3Cscript>'; a < b; '√<'");
    }

    #[test]
    fn styles_cannot_end_their_element_and_lines_end_plainly() {
        assert_eq!(style_text("a{content:'</Style>'}\r\nb{}\r"), "a{content:'\\3C /Style>'}\nb{}\n");
    }
}
