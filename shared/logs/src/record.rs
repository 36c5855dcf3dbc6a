//! One record of a log of flows, whatever wrote it.

use bstr::BString;
use procglass_model::Timestamp;
use procglass_model::text::visible;
use std::fmt;
use std::net::IpAddr;

/// What a record says of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It was let through.
    Accepted,
    /// It was not.
    Rejected,
    /// It was let through, and a signature or a rule that only watches spoke.
    Alert,
}

impl Action {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Alert => "alert",
        }
    }
}

/// Which way a flow went, seen from the interface or system that reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards it.
    In,
    /// Away from it.
    Out,
}

impl Direction {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// Whether a record is about a flow at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is.
    #[default]
    Flow,
    /// There was no traffic in its time: VPC flow's `NODATA`.
    NoData,
    /// There was traffic that the logger left out: VPC flow's `SKIPDATA`.
    Skipped,
}

/// One end of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct End {
    /// Its address, as the logger saw it.
    pub address: Option<IpAddr>,
    /// Its port; none for protocols without ports, ICMP among them.
    pub port: Option<u16>,
    /// The address in the packet, where the log keeps it beside that of the interface: VPC flow's `pkt-srcaddr`.
    pub packet: Option<IpAddr>,
}

/// Amounts in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Amount {
    /// Bytes, with the headers of IP where the log counts them.
    pub bytes: Option<u64>,
    /// Packets.
    pub packets: Option<u64>,
}

/// Who reported a flow, in the log's own words. `T` is text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reporter<T> {
    /// Account, project or subscription.
    pub account: Option<T>,
    /// Interface: its cloud id, its name or its MAC address.
    pub interface: Option<T>,
    /// Instance.
    pub instance: Option<T>,
    /// ECS cluster.
    pub cluster: Option<T>,
    /// ECS service.
    pub service: Option<T>,
    /// ECS task.
    pub task: Option<T>,
    /// Containers: first, and second where the log names two.
    pub containers: [Option<T>; 2],
    /// Name of the sensor, firewall, load balancer or host.
    pub sensor: Option<T>,
}

/// One record. `T` is text: a borrowed slice while the log is read, [`BString`] when it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record<T> {
    /// Line in the log where it begins, counted from 1.
    pub line: u64,
    /// Which of the records on that line it is, counted from 1.
    pub part: u32,
    /// Whether it is about a flow.
    pub status: Status,
    /// When the flow, or the part of it that is told, began.
    pub start: Option<Timestamp>,
    /// When it ended.
    pub end: Option<Timestamp>,
    /// Number of the protocol in IP.
    pub protocol: Option<u8>,
    /// Where it came from.
    pub source: End,
    /// Where it went.
    pub destination: End,
    /// What went from source to destination.
    pub sent: Amount,
    /// What came back, in logs that tell both directions in one record.
    pub received: Amount,
    /// What was done with it.
    pub action: Option<Action>,
    /// The signature or rule that spoke.
    pub rule: Option<T>,
    /// Which way it went.
    pub direction: Option<Direction>,
    /// The two ends are of two connections, with a load balancer between: no socket has both.
    pub proxied: bool,
    /// Who reported it.
    pub reporter: Reporter<T>,
}

impl<T> Record<T> {
    /// The time at which it ended, or all that is known of its time.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.end.max(self.start)
    }

    /// The time at which it began, or all that is known of its time.
    #[must_use]
    pub fn first(&self) -> Option<Timestamp> {
        self.start.or(self.end)
    }
}

