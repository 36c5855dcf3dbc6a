//! Google Cloud: VPC flow logs, and logs of firewall rules, as Cloud Logging exports them.

use super::column::{Column, Draft, Value, Why};
use super::json::{self, Fields};
use super::parser::{Emit, Line, Outcome};
use super::record::Direction;

fn column(path: &str) -> Option<Column> {
    let name = path.strip_prefix("jsonPayload.").or_else(|| path.strip_prefix("resource.labels."))?;
    Some(match name {
        "connection.src_ip" => Column::Source,
        "connection.src_port" => Column::SourcePort,
        "connection.dest_ip" => Column::Destination,
        "connection.dest_port" => Column::DestinationPort,
        "connection.protocol" => Column::Protocol,
        "bytes_sent" => Column::Bytes,
        "packets_sent" => Column::Packets,
        "start_time" => Column::Start,
        "end_time" => Column::End,
        "disposition" => Column::Action,
        "rule_details.reference" => Column::Rule,
        "project_id" => Column::Account,
        "subnetwork_name" => Column::Interface,
        _ => return None,
    })
}

/// The state of reading one log: buffers only.
#[derive(Debug, Default)]
pub(super) struct Gcp {
    fields: Fields,
    /// Names of the instances at both ends: the reporter is one of them.
    ends: [Vec<u8>; 2],
    own: Vec<u8>,
}

impl Gcp {
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Self { fields, ends, own } = self;
        fields.clear();
        ends.iter_mut().for_each(Vec::clear);
        own.clear();
        let (mut direction, mut time) = (None, Fields::default());
        json::leaves(line.text, &mut |path, value| {
            let [source, destination] = &mut *ends;
            match (path, value) {
                ("jsonPayload.reporter", Value::Text(b"SRC" | b"SRC_GATEWAY"))
                | ("jsonPayload.rule_details.direction", Value::Text(b"EGRESS")) => {
                    direction = Some(Direction::Out);
                }
                ("jsonPayload.reporter", Value::Text(b"DEST" | b"DEST_GATEWAY"))
                | ("jsonPayload.rule_details.direction", Value::Text(b"INGRESS")) => {
                    direction = Some(Direction::In);
                }
                ("jsonPayload.src_instance.vm_name", Value::Text(name)) => *source = name.into(),
                ("jsonPayload.dest_instance.vm_name", Value::Text(name)) => *destination = name.into(),
                // Logs of firewall rules name only the instance that the rule is at.
                ("jsonPayload.instance.vm_name", Value::Text(name)) => *own = name.into(),
                ("timestamp", _) => time.push(Column::Time, value),
                _ => {
                    if let Some(column) = column(path) {
                        fields.push(column, value);
                    }
                }
            }
        })?;
        if !fields.has_address() {
            return Ok(Outcome::Ignored);
        }
        let mut draft = Draft::new(line.zone);
        fields.fill(&mut draft)?;
        if draft.record.start.is_none() {
            time.fill(&mut draft)?;
        }
        draft.record.direction = direction;
        let [source, destination] = ends;
        let instance = match direction {
            _ if !own.is_empty() => own,
            Some(Direction::Out) => source,
            Some(Direction::In) => destination,
            None => own,
        };
        draft.record.reporter.instance = (!instance.is_empty()).then_some(instance.as_slice());
        emit.draft(&mut draft, line)
    }
}
