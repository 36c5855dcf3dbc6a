//! Suricata's eve.json, and AWS Network Firewall, which puts the same into an envelope of its own.

use super::column::{Column, Draft, Value, Why};
use super::json::{self, Fields};
use super::parser::{Emit, Line, Outcome};
use super::record::Action;

/// Names below the event.
fn column(name: &str) -> Option<Column> {
    Some(match name {
        "timestamp" => Column::Time,
        "src_ip" => Column::Source,
        "src_port" => Column::SourcePort,
        "dest_ip" => Column::Destination,
        "dest_port" => Column::DestinationPort,
        "proto" => Column::Protocol,
        "in_iface" => Column::Interface,
        "host" => Column::Sensor,
        "alert.signature" => Column::Rule,
        "flow.start" | "netflow.start" => Column::Start,
        "flow.end" | "netflow.end" => Column::End,
        "flow.bytes_toserver" | "netflow.bytes" => Column::Bytes,
        "flow.pkts_toserver" | "netflow.pkts" => Column::Packets,
        "flow.bytes_toclient" => Column::BytesBack,
        "flow.pkts_toclient" => Column::PacketsBack,
        _ => return None,
    })
}

/// The state of reading one log: buffers only.
#[derive(Debug, Default)]
pub(super) struct Eve {
    fields: Fields,
    /// Begin, end and amounts, which count only in an event that ends a flow: others tell them of the flow so far, and a
    /// sum over them would count every byte again.
    amounts: Fields,
}

impl Eve {
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Self { fields, amounts } = self;
        fields.clear();
        amounts.clear();
        let (mut counts, mut rejected, mut accepted) = (false, false, false);
        json::leaves(line.text, &mut |path, value| {
            let name = path.strip_prefix("event.").unwrap_or(path);
            match (name, value) {
                ("firewall_name", _) => fields.push(Column::Sensor, value),
                // The envelope's own time: a string of seconds in real logs. The event has a finer one.
                ("event_timestamp", _) => amounts.push(Column::Time, value),
                ("event_type", Value::Text(kind)) => {
                    counts = matches!(kind, b"flow" | b"netflow");
                    rejected |= kind == b"drop";
                }
                ("alert.action" | "flow.action" | "verdict.action", Value::Text(word)) => {
                    rejected |= matches!(word, b"blocked" | b"drop" | b"reject");
                    accepted |= matches!(word, b"pass" | b"accept");
                }
                _ => match column(name) {
                    Some(column) if name.starts_with("flow.") || name.starts_with("netflow.") => {
                        amounts.push(column, value);
                    }
                    Some(column) => fields.push(column, value),
                    None => {}
                },
            }
        })?;
        if !fields.has_address() {
            return Ok(Outcome::Ignored);
        }
        let mut draft = Draft::new(line.zone);
        fields.fill(&mut draft)?;
        if counts || draft.record.start.is_none() {
            amounts.fill(&mut draft)?;
        }
        draft.record.action = match draft.record.rule {
            _ if rejected => Some(Action::Rejected),
            Some(_) => Some(Action::Alert),
            None => accepted.then_some(Action::Accepted),
        };
        emit.draft(&mut draft, line)
    }
}
