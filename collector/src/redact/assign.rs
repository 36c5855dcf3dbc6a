//! Settings inside longer text: `password=x`, `--token=x`, `Authorization: Bearer x`, `"secret": "x"`, `?key=x&...`.

use super::{mark, name};
use std::ops::Range;

/// Adds the values that stand after a secret name and a `=` or `:`.
pub(super) fn spans(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut begin = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'=' | b':' => {
                let before = text.get(begin..at).unwrap_or_default();
                if at + 1 < text.len()
                    && let Some(span) = value(before, *byte, text, at + 1)
                {
                    spans.push(span);
                }
                // A colon also stands inside names, as in `auth:password=x`; a name never spans one.
                begin = at + 1;
            }
            byte if !named(*byte) => begin = at + 1,
            _ => {}
        }
    }
}

/// The value that begins at `at`, if the name before it is secret.
fn value(before: &[u8], separator: u8, text: &[u8], at: usize) -> Option<Range<usize>> {
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let from = before.iter().rposition(|byte| matches!(byte, b'"' | b'\'')).map_or(0, |quote| quote + 1);
    let name = before.get(from..).unwrap_or_default();
    if !name::is_secret(name) {
        return None;
    }
    let rest = text.get(at..).unwrap_or_default();
    let (spaces, rest) = match separator {
        // `name: value` and `"name": "value"`; `name = value` is two words and not ours.
        b':' => {
            let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
            (spaces, rest.get(spaces..).unwrap_or_default())
        }
        _ => (0, rest),
    };
    let start = at + spaces;
    if rest.starts_with(b"//") {
        // `auth://` is the scheme of a URL.
        return None;
    }
    if let Some(length) = mark::length(rest) {
        // Done before; what follows it is no part of the value.
        return Some(start..start + length);
    }
    let (start, length) = match rest.first() {
        Some(quote @ (b'"' | b'\'')) => {
            let body = rest.get(1..).unwrap_or_default();
            (start + 1, body.iter().position(|byte| byte == quote).unwrap_or(body.len()))
        }
        // A header's value goes on to the end of the line: `Authorization: Bearer x`.
        _ if separator == b':' && spaces > 0 => (start, until(rest, b"\0\n\r\"'")),
        _ => (start, until(rest, b"\0\n\r\t \"'&;,")),
    };
    let found = text.get(start..start + length).unwrap_or_default();
    (length > 0 && !name::harmless(name, found)).then_some(start..start + length)
}

fn until(text: &[u8], ends: &[u8]) -> usize {
    text.iter().position(|byte| ends.contains(byte)).unwrap_or(text.len())
}

fn named(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"' | b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        spans(text.as_bytes(), &mut list);
        list.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn values_after_secret_names() {
        for (text, want) in [
            ("--password=hunter2", "hunter2"),
            ("-Ddb.password=x y", "x"),
            ("host=h password=pw user=u", "pw"),
            ("https://h/p?a=1&token=abc&b=2", "abc"),
            ("Server=s;Password=pw;Database=d", "pw"),
            ("Authorization: Bearer abc.def", "Bearer abc.def"),
            ("X-Api-Key: 12345", "12345"),
            (r#"{"user":"u","password":"p w","x":1}"#, "p w"),
            (r#"{"secret": "s"}"#, "s"),
            ("password='a b' c", "a b"),
            ("token:abc", "abc"),
            ("MYSQL_PASSWORD=a=b", "a=b"),
        ] {
            assert_eq!(found(text), [want], "{text}");
        }
    }

    #[test]
    fn other_settings_stay() {
        for text in [
            "--key=/etc/ssl/web.key",
            "a=b",
            "password=",
            "password",
            "PWD=/root",
            "time: 12:30",
            "token://host",
            "=x",
            ":",
            "--token-file=/run/token",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
