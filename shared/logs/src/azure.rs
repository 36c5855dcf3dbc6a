//! Azure: flow logs of network security groups (versions 1 and 2) and of virtual networks.

use super::column::{Column, Draft, Value, Why};
use super::json;
use super::parser::{Emit, Line, Outcome};
use super::record::Action;
use std::ops::Range;

/// `time,src,dst,sport,dport,T|U,I|O,A|D`, and in version 2 `B|C|E,packets,bytes,packets back,bytes back`.
const SECURITY_GROUP: [Column; 13] = [
    Column::Time,
    Column::Source,
    Column::Destination,
    Column::SourcePort,
    Column::DestinationPort,
    Column::Protocol,
    Column::Direction,
    Column::Action,
    Column::Other,
    Column::Packets,
    Column::Bytes,
    Column::PacketsBack,
    Column::BytesBack,
];

/// `time,src,dst,sport,dport,protocol,I|O,B|C|E|D,encryption,packets,bytes,packets back,bytes back`. The state tells the
/// action.
const NETWORK: [Column; 13] = [
    Column::Time,
    Column::Source,
    Column::Destination,
    Column::SourcePort,
    Column::DestinationPort,
    Column::Protocol,
    Column::Direction,
    Column::Other,
    Column::Other,
    Column::Packets,
    Column::Bytes,
    Column::PacketsBack,
    Column::BytesBack,
];

/// The state of reading one log: buffers only.
#[derive(Debug, Default)]
pub(super) struct Azure {
    text: Vec<u8>,
    tuples: Vec<Tuple>,
}

#[derive(Clone, Debug, Default)]
struct Tuple {
    text: Range<usize>,
    rule: Range<usize>,
    interface: Range<usize>,
    network: bool,
}

impl Azure {
    /// One bad tuple costs itself only.
    pub(super) fn document(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let Self { text, tuples } = self;
        text.clear();
        tuples.clear();
        let mut now = Tuple::default();
        let mut account = 0..0;
        json::leaves(line.text, &mut |path, value| {
            let Value::Text(value) = value else { return };
            let mut keep = || {
                let from = text.len();
                text.extend_from_slice(value);
                from..text.len()
            };
            let path = path.strip_prefix("records.").unwrap_or(path);
            match path {
                "properties.flows.rule" | "flowRecords.flows.flowGroups.rule" => now.rule = keep(),
                "properties.flows.flows.mac" | "macAddress" => now.interface = keep(),
                "resourceId" | "flowLogResourceID" => account = subscription(keep(), text),
                "properties.flows.flows.flowTuples" | "flowRecords.flows.flowGroups.flowTuples" => {
                    let network = path.starts_with("flowRecords");
                    tuples.push(Tuple { text: keep(), network, ..now.clone() });
                }
                _ => {}
            }
        })?;
        let part = |range: &Range<usize>| text.get(range.clone()).filter(|text| !text.is_empty());
        let mut all = Outcome::Ignored;
        for tuple in tuples {
            let line = Line { text: part(&tuple.text).unwrap_or_default(), ..line };
            let mut draft = Draft::new(line.zone);
            draft.record.rule = part(&tuple.rule);
            draft.record.reporter.interface = part(&tuple.interface);
            draft.record.reporter.account = part(&account);
            match fill(&mut draft, line.text, tuple.network).and_then(|()| emit.draft(&mut draft, line)) {
                Ok(_) => all = Outcome::Records,
                Err(why) => emit.tally.bad(line.number, why, line.text),
            }
        }
        Ok(all)
    }
}

fn fill<'a>(draft: &mut Draft<'a>, tuple: &'a [u8], network: bool) -> Result<(), Why> {
    let columns = if network { NETWORK } else { SECURITY_GROUP };
    let mut count = 0;
    for (at, (column, word)) in columns.iter().zip(tuple.split(|byte| *byte == b',')).enumerate() {
        count += 1;
        // Amounts are left empty in the tuple that begins a flow.
        if !word.is_empty() {
            draft.fill(*column, Value::Text(word))?;
        }
        if network && at == 7 {
            draft.record.action = match word {
                b"D" => Some(Action::Rejected),
                b"B" | b"C" | b"E" => Some(Action::Accepted),
                _ => None,
            };
        }
    }
    if count < 8 { Err("the flow tuple has too few fields") } else { Ok(()) }
}

/// The subscription in `/SUBSCRIPTIONS/<id>/RESOURCEGROUPS/...`.
fn subscription(resource: Range<usize>, text: &[u8]) -> Range<usize> {
    let whole = text.get(resource.clone()).unwrap_or_default();
    let lower = whole.to_ascii_lowercase();
    let mark = b"/subscriptions/";
    let Some(id) = lower.strip_prefix(mark).and_then(|rest| rest.split(|byte| *byte == b'/').next()) else {
        return 0..0;
    };
    let from = resource.start + mark.len();
    from..from + id.len()
}
