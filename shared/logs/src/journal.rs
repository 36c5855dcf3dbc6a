//! The kernel's messages in systemd's journal, as `journalctl -o json`, `-o export` and `-o verbose` write it, and in the JSON of
//! programs that ship logs: a message beside its time and its host.

use super::column::{Draft, Value, Why};
use super::json;
use super::kernel;
use super::parser::{Emit, Line, Outcome};
use super::record::Record;
use super::scan;
use super::syslog::{self, Clock};
use bstr::ByteSlice as _;
use procglass_model::Timestamp;

/// Seconds since 1970 below which a number tells of no time that a log could have: 1973.
const EARLIEST: i64 = 100_000_000;

/// One entry of the journal, as far as it is needed here. Used again for every entry.
#[derive(Debug, Default)]
pub(super) struct Entry {
    message: Vec<u8>,
    host: Vec<u8>,
    /// When the journal took it, and the time that its source gave: microseconds since 1970.
    time: Option<Timestamp>,
    /// The line that holds the message.
    line: u64,
}

impl Entry {
    fn clear(&mut self) {
        self.message.clear();
        self.host.clear();
        (self.time, self.line) = (None, 0);
    }

    fn emit(&self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        if !kernel::is_packet(&self.message) {
            return Ok(Outcome::Ignored);
        }
        let mut draft = Draft::new(line.zone);
        kernel::fill(self.message.trim_ascii(), line, &mut draft)?;
        let Record { start, end, reporter, .. } = &mut draft.record;
        // The message itself may have a head, where a program read it from a file.
        if start.is_none() {
            (*start, *end) = (self.time, self.time);
        }
        reporter.sensor = reporter.sensor.or_else(|| (!self.host.is_empty()).then_some(self.host.as_slice()));
        emit.draft(&mut draft, line)
    }

    fn time(&mut self, value: Value<'_>, zone: i64) {
        let time = match value {
            Value::Text(text) => scan::time(text, zone).map(|(time, _)| time),
            Value::Number(number) => scan::epoch(number),
            Value::Float(seconds) => scan::float_time(seconds),
        };
        // `dmesg -J` has seconds since the kernel's start, which are no point in time.
        self.time = time.filter(|time| time.seconds() > EARLIEST).or(self.time);
    }
}

/// The state of reading one journal as JSON: a buffer.
#[derive(Debug, Default)]
pub(super) struct Json(Entry);

impl Json {
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let entry = &mut self.0;
        entry.clear();
        json::leaves(line.text, &mut |path, value| match (path, value) {
            ("MESSAGE" | "message" | "msg" | "log", Value::Text(text)) => entry.message = text.into(),
            // The journal writes a message that is not UTF-8 as an array of its bytes.
            ("MESSAGE", Value::Number(byte)) => entry.message.extend(u8::try_from(byte).ok()),
            ("_HOSTNAME" | "HOSTNAME" | "hostname" | "host" | "host.name", Value::Text(text)) => {
                entry.host = text.into();
            }
            ("__REALTIME_TIMESTAMP" | "@timestamp" | "timestamp" | "time", value) => {
                entry.time(value, line.zone);
            }
            _ => {}
        })?;
        entry.emit(line, emit)
    }
}

/// The first line of an entry as `journalctl -o verbose` writes it: a time and the entry's cursor in brackets.
pub(super) fn is_verbose(line: &[u8]) -> bool {
    line.contains_str(" [s=") && line.trim_ascii_end().ends_with(b"]")
}

/// The state of reading one journal in its export format or its verbose one: the entry that is open. An empty line, or
/// the first line of another entry, ends it.
#[derive(Debug, Default)]
pub(super) struct Export(Entry);

impl Export {
    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let entry = &mut self.0;
        let begins = is_verbose(line.text);
        if line.text.is_empty() || begins {
            let has_message = !entry.message.is_empty();
            let outcome = entry.emit(Line { number: entry.line, ..line }, emit);
            entry.clear();
            if begins {
                let time = line.text.find(" [s=").and_then(|at| line.text.get(..at)).unwrap_or_default();
                entry.time = syslog::head(time, Clock { zone: line.zone, reference: line.reference }).time;
            }
            return if has_message { outcome } else { Ok(Outcome::Records) };
        }
        // A value that is no plain text stands behind its name on lines of its own, and is not needed.
        let Some((name, value)) = line.text.trim_ascii_start().split_once_str("=") else {
            return Ok(Outcome::Ignored);
        };
        match name {
            b"MESSAGE" => (entry.message, entry.line) = (value.into(), line.number),
            b"_HOSTNAME" => entry.host = value.into(),
            b"__REALTIME_TIMESTAMP" => entry.time(Value::Text(value), line.zone),
            _ => {}
        }
        Ok(Outcome::Records)
    }
}
