//! Which column of a table means what: guessed from its name, or said by a person.

use super::column::Column;

/// Names of columns in the exports of firewalls, flow collectors and databases, without anything but letters and digits.
const NAMES: &[(Column, &str)] = &[
    (
        Column::Source,
        "source src sourceip srcip sourceaddress srcaddr srcaddress sourceipaddress saddr sip sa \
         clientip client ipsrc srcipaddr origh idorigh sourceipv4 fromip from ipv4srcaddr sourceaddr \
         initiatorip srchost localaddress",
    ),
    (
        Column::Destination,
        "destination dst dest destinationip dstip destip destinationaddress dstaddr destaddress \
         dstaddress destinationipaddress daddr dip da serverip server ipdst dstipaddr resph idresph \
         destinationipv4 toip to ipv4dstaddr destaddr responderip dsthost remoteaddress",
    ),
    (Column::SourcePort, "sourceport srcport sport sp spt clientport idorigp l4srcport fromport localport"),
    (
        Column::DestinationPort,
        "destinationport dstport destport dport dp dpt serverport idrespp l4dstport toport port \
         remoteport",
    ),
    (Column::Protocol, "protocol proto pr ipprotocol transport ipproto prot"),
    (Column::Start, "start starttime begin first firstseen firstswitched stime flowstart startedat"),
    (Column::End, "end endtime last lastseen lastswitched etime flowend stoptime endedat"),
    (
        Column::Time,
        "time timestamp ts date datetime eventtime generatedtime timegenerated logtime receivetime \
         timeutc",
    ),
    (Column::Duration, "duration dur elapsedtime elapsed td"),
    (Column::Bytes, "bytes byte octets bytessent sentbytes ibyt inbytes srcbytes totbytes bytesout"),
    (Column::BytesBack, "bytesreceived receivedbytes rcvdbytes obyt outbytes dstbytes bytesin bytesback"),
    (Column::Packets, "packets pkts packet packetssent sentpackets ipkt inpkts srcpkts totpkts"),
    (Column::PacketsBack, "packetsreceived receivedpackets rcvdpackets opkt outpkts dstpkts packetsback"),
    (Column::Action, "action disposition decision verdict act actiontaken"),
    (Column::Rule, "rule rulename signature policy policyname alert msg threat"),
    (Column::Direction, "direction flowdirection dir flow"),
    (Column::Account, "account accountid project projectid subscription subscriptionid"),
    (Column::Interface, "interface interfaceid eni iface inif ininterface networkinterface"),
    (Column::Instance, "instance instanceid vm vmname"),
    (Column::Container, "container containerid"),
    (Column::Sensor, "sensor device devicename firewall hostname observer exporter ra router host"),
    (Column::PacketSource, "pktsrcaddr"),
    (Column::PacketDestination, "pktdstaddr"),
];

/// What a column's name says, if it says anything.
#[must_use]
pub fn guess(name: &str) -> Option<Column> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    NAMES.iter().find(|(_, names)| names.split(' ').any(|each| each == plain)).map(|(column, _)| *column)
}

/// Which columns of a table mean what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(Vec<(Column, Which)>);

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its name in the header.
    Name(String),
    /// By its place, from 1: a table without a header.
    Place(usize),
}

impl Columns {
    /// From pairs.
    #[must_use]
    pub fn new(pairs: Vec<(Column, Which)>) -> Self {
        Self(pairs)
    }

    /// The name of the column that means something, where it was given by name.
    #[must_use]
    pub fn name_of(&self, column: Column) -> Option<String> {
        self.0.iter().find_map(|(of, which)| match which {
            Which::Name(name) if *of == column => Some(name.clone()),
            _ => None,
        })
    }

    /// Parses `source=Src IP,destination=Dst IP,bytes=7`: a word of [`Column::CHOICES`], and the name of a column or its
    /// place from 1.
    ///
    /// # Errors
    /// A sentence about the pair that is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for pair in text.split(',') {
            let (word, which) = pair
                .split_once('=')
                .ok_or_else(|| format!("`{pair}` is no pair. Write source=NAME or source=PLACE"))?;
            let choice = Column::CHOICES.iter().find(|(choice, _)| *choice == word.trim());
            let Some((_, column)) = choice else {
                let words: Vec<_> = Column::CHOICES.iter().map(|(word, _)| *word).collect();
                return Err(format!("there is no `{}`. Name one of {}", word.trim(), words.join(", ")));
            };
            let which = which.trim();
            let place = which.parse().ok().filter(|place| *place > 0);
            pairs.push((*column, place.map_or_else(|| Which::Name(which.to_owned()), Which::Place)));
        }
        let columns = Self(pairs);
        let has = |column| columns.0.iter().any(|(each, _)| *each == column);
        if has(Column::Source) || has(Column::Destination) {
            return Ok(columns);
        }
        Err("name at least the column of source or of destination".to_owned())
    }

    pub(super) fn has_header(&self) -> bool {
        self.0.iter().any(|(_, which)| matches!(which, Which::Name(_)))
    }

    /// The meaning of each column of a table, in order.
    pub(super) fn of(&self, header: &[String]) -> Vec<Column> {
        let places = self.0.iter().filter_map(|(_, which)| match which {
            Which::Place(place) => Some(*place),
            Which::Name(_) => None,
        });
        let mut columns = vec![Column::Other; header.len().max(places.max().unwrap_or(0).min(10_000))];
        for (column, which) in &self.0 {
            let at = match which {
                Which::Place(place) => Some(place - 1),
                Which::Name(name) => header.iter().position(|each| each.trim().eq_ignore_ascii_case(name)),
            };
            if let Some(place) = at.and_then(|at| columns.get_mut(at)) {
                *place = *column;
            }
        }
        columns
    }
}
