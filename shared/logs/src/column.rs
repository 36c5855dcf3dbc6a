//! What a field of a log can mean, and how it gets into a record. Each format is a table from its own names to these.

use super::day::Day;
use super::protocols;
use super::record::{Action, Amount, Direction, Record, Status};
use super::scan;
use bstr::ByteSlice as _;
use procglass_model::Timestamp;

/// The meaning of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Time of the record, where it has only one. It may be a time of day, to which [`Column::Date`] gives the day.
    Time,
    /// Day of the record, where its time of day has a column of its own.
    Date,
    /// Zone of date and time.
    Zone,
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
    /// Number of the protocol, where another field has its name.
    ProtocolNumber,
    /// Public addresses of origin with counts behind bars, where the field for one address may be empty.
    PublicSource,
    /// The same of the destination.
    PublicDestination,
    /// Bytes that came in where the flow was seen: its direction tells which way they went.
    BytesIn,
    /// Bytes that went out where the flow was seen.
    BytesOut,
    /// Packets that came in where the flow was seen.
    PacketsIn,
    /// Packets that went out where the flow was seen.
    PacketsOut,
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
    pub const CHOICES: [(&'static str, Self); 22] = [
        ("time", Self::Time),
        ("date", Self::Date),
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

    /// Whether its values are words, also where they look like numbers.
    pub(super) fn is_words(self) -> bool {
        matches!(
            self,
            Self::Rule
                | Self::Account
                | Self::Interface
                | Self::Instance
                | Self::Cluster
                | Self::Service
                | Self::Task
                | Self::Container
                | Self::SecondContainer
                | Self::Sensor
        )
    }
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
    day: Day<'a>,
    /// The only public address of source and of destination.
    public: [Option<std::net::IpAddr>; 2],
    /// What came in where the flow was seen, and what went out.
    near: [Amount; 2],
    /// A port or the protocol was not understood.
    odd: (bool, bool),
    /// A port was written with a point, as the type and the code of ICMP are, too.
    dotted: bool,
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
            day: Day::default(),
            public: [None; 2],
            near: [Amount::default(); 2],
            odd: (false, false),
            dotted: false,
            zone,
            assumed: false,
            unclear: false,
        }
    }

    /// Takes one field. An address must be one; any other field that is not understood costs itself.
    pub(super) fn fill(&mut self, column: Column, value: Value<'a>) -> Result<(), Why> {
        match column {
            Column::Source => self.record.source.address = Some(address(value)?),
            Column::Destination => self.record.destination.address = Some(address(value)?),
            Column::SourcePort => self.record.source.port = self.port(value)?,
            Column::DestinationPort => self.record.destination.port = self.port(value)?,
            Column::Protocol => {
                let number = self.protocol(value)?;
                self.record.protocol = self.record.protocol.or(number);
            }
            Column::ProtocolNumber => {
                let number = self.protocol(value)?;
                self.record.protocol = number.or(self.record.protocol);
            }
            Column::Other => {}
            _ => self.detail(column, value),
        }
        Ok(())
    }

    fn port(&mut self, value: Value<'_>) -> Result<Option<u16>, Why> {
        let mut number = number(value);
        if let Value::Text(text) = value {
            if scan::address(text).is_some() {
                return Err("an address stands where a port should");
            }
            self.dotted |= text.contains(&b'.');
            // `443/tcp`.
            number = number.or_else(|| {
                let (port, name) = text.split_once_str("/")?;
                scan::number(port).filter(|_| name.iter().all(u8::is_ascii_alphabetic))
            });
        }
        let port = number.and_then(|number| u16::try_from(number).ok());
        self.odd.0 |= port.is_none();
        Ok(port)
    }

    fn protocol(&mut self, value: Value<'_>) -> Result<Option<u8>, Why> {
        let number = match value {
            // The log says itself that it does not know.
            Value::Text(b"unknown_transport" | b"unknown") => return Ok(None),
            Value::Text(text) if scan::address(text).is_some() => {
                return Err("an address stands where the protocol should");
            }
            Value::Text(text) => scan::protocol(text),
            _ => number(value).and_then(|number| u8::try_from(number).ok()),
        };
        self.odd.1 |= number.is_none();
        Ok(number)
    }

    fn detail(&mut self, column: Column, value: Value<'a>) {
        if let Value::Text(text) = value
            && self.day.takes(column, text)
        {
            return;
        }
        match column {
            Column::Time | Column::Date => {
                let time = self.time(value);
                let record = &mut self.record;
                record.start = record.start.or(time);
                record.end = record.end.or(time);
            }
            Column::Start => self.record.start = self.time(value),
            Column::End => self.record.end = self.time(value),
            Column::PacketSource => self.record.source.packet = self.address(value),
            Column::PacketDestination => self.record.destination.packet = self.address(value),
            Column::BytesIn => self.near[0].bytes = self.number(value),
            Column::BytesOut => self.near[1].bytes = self.number(value),
            Column::PacketsIn => self.near[0].packets = self.number(value),
            Column::PacketsOut => self.near[1].packets = self.number(value),
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
            Column::Status => match status(text) {
                Some(status) => self.record.status = status,
                None => self.unclear = true,
            },
            Column::PublicSource => self.public[0] = public(text),
            Column::PublicDestination => self.public[1] = public(text),
            Column::Action => {
                self.record.action = action(text);
                self.unclear |= self.record.action.is_none();
            }
            Column::Direction => {
                self.record.direction = direction(text);
                // The arrows of argus stand between the ends, and name no interface.
                self.unclear |=
                    self.record.direction.is_none() && !text.iter().any(|byte| matches!(byte, b'<' | b'>'));
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

    fn address(&mut self, value: Value<'_>) -> Option<std::net::IpAddr> {
        let address = address(value).ok();
        self.unclear |= address.is_none();
        address
    }

    fn number(&mut self, value: Value<'_>) -> Option<u64> {
        let number = number(value);
        self.unclear |= number.is_none();
        number
    }

    /// Puts together what only all fields say, and refuses a record that names no flow.
    pub(super) fn finish(&mut self) -> Result<(), Why> {
        self.days();
        let record = &mut self.record;
        if let (Some(start), Some(length)) = (record.start, self.duration) {
            record.end = Some(Timestamp(start.0.saturating_add(length)));
        }
        let [incoming, outgoing] = self.near;
        let (there, back) = match record.direction {
            Some(Direction::In) => (incoming, outgoing),
            Some(Direction::Out) => (outgoing, incoming),
            None => (Amount::default(), Amount::default()),
        };
        for (amount, near, payload) in
            [(&mut record.sent, there, self.payload.0), (&mut record.received, back, self.payload.1)]
        {
            amount.bytes = amount.bytes.or(payload).or(near.bytes);
            amount.packets = amount.packets.or(near.packets);
        }
        let ends = [&mut record.source, &mut record.destination];
        for (end, public) in ends.into_iter().zip(self.public) {
            end.address = end.address.or(public);
            if end.packet == end.address {
                end.packet = None;
            }
            match record.protocol {
                // Logs put 0, or type and code of ICMP, where ports would stand.
                Some(number) if !protocols::has_ports(number) => end.port = None,
                // `8.0` may be ICMP's, too.
                None if self.dotted && end.port.is_some_and(|port| port <= 255) => {
                    end.port = None;
                    self.odd.0 = true;
                }
                _ => {}
            }
        }
        self.unclear |= self.odd.1 && record.protocol.is_none();
        self.unclear |= self.odd.0 && record.protocol.is_none_or(protocols::has_ports);
        let names = [record.source.address, record.destination.address].iter().any(Option::is_some);
        if names || record.status != Status::Flow { Ok(()) } else { Err("it has no address") }
    }

    /// Joins times of day with the day.
    fn days(&mut self) {
        let Some(moments) = self.day.moments(self.zone) else { return };
        let record = &mut self.record;
        let [time, start, end] = moments.times;
        record.start = start.or(record.start).or(time);
        record.end = end.or(record.end).or(time);
        if record.end < record.start {
            // A flow over midnight: the day of its end is not told.
            record.end = None;
        }
        self.assumed |= moments.assumed;
        self.unclear |= moments.unclear && record.start.is_none();
    }
}

/// The one public address of `203.0.113.7|2|1|0|0|0|0`. Several stand with blanks between them, and none is the end then.
fn public(text: &[u8]) -> Option<std::net::IpAddr> {
    let text = text.trim_ascii();
    scan::address(text.split(|byte| *byte == b'|').next()?).filter(|_| !text.contains(&b' '))
}

fn address(value: Value<'_>) -> Result<std::net::IpAddr, Why> {
    match value {
        Value::Text(text) => scan::address(text).ok_or("an address is not one"),
        _ => Err("an address is not one"),
    }
}

fn number(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Text(text) => scan::whole(text),
        Value::Number(number) => Some(number),
        // Tables from spreadsheets and JSON from JavaScript write 1500.0.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Value::Float(float) => (float.fract() == 0.0 && (0.0..9e15).contains(&float)).then_some(float as u64),
    }
}

fn status(text: &[u8]) -> Option<Status> {
    match text {
        b"OK" => Some(Status::Flow),
        b"NODATA" => Some(Status::NoData),
        b"SKIPDATA" => Some(Status::Skipped),
        _ => None,
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
    const WORDS: [(&str, Action); 25] = [
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
        ("reset-both", Action::Rejected),
        ("reset-client", Action::Rejected),
        ("reset-server", Action::Rejected),
        ("drop-icmp", Action::Rejected),
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
    // IPFIX writes `flowDirection` as a number (RFC 5102, 5.11.3).
    const IN: [&str; 7] = ["ingress", "in", "inbound", "i", "dest", "input", "0"];
    const OUT: [&str; 7] = ["egress", "out", "outbound", "o", "src", "output", "1"];
    let is = |words: [&str; 7]| words.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    if is(IN) {
        Some(Direction::In)
    } else if is(OUT) {
        Some(Direction::Out)
    } else {
        None
    }
}
