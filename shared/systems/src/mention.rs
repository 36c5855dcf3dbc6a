//! Addresses that stand in arguments, environments, `/etc/hosts`, `/etc/resolv.conf`, routes and the table of neighbours.

use super::address::{identifies, lines, namespaces, row};
use super::system::{Mention, Place, RowIndex};
use procglass_findings::Proof;
use procglass_model::bundle::{Bases, FileContent};
use procglass_proc::cmdline::strings;
use procglass_proc::net_address;
use procglass_snapshot::environ;
use procglass_snapshot::{ProcessIndex, Snapshot};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The most mentions that one system keeps.
const MOST: usize = 4096;
/// The most of one process: a list of a thousand addresses in an argument is told by its first.
const MOST_OF_PROCESS: usize = 64;

#[derive(Default)]
struct Found {
    list: Vec<Mention>,
    seen: HashSet<(IpAddr, Place, Option<RowIndex>)>,
    left_out: u32,
}

impl Found {
    fn add(
        &mut self,
        address: IpAddr,
        place: Place,
        process: Option<RowIndex>,
        proof: impl FnOnce() -> Proof,
    ) {
        let address = address.to_canonical();
        if !identifies(address) || !self.seen.insert((address, place, process)) {
            return;
        }
        if self.list.len() >= MOST {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        self.list.push(Mention { address, place, process, proof: proof() });
    }
}

/// Every mention, and how many were left out. `rows` are the processes that the system keeps, in its order.
pub(super) fn of(snapshot: &Snapshot, rows: &[ProcessIndex]) -> (Vec<Mention>, u32) {
    let mut found = Found::default();
    for (at, index) in (0..).map(RowIndex).zip(rows) {
        of_process(snapshot, *index, at, &mut found);
    }
    for member in snapshot.members.iter() {
        let file = match member.name.split('/').collect::<Vec<_>>().as_slice() {
            ["host", "etc", file] | ["mount", _, "etc", file] => *file,
            _ => continue,
        };
        let place = match file {
            "hosts" => Place::Hosts,
            "resolv.conf" => Place::Resolver,
            _ => continue,
        };
        for (at, line) in (1..).zip(member.data.split(|byte| *byte == b'\n')) {
            let text = line.split(|byte| *byte == b'#').next().unwrap_or_default();
            for address in addresses(text) {
                found.add(address, place, None, || Proof::new(format!("{}:{at}", member.name), line));
            }
        }
    }
    for netns in namespaces(snapshot) {
        of_namespace(snapshot, netns, &mut found);
    }
    (found.list, found.left_out)
}

/// The part of a record that is looked at.
#[derive(Default, Deserialize)]
struct Record {
    #[serde(default)]
    bases: Bases,
    #[serde(default)]
    files: BTreeMap<String, FileContent>,
}

fn of_process(snapshot: &Snapshot, index: ProcessIndex, at: RowIndex, found: &mut Found) {
    let Some(process) = snapshot.process(index) else { return };
    let member = process.member();
    let mut left = MOST_OF_PROCESS;
    let mut look = |texts: &[u8], place, part: &str| {
        for text in strings(texts) {
            for address in addresses(text).take(left) {
                left -= 1;
                found.add(address, place, Some(at), || {
                    Proof::new(format!("{member}#files/{part}"), around(text, address))
                });
            }
        }
    };
    look(process.cmdline.as_deref().map_or(&[], |text| text.as_slice()), Place::Argument, "cmdline");
    let data = snapshot.members.data(&member).unwrap_or_default();
    if !environ::may_hold(&snapshot.members, data, |text| addresses(text).next().is_some()) {
        return;
    }
    let Ok(record) = serde_json::from_slice::<Record>(data) else { return };
    let environ =
        record.files.get("environ").and_then(|text| snapshot.members.content(text, &record.bases).ok());
    look(&environ.unwrap_or(Cow::Borrowed(&[])), Place::Environment, "environ");
}

fn of_namespace(snapshot: &Snapshot, netns: u64, found: &mut Found) {
    let table = |name: &str| {
        let member = format!("net/{netns}/{name}");
        let data = snapshot.members.data(&member).unwrap_or_default();
        (member, data)
    };
    let (member, data) = table("arp");
    let rows = lines(data);
    for (address, line) in net_address::arp(data) {
        found.add(address, Place::Neighbour, None, || {
            Proof::new(format!("{member}:{line}"), row(&rows, line))
        });
    }
    for (name, bits) in [("route", 32), ("ipv6_route", 128)] {
        let (member, data) = table(name);
        let rows = lines(data);
        let routes = if bits == 32 {
            net_address::route(data, snapshot.manifest.byte_order)
        } else {
            net_address::ipv6_route(data)
        };
        for route in routes.into_iter().filter(|route| route.interface != "lo").take(MOST) {
            let host = (route.to.1 == bits).then_some(route.to.0);
            for address in route.gateway.into_iter().chain(host) {
                let line = route.line;
                found.add(address, Place::Route, None, || {
                    Proof::new(format!("{member}:{line}"), row(&rows, line))
                });
            }
        }
    }
}

/// The piece of a long text that has the address in it.
fn around(text: &[u8], address: IpAddr) -> &[u8] {
    const BEFORE: usize = 60;
    let at = procglass_model::text::find(text, address.to_string().as_bytes()).unwrap_or(0);
    text.get(at.saturating_sub(BEFORE)..).unwrap_or(text)
}

/// Every address that is written in a text, with nothing around it that would make it part of something else.
pub(super) fn addresses(text: &[u8]) -> impl Iterator<Item = IpAddr> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let from = at + rest.iter().position(|byte| kind(*byte) & PART != 0)?;
            let run = text.get(from..)?;
            // Every byte of a bundle comes by here, and most runs are numbers and words, so dots and colons are counted first.
            let (mut length, mut dots, mut colons) = (0, 0, 0);
            for byte in run {
                let kind = kind(*byte);
                if kind & PART == 0 {
                    break;
                }
                dots += u32::from(kind & DOT != 0);
                colons += u32::from(kind & COLON != 0);
                length += 1;
            }
            at = from + length;
            if dots < 3 && colons < 2 {
                continue;
            }
            let is_word = |byte: &u8| kind(*byte) & WORD != 0;
            let glued = from.checked_sub(1).and_then(|before| text.get(before)).is_some_and(is_word)
                || text.get(at).is_some_and(is_word);
            if let Some(address) = run.get(..length).filter(|_| !glued).and_then(address) {
                return Some(address);
            }
        }
    })
}

