//! Values of rows, written straight into a buffer.

use super::digits::{put_number, put_second, put_time, put_v4};
use procglass_model::Timestamp;
use procglass_model::text::visible;
use procglass_query::Value;
use procglass_query::write::csv_line;
use std::io::Write as _;
use std::net::IpAddr;

/// One value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    Null,
    Bool(bool),
    Number(u64),
    /// A number that is text in JSON.
    Digits(u8),
    Time(Timestamp),
    /// To the second, for people.
    Second(Timestamp),
    Address(IpAddr),
    Word(&'static str),
    Bytes(&'a [u8]),
}

/// Whether text can be written as it is, in every form.
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let first = bytes.first().copied().unwrap_or(b'a');
    let quiet = |byte: &u8| matches!(byte, b' ' | b'!' | b'#'..=b'+' | b'-'..=b'[' | b']'..=b'~');
    // To the end, whatever was seen: sixteen bytes at a time.
    !matches!(first, b'=' | b'+' | b'-' | b'@') && bytes.iter().fold(true, |all, byte| all & quiet(byte))
}

/// As text for people, with hostile characters visible.
pub(super) fn put_text(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => {}
        Cell::Bool(yes) => out.extend_from_slice(if *yes { b"yes" } else { b"no" }),
        Cell::Number(number) => put_number(*number, out),
        Cell::Digits(number) => put_number((*number).into(), out),
        Cell::Time(time) => put_time(*time, out),
        Cell::Second(time) => put_second(*time, out),
        Cell::Address(IpAddr::V4(address)) => put_v4(*address, out),
        // Writing to a buffer cannot fail.
        Cell::Address(address) => drop(write!(out, "{address}")),
        Cell::Word(word) => out.extend_from_slice(word.as_bytes()),
        Cell::Bytes(bytes) if is_plain(bytes) => out.extend_from_slice(bytes),
        Cell::Bytes(bytes) => out.extend_from_slice(visible(bytes).as_bytes()),
    }
}

/// As a field of CSV.
pub(super) fn put_csv(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Bytes(bytes) if !is_plain(bytes) => {
            let text = visible(bytes);
            let _ = csv_line([&*text].into_iter(), out);
            // The end of the line, of which this is not the last field.
            out.truncate(out.len().saturating_sub(2));
        }
        _ => put_text(cell, out),
    }
}

/// As a value in JSON.
pub(super) fn put_json(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Cell::Number(number) => put_number(*number, out),
        // What is no text keeps its bytes, as everywhere. Writing to a buffer cannot fail.
        Cell::Bytes(bytes) if !is_plain(bytes) => drop(serde_json::to_writer(out, &Value::Bytes(bytes))),
        _ => {
            out.push(b'"');
            put_text(cell, out);
            out.push(b'"');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> [String; 3] {
        let mut outs = [Vec::new(), Vec::new(), Vec::new()];
        let cell = Cell::Bytes(bytes);
        put_text(&cell, &mut outs[0]);
        put_csv(&cell, &mut outs[1]);
        put_json(&cell, &mut outs[2]);
        outs.map(|out| String::from_utf8(out).unwrap())
    }

    #[test]
    fn text_in_every_form() {
        assert_eq!(all(b"plain x"), ["plain x", "plain x", r#""plain x""#]);
        assert_eq!(all(b"=1+1"), ["=1+1", "'=1+1", r#""=1+1""#]);
        assert_eq!(all(b"a,\"b\""), ["a,\"b\"", "\"a,\"\"b\"\"\"", r#""a,\"b\"""#]);
        assert_eq!(all(b"\x1b[m"), ["\\x1b[m", "\\x1b[m", r#""\u001b[m""#]);
        assert!(all(b"\xff")[2].contains("base64"));
    }
}
