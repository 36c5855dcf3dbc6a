//! Rows as they come: the same for the terminal and for what the viewer saves. Millions are written, so each goes into one
//! buffer that is used again, without text in between.

use super::cell::{Cell, put_csv, put_json, put_text};
use super::strength::Match;
use crate::flow::{Action, Direction, Record, Status, protocol_name};
use crate::query::write::Form;
use crate::systems::System;
use std::io::{self, Write};

/// Writes one row a record, without keeping any.
pub struct RowWriter<'s> {
    form: Form,
    systems: &'s [System],
    rows: u64,
    buffer: Vec<u8>,
    /// A field of several values, before it is quoted.
    joined: Vec<u8>,
}

/// Names in front of those of [`fields`].
const HEAD: [&str; 3] = ["log", "line", "part"];
/// Width of the columns of text.
const WIDTHS: [usize; 3] = [24, 19, 72];

impl<'s> RowWriter<'s> {
    /// A writer of rows about these systems.
    #[must_use]
    pub fn new(form: Form, systems: &'s [System]) -> Self {
        Self { form, systems, rows: 0, buffer: Vec::new(), joined: Vec::new() }
    }

    /// Writes a row.
    ///
    /// # Errors
    /// What `out` says.
    pub fn row<T: AsRef<[u8]>>(
        &mut self,
        log: &str,
        record: &Record<T>,
        matches: &[Match],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        self.buffer.clear();
        if self.rows == 0 {
            self.begin();
        } else if self.form == Form::Json {
            self.buffer.extend_from_slice(b",\n");
        }
        self.rows += 1;
        match self.form {
            Form::Text => self.text(log, record, matches),
            Form::Json => self.json(log, record, matches),
            Form::Csv => self.csv(log, record, matches),
        }
        out.write_all(&self.buffer)
    }

    /// Ends the answer.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        self.buffer.clear();
        match (self.form, self.rows) {
            (Form::Json, 0) => self.buffer.extend_from_slice(b"[]\n"),
            (Form::Json, _) => self.buffer.extend_from_slice(b"\n]\n"),
            (_, 0) => self.begin(),
            _ => {}
        }
        out.write_all(&self.buffer)
    }

    fn begin(&mut self) {
        match self.form {
            Form::Json => self.buffer.extend_from_slice(b"[\n"),
            Form::Csv => {
                let empty = Record::<&[u8]>::default();
                let names = fields(&empty).map(|(name, _)| name);
                let all: Vec<&str> = HEAD.into_iter().chain(names).chain(["matches"]).collect();
                self.buffer.extend_from_slice(all.join(",").as_bytes());
                self.buffer.extend_from_slice(b"\r\n");
            }
            Form::Text => {
                for (name, width) in ["LOG:LINE", "TIME (UTC)", "RECORD"].into_iter().zip(WIDTHS) {
                    self.buffer.extend_from_slice(format!("{name:<width$}  ").as_bytes());
                }
                self.buffer.extend_from_slice(b"MATCHES\n");
            }
        }
    }

    fn json<T: AsRef<[u8]>>(&mut self, log: &str, record: &Record<T>, matches: &[Match]) {
        let out = &mut self.buffer;
        let head = [Cell::Bytes(log.as_bytes()), Cell::Number(record.line), Cell::Number(record.part.into())];
        let mut mark = b'{';
        for (name, cell) in HEAD.into_iter().zip(head) {
            put_json(mark, name, &cell, out);
            mark = b',';
        }
        out.extend_from_slice(b",\"record\":");
        object(&fields(record), out);
        out.extend_from_slice(b",\"matches\":[");
        for (at, each) in matches.iter().enumerate() {
            out.extend_from_slice(if at > 0 { b"," } else { b"" });
            object(&of_match(self.systems, each), out);
        }
        out.extend_from_slice(b"]}");
    }

    fn csv<T: AsRef<[u8]>>(&mut self, log: &str, record: &Record<T>, matches: &[Match]) {
        let Self { buffer: out, joined, systems, .. } = self;
        let head = [Cell::Bytes(log.as_bytes()), Cell::Number(record.line), Cell::Number(record.part.into())];
        for cell in head.iter().chain(fields(record).iter().map(|(_, cell)| cell)) {
            put_csv(cell, out);
            out.push(b',');
        }
        joined.clear();
        for (at, each) in matches.iter().enumerate() {
            joined.extend_from_slice(if at > 0 { b"; " } else { b"" });
            for (place, (_, cell)) in of_match(systems, each).iter().enumerate() {
                joined.extend_from_slice(if place > 0 { b"/" } else { b"" });
                put_text(cell, joined);
            }
        }
        put_csv(&Cell::Bytes(joined), out);
        out.extend_from_slice(b"\r\n");
    }

    fn text<T: AsRef<[u8]>>(&mut self, log: &str, record: &Record<T>, matches: &[Match]) {
        let Self { buffer: out, systems, .. } = self;
        let [place, time, about] = WIDTHS;
        let from = out.len();
        put_text(&Cell::Bytes(log.as_bytes()), out);
        out.push(b':');
        put_text(&Cell::Number(record.line), out);
        pad(from + place, out);
        let from = out.len();
        put_text(&record.first().map_or(Cell::Null, Cell::Second), out);
        pad(from + time, out);
        let from = out.len();
        // Nothing can fail that only grows a buffer.
        let _ = write!(out, "{record}");
        pad(from + about, out);
        for (at, each) in matches.iter().enumerate() {
            let [(_, system), _, (_, pid), (_, name), (_, side), ..] = &of_match(systems, each);
            out.extend_from_slice(if at > 0 { b"; " } else { b"" });
            put_text(side, out);
            out.extend_from_slice(b" is ");
            put_text(system, out);
            if each.process.is_some() {
                out.push(b' ');
                put_text(name, out);
                out.extend_from_slice(b" (");
                put_text(pid, out);
                out.push(b')');
            }
            out.extend_from_slice(b": ");
            out.extend_from_slice(each.strength.about().words.as_bytes());
            out.extend_from_slice(if each.ambiguous { b" (one of several)" } else { b"" });
        }
        out.push(b'\n');
    }
}

