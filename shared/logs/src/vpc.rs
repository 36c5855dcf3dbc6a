//! AWS VPC flow logs, and those of transit gateways: words between blanks, in the order of a header, of `--fields`, or of
//! the default format.

use super::column::{Column, Draft, Value, Why};
use super::parser::{Emit, Line, Outcome};
use super::scan;
use bstr::ByteSlice as _;

/// Fields by name, versions 2 to 10, as in "Flow log records" of the VPC user guide.
const FIELDS: &[(&str, Column)] = &[
    ("version", Column::Other),
    ("account-id", Column::Account),
    ("interface-id", Column::Interface),
    ("srcaddr", Column::Source),
    ("dstaddr", Column::Destination),
    ("srcport", Column::SourcePort),
    ("dstport", Column::DestinationPort),
    ("protocol", Column::Protocol),
    ("packets", Column::Packets),
    ("bytes", Column::Bytes),
    ("start", Column::Start),
    ("end", Column::End),
    ("action", Column::Action),
    ("log-status", Column::Status),
    ("vpc-id", Column::Other),
    ("subnet-id", Column::Other),
    ("instance-id", Column::Instance),
    ("tcp-flags", Column::Other),
    ("type", Column::Other),
    ("pkt-srcaddr", Column::PacketSource),
    ("pkt-dstaddr", Column::PacketDestination),
    ("region", Column::Other),
    ("az-id", Column::Other),
    ("sublocation-type", Column::Other),
    ("sublocation-id", Column::Other),
    ("pkt-src-aws-service", Column::Other),
    ("pkt-dst-aws-service", Column::Other),
    ("flow-direction", Column::Direction),
    ("traffic-path", Column::Other),
    ("ecs-cluster-arn", Column::Other),
    ("ecs-cluster-name", Column::Cluster),
    ("ecs-container-instance-arn", Column::Other),
    ("ecs-container-instance-id", Column::Other),
    ("ecs-container-id", Column::Container),
    ("ecs-second-container-id", Column::SecondContainer),
    ("ecs-service-name", Column::Service),
    ("ecs-task-definition-arn", Column::Other),
    ("ecs-task-arn", Column::Other),
    ("ecs-task-id", Column::Task),
    ("reject-reason", Column::Other),
    ("resource-id", Column::Other),
    ("encryption-status", Column::Other),
    ("resource-type", Column::Other),
    ("tgw-id", Column::Interface),
    ("tgw-attachment-id", Column::Other),
    ("tgw-src-vpc-account-id", Column::Other),
    ("tgw-dst-vpc-account-id", Column::Other),
    ("tgw-src-vpc-id", Column::Other),
    ("tgw-dst-vpc-id", Column::Other),
    ("tgw-src-subnet-id", Column::Other),
    ("tgw-dst-subnet-id", Column::Other),
    ("tgw-src-eni", Column::Other),
    ("tgw-dst-eni", Column::Other),
    ("tgw-src-az-id", Column::Other),
    ("tgw-dst-az-id", Column::Other),
    ("tgw-pair-attachment-id", Column::Other),
    ("packets-lost-no-route", Column::Other),
    ("packets-lost-blackhole", Column::Other),
    ("packets-lost-mtu-exceeded", Column::Other),
    ("packets-lost-ttl-expired", Column::Other),
];

/// Version 2, what is written when nobody chooses fields.
const DEFAULT: [Column; 14] = [
    Column::Other,
    Column::Account,
    Column::Interface,
    Column::Source,
    Column::Destination,
    Column::SourcePort,
    Column::DestinationPort,
    Column::Protocol,
    Column::Packets,
    Column::Bytes,
    Column::Start,
    Column::End,
    Column::Action,
    Column::Status,
];

/// What a field is called: some exports write `_` for `-`.
pub(super) fn field(word: &[u8]) -> Option<Column> {
    let same = |name: &str| {
        name.len() == word.len()
            && name
                .bytes()
                .zip(word)
                .all(|(name, byte)| name == byte.to_ascii_lowercase() || (name == b'-' && *byte == b'_'))
    };
    FIELDS.iter().find(|(name, _)| same(name)).map(|(_, column)| *column)
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| *byte == b' ').filter(|word| !word.is_empty())
}

