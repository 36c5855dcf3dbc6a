//! Rows as they come: the same for the terminal and for what the viewer saves.

use super::strength::Match;
use crate::flow::{Action, Direction, End, Record, Status, protocol_name};
use crate::model::Timestamp;
use crate::query::Value;
use crate::query::write::{Form, csv_line};
use crate::systems::System;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes one row a record, without keeping any.
pub struct RowWriter<'s> {
    form: Form,
    systems: &'s [System],
    rows: u64,
}

/// One row of JSON. The names are a contract.
#[derive(Serialize)]
struct JsonRow<'a> {
    log: &'a str,
    line: u64,
    part: u32,
    record: Value<'a>,
    matches: Value<'a>,
}

impl<'s> RowWriter<'s> {
    /// A writer of rows about these systems.
    #[must_use]
    pub fn new(form: Form, systems: &'s [System]) -> Self {
        Self { form, systems, rows: 0 }
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
        let first = self.rows == 0;
        self.rows += 1;
        match self.form {
            Form::Text => self.text(log, record, matches, first, out),
            Form::Json => {
                out.write_all(if first { b"[\n" } else { b",\n" })?;
                let matches =
                    Value::List(matches.iter().map(|each| Value::Object(self.fields(each))).collect());
                let (line, part) = (record.line, record.part);
                let record = Value::Object(fields(record));
                serde_json::to_writer(out, &JsonRow { log, line, part, record, matches })?;
                Ok(())
            }
            Form::Csv => {
                let fields = fields(record);
                if first {
                    csv_header(&fields, out)?;
                }
                let cells: Vec<Cow<'_, str>> = fields.iter().map(|(_, value)| value.text()).collect();
                let matches: Vec<String> =
                    matches.iter().map(|each| Value::Object(self.fields(each)).text().into_owned()).collect();
                let (line, part, matches) =
                    (record.line.to_string(), record.part.to_string(), matches.join("; "));
                let head = [log, &line, &part].into_iter();
                csv_line(head.chain(cells.iter().map(AsRef::as_ref)).chain([matches.as_str()]), out)
            }
        }
    }

    /// Ends the answer.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(self, out: &mut dyn Write) -> io::Result<()> {
        match (self.form, self.rows) {
            (Form::Json, 0) => out.write_all(b"[]\n"),
            (Form::Json, _) => out.write_all(b"\n]\n"),
            (Form::Csv, 0) => csv_header(&fields(&Record::<Vec<u8>>::default()), out),
            _ => Ok(()),
        }
    }

    fn text<T: AsRef<[u8]>>(
        &self,
        log: &str,
        record: &Record<T>,
        matches: &[Match],
        first: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if first {
            writeln!(out, "{:<24}  {:<19}  {:<72}  MATCHES", "LOG:LINE", "TIME (UTC)", "RECORD")?;
        }
        let time = record.first().map(Timestamp::to_the_second).unwrap_or_default();
        let (place, text) = (format!("{log}:{}", record.line), record.to_string());
        write!(out, "{place:<24}  {time:<19}  {text:<72}  ")?;
        for (at, each) in matches.iter().enumerate() {
            let [system, _, pid, name, side, ..] = &self.fields(each)[..] else { continue };
            out.write_all(if at > 0 { b"; " } else { b"" })?;
            write!(out, "{} is {}", side.1.text(), system.1.text())?;
            if each.process.is_some() {
                write!(out, " {} ({})", name.1.text(), pid.1.text())?;
            }
            write!(out, ": {}", each.strength.about().words)?;
            if each.ambiguous {
                out.write_all(b" (one of several)")?;
            }
        }
        out.write_all(b"\n")
    }

    /// A match, by the names of JSON.
    fn fields(&self, each: &Match) -> Vec<(&'static str, Value<'s>)> {
        let system = usize::try_from(each.system.0).ok().and_then(|at| self.systems.get(at));
        let process = each.process.and_then(|row| system?.processes.get(usize::try_from(row.0).ok()?));
        let text = |text: Option<&'s String>| text.map_or(Value::Null, |text| Value::Bytes(text.as_bytes()));
        vec![
            ("system", text(system.map(|system| &system.name))),
            ("bundle", text(system.map(|system| &system.bundle))),
            ("pid", process.map_or(Value::Null, |process| Value::Number(process.pid.into()))),
            ("process", process.map_or(Value::Null, |process| Value::Bytes(&process.name))),
            ("side", Value::Text(each.side.word().into())),
            ("strength", Value::Text(each.strength.about().name.into())),
            ("ambiguous", Value::Bool(each.ambiguous)),
        ]
    }
}

fn csv_header(fields: &[(&'static str, Value<'_>)], out: &mut dyn Write) -> io::Result<()> {
    let names = fields.iter().map(|(name, _)| *name);
    csv_line(["log", "line", "part"].into_iter().chain(names).chain(["matches"]), out)
}

/// A record, by the names of JSON and CSV.
fn fields<T: AsRef<[u8]>>(record: &Record<T>) -> Vec<(&'static str, Value<'_>)> {
    let of = &record.reporter;
    let [container, second] = &of.containers;
    let number = |number: Option<u64>| number.map_or(Value::Null, Value::Number);
    let time = |time: Option<Timestamp>| time.map_or(Value::Null, Value::Time);
    let address =
        |end: &End| end.address.map_or(Value::Null, |address| Value::Text(address.to_string().into()));
    let packet =
        |end: &End| end.packet.map_or(Value::Null, |address| Value::Text(address.to_string().into()));
    let word = |word: Option<&'static str>| word.map_or(Value::Null, |word| Value::Text(word.into()));
    let protocol = match record.protocol.map(|number| (number, protocol_name(number))) {
        Some((_, Some(name))) => Value::Text(name.into()),
        Some((number, None)) => Value::Text(number.to_string().into()),
        None => Value::Null,
    };
    let status = match record.status {
        Status::Flow => "flow",
        Status::NoData => "no-data",
        Status::Skipped => "skipped",
    };
    vec![
        ("status", Value::Text(status.into())),
        ("start", time(record.start)),
        ("end", time(record.end)),
        ("protocol", protocol),
        ("source", address(&record.source)),
        ("source_port", number(record.source.port.map(u64::from))),
        ("source_packet", packet(&record.source)),
        ("destination", address(&record.destination)),
        ("destination_port", number(record.destination.port.map(u64::from))),
        ("destination_packet", packet(&record.destination)),
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

fn bytes<T: AsRef<[u8]>>(text: &Option<T>) -> Value<'_> {
    text.as_ref().map_or(Value::Null, |text| Value::Bytes(text.as_ref()))
}