impl Record<&[u8]> {
    /// A copy that outlives the log's bytes.
    #[must_use]
    pub fn keep(&self) -> Record<BString> {
        let text = |text: Option<&[u8]>| text.map(BString::from);
        let Reporter { account, interface, instance, cluster, service, task, containers, sensor } =
            self.reporter;
        Record {
            line: self.line,
            part: self.part,
            status: self.status,
            start: self.start,
            end: self.end,
            protocol: self.protocol,
            source: self.source,
            destination: self.destination,
            sent: self.sent,
            received: self.received,
            action: self.action,
            rule: text(self.rule),
            direction: self.direction,
            proxied: self.proxied,
            reporter: Reporter {
                account: text(account),
                interface: text(interface),
                instance: text(instance),
                cluster: text(cluster),
                service: text(service),
                task: text(task),
                containers: containers.map(text),
                sensor: text(sensor),
            },
        }
    }
}

impl Record<BString> {
    /// The record as one that is being read.
    #[must_use]
    pub fn as_read(&self) -> Record<&[u8]> {
        let of = &self.reporter;
        Record {
            line: self.line,
            part: self.part,
            status: self.status,
            start: self.start,
            end: self.end,
            protocol: self.protocol,
            source: self.source,
            destination: self.destination,
            sent: self.sent,
            received: self.received,
            action: self.action,
            rule: bytes(&self.rule),
            direction: self.direction,
            proxied: self.proxied,
            reporter: Reporter {
                account: bytes(&of.account),
                interface: bytes(&of.interface),
                instance: bytes(&of.instance),
                cluster: bytes(&of.cluster),
                service: bytes(&of.service),
                task: bytes(&of.task),
                containers: of.containers.each_ref().map(bytes),
                sensor: bytes(&of.sensor),
            },
        }
    }
}

fn bytes(text: &Option<BString>) -> Option<&[u8]> {
    text.as_ref().map(|text| text.as_slice())
}

/// Names of protocols, as people say them.
const PROTOCOLS: [(u8, &str); 10] = [
    (1, "icmp"),
    (2, "igmp"),
    (6, "tcp"),
    (17, "udp"),
    (41, "ipv6"),
    (47, "gre"),
    (50, "esp"),
    (58, "icmpv6"),
    (132, "sctp"),
    (136, "udplite"),
];

/// The name of a number of IP's field "protocol", where it has a common one.
#[must_use]
pub fn protocol_name(number: u8) -> Option<&'static str> {
    PROTOCOLS.iter().find(|(each, _)| *each == number).map(|(_, name)| *name)
}

/// `10.0.0.1:443`, `[2001:db8::1]:443`, `10.0.0.1`, `?`.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.address, self.port) {
            (Some(IpAddr::V6(address)), Some(port)) => write!(f, "[{address}]:{port}")?,
            (Some(address), Some(port)) => write!(f, "{address}:{port}")?,
            (Some(address), None) => write!(f, "{address}")?,
            (None, _) => f.write_str("?")?,
        }
        self.packet.map_or(Ok(()), |packet| write!(f, " (packet {packet})"))
    }
}

/// One line for people: `tcp 10.0.0.1:40000 > 10.0.0.2:443, 300 bytes, accepted`. Without times and reporter.
impl<T: AsRef<[u8]>> fmt::Display for Record<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Status::NoData => return f.write_str("no traffic"),
            Status::Skipped => return f.write_str("traffic that the log left out"),
            Status::Flow => {}
        }
        match self.protocol.map(|number| (number, protocol_name(number))) {
            Some((_, Some(name))) => write!(f, "{name} ")?,
            Some((number, None)) => write!(f, "protocol {number} ")?,
            None => {}
        }
        write!(f, "{} > {}", self.source, self.destination)?;
        let amount = |bytes: Option<u64>, f: &mut fmt::Formatter<'_>, what| {
            bytes.map_or(Ok(()), |bytes| write!(f, ", {bytes} bytes{what}"))
        };
        amount(self.sent.bytes, f, "")?;
        amount(self.received.bytes, f, " back")?;
        if let Some(action) = self.action {
            write!(f, ", {}", action.word())?;
        }
        self.rule.as_ref().map_or(Ok(()), |rule| write!(f, ": {}", visible(rule.as_ref())))
    }
}
