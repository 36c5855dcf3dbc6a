//! Tables of the network: rows of a known form are cleaned, others are left out.

use super::choice::Choice;
use super::names::Names;
use procglass_model::bundle::ByteOrder;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `/proc/net/tcp` and its like.
pub(super) fn inet(names: &mut Names, table: &[u8], order: ByteOrder) -> Vec<u8> {
    lines(table, |line| {
        // `sl  local_address rem_address ...`: the first is a number with a colon behind it.
        let start = line.iter().position(|byte| *byte == b':')? + 2;
        let (local, rest) = word(line, start)?;
        let (remote, end) = word(line, rest + 1)?;
        let mut out = line.get(..start)?.to_vec();
        out.extend(endpoint(names, local, order)?);
        out.push(b' ');
        out.extend(endpoint(names, remote, order)?);
        let tail = line.get(end..)?;
        tail.iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b" :-".contains(byte))
            .then(|| out.extend_from_slice(tail))?;
        Some(out)
    })
}

/// A word that begins at `start`, and where it ends.
fn word(line: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let rest = line.get(start..)?;
    let length = rest.iter().position(|byte| *byte == b' ')?;
    Some((rest.get(..length)?, start + length))
}

/// `0100007F:1F90`: words of the machine in hexadecimal digits.
fn endpoint(names: &mut Names, text: &[u8], order: ByteOrder) -> Option<Vec<u8>> {
    let (digits, port) = text.split_at_checked(text.len().checked_sub(5)?)?;
    let turn = |value: u32| match order {
        ByteOrder::Little => value.swap_bytes(),
        ByteOrder::Big => value,
    };
    let mut words = Vec::new();
    for digits in digits.chunks(8) {
        words.push(turn(u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?));
    }
    let address = match *words.as_slice() {
        [v4] => IpAddr::V4(Ipv4Addr::from(v4)),
        [a, b, c, d] => {
            let high = u128::from(a) << 96 | u128::from(b) << 64;
            IpAddr::V6(Ipv6Addr::from(high | u128::from(c) << 32 | u128::from(d)))
        }
        _ => return None,
    };
    u16::from_str_radix(std::str::from_utf8(port.strip_prefix(b":")?).ok()?, 16).ok()?;
    let octets = match names.address(address) {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    let mut out = String::new();
    for word in octets.as_chunks::<4>().0 {
        out.push_str(&format!("{:08X}", turn(u32::from_be_bytes(*word))));
    }
    Some([out.as_bytes(), port].concat())
}

/// `/proc/net/unix`: everything before the name are numbers.
pub(super) fn unix(names: &mut Names, table: &[u8]) -> Vec<u8> {
    lines(table, |line| {
        let mut at = 0;
        for _ in 0..7 {
            at += line.get(at..)?.iter().position(|byte| *byte != b' ')?;
            let rest = line.get(at..)?;
            let length = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
            let number = rest.get(..length)?;
            number.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b':').then_some(())?;
            at += length;
        }
        let (numbers, name) = line.split_at_checked(at)?;
        Some([numbers, &socket_name(names, name)].concat())
    })
}

/// One space and the name; `@` stands for the NUL of an abstract one.
fn socket_name<'a>(names: &mut Names, name: &'a [u8]) -> Cow<'a, [u8]> {
    let front = if name.starts_with(b" @") { 2 } else { usize::from(!name.is_empty()) };
    let Some((front, path)) = name.split_at_checked(front) else { return Cow::Borrowed(name) };
    Cow::Owned([front, &names.path(path)].concat())
}

/// SCTP prints addresses as text, `*` in front of the primary one.
pub(super) fn sctp(names: &mut Names, table: &[u8]) -> Vec<u8> {
    lines(table, |line| Some(names.text(line).into_owned()))
}

/// Tables of numbers and names of the kernel.
pub(super) fn numbers(names: &mut Names, table: &[u8]) -> Vec<u8> {
    sctp(names, table)
}

/// The header of a table of which nothing else is known to be harmless.
fn lines(table: &[u8], mut clean: impl FnMut(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(table.len());
    for (at, line) in table.split(|byte| *byte == b'\n').enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        let header = at == 0 && line.iter().all(|byte| byte.is_ascii_alphabetic() || b" _->".contains(byte));
        if header {
            out.extend_from_slice(line);
        } else if !line.is_empty() {
            out.extend(clean(line).unwrap_or_default());
        }
    }
    out
}

/// `/sys/class/net`: what an interface is called and does, without its hardware address.
pub(super) fn interfaces(names: &mut Names, json: &[u8]) -> Option<Vec<u8>> {
    let mut all: serde_json::Value = serde_json::from_slice(json).ok()?;
    for facts in all.as_object_mut()?.values_mut() {
        let facts = facts.as_object_mut()?;
        if names.choices.has(Choice::Addresses) {
            facts.remove("address");
        }
        facts.retain(|key, value| {
            ["flags", "address", "mtu", "operstate", "type", "ifindex"].contains(&key.as_str())
                && value.is_string()
        });
    }
    serde_json::to_vec(&all).ok()
}
