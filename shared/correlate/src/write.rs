//! Rows as they come: the same for the terminal and for what the viewer saves. Millions are written, so each goes into one
//! buffer that is used again, without text in between.

use super::brief::put_brief;
use super::cell::{Cell, put_csv, put_json, put_text};
use super::digits::{Clock, put_number, put_v4};
use super::fragment::{Fragments, cells, put_object, put_slowly};
use super::strength::Match;
use procglass_logs::{Action, Direction, Record, Status, protocol_name};
use procglass_query::write::Form;
use procglass_systems::System;
use std::io::{self, Write};
use std::net::IpAddr;

/// Writes one row a record, without keeping any but the last few, until they fill a buffer.
pub struct RowWriter<'s> {
    form: Form,
    systems: &'s [System],
    rows: u64,
    buffer: Vec<u8>,
    /// A field of several values, before it is quoted.
    joined: Vec<u8>,
    matches: Fragments<'s>,
    clock: Clock,
    /// The name of the log, and as it stands in a row.
    log: (String, Vec<u8>),
}

/// Names in front of those of [`fields`].
const HEAD: [&str; 3] = ["log", "line", "part"];
/// Width of the columns of text.
const WIDTHS: [usize; 3] = [24, 19, 72];
/// Rows are handed on when there are so many bytes of them.
const FULL: usize = 64 << 10;

impl<'s> RowWriter<'s> {
    /// A writer of rows about these systems.
    #[must_use]
    pub fn new(form: Form, systems: &'s [System]) -> Self {
        Self {
            form,
            systems,
            rows: 0,
            buffer: Vec::with_capacity(FULL + (8 << 10)),
            joined: Vec::new(),
            matches: Fragments::new(form, systems),
            clock: Clock::default(),
            log: (String::new(), Vec::new()),
        }
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
        if self.rows == 0 {
            self.begin();
        } else if self.form == Form::Json {
            self.buffer.extend_from_slice(b",\n");
        }
        if self.rows == 0 || self.log.0 != log {
            self.rename(log);
        }
        self.rows += 1;
        match self.form {
            Form::Text => self.text(record, matches),
            Form::Json => self.json(record, matches),
            Form::Csv => self.csv(record, matches),
        }
        if self.buffer.len() < FULL {
            return Ok(());
        }
        let outcome = out.write_all(&self.buffer);
        self.buffer.clear();
        outcome
    }

