//! CloudWatch Logs: what a subscription delivers (`logEvents`), what `aws logs filter-log-events` and `get-log-events`
//! print (`events`), what Insights answers (`results`), and the tables of its console. Each message is a line of another
//! log.

use super::column::{Draft, Value, Why};
use super::columns::guess;
use super::csv;
use super::eve::Eve;
use super::json::{self, Fields};
use super::parser::{Emit, Line, Outcome};
use super::vpc::{self, Vpc};

/// Parsers of what a message can be.
#[derive(Debug)]
struct Inner {
    vpc: Vpc,
    eve: Eve,
}

impl Inner {
    fn new(options: &super::Options) -> Self {
        Self { vpc: Vpc::new(options.fields.as_deref()), eve: Eve::default() }
    }

    fn message(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let line = Line { text: vpc::own(line.text), ..line };
        if line.text.starts_with(b"{") { self.eve.document(line, emit) } else { self.vpc.line(line, emit) }
    }
}

/// The state of reading one log of JSON documents.
#[derive(Debug)]
pub(super) struct Cloudwatch {
    inner: Inner,
    messages: Vec<u8>,
    ends: Vec<usize>,
    rows: Vec<Fields>,
}

impl Cloudwatch {
    pub(super) fn new(options: &super::Options) -> Self {
        Self { inner: Inner::new(options), messages: Vec::new(), ends: Vec::new(), rows: Vec::new() }
    }

    /// One bad message costs itself only.
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Self { inner, messages, ends, rows } = self;
        messages.clear();
        ends.clear();
        rows.clear();
        // Insights answers with rows of pairs. A row begins where its first name comes again.
        let (mut first, mut name) = (String::new(), String::new());
        json::leaves(line.text, &mut |path, value| match (path, value) {
            (
                "logEvents.message" | "events.message" | "message" | "@message" | "results.@message",
                Value::Text(text),
            ) => {
                messages.extend_from_slice(text);
                ends.push(messages.len());
            }
            ("results.field", Value::Text(text)) => {
                name = String::from_utf8_lossy(text).into_owned();
                if first.is_empty() {
                    first.clone_from(&name);
                }
                if first == name {
                    rows.push(Fields::default());
                }
            }
            ("results.value", Value::Text(text)) if name == "@message" => {
                messages.extend_from_slice(text);
                ends.push(messages.len());
            }
            ("results.value", value) => {
                if let (Some(column), Some(row)) = (guess(&name), rows.last_mut()) {
                    row.push(column, value);
                }
            }
            (path, value) if !path.contains('.') => {
                // A row of Insights as the console saves it.
                if rows.is_empty() {
                    rows.push(Fields::default());
                }
                if let (Some(column), Some(row)) = (guess(path), rows.last_mut()) {
                    row.push(column, value);
                }
            }
            _ => {}
        })?;
        let mut from = 0;
        let mut all = Outcome::Ignored;
        for end in &*ends {
            let text = messages.get(from..*end).unwrap_or_default().trim_ascii();
            from = *end;
            let line = Line { text, ..line };
            match inner.message(line, emit) {
                Ok(Outcome::Records) => all = Outcome::Records,
                Ok(Outcome::Ignored) => {}
                Err(why) => emit.tally.bad(line.number, why, text),
            }
        }
        if !ends.is_empty() {
            return Ok(all);
        }
        for row in rows.iter().filter(|row| row.has_address() || row.has_status()) {
            let mut draft = Draft::new(line.zone);
            match row.fill(&mut draft).and_then(|()| emit.draft(&mut draft, line)) {
                Ok(_) => all = Outcome::Records,
                Err(why) => emit.tally.bad(line.number, why, line.text),
            }
        }
        Ok(all)
    }
}

/// The state of reading one table with messages in a column.
#[derive(Debug)]
pub(super) struct Messages {
    inner: Inner,
    /// The header, and the place of the column.
    header: Option<(Vec<u8>, usize)>,
}

impl Messages {
    pub(super) fn new(options: &super::Options) -> Self {
        Self { inner: Inner::new(options), header: None }
    }

    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Some((header, place)) = &self.header else {
            let place =
                csv::message_column(line.text).ok_or("there is no column for messages in its header")?;
            self.header = Some((line.text.to_vec(), place));
            return Ok(Outcome::Ignored);
        };
        if line.text == header.as_slice() {
            return Ok(Outcome::Ignored);
        }
        let message = csv::cell(line.text, *place).ok_or("it has fewer columns than the header")?;
        self.inner.message(Line { text: &message, ..line }, emit)
    }
}
