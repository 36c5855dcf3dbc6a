//! Evidence as text that cannot lie about itself.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Makes bytes showable: what could move a cursor, reorder a line or hide becomes a visible escape.
///
/// Valid UTF-8 stays, save for control characters, bidirectional controls, zero-width and other format characters, and
/// line separators, which become `\n`, `\x1b`, `\u{202e}`. Bytes that are no UTF-8 become `\xff`. A backslash stays one
/// backslash: this is for reading, the exact bytes are one step away.
#[must_use]
pub fn visible(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.chars().any(hides)
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0' => out.push_str("\\0"),
                _ if !hides(char) => out.push(char),
                _ if char.is_ascii() => {
                    let _ = write!(out, "\\x{:02x}", u32::from(char));
                }
                _ => {
                    let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
                }
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    Cow::Owned(out)
}

/// Where `part`, in lower case, first stands in `text`, in any ASCII case.
#[must_use]
pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let Some((first, rest)) = part.split_first() else { return Some(0) };
    let mut from = 0;
    loop {
        let tail = text.get(from..).unwrap_or_default();
        let at = from + tail.iter().position(|byte| byte.to_ascii_lowercase() == *first)?;
        from = at + 1;
        if text.get(from..from + rest.len()).is_some_and(|next| next.eq_ignore_ascii_case(rest)) {
            return Some(at);
        }
    }
}

/// A number with at most two decimals, for the geometry of pictures. The standard library's way costs the page ten times
/// as much, for digits that no screen has.
#[must_use]
pub fn decimal(number: f64) -> String {
    // A float that is none, or far too large, ends up at a limit of the integer, which is as good as any other place.
    #[allow(clippy::cast_possible_truncation)]
    let hundredths = (number * 100.0).round() as i64;
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    match (size / 100, size % 100) {
        (whole, 0) => format!("{sign}{whole}"),
        (whole, rest) if rest % 10 == 0 => format!("{sign}{whole}.{}", rest / 10),
        (whole, rest) => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Whether a character could deceive the eye. The ranges are the general categories Cc, Cf, Zl and Zp and the private and
/// filler characters that render as nothing (Unicode 16).
fn hides(char: char) -> bool {
    matches!(char,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}'
        | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_text_is_borrowed_and_tricks_are_shown() {
        assert!(matches!(visible("nginx: wörker 日本".as_bytes()), Cow::Borrowed(_)));
        assert_eq!(visible(b"\x1b[31mred\n\xff"), "\\x1b[31mred\\n\\xff");
        assert_eq!(visible("a\u{202e}txt.exe".as_bytes()), "a\\u{202e}txt.exe");
        assert_eq!(visible(b"a\\b"), "a\\b");
    }

    #[test]
    fn numbers_of_pictures() {
        let cases =
            [(3.0, "3"), (3.256, "3.26"), (3.05, "3.05"), (-0.5, "-0.5"), (-0.001, "0"), (12.5, "12.5")];
        for (number, text) in cases {
            assert_eq!(decimal(number), text);
        }
        assert!(decimal(f64::NAN).len() < 30 && decimal(f64::INFINITY).len() < 30);
    }

    proptest! {
        #[test]
        fn nothing_hides(bytes: Vec<u8>) {
            let text = visible(&bytes);
            prop_assert!(!text.chars().any(hides));
        }
    }
}
