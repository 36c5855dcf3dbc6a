//! CloudWatch Logs: what a subscription delivers (`logEvents`), and what `aws logs filter-log-events` prints (`events`).
//! Each message is a line of another log.

use super::column::{Value, Why};
use super::eve::Eve;
use super::json;
use super::parser::{Emit, Line, Outcome};
use super::vpc::Vpc;

/// The state of reading one log.
#[derive(Debug)]
pub(super) struct Cloudwatch {
    vpc: Vpc,
    eve: Eve,
    messages: Vec<u8>,
    ends: Vec<usize>,
}

impl Cloudwatch {
    pub(super) fn new(options: &super::Options) -> Self {
        let vpc = Vpc::new(options.fields.as_deref());
        Self { vpc, eve: Eve::default(), messages: Vec::new(), ends: Vec::new() }
    }

    /// One bad message costs itself only.
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Self { vpc, eve, messages, ends } = self;
        messages.clear();
        ends.clear();
        json::leaves(line.text, &mut |path, value| {
            if let ("logEvents.message" | "events.message" | "message", Value::Text(text)) = (path, value) {
                messages.extend_from_slice(text);
                ends.push(messages.len());
            }
        })?;
        let mut from = 0;
        let mut all = Outcome::Ignored;
        for end in ends {
            let text = messages.get(from..*end).unwrap_or_default().trim_ascii();
            from = *end;
            let line = Line { text, ..line };
            let outcome =
                if text.starts_with(b"{") { eve.document(line, emit) } else { vpc.line(line, emit) };
            match outcome {
                Ok(Outcome::Records) => all = Outcome::Records,
                Ok(Outcome::Ignored) => {}
                Err(why) => emit.tally.bad(line.number, why, text),
            }
        }
        Ok(all)
    }
}
