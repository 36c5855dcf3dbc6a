//! What a field of a log can mean, and how it gets into a record. Each format is a table from its own names to these.

use super::record::{Action, Direction, Record, Status};
use super::scan;
use procglass_model::Timestamp;

/// The meaning of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Time of the record, where it has only one.
    Time,
    /// Begin of the flow.
    Start,
    /// End of the flow.
    End,
    /// Seconds from begin to end.
    Duration,
    /// Address that it came from.
    Source,
    /// Port that it came from.
    SourcePort,
    /// Address that it went to.
    Destination,
    /// Port that it went to.
    DestinationPort,
    /// Address of origin in the packet, where the interface has another.
    PacketSource,
    /// Address of destination in the packet, where the interface has another.
    PacketDestination,
    /// Protocol, as a name or a number.
    Protocol,
    /// Bytes from source to destination.
    Bytes,
    /// The same without headers: second choice.
    Payload,
    /// Packets from source to destination.
    Packets,
    /// Bytes back.
    BytesBack,
    /// The same without headers: second choice.
    PayloadBack,
    /// Packets back.
    PacketsBack,
    /// What was done: a word.
    Action,
    /// Signature or rule.
    Rule,
    /// VPC flow's log-status.
    Status,
    /// Which way.
    Direction,
    /// Account, project or subscription.
    Account,
    /// Interface.
    Interface,
    /// Instance.
    Instance,
    /// ECS cluster.
    Cluster,
    /// ECS service.
    Service,
    /// ECS task.
    Task,
    /// Container.
    Container,
    /// A second container.
    SecondContainer,
    /// Sensor, firewall, load balancer or host.
    Sensor,
    /// Nothing that is needed here.
    Other,
}

impl Column {
    /// Those that a person can give to a column of a table, with the word for each.
    pub const CHOICES: [(&'static str, Self); 21] = [
        ("time", Self::Time),
        ("start", Self::Start),
        ("end", Self::End),
        ("duration", Self::Duration),
        ("source", Self::Source),
        ("source-port", Self::SourcePort),
        ("destination", Self::Destination),
        ("destination-port", Self::DestinationPort),
        ("protocol", Self::Protocol),
        ("bytes", Self::Bytes),
        ("packets", Self::Packets),
        ("bytes-back", Self::BytesBack),
        ("packets-back", Self::PacketsBack),
        ("action", Self::Action),
        ("rule", Self::Rule),
        ("direction", Self::Direction),
        ("account", Self::Account),
        ("interface", Self::Interface),
        ("instance", Self::Instance),
        ("container", Self::Container),
        ("sensor", Self::Sensor),
    ];
}

/// A value as the log has it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Text(&'a [u8]),
    Number(u64),
    Float(f64),
}

/// Why a record cannot be used.
pub(super) type Why = &'static str;

/// A record while its fields come in.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) record: Record<&'a [u8]>,
    /// Nanoseconds.
    duration: Option<i64>,
    payload: (Option<u64>, Option<u64>),
    /// Seconds ahead of UTC of times without a zone.
    zone: i64,
    /// A time had no zone, so `zone` was taken.
    pub(super) assumed: bool,
    /// A field that does not identify the flow was not understood.
    pub(super) unclear: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(zone: i64) -> Self {
        Self {
            record: Record::default(),
            duration: None,
            payload: (None, None),
            zone,
            assumed: false,
            unclear: false,
        }
    }

    /// Takes one field. What names the flow must be understood; anything else may be unclear.
    pub(super) fn fill(&mut self, column: Column, value: Value<'a>) -> Result<(), Why> {
        let record = &mut self.record;
        match column {
            Column::Source => record.source.address = Some(address(value)?),
            Column::Destination => record.destination.address = Some(address(value)?),
            Column::PacketSource => record.source.packet = Some(address(value)?),
            Column::PacketDestination => record.destination.packet = Some(address(value)?),
            Column::SourcePort => record.source.port = Some(port(value)?),
            Column::DestinationPort => record.destination.port = Some(port(value)?),
            Column::Protocol => record.protocol = Some(protocol(value)?),
            Column::Status => record.status = status(value)?,
            Column::Other => {}
            _ => self.detail(column, value),
        }
        Ok(())
    }

    fn detail(&mut self, column: Column, value: Value<'a>) {
        match column {
            Column::Time => {
                let time = self.time(value);
                let record = &mut self.record;
                record.start = record.start.or(time);
                record.end = record.end.or(time);
            }
            Column::Start => self.record.start = self.time(value),
            Column::End => self.record.end = self.time(value),
            Column::Duration => {
                self.duration = duration(value);
                self.unclear |= self.duration.is_none();
            }
            Column::Bytes => self.record.sent.bytes = self.number(value),
            Column::Packets => self.record.sent.packets = self.number(value),
            Column::BytesBack => self.record.received.bytes = self.number(value),
            Column::PacketsBack => self.record.received.packets = self.number(value),
            Column::Payload => self.payload.0 = self.number(value),
            Column::PayloadBack => self.payload.1 = self.number(value),
            _ => self.words(column, value),
        }
    }

    fn words(&mut self, column: Column, value: Value<'a>) {
        let Value::Text(text) = value else {
            // A number where a name is expected, as in an account id that some tool wrote without quotes.
            self.unclear = true;
            return;
        };
        let of = &mut self.record.reporter;
        match column {
            Column::Action => {
                self.record.action = action(text);
                self.unclear |= self.record.action.is_none();
            }
            Column::Direction => {
                self.record.direction = direction(text);
                self.unclear |= self.record.direction.is_none();
            }
            Column::Rule => self.record.rule = Some(text),
            Column::Account => of.account = Some(text),
            Column::Interface => of.interface = Some(text),
            Column::Instance => of.instance = Some(text),
            Column::Cluster => of.cluster = Some(text),
            Column::Service => of.service = Some(text),
            Column::Task => of.task = Some(text),
            Column::Container => of.containers[0] = Some(text),
            Column::SecondContainer => of.containers[1] = Some(text),
            Column::Sensor => of.sensor = Some(text),
            _ => {}
        }
    }

    fn time(&mut self, value: Value<'_>) -> Option<Timestamp> {
        let time = match value {
            Value::Text(text) => scan::time(text, self.zone),
            Value::Number(number) => scan::epoch(number).map(|time| (time, false)),
            Value::Float(seconds) => scan::float_time(seconds).map(|time| (time, false)),
        };
        self.unclear |= time.is_none();
        self.assumed |= time.is_some_and(|(_, assumed)| assumed);
        time.map(|(time, _)| time)
    }

    fn number(&mut self, value: Value<'_>) -> Option<u64> {
        let number = number(value);
        self.unclear |= number.is_none();
        number
    }

    /// Puts together what only all fields say, and refuses a record that names no flow.
    pub(super) fn finish(&mut self) -> Result<(), Why> {
        let record = &mut self.record;
        if let (Some(start), Some(length)) = (record.start, self.duration) {
            record.end = Some(Timestamp(start.0.saturating_add(length)));
        }
        record.sent.bytes = record.sent.bytes.or(self.payload.0);
        record.received.bytes = record.received.bytes.or(self.payload.1);
        if matches!(record.protocol, Some(1 | 2 | 47 | 50 | 51 | 58)) {
            // Logs put 0, or type and code of ICMP, where ports would stand.
            (record.source.port, record.destination.port) = (None, None);
        }
        for end in [&mut record.source, &mut record.destination] {
            if end.packet == end.address {
                end.packet = None;
            }
        }
        let names = [record.source.address, record.destination.address].iter().any(Option::is_some);
        if names || record.status != Status::Flow { Ok(()) } else { Err("it has no address") }
    }
}

