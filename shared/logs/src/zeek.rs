//! Zeek's conn.log, and its other logs about connections: TSV with a header, and JSON with both styles of names.

use super::column::{Column, Draft, Value, Why};
use super::json::{self, Fields};
use super::parser::{Emit, Line, Outcome};
use bstr::ByteSlice as _;

/// Names of Zeek's fields; `id.orig_h` and `id_orig_h` are one.
pub(super) fn column(name: &str) -> Option<Column> {
    Some(match name {
        "ts" => Column::Time,
        "id.orig_h" | "id_orig_h" => Column::Source,
        "id.orig_p" | "id_orig_p" => Column::SourcePort,
        "id.resp_h" | "id_resp_h" => Column::Destination,
        "id.resp_p" | "id_resp_p" => Column::DestinationPort,
        "proto" => Column::Protocol,
        // Zeek 7.1 and later: the name may be `unknown_transport`.
        "ip_proto" => Column::ProtocolNumber,
        "duration" => Column::Duration,
        "orig_ip_bytes" => Column::Bytes,
        "orig_bytes" => Column::Payload,
        "orig_pkts" => Column::Packets,
        "resp_ip_bytes" => Column::BytesBack,
        "resp_bytes" => Column::PayloadBack,
        "resp_pkts" => Column::PacketsBack,
        "_system_name" | "@system" => Column::Sensor,
        _ => return None,
    })
}

/// The state of reading one TSV log: what its header said.
#[derive(Debug)]
pub(super) struct Zeek {
    separator: u8,
    unset: Vec<u8>,
    empty: Vec<u8>,
    columns: Vec<Column>,
}

impl Default for Zeek {
    fn default() -> Self {
        Self { separator: b'\t', unset: b"-".into(), empty: b"(empty)".into(), columns: Vec::new() }
    }
}

impl Zeek {
    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        if let Some(directive) = line.text.strip_prefix(b"#") {
            self.directive(directive);
            return Ok(Outcome::Ignored);
        }
        // zeek-cut leaves the header's names without its mark.
        if let Some(columns) = bare_header(line.text) {
            self.columns = columns;
            return Ok(Outcome::Ignored);
        }
        if self.columns.is_empty() {
            return Err("no line `#fields` stands before it");
        }
        let mut draft = Draft::new(line.zone);
        let mut values = line.text.split(|byte| *byte == self.separator);
        for column in &self.columns {
            let value = values.next().ok_or("it has fewer fields than the header names")?;
            if *column != Column::Other && value != self.unset && value != self.empty && !value.is_empty() {
                draft.fill(*column, Value::Text(value))?;
            }
        }
        if values.next().is_some() {
            return Err("it has more fields than the header names");
        }
        emit.draft(&mut draft, line)
    }

    fn directive(&mut self, text: &[u8]) {
        // The separator after the directive's name is a blank before it is known, and in `#separator` itself.
        let at = text.iter().position(|byte| *byte == b' ' || *byte == self.separator).unwrap_or(text.len());
        let (name, value) = text.split_at_checked(at).unwrap_or((text, b""));
        let value = value.get(1..).unwrap_or_default();
        match name {
            b"separator" => self.separator = unescape(value).unwrap_or(self.separator),
            b"unset_field" => self.unset = value.into(),
            b"empty_field" => self.empty = value.into(),
            b"fields" => {
                self.columns = value
                    .split(|byte| *byte == self.separator)
                    .map(|name| name.to_str().ok().and_then(column).unwrap_or(Column::Other))
                    .collect();
            }
            b"types" => self.types(value),
            _ => {}
        }
    }

    /// The names of the ends can be mapped to anything; their types cannot. The first address is where it came from.
    fn types(&mut self, types: &[u8]) {
        if self.columns.contains(&Column::Source) || self.columns.contains(&Column::Destination) {
            return;
        }
        let mut addresses = [Column::Source, Column::Destination].into_iter();
        let mut ports = [Column::SourcePort, Column::DestinationPort].into_iter();
        for (column, kind) in self.columns.iter_mut().zip(types.split(|byte| *byte == self.separator)) {
            let meaning = match kind {
                b"addr" => addresses.next(),
                b"port" => ports.next(),
                _ => None,
            };
            *column = meaning.unwrap_or(*column);
        }
    }
}

/// `\x09`, or the character itself.
fn unescape(text: &[u8]) -> Option<u8> {
    match text.strip_prefix(b"\\x") {
        Some(hex) => u8::from_str_radix(hex.to_str().ok()?, 16).ok(),
        None => text.first().copied(),
    }
}

/// Columns of a line that holds names of Zeek's where values would stand.
pub(super) fn bare_header(line: &[u8]) -> Option<Vec<Column>> {
    if !(line.contains_str("id.orig_h\t") || line.contains_str("id_orig_h\t")) {
        return None;
    }
    let names = line.split(|byte| *byte == b'\t');
    Some(names.map(|name| name.to_str().ok().and_then(column).unwrap_or(Column::Other)).collect())
}

/// The state of reading one JSON log: buffers only.
#[derive(Debug, Default)]
pub(super) struct ZeekJson {
    fields: Fields,
}

impl ZeekJson {
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let fields = &mut self.fields;
        fields.clear();
        json::leaves(line.text, &mut |path, value| {
            // Some shippers put Zeek's record below its log's name.
            let name = path.strip_prefix("conn.").or_else(|| path.strip_prefix("zeek.")).unwrap_or(path);
            if let Some(column) = column(name) {
                fields.push(column, value);
            }
        })?;
        if !fields.has_address() {
            return Ok(Outcome::Ignored);
        }
        let mut draft = Draft::new(line.zone);
        fields.fill(&mut draft)?;
        emit.draft(&mut draft, line)
    }
}