    /// Ends the answer.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        match (self.form, self.rows) {
            (Form::Json, 0) => self.buffer.extend_from_slice(b"[]\n"),
            (Form::Json, _) => self.buffer.extend_from_slice(b"\n]\n"),
            (_, 0) => self.begin(),
            _ => {}
        }
        out.write_all(&self.buffer)
    }

    fn rename(&mut self, log: &str) {
        let (name, text) = &mut self.log;
        log.clone_into(name);
        text.clear();
        let cell = Cell::Bytes(log.as_bytes());
        match self.form {
            Form::Text => put_text(&cell, text),
            Form::Csv => put_csv(&cell, text),
            Form::Json => {
                text.extend_from_slice(b"{\"log\":");
                put_json(&cell, text);
            }
        }
    }

    fn begin(&mut self) {
        match self.form {
            Form::Json => self.buffer.extend_from_slice(b"[\n"),
            Form::Csv => {
                let mut all = HEAD.to_vec();
                fields(&Record::<&[u8]>::default(), &mut all);
                all.push("matches");
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

    fn json<T: AsRef<[u8]>>(&mut self, record: &Record<T>, matches: &[Match]) {
        let Self { buffer: out, systems, log: (_, log), clock, .. } = self;
        out.extend_from_slice(log);
        out.extend_from_slice(b",\"line\":");
        put_number(record.line, out);
        out.extend_from_slice(b",\"part\":");
        put_number(record.part.into(), out);
        out.extend_from_slice(b",\"record\":{");
        fields(record, &mut Json { out, clock });
        // The comma behind the last member.
        out.pop();
        out.extend_from_slice(b"},\"matches\":[");
        for each in matches {
            if !self.matches.put(each, out) {
                put_object(systems, each, out);
            }
            out.push(b',');
        }
        if !matches.is_empty() {
            out.pop();
        }
        out.extend_from_slice(b"]}");
    }

    fn csv<T: AsRef<[u8]>>(&mut self, record: &Record<T>, matches: &[Match]) {
        let Self { buffer: out, joined, systems, log: (_, log), clock, .. } = self;
        out.extend_from_slice(log);
        out.push(b',');
        put_number(record.line, out);
        out.push(b',');
        put_number(record.part.into(), out);
        out.push(b',');
        fields(record, &mut Csv { out, clock });
        let from = out.len();
        for (at, each) in matches.iter().enumerate() {
            out.extend_from_slice(if at > 0 { b"; " } else { b"" });
            if self.matches.put(each, out) {
                continue;
            }
            // Something in it needs quotes, and then all of it does.
            out.truncate(from);
            joined.clear();
            for (at, each) in matches.iter().enumerate() {
                joined.extend_from_slice(if at > 0 { b"; " } else { b"" });
                put_slowly(systems, each, joined);
            }
            put_csv(&Cell::Bytes(joined), out);
            break;
        }
        out.extend_from_slice(b"\r\n");
    }

    fn text<T: AsRef<[u8]>>(&mut self, record: &Record<T>, matches: &[Match]) {
        let Self { buffer: out, systems, log: (_, log), .. } = self;
        let [place, time, about] = WIDTHS;
        let from = out.len();
        out.extend_from_slice(log);
        out.push(b':');
        put_number(record.line, out);
        pad(from + place, out);
        let from = out.len();
        put_text(&record.first().map_or(Cell::Null, Cell::Second), out);
        pad(from + time, out);
        let from = out.len();
        put_brief(record, out);
        pad(from + about, out);
        for (at, each) in matches.iter().enumerate() {
            let [system, _, pid, name, side, ..] = &cells(systems, each);
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

/// Takes the fields of a record, one after the other.
trait Take {
    /// A field by its name in CSV, and how it begins in JSON.
    fn take(&mut self, names: (&'static str, &'static str), cell: &Cell<'_>);
}

impl Take for Vec<&'static str> {
    fn take(&mut self, names: (&'static str, &'static str), _: &Cell<'_>) {
        self.push(names.0);
    }
}

/// Fields as those of CSV, each with its comma.
struct Csv<'a> {
    out: &'a mut Vec<u8>,
    clock: &'a mut Clock,
}

impl Take for Csv<'_> {
    // What kind of value a field has is known where it is written.
    #[inline(always)]
    fn take(&mut self, _: (&'static str, &'static str), cell: &Cell<'_>) {
        match cell {
            Cell::Null => {}
            Cell::Time(time) => self.clock.put(*time, self.out),
            Cell::Number(number) => put_number(*number, self.out),
            Cell::Address(IpAddr::V4(address)) => put_v4(*address, self.out),
            Cell::Word(word) => self.out.extend_from_slice(word.as_bytes()),
            _ => put_csv(cell, self.out),
        }
        self.out.push(b',');
    }
}

/// Fields as members of a JSON object, each with its comma.
struct Json<'a> {
    out: &'a mut Vec<u8>,
    clock: &'a mut Clock,
}

impl Take for Json<'_> {
    #[inline(always)]
    fn take(&mut self, names: (&'static str, &'static str), cell: &Cell<'_>) {
        let out = &mut *self.out;
        out.extend_from_slice(names.1.as_bytes());
        match cell {
            Cell::Null => return out.extend_from_slice(b"null,"),
            Cell::Number(number) => put_number(*number, out),
            Cell::Time(time) => {
                out.push(b'"');
                self.clock.put(*time, out);
                out.push(b'"');
            }
            Cell::Address(IpAddr::V4(address)) => {
                out.push(b'"');
                put_v4(*address, out);
                out.push(b'"');
            }
            _ => put_json(cell, out),
        }
        out.push(b',');
    }
}

/// A record's fields, by the names of JSON and CSV.
#[inline(always)]
fn fields<T: AsRef<[u8]>>(record: &Record<T>, to: &mut impl Take) {
    macro_rules! put {
        ($($name:literal: $cell:expr,)*) => {
            $(to.take(($name, concat!("\"", $name, "\":")), &$cell);)*
        };
    }
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
    put! {
        "status": Cell::Word(status),
        "start": record.start.map_or(Cell::Null, Cell::Time),
        "end": record.end.map_or(Cell::Null, Cell::Time),
        "protocol": protocol,
        "source": record.source.address.map_or(Cell::Null, Cell::Address),
        "source_port": number(record.source.port.map(u64::from)),
        "source_packet": record.source.packet.map_or(Cell::Null, Cell::Address),
        "destination": record.destination.address.map_or(Cell::Null, Cell::Address),
        "destination_port": number(record.destination.port.map(u64::from)),
        "destination_packet": record.destination.packet.map_or(Cell::Null, Cell::Address),
        "bytes": number(record.sent.bytes),
        "packets": number(record.sent.packets),
        "bytes_back": number(record.received.bytes),
        "packets_back": number(record.received.packets),
        "action": word(record.action.map(Action::word)),
        "rule": bytes(&record.rule),
        "direction": word(record.direction.map(Direction::word)),
        "account": bytes(&of.account),
        "interface": bytes(&of.interface),
        "instance": bytes(&of.instance),
        "cluster": bytes(&of.cluster),
        "service": bytes(&of.service),
        "task": bytes(&of.task),
        "container": bytes(container),
        "second_container": bytes(second),
        "sensor": bytes(&of.sensor),
    }
}

fn bytes<T: AsRef<[u8]>>(text: &Option<T>) -> Cell<'_> {
    text.as_ref().map_or(Cell::Null, |text| Cell::Bytes(text.as_ref()))
}
