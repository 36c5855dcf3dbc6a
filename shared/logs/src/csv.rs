//! Tables of any program: a header, and values between commas, semicolons, tabs or bars. What a column means is guessed
//! from its name or said by a person: `columns.rs`.

use super::column::{Column, Draft, Value, Why};
use super::columns::{Columns, guess_all};
use super::parser::{Emit, Line, Outcome};
use bstr::ByteSlice as _;
use std::borrow::Cow;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A header's separator and names, and what is guessed of each: for a person to correct.
#[must_use]
pub fn header(line: &[u8]) -> (u8, Vec<(String, Option<Column>)>) {
    let separator = separator(line);
    let names: Vec<String> =
        Cells::new(line, separator).map(|cell| procglass_model::text::visible(&cell).into_owned()).collect();
    let guessed = guess_all(names.iter().map(String::as_str));
    (separator, names.into_iter().zip(guessed).collect())
}

fn separator(line: &[u8]) -> u8 {
    let count = |separator: &u8| line.iter().filter(|byte| *byte == separator).count();
    // The comma wins where none is there.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Whether a header was guessed well enough to read the table without a person.
pub(super) fn is_table(line: &[u8]) -> bool {
    let (_, columns) = header(line);
    let has = |wanted| columns.iter().any(|(_, column)| *column == Some(wanted));
    has(Column::Source) && has(Column::Destination)
}

/// A line in front of a table's header: a comment, or the separator that spreadsheets are told.
fn is_front(line: &[u8]) -> bool {
    (line.starts_with(b"#") && !is_table(line)) || (line.len() <= 8 && line.starts_with(b"sep="))
}

/// The line that is the header of a table.
pub(super) fn header_line(head: &[u8]) -> &[u8] {
    let lines = head.lines().map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.is_empty()).find(|line| !is_front(line)).unwrap_or_default()
}

/// Where a table keeps lines of another log: the column of CloudWatch that holds the message.
pub(super) fn message_column(line: &[u8]) -> Option<usize> {
    let (_, columns) = header(line);
    columns.iter().position(|(name, _)| matches!(name.trim(), "message" | "@message"))
}

/// One cell of a line between commas.
pub(super) fn cell(line: &[u8], place: usize) -> Option<Cow<'_, [u8]>> {
    Cells::new(line, b',').nth(place)
}

/// The first column that a person named and this table does not have, and the names that it has.
pub(super) fn unknown_column(line: &[u8], columns: &Columns) -> Option<(String, Vec<String>)> {
    let names: Vec<String> = header(line).1.into_iter().map(|(name, _)| name.trim().to_owned()).collect();
    columns.unknown(&names).map(str::to_owned).map(|unknown| (unknown, names))
}

/// The cells of a line, RFC 4180.
struct Cells<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Cells<'a> {
    fn new(line: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(line), separator }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cow<'a, [u8]>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest?;
        let Some(quoted) = rest.strip_prefix(b"\"") else {
            let end = rest.iter().position(|byte| *byte == self.separator);
            self.rest = end.and_then(|end| rest.get(end + 1..));
            return Some(Cow::Borrowed(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()));
        };
        let mut cell = Cow::Borrowed(&b""[..]);
        let mut left = quoted;
        loop {
            let Some(end) = left.iter().position(|byte| *byte == b'"') else {
                // Never closed: all that is left is the cell.
                append(&mut cell, left);
                self.rest = None;
                return Some(cell);
            };
            append(&mut cell, left.get(..end).unwrap_or_default());
            left = left.get(end + 1..).unwrap_or_default();
            let Some(after) = left.strip_prefix(b"\"") else { break };
            append(&mut cell, b"\"");
            left = after;
        }
        let end = left.iter().position(|byte| *byte == self.separator);
        self.rest = end.and_then(|end| left.get(end + 1..));
        Some(cell)
    }
}

fn append<'a>(cell: &mut Cow<'a, [u8]>, more: &'a [u8]) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(more);
    } else if !more.is_empty() {
        cell.to_mut().extend_from_slice(more);
    }
}

/// The state of reading one table.
#[derive(Debug)]
pub(super) struct Csv {
    asked: Option<Columns>,
    separator: u8,
    columns: Vec<Column>,
    header: Vec<u8>,
    /// The header says that its times are UTC.
    utc: bool,
    /// nfdump's sums of all flows have begun.
    sums: bool,
}

/// What stands in cells without a value.
const UNSET: [&[u8]; 8] = [b"", b"-", b"null", b"NULL", b"NaN", b"nan", b"N/A", b"None"];

/// Kinds of records that argus writes beside flows, in the place of IP's protocol: they have no addresses of IP.
const NO_FLOW: [&[u8]; 8] = [b"man", b"arp", b"rarp", b"llc", b"stp", b"lldp", b"loop", b"evt"];

impl Csv {
    pub(super) fn new(asked: Option<Columns>) -> Self {
        Self { asked, separator: 0, columns: Vec::new(), header: Vec::new(), utc: false, sums: false }
    }

    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        if self.separator == 0 {
            if is_front(line.text) {
                return Ok(Outcome::Ignored);
            }
            self.separator = separator(line.text);
            let (_, names) = header(line.text);
            let has_header = self.asked.as_ref().is_none_or(Columns::has_header);
            self.utc = names.iter().any(|(name, _)| {
                let name = name.trim().to_ascii_lowercase();
                name.ends_with("[utc]") || name.ends_with("(utc)")
            });
            self.columns = match &self.asked {
                Some(asked) => asked.of(&names.into_iter().map(|(name, _)| name).collect::<Vec<_>>()),
                None => names.into_iter().map(|(_, column)| column.unwrap_or(Column::Other)).collect(),
            };
            if has_header {
                self.header = line.text.to_vec();
            }
        }
        if !self.header.is_empty() && line.text == self.header {
            self.sums = false;
            return Ok(Outcome::Ignored);
        }
        if !self.columns.iter().any(|column| {
            matches!(
                column,
                Column::Source | Column::Destination | Column::PublicSource | Column::PublicDestination
            )
        }) {
            return Err("no column of the table is known to hold addresses: say which with --columns");
        }
        self.sums |= line.text.trim_ascii() == b"Summary";
        if self.sums || line.text.trim_ascii() == b"No matched flows" {
            return Ok(Outcome::Ignored);
        }
        let cells: Vec<Cow<'_, [u8]>> = Cells::new(line.text, self.separator).collect();
        if cells.len() < self.columns.len() {
            return Err("it has fewer columns than the header");
        }
        let mut draft = Draft::new(if self.utc { 0 } else { line.zone });
        for (column, cell) in self.columns.iter().zip(&cells) {
            let cell = cell.trim_ascii();
            if *column == Column::Protocol && NO_FLOW.iter().any(|kind| cell.eq_ignore_ascii_case(kind)) {
                return Ok(Outcome::Ignored);
            }
        }
        for (column, cell) in self.columns.iter().zip(&cells) {
            let cell = cell.trim_ascii();
            if *column != Column::Other && !UNSET.contains(&cell) {
                draft.fill(*column, Value::Text(cell))?;
            }
        }
        draft.assumed &= !self.utc;
        emit.draft(&mut draft, line)
    }
}
