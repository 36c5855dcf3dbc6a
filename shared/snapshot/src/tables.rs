//! The socket tables of the bundle. They are parsed when all members are there, some rows at a time: one table may have a row
//! for each of 100,000 sockets.

use super::{Members, Problem, Protocol, Socket};
use procglass_model::bundle::ByteOrder;
use procglass_proc::{ParseError, Stretch, net_inet, net_other, net_unix};
use std::collections::VecDeque;

/// Tables that wait.
#[derive(Default)]
pub(super) struct Tables {
    waiting: VecDeque<Table>,
}

/// One of them, and how far it was read.
struct Table {
    netns: u64,
    form: Form,
    /// Place of the member.
    member: usize,
    /// Bytes and lines that are done.
    done: (usize, usize),
}

#[derive(Clone, Copy)]
enum Form {
    Inet(&'static str, Protocol),
    Unix,
    Packet,
    Netlink,
    Sctp(&'static str),
}

/// By name below `net/<inode>/`.
const FORMS: [(&str, Form); 15] = [
    ("tcp", Form::Inet("tcp", Protocol::Tcp)),
    ("tcp6", Form::Inet("tcp6", Protocol::Tcp)),
    ("udp", Form::Inet("udp", Protocol::Udp)),
    ("udp6", Form::Inet("udp6", Protocol::Udp)),
    ("udplite", Form::Inet("udplite", Protocol::UdpLite)),
    ("udplite6", Form::Inet("udplite6", Protocol::UdpLite)),
    ("raw", Form::Inet("raw", Protocol::Raw)),
    ("raw6", Form::Inet("raw6", Protocol::Raw)),
    ("icmp", Form::Inet("icmp", Protocol::Icmp)),
    ("icmp6", Form::Inet("icmp6", Protocol::Icmp)),
    ("unix", Form::Unix),
    ("packet", Form::Packet),
    ("netlink", Form::Netlink),
    ("sctp/eps", Form::Sctp("sctp/eps")),
    ("sctp/assocs", Form::Sctp("sctp/assocs")),
];

/// Whether a table below `net/<inode>/` is one of sockets.
pub(super) fn is_of_sockets(name: &str) -> bool {
    FORMS.iter().any(|(known, _)| *known == name)
}

/// Bytes of a usual row: those of `tcp` are 150 long, most of `unix` are shorter.
const ROW: usize = 128;
/// Bytes a step: some 1,700 rows.
const STEP: usize = 256 << 10;

impl Tables {
    /// Takes the table that the next member is, if it is one of sockets.
    pub(super) fn add(&mut self, netns: u64, name: &str, member: usize) {
        if let Some((_, form)) = FORMS.into_iter().find(|(known, _)| *known == name) {
            self.waiting.push_back(Table { netns, form, member, done: (0, 0) });
        }
    }

    /// Parses the next rows. False when none are left.
    pub(super) fn step(
        &mut self,
        members: &Members,
        order: ByteOrder,
        sockets: &mut Vec<Socket>,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let Some(table) = self.waiting.front_mut() else { return false };
        if let Some(member) = members.at(table.member) {
            if table.done.0 == 0 {
                sockets.reserve(member.data.len() / ROW);
            }
            let left = member.data.get(table.done.0..).unwrap_or_default();
            let (part, rest) = Stretch::after(left, table.done.1).split(STEP);
            let errors = table.form.parse(part, order, table.netns, sockets);
            problems.extend(errors.into_iter().map(|error| Problem::new(&*member.name, error.to_string())));
            if let Some(rest) = rest {
                table.done = (table.done.0 + part.len(), rest.before());
                return true;
            }
        }
        self.waiting.pop_front();
        true
    }
}

impl Form {
    fn parse(
        self,
        part: Stretch<'_>,
        order: ByteOrder,
        netns: u64,
        sockets: &mut Vec<Socket>,
    ) -> Vec<ParseError> {
        match self {
            Self::Inet(table, protocol) => {
                let (rows, errors) = net_inet::parse(part, order);
                sockets.extend(rows.iter().map(|row| Socket::inet(protocol, table, netns, row)));
                errors
            }
            Self::Unix => {
                let (rows, errors) = net_unix::parse(part);
                sockets.extend(rows.iter().map(|row| Socket::unix(netns, row)));
                errors
            }
            Self::Packet => {
                let (rows, errors) = net_other::packet(part);
                sockets.extend(rows.iter().map(|row| Socket::packet(netns, row)));
                errors
            }
            Self::Netlink => {
                let (rows, errors) = net_other::netlink(part);
                sockets.extend(rows.iter().map(|row| Socket::netlink(netns, row)));
                errors
            }
            Self::Sctp(table) => {
                let (rows, errors) = net_other::sctp(part, table == "sctp/assocs");
                sockets.extend(rows.iter().map(|row| Socket::sctp(table, netns, row)));
                errors
            }
        }
    }
}