/// Blanks up to a width, and two between columns.
fn pad(to: usize, out: &mut Vec<u8>) {
    let to = to.max(out.len()) + 2;
    out.resize(to, b' ');
}

fn object(fields: &[(&'static str, Cell<'_>)], out: &mut Vec<u8>) {
    let mut mark = b'{';
    for (name, cell) in fields {
        put_json(mark, name, cell, out);
        mark = b',';
    }
    out.push(b'}');
}

/// A match, by the names of JSON.
fn of_match<'s>(systems: &'s [System], each: &Match) -> [(&'static str, Cell<'s>); 7] {
    let system = usize::try_from(each.system.0).ok().and_then(|at| systems.get(at));
    let process = each.process.and_then(|row| system?.processes.get(usize::try_from(row.0).ok()?));
    let text = |text: Option<&'s String>| text.map_or(Cell::Null, |text| Cell::Bytes(text.as_bytes()));
    [
        ("system", text(system.map(|system| &system.name))),
        ("bundle", text(system.map(|system| &system.bundle))),
        ("pid", process.map_or(Cell::Null, |process| Cell::Number(process.pid.into()))),
        ("process", process.map_or(Cell::Null, |process| Cell::Bytes(&process.name))),
        ("side", Cell::Word(each.side.word())),
        ("strength", Cell::Word(each.strength.about().name)),
        ("ambiguous", Cell::Bool(each.ambiguous)),
    ]
}

/// A record, by the names of JSON and CSV.
fn fields<T: AsRef<[u8]>>(record: &Record<T>) -> [(&'static str, Cell<'_>); 26] {
    let of = &record.reporter;
    let [container, second] = &of.containers;
    let number = |number: Option<u64>| number.map_or(Cell::Null, Cell::Number);
    let word = |word: Option<&'static str>| word.map_or(Cell::Null, Cell::Word);
    let protocol = match record.protocol.map(|number| (number, protocol_name(number))) {
        Some((_, Some(name))) => Cell::Word(name),
        // A word as well, so that the field has one type.
        Some((number, None)) => Cell::Digits(number),
        None => Cell::Null,
    };
    let status = match record.status {
        Status::Flow => "flow",
        Status::NoData => "no-data",
        Status::Skipped => "skipped",
    };
    [
        ("status", Cell::Word(status)),
        ("start", record.start.map_or(Cell::Null, Cell::Time)),
        ("end", record.end.map_or(Cell::Null, Cell::Time)),
        ("protocol", protocol),
        ("source", record.source.address.map_or(Cell::Null, Cell::Address)),
        ("source_port", number(record.source.port.map(u64::from))),
        ("source_packet", record.source.packet.map_or(Cell::Null, Cell::Address)),
        ("destination", record.destination.address.map_or(Cell::Null, Cell::Address)),
        ("destination_port", number(record.destination.port.map(u64::from))),
        ("destination_packet", record.destination.packet.map_or(Cell::Null, Cell::Address)),
        ("bytes", number(record.sent.bytes)),
        ("packets", number(record.sent.packets)),
        ("bytes_back", number(record.received.bytes)),
        ("packets_back", number(record.received.packets)),
        ("action", word(record.action.map(Action::word))),
        ("rule", bytes(&record.rule)),
        ("direction", word(record.direction.map(Direction::word))),
        ("account", bytes(&of.account)),
        ("interface", bytes(&of.interface)),
        ("instance", bytes(&of.instance)),
        ("cluster", bytes(&of.cluster)),
        ("service", bytes(&of.service)),
        ("task", bytes(&of.task)),
        ("container", bytes(container)),
        ("second_container", bytes(second)),
        ("sensor", bytes(&of.sensor)),
    ]
}

fn bytes<T: AsRef<[u8]>>(text: &Option<T>) -> Cell<'_> {
    text.as_ref().map_or(Cell::Null, |text| Cell::Bytes(text.as_ref()))
}
