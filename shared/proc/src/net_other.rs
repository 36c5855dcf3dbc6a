//! Further tables of a network namespace: packet, netlink and SCTP sockets, routes, neighbours, addresses.

use crate::ParseError;
use crate::Stretch;
use crate::error::{hex_number, number, words};
use std::net::IpAddr;

/// One row of `packet`, net/packet/af_packet.c.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketRow {
    /// `SOCK_DGRAM` 2, `SOCK_RAW` 3.
    pub kind: u32,
    /// EtherType it receives; 0x0003 is `ETH_P_ALL`: everything.
    pub protocol: u16,
    /// Index of the interface; 0 for all.
    pub interface: u32,
    /// Owner.
    pub uid: u32,
    /// Inode of the socket.
    pub inode: u64,
    /// The line, counted from 1.
    pub line: usize,
}

/// Rows of `packet`, and the lines that are none.
#[must_use]
pub fn packet<'a>(table: impl Into<Stretch<'a>>) -> (Vec<PacketRow>, Vec<ParseError>) {
    rows(table.into(), "packet: not `sk RefCnt Type Proto Iface R Rmem User Inode`", |words, line| {
        let kind = number(words.nth(2)?)?;
        let protocol = u16::try_from(hex_number(words.next()?)?).ok()?;
        let interface = number(words.next()?)?;
        let (uid, inode) = (number(words.nth(2)?)?, number(words.next()?)?);
        Some(PacketRow { kind, protocol, interface, uid, inode, line })
    })
}

/// One row of `netlink`, net/netlink/af_netlink.c.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetlinkRow {
    /// `NETLINK_*` of include/uapi/linux/netlink.h.
    pub protocol: u32,
    /// Port id: 0 for the kernel, else chosen by the owner, often its pid. No proof of ownership.
    pub port_id: u32,
    /// Multicast groups.
    pub groups: u64,
    /// Inode of the socket.
    pub inode: u64,
    /// The line, counted from 1.
    pub line: usize,
}

/// Rows of `netlink`, and the lines that are none.
#[must_use]
pub fn netlink<'a>(table: impl Into<Stretch<'a>>) -> (Vec<NetlinkRow>, Vec<ParseError>) {
    rows(table.into(), "netlink: not `sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode`", |words, line| {
        let protocol = number(words.nth(1)?)?;
        // Printed signed before Linux 3.18: a large port id is negative there.
        let port_id = words.next().and_then(number::<i64>)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "two's complement is meant"
        )]
        let port_id = port_id as u32;
        let groups = hex_number(words.next()?)?;
        let inode = words.last().and_then(number)?;
        Some(NetlinkRow { protocol, port_id, groups, inode, line })
    })
}

/// One row of `sctp/eps` or `sctp/assocs`, net/sctp/proc.c.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SctpRow {
    /// Owner.
    pub uid: u32,
    /// Inode of the socket.
    pub inode: u64,
    /// Local port.
    pub local_port: u16,
    /// Remote port; `None` for an endpoint.
    pub remote_port: Option<u16>,
    /// Local addresses.
    pub local: Vec<IpAddr>,
    /// Remote addresses.
    pub remote: Vec<IpAddr>,
    /// The line, counted from 1.
    pub line: usize,
}

/// Rows of an SCTP table, and the lines that are none.
#[must_use]
pub fn sctp<'a>(table: impl Into<Stretch<'a>>, associations: bool) -> (Vec<SctpRow>, Vec<ParseError>) {
    rows(table.into(), "sctp: not the columns of net/sctp/proc.c", |words, line| {
        if associations {
            // ASSOC SOCK STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS ...
            let (uid, inode) = (number(words.nth(9)?)?, number(words.next()?)?);
            let (local_port, remote_port) = (number(words.next()?)?, Some(number(words.next()?)?));
            let local = addresses(&mut words.take_while(|word| *word != b"<->"));
            let remote = addresses(words);
            Some(SctpRow { uid, inode, local_port, remote_port, local, remote, line })
        } else {
            // ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS
            let local_port = number(words.nth(5)?)?;
            let (uid, inode) = (number(words.next()?)?, number(words.next()?)?);
            let local = addresses(words);
            Some(SctpRow { uid, inode, local_port, remote_port: None, local, remote: Vec::new(), line })
        }
    })
}

/// Addresses up to the first word that is none; `*` marks the primary one.
fn addresses(words: &mut dyn Iterator<Item = &[u8]>) -> Vec<IpAddr> {
    words.map_while(|word| std::str::from_utf8(word).ok()?.trim_start_matches('*').parse().ok()).collect()
}

type Words<'a> = dyn Iterator<Item = &'a [u8]> + 'a;

fn rows<T>(
    table: Stretch<'_>,
    what: &'static str,
    row: impl Fn(&mut Words<'_>, usize) -> Option<T>,
) -> (Vec<T>, Vec<ParseError>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in table.rows() {
        match row(&mut words(line), at) {
            Some(row) => rows.push(row),
            None => problems.push(ParseError::at(what, at)),
        }
    }
    (rows, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn packet_rows() {
        let text = b"sk       RefCnt Type Proto  Iface R Rmem   User   Inode\n\
            0000000000000000 3      3    0003   2     1 0      101    34754 \nbad row\n";
        let (rows, problems) = packet(text);
        assert_eq!(rows, [PacketRow { kind: 3, protocol: 3, interface: 2, uid: 101, inode: 34754, line: 2 }]);
        assert_eq!(problems[0].line, Some(3));
    }

    #[test]
    fn netlink_rows() {
        let text =
            b"sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n\
            ffff9b61adaff000 15  1          800405d5 0        0        0     2        0        29791   \n\
            ffff9b61adaff000 0   -4122      00000000 0        0        0     2        0        17\n";
        let (rows, problems) = netlink(text);
        assert_eq!(
            (rows[0].protocol, rows[0].port_id, rows[0].groups, rows[0].inode),
            (15, 1, 0x8004_05d5, 29791)
        );
        assert_eq!(rows[1].port_id, 4_294_963_174);
        assert!(problems.is_empty());
    }

    #[test]
    fn sctp_rows() {
        let eps = b" ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n\
            0 0 2   10  29   11165  200  299689 10.0.0.1 2001:db8::1 \n";
        let (rows, _) = sctp(eps, false);
        assert_eq!(
            (rows[0].local_port, rows[0].uid, rows[0].inode, rows[0].local.len()),
            (11165, 200, 299_689, 2)
        );
        let assocs = b" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS HBINT INS\n\
            0 0 2   1   3  0       1        0        0     0 12345 5000 38412 *10.0.0.1 10.0.0.3 <-> *10.0.0.2 \t 7500 10 10\n";
        let (rows, problems) = sctp(assocs, true);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!((rows[0].inode, rows[0].local_port, rows[0].remote_port), (12345, 5000, Some(38412)));
        assert_eq!((rows[0].local.len(), rows[0].remote.as_slice()), (2, &["10.0.0.2".parse().unwrap()][..]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = (packet(&bytes), netlink(&bytes), sctp(&bytes, true), sctp(&bytes, false));
        }
    }
}