/// Bytes that addresses and ports consist of.
const PART: u8 = 1;
/// Bytes that make a word of what they touch.
const WORD: u8 = 2;
const DOT: u8 = 4;
const COLON: u8 = 8;

/// What each byte is.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    // A constant has no iterators.
    #[allow(clippy::indexing_slicing)]
    while byte < 128 {
        let part = byte.is_ascii_hexdigit() || byte == b'.' || byte == b':';
        let word = byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-';
        kinds[byte as usize] = if part { PART } else { 0 }
            | if word { WORD } else { 0 }
            | if byte == b'.' { DOT } else { 0 }
            | if byte == b':' { COLON } else { 0 };
        byte += 1;
    }
    kinds
};

fn kind(byte: u8) -> u8 {
    KINDS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// `10.0.3.4`, `10.0.3.4:80`, `10.0.3.4.` at the end of a sentence, `fd00::1`.
fn address(run: &[u8]) -> Option<IpAddr> {
    // The shortest of either family, and no longer than the longest with a port.
    if run.len() < 3 || run.len() > 64 {
        return None;
    }
    let text = std::str::from_utf8(run).ok()?.trim_end_matches(['.', ':']);
    let (dots, colons) = run.iter().fold((0, 0), |(dots, colons), byte| match byte {
        b'.' => (dots + 1, colons),
        b':' => (dots, colons + 1),
        _ => (dots, colons),
    });
    if dots >= 3 && colons <= 2 {
        // `tcp:10.0.3.4:80` has its colons on either side.
        return text.split(':').find_map(|piece| piece.parse::<Ipv4Addr>().ok()).map(IpAddr::V4);
    }
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    if colons < 2 || digits < 4 {
        return None;
    }
    text.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        addresses(text.as_bytes()).map(|address| address.to_string()).collect()
    }

    #[test]
    fn what_is_an_address_and_what_is_not() {
        assert_eq!(found("postgres://app@10.0.3.4:5432/shop"), ["10.0.3.4"]);
        assert_eq!(
            found("--peers=10.0.3.4,10.0.3.5:80 [fd00::12]:80 x"),
            ["10.0.3.4", "10.0.3.5", "fd00::12"]
        );
        assert_eq!(found("DNS=10.0.0.2."), ["10.0.0.2"]);
        assert_eq!(found("[10.0.3.4]\"10.0.3.6\\n"), ["10.0.3.4", "10.0.3.6"]);
        for other in [
            "v10.0.3.4",
            "10.0.3.4-rc1",
            "1.2.3",
            "1.2.3.4.5",
            "10.0.3.400",
            "12:30:45",
            "02:fc:00:00:00:05",
            "a::b",
            "std::fmt",
            "::",
            "2026-11-24T06:00:00",
            "",
        ] {
            assert_eq!(found(other), [""; 0], "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = addresses(&bytes).count();
        }

        #[test]
        fn any_address_is_found(bits: u32, port: u16) {
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(found(&format!("x={address}:{port}/y")), [address.to_string()]);
        }
    }
}
