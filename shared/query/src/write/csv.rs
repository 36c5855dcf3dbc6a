//! RFC 4180: CRLF, quotes doubled.

use super::Answer;
use std::io::{self, Write};

pub(super) fn print(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let columns = answer.tables.first().map(|(_, table)| table.columns.as_slice()).unwrap_or_default();
    let system = answer.with_system.then_some("system");
    line(system.into_iter().chain(columns.iter().copied()), out)?;
    for (system, table) in &answer.tables {
        for values in &table.rows {
            let cells: Vec<_> = values.iter().map(|value| value.text()).collect();
            let system = answer.with_system.then_some(system.as_str());
            line(system.into_iter().chain(cells.iter().map(AsRef::as_ref)), out)?;
        }
    }
    Ok(())
}

/// One line of cells.
pub fn line<'a>(cells: impl Iterator<Item = &'a str>, out: &mut dyn Write) -> io::Result<()> {
    let quoted: Vec<_> = cells.map(cell).collect();
    write!(out, "{}\r\n", quoted.join(","))
}

/// A spreadsheet takes a cell that begins with one of these for a formula, and evidence is hostile: a quote in front
/// makes it text.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Digits with a sign, and a point at most: what no spreadsheet calculates with.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula_runs() {
        let cases = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@cmd", "'@cmd"),
            ("-5", "-5"),
            ("+1.25", "+1.25"),
            ("-1-1", "'-1-1"),
            ("-inf", "'-inf"),
            ("-l", "'-l"),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text), expected);
        }
    }
}