/// A line without what CloudWatch puts in front of it: the time of the event, as its export to S3 does, and the name of
/// the stream, as `aws logs tail` does, too.
pub(super) fn own(line: &[u8]) -> &[u8] {
    let line = line.trim_ascii();
    let Some((first, rest)) = line.split_once_str(" ") else { return line };
    let is_time = first.len() >= 19 && first.get(4) == Some(&b'-') && first.get(10) == Some(&b'T');
    if !is_time || scan::time(first, 0).is_none() {
        return line;
    }
    let rest = rest.trim_ascii_start();
    match rest.split_once_str(" ") {
        Some((stream, own)) if is_stream(stream) => own.trim_ascii_start(),
        _ => rest,
    }
}

/// `eni-0a1b2c3d-all`: the interface and the kind of traffic that its stream has.
fn is_stream(word: &[u8]) -> bool {
    word.starts_with(b"eni-")
        && ["-all", "-accept", "-reject"].iter().any(|end| word.ends_with(end.as_bytes()))
}

/// Whether a line is a header, or a record of the default fields.
pub(super) fn is_own(line: &[u8]) -> bool {
    header(line).is_some() || is_default(line)
}

/// The columns that a header names; `None` when the line is no header.
pub(super) fn header(line: &[u8]) -> Option<Vec<Column>> {
    // No value of a record is the name of a field, so the first two words tell.
    let known = words(line).take(2).filter(|word| field(word).is_some()).count();
    if known < 2 {
        return None;
    }
    // A field of a later version than this table is kept as one that is not needed.
    Some(words(line).map(|word| field(word).unwrap_or(Column::Other)).collect())
}

/// Whether a line without a header reads as the default format.
pub(super) fn is_default(line: &[u8]) -> bool {
    let words: Vec<_> = words(line).collect();
    let [version, .., action, status] = words.as_slice() else { return false };
    words.len() == DEFAULT.len()
        && version.iter().all(u8::is_ascii_digit)
        && matches!(*action, b"ACCEPT" | b"REJECT" | b"-")
        && matches!(*status, b"OK" | b"NODATA" | b"SKIPDATA")
}

/// The state of reading one log.
#[derive(Debug)]
pub(super) struct Vpc {
    columns: Vec<Column>,
    /// Whether a header, or a person, gave `columns`.
    told: bool,
}

impl Vpc {
    pub(super) fn new(fields: Option<&[Column]>) -> Self {
        match fields {
            Some(fields) => Self { columns: fields.to_vec(), told: true },
            None => Self { columns: DEFAULT.to_vec(), told: false },
        }
    }

    pub(super) fn line(&mut self, line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
        let line = Line { text: own(line.text), ..line };
        // Headers and envelopes begin with a letter; a record may, too, where its first field is a name.
        if line.text.first().is_some_and(u8::is_ascii_lowercase)
            && let Some(columns) = header(line.text)
        {
            (self.columns, self.told) = (columns, true);
            return Ok(Outcome::Ignored);
        }
        let mut draft = Draft::new(line.zone);
        let mut columns = self.columns.iter();
        let mut more = 0;
        for word in words(line.text) {
            match columns.next() {
                Some(Column::Other) => {}
                Some(_) if word == b"-" => {}
                Some(column) => draft.fill(*column, Value::Text(word))?,
                None => more += 1,
            }
        }
        let missing = columns.len();
        if missing > 0 && !self.told {
            return Err("it has fewer fields than the default format: give their order with --fields");
        }
        if missing > 0 {
            return Err("it has fewer fields than the header names");
        }
        if more > 0 && !self.told {
            return Err("it has more fields than the default format: give their order with --fields");
        }
        // A reason for the rejection may follow that no header announced.
        draft.unclear |= more > 0;
        emit.draft(&mut draft, line)
    }
}