fn address(value: Value<'_>) -> Result<std::net::IpAddr, Why> {
    match value {
        Value::Text(text) => scan::address(text).ok_or("an address is not one"),
        _ => Err("an address is not one"),
    }
}

fn number(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Text(text) => scan::number(text),
        Value::Number(number) => Some(number),
        // Tables from spreadsheets and JSON from JavaScript write 1500.0.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Value::Float(float) => (float.fract() == 0.0 && (0.0..9e15).contains(&float)).then_some(float as u64),
    }
}

fn port(value: Value<'_>) -> Result<u16, Why> {
    number(value).and_then(|number| u16::try_from(number).ok()).ok_or("a port is not one")
}

fn protocol(value: Value<'_>) -> Result<u8, Why> {
    match value {
        Value::Text(text) => scan::protocol(text),
        _ => number(value).and_then(|number| u8::try_from(number).ok()),
    }
    .ok_or("the protocol is not known")
}

fn status(value: Value<'_>) -> Result<Status, Why> {
    match value {
        Value::Text(b"OK") => Ok(Status::Flow),
        Value::Text(b"NODATA") => Ok(Status::NoData),
        Value::Text(b"SKIPDATA") => Ok(Status::Skipped),
        _ => Err("the log-status is none of OK, NODATA, SKIPDATA"),
    }
}

/// Nanoseconds of a number of seconds.
fn duration(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Text(text) => scan::time(text.strip_suffix(b"s").unwrap_or(text), 0).map(|(time, _)| time.0),
        Value::Number(seconds) => i64::try_from(seconds).ok()?.checked_mul(1_000_000_000),
        Value::Float(seconds) => scan::float_time(seconds).map(|time| time.0),
    }
}

/// What was done, in the words of many firewalls.
pub(super) fn action(text: &[u8]) -> Option<Action> {
    const WORDS: [(&str, Action); 21] = [
        ("accept", Action::Accepted),
        ("reject", Action::Rejected),
        ("accepted", Action::Accepted),
        ("rejected", Action::Rejected),
        ("allow", Action::Accepted),
        ("allowed", Action::Accepted),
        ("pass", Action::Accepted),
        ("passed", Action::Accepted),
        ("permit", Action::Accepted),
        ("permitted", Action::Accepted),
        ("a", Action::Accepted),
        ("deny", Action::Rejected),
        ("denied", Action::Rejected),
        ("drop", Action::Rejected),
        ("dropped", Action::Rejected),
        ("block", Action::Rejected),
        ("blocked", Action::Rejected),
        ("reset", Action::Rejected),
        ("d", Action::Rejected),
        ("alert", Action::Alert),
        ("alerted", Action::Alert),
    ];
    match text {
        b"ACCEPT" => Some(Action::Accepted),
        b"REJECT" => Some(Action::Rejected),
        _ => WORDS
            .iter()
            .find(|(word, _)| text.eq_ignore_ascii_case(word.as_bytes()))
            .map(|(_, action)| *action),
    }
}

fn direction(text: &[u8]) -> Option<Direction> {
    const IN: [&str; 6] = ["ingress", "in", "inbound", "i", "dest", "input"];
    const OUT: [&str; 6] = ["egress", "out", "outbound", "o", "src", "output"];
    let is = |words: [&str; 6]| words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    if is(IN) {
        Some(Direction::In)
    } else if is(OUT) {
        Some(Direction::Out)
    } else {
        None
    }
}
