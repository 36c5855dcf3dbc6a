//! Values of rows, written straight into a buffer.

use crate::model::Timestamp;
use crate::query::Value;
use crate::query::write::csv_line;
use crate::text::visible;
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
fn is_plain(bytes: &[u8]) -> bool {
    let first = bytes.first().copied().unwrap_or(b'a');
    let quiet = |byte: &u8| matches!(byte, b' ' | b'!' | b'#'..=b'+' | b'-'..=b'[' | b']'..=b'~');
    !matches!(first, b'=' | b'+' | b'-' | b'@') && bytes.iter().all(quiet)
}

/// As text for people, with hostile characters visible.
pub(super) fn put_text(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => {}
        Cell::Bool(yes) => out.extend_from_slice(if *yes { b"yes" } else { b"no" }),
        Cell::Number(number) => put_number(*number, out),
        Cell::Digits(number) => put_number((*number).into(), out),
        Cell::Time(time) => put_time(*time, true, out),
        Cell::Second(time) => put_time(*time, false, out),
        Cell::Address(IpAddr::V4(address)) => {
            let [a, b, c, d] = address.octets();
            put_number(a.into(), out);
            for part in [b, c, d] {
                out.push(b'.');
                put_number(part.into(), out);
            }
        }
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

/// As a member of a JSON object, behind `mark`.
pub(super) fn put_json(mark: u8, name: &str, cell: &Cell<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(&[mark, b'"']);
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
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

fn put_number(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        // Below ten.
        #[allow(clippy::cast_possible_truncation)]
        let value = (number % 10) as u8;
        *digit = b'0' + value;
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

/// As `Timestamp` writes itself, which goes through the standard library's formatting and takes five times as long.
fn put_time(time: Timestamp, whole: bool, out: &mut Vec<u8>) {
    let [year, month, day, hour, minute, second, milliseconds] = time.parts();
    let marks = if whole { *b"--T::.Z" } else { *b"-- ::\0\0" };
    let parts = [(year, 4), (month, 2), (day, 2), (hour, 2), (minute, 2), (second, 2), (milliseconds, 3)];
    for ((part, width), mark) in parts.into_iter().zip(marks).take(if whole { 7 } else { 6 }) {
        let mut scale = 10_i64.pow(width - 1);
        while scale > 0 {
            out.push(b'0' + u8::try_from(part / scale % 10).unwrap_or(0));
            scale /= 10;
        }
        if mark != 0 {
            out.push(mark);
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
        put_json(b'{', "a", &cell, &mut outs[2]);
        outs.map(|out| String::from_utf8(out).unwrap())
    }

    #[test]
    fn text_in_every_form() {
        assert_eq!(all(b"plain x"), ["plain x", "plain x", r#"{"a":"plain x""#]);
        assert_eq!(all(b"=1+1"), ["=1+1", "'=1+1", r#"{"a":"=1+1""#]);
        assert_eq!(all(b"a,\"b\""), ["a,\"b\"", "\"a,\"\"b\"\"\"", r#"{"a":"a,\"b\"""#]);
        assert_eq!(all(b"\x1b[m"), ["\\x1b[m", "\\x1b[m", r#"{"a":"\u001b[m""#]);
        assert!(all(b"\xff")[2].contains("base64"));
    }

    #[test]
    fn numbers_times_and_addresses() {
        for number in [0, 9, 10, 65_535, u64::MAX] {
            let mut out = Vec::new();
            put_number(number, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
        for time in [Timestamp(0), Timestamp(-1), Timestamp(1_795_500_000_123_456_789), Timestamp(i64::MAX)] {
            let mut outs = [Vec::new(), Vec::new()];
            put_text(&Cell::Time(time), &mut outs[0]);
            put_text(&Cell::Second(time), &mut outs[1]);
            let expected = [time.to_string(), time.to_the_second()];
            assert_eq!(outs.map(|out| String::from_utf8(out).unwrap()), expected);
        }
        for address in ["10.0.0.255", "2001:db8::1"] {
            let mut out = Vec::new();
            put_text(&Cell::Address(address.parse().unwrap()), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), address);
        }
    }
}
