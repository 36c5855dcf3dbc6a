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
    (Column::Protocol, "protocol proto pr ipprotocol transport ipproto prot l4protocol"),
    (
        Column::Start,
        "start starttime begin first firstseen firstswitched stime flowstart startedat starttimestamp \
         flowstarttime flowintervalstarttime sessionstart",
    ),
    (
        Column::End,
        "end endtime last lastseen lastswitched etime flowend stoptime endedat te endtimestamp flowendtime sessionend",
    ),
    (
        Column::Time,
        "time timestamp ts datetime eventtime generatedtime timegenerated logtime receivetime \
         timeutc",
    ),
    (Column::Date, "date day eventdate logdate startdate"),
    (Column::Zone, "tz timezone utcoffset"),
    (Column::Duration, "duration dur elapsedtime elapsed td"),
    (
        Column::Bytes,
        "bytes byte octets bytessent sentbytes sentbyte ibyt inbytes srcbytes sourcebytes sbytes bytesout bytessrctodest \
         orgbytes origbytes clientbytes bytestoserver numbytes bytestoresponder initiatorbytes",
    ),
    (
        Column::BytesBack,
        "bytesreceived receivedbytes rcvdbytes rcvdbyte recvbytes obyt outbytes dstbytes destinationbytes destbytes dbytes bytesin bytesback \
         bytesdesttosrc respbytes serverbytes bytestoclient reversebytes responderbytes",
    ),
    (
        Column::Packets,
        "packets pkts packet packetssent sentpackets sentpkt sentpkts ipkt inpkts srcpkts sourcepackets srcpackets spkts packetssrctodest \
         numpackets origpkts pktstoserver pktssent initiatorpackets",
    ),
    (
        Column::PacketsBack,
        "packetsreceived receivedpackets rcvdpackets rcvdpkt rcvdpkts opkt outpkts dstpkts destinationpackets dstpackets dpkts packetsback \
         packetsdesttosrc resppkts pktstoclient pktsreceived reversepackets responderpackets",
    ),
    (Column::BytesIn, "inboundbytes"),
    (Column::BytesOut, "outboundbytes"),
    (Column::PacketsIn, "inboundpackets"),
    (Column::PacketsOut, "outboundpackets"),
    (Column::PublicSource, "srcpublicips"),
    (Column::PublicDestination, "destpublicips"),
    (Column::Action, "action disposition decision verdict act actiontaken flowstatus"),
    (
        Column::Rule,
        "rule rulename signature policy policyname alert msg threat nsgrule aclrule ruledetailsreference",
    ),
    (Column::Status, "logstatus"),
    (Column::Direction, "direction flowdirection dir flow"),
    (Column::Account, "account accountid project projectid subscription subscriptionid"),
    (Column::Interface, "interface interfaceid eni iface inif ininterface networkinterface"),
    (Column::Instance, "instance instanceid vm vmname"),
    (Column::Container, "container containerid"),
    (Column::Sensor, "sensor device devicename devname firewall hostname observer exporter ra router host"),
    (Column::PacketSource, "pktsrcaddr"),
    (Column::PacketDestination, "pktdstaddr"),
];

/// Names of columns that hold both directions, or may, once others hold one.
const TOTALS: [&str; 14] = [
    "bytes",
    "byte",
    "octets",
    "numbytes",
    "totbytes",
    "totalbytes",
    "bytestotal",
    "packets",
    "pkts",
    "packet",
    "numpackets",
    "totpkts",
    "totalpackets",
    "packetstotal",
];

/// A column's name without anything but letters and digits, and without what says only how its values are written: the
/// unit in brackets, and the letter for the type that Azure's Log Analytics appends.
fn plain(name: &str) -> String {
    let name = name.trim();
    let name = name
        .strip_suffix([')', ']'])
        .and_then(|open| open.rfind(['(', '[']).and_then(|at| open.get(..at)))
        .unwrap_or(name)
        .trim();
    let name = ["_s", "_d", "_t", "_g", "_b"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    name.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect()
}

/// What a column's name says, if it says anything. The last part of a name with points may say it, too.
#[must_use]
pub fn guess(name: &str) -> Option<Column> {
    let known = |name: &str| {
        let plain = plain(name);
        NAMES.iter().find(|(_, names)| names.split(' ').any(|each| each == plain)).map(|(column, _)| *column)
    };
    let of_vpc = || super::vpc::field(name.trim().as_bytes()).filter(|column| *column != Column::Other);
    known(name).or_else(of_vpc).or_else(|| {
        let (above, last) = name.rsplit_once('.')?;
        // `network.bytes` of the Elastic Common Schema counts both directions, and names of machines are those of one end.
        let is_both = above.ends_with("network") || above.ends_with("total");
        known(last).filter(|column| match column {
            Column::Bytes | Column::Packets => !is_both,
            Column::Source | Column::Destination | Column::SourcePort | Column::DestinationPort => true,
            Column::Protocol | Column::Action | Column::Direction => true,
            Column::Start | Column::End | Column::Time | Column::BytesBack | Column::PacketsBack => true,
            _ => false,
        })
    })
}

/// What the names of a table's columns say together. Of two columns with one meaning the first has it, and a total is
/// never taken for one direction.
pub(super) fn guess_all<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Vec<Option<Column>> {
    let is_total = |name: &str| TOTALS.contains(&plain(name).as_str());
    let has = |columns: [Column; 2]| {
        names
            .clone()
            .any(|name| !is_total(name) && guess(name).is_some_and(|column| columns.contains(&column)))
    };
    // A name with `back` belongs to a pair: then the plain name is the other direction.
    let has_pair = |word: &str| {
        names.clone().any(|name| {
            let name = plain(name);
            name.contains(word) && (name.contains("back") || name.contains("reverse"))
        })
    };
    // Where bytes have a column for each direction, a lone column of packets counts both directions, too.
    let both = (has([Column::Bytes, Column::BytesBack]) && !has_pair("bytes"))
        || (has([Column::Packets, Column::PacketsBack]) && !has_pair("packets"));
    let mut taken = Vec::new();
    let one = |name: &str| {
        let column = guess(name)?;
        if taken.contains(&column) || (both && is_total(name)) {
            return None;
        }
        taken.push(column);
        Some(column)
    };
    names.clone().map(one).collect()
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

    /// The first column that was given by a name which the table does not have.
    pub(super) fn unknown<'a>(&'a self, header: &[String]) -> Option<&'a str> {
        self.0.iter().find_map(|(_, which)| match which {
            Which::Name(name) if !header.iter().any(|each| is_called(each, name)) => Some(name.as_str()),
            _ => None,
        })
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
                Which::Name(name) => header.iter().position(|each| is_called(each, name)),
            };
            if let Some(place) = at.and_then(|at| columns.get_mut(at)) {
                *place = *column;
            }
        }
        columns
    }
}

fn is_called(column: &str, name: &str) -> bool {
    column.trim().eq_ignore_ascii_case(name)
}
