//! The socket tables of the Internet families: `/proc/net/tcp` and its siblings, proc_pid_net(5).

use crate::ParseError;
use crate::Stretch;
use crate::error::{hex_number, number, words};
use procglass_model::bundle::ByteOrder;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One row of a table. Addresses are as stored: a v4-mapped one stays IPv6 here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InetRow {
    /// Local address and port. For raw sockets the "port" is the IP protocol number.
    pub local: (IpAddr, u16),
    /// Remote address and port; all zeros when not connected.
    pub remote: (IpAddr, u16),
    /// `st`: a number of include/net/tcp_states.h, used for all families.
    pub state: u8,
    /// Bytes (TCP listeners: connections) waiting to be sent.
    pub tx_queue: u64,
    /// Bytes waiting to be read; for a TCP listener connections waiting to be accepted.
    pub rx_queue: u64,
    /// `tr`: which timer runs: 0 none, 1 retransmit, 2 another, 3 TIME_WAIT, 4 zero window probe.
    pub timer: u8,
    /// When the timer fires: clock ticks.
    pub timer_ticks: u64,
    /// Retransmissions without an answer.
    pub retransmits: u64,
    /// Owner of the socket.
    pub uid: u32,
    /// Inode of the socket; 0 where there is no owner any more (TIME_WAIT) or not yet.
    pub inode: u64,
    /// The line, counted from 1.
    pub line: usize,
}

/// The rows of a table, and the lines that are none. `order` is that of the kernel that printed it.
#[must_use]
pub fn parse<'a>(table: impl Into<Stretch<'a>>, order: ByteOrder) -> (Vec<InetRow>, Vec<ParseError>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in table.into().rows() {
        match row(line, at, order) {
            Ok(row) => rows.push(row),
            Err(what) => problems.push(ParseError::at(what, at)),
        }
    }
    (rows, problems)
}

fn row(line: &[u8], at: usize, order: ByteOrder) -> Result<InetRow, &'static str> {
    let mut words = words(line).skip(1);
    let mut next = |what| words.next().ok_or(what);
    let local = endpoint(next("net: local_address is missing")?, order).ok_or("net: local_address")?;
    let remote = endpoint(next("net: rem_address is missing")?, order).ok_or("net: rem_address")?;
    let state = hex_number(next("net: st is missing")?).and_then(|state| u8::try_from(state).ok());
    let (tx_queue, rx_queue) = pair(next("net: tx_queue is missing")?).ok_or("net: tx_queue:rx_queue")?;
    let (timer, timer_ticks) = pair(next("net: tr is missing")?).ok_or("net: tr:tm->when")?;
    let retransmits = hex_number(next("net: retrnsmt is missing")?).ok_or("net: retrnsmt")?;
    let uid = number(next("net: uid is missing")?).ok_or("net: uid")?;
    next("net: timeout is missing")?;
    let inode = number(next("net: inode is missing")?).ok_or("net: inode")?;
    let timer = u8::try_from(timer).map_err(|_| "net: tr")?;
    let state = state.ok_or("net: st")?;
    Ok(InetRow {
        local,
        remote,
        state,
        tx_queue,
        rx_queue,
        timer,
        timer_ticks,
        retransmits,
        uid,
        inode,
        line: at,
    })
}

fn pair(word: &[u8]) -> Option<(u64, u64)> {
    let colon = word.iter().position(|byte| *byte == b':')?;
    Some((hex_number(word.get(..colon)?)?, hex_number(word.get(colon + 1..)?)?))
}

/// `ADDRESS:PORT`. The address is the kernel's 32-bit words, which are in network order in memory, each printed as
/// a number: so their bytes come out in the order of the host. The port is plain.
fn endpoint(word: &[u8], order: ByteOrder) -> Option<(IpAddr, u16)> {
    let (address, port) = word.split_at_checked(word.len().checked_sub(5)?)?;
    let port = u16::try_from(hex_number(port.strip_prefix(b":")?)?).ok()?;
    let mut bytes = [0; 16];
    for (into, digits) in bytes.chunks_exact_mut(4).zip(address.chunks(8)) {
        let value = u32::try_from(hex_number(digits)?).ok()?;
        into.copy_from_slice(&match order {
            ByteOrder::Little => value.to_le_bytes(),
            ByteOrder::Big => value.to_be_bytes(),
        });
    }
    match address.len() {
        8 => {
            let [a, b, c, d, ..] = bytes;
            Some((Ipv4Addr::new(a, b, c, d).into(), port))
        }
        32 => Some((Ipv6Addr::from(bytes).into(), port)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::ByteOrder;
    use proptest::prelude::*;

    const HEADER: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    fn table(row: &str) -> Vec<u8> {
        format!("{HEADER}{row}\n").into_bytes()
    }

    #[test]
    fn a_row() {
        let text = "   0: 0100007F:1F90 0200000A:01BB 01 00000010:00000002 02:000000FF 00000003  1000        0 4242 1 0 20 4 30 10 -1";
        let (rows, problems) = parse(&table(text), ByteOrder::Little);
        let row = &rows[0];
        assert_eq!(row.local, ("127.0.0.1".parse().unwrap(), 8080));
        assert_eq!(row.remote, ("10.0.0.2".parse().unwrap(), 443));
        assert_eq!((row.state, row.tx_queue, row.rx_queue, row.timer, row.timer_ticks), (1, 16, 2, 2, 255));
        assert_eq!((row.retransmits, row.uid, row.inode, row.line), (3, 1000, 4242, 2));
        assert!(problems.is_empty());
    }

    #[test]
    fn byte_orders() {
        let address = |text: &str, order| {
            parse(&table(&format!("0: {text} {text} 0A 0:0 0:0 0 0 0 1")), order).0[0].local
        };
        let is = |text: &str, port| (text.parse().unwrap(), port);
        assert_eq!(address("C0A84D09:0016", ByteOrder::Big), is("192.168.77.9", 22));
        assert_eq!(
            address("0000000000000000FFFF00000100007F:0050", ByteOrder::Little),
            is("::ffff:127.0.0.1", 80)
        );
        assert_eq!(
            address("00000000000000000000FFFFC0A84D09:0050", ByteOrder::Big),
            is("::ffff:192.168.77.9", 80)
        );
        assert_eq!(address("00000000000000000000000001000000:0050", ByteOrder::Little), is("::1", 80));
        assert_eq!(address("00000000000000000000000000000001:0050", ByteOrder::Big), is("::1", 80));
        assert_eq!(
            address("B80D0120000000000000000001000000:0050", ByteOrder::Little),
            is("2001:db8::1", 80)
        );
    }

    #[test]
    fn one_bad_row_costs_one_row() {
        let good = "0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 1";
        let text = format!("{HEADER}{good}\n1: zz:1 q\n2: 0100007F\n{good}\n{}", &good[..20]);
        let (rows, problems) = parse(text.as_bytes(), ByteOrder::Little);
        assert_eq!((rows.len(), problems.len()), (2, 3));
        assert_eq!(parse(b"", ByteOrder::Little), (vec![], vec![]), "WSL1 prints nothing, not even a header");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes, ByteOrder::Little);
        }
    }
}
