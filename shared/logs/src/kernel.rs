//! Lines that the kernel's packet filter logs: targets LOG of iptables, `log` of nftables, UFW, as syslog, journald and
//! dmesg write them.

use super::column::{Column, Draft, Value, Why, action};
use super::parser::{Emit, Line, Outcome};
use super::record::{Action, Direction};
use super::scan;
use bstr::ByteSlice as _;

/// What every such line has, and hardly any other.
pub(super) fn is_packet(line: &[u8]) -> bool {
    line.contains_str(" SRC=") && line.contains_str(" DST=")
}

pub(super) fn line(line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
    if !is_packet(line.text) {
        // A kernel's log has many other lines.
        return Ok(Outcome::Ignored);
    }
    // A line about an ICMP error has the packet that caused it behind, in brackets. It is another flow.
    let own = line.text.find(" [SRC=").and_then(|at| line.text.get(..at)).unwrap_or(line.text);
    let fields = ["IN=", "OUT=", "PHYSIN=", "MAC=", "SRC="].iter().filter_map(|name| word(own, name)).min();
    let (head, fields) = own.split_at_checked(fields.unwrap_or(0)).unwrap_or((b"", own));
    let mut draft = Draft::new(line.zone);
    let (mut input, mut output): (&[u8], &[u8]) = (b"", b"");
    for field in fields.split(|byte| *byte == b' ') {
        let Some((name, value)) = field.split_once_str("=") else { continue };
        let column = match name {
            b"IN" => {
                input = value;
                continue;
            }
            b"OUT" => {
                output = value;
                continue;
            }
            b"SRC" => Column::Source,
            b"DST" => Column::Destination,
            b"SPT" => Column::SourcePort,
            b"DPT" => Column::DestinationPort,
            b"PROTO" => Column::Protocol,
            // The first is the packet's, a second that of its UDP datagram.
            b"LEN" if draft.record.sent.bytes.is_none() => Column::Bytes,
            _ => continue,
        };
        draft.fill(column, Value::Text(value))?;
    }
    let record = &mut draft.record;
    record.sent.packets = Some(1);
    record.direction = match (input.is_empty(), output.is_empty()) {
        (false, true) => Some(Direction::In),
        (true, false) => Some(Direction::Out),
        _ => None,
    };
    record.reporter.interface = [input, output].into_iter().find(|name| !name.is_empty());
    before(head, line, &mut draft);
    emit.draft(&mut draft, line)
}

/// Where a field begins that stands at the beginning of a word.
fn word(text: &[u8], name: &str) -> Option<usize> {
    text.find_iter(name).find(|at| {
        // A prefix that ends without a blank stands right in front, as in `DROPIN=eth0`, so only names that end in the
        // same letters must be told apart.
        !(name == "IN=" && text.get(..*at).is_some_and(|head| head.ends_with(b"PHYS")))
    })
}

/// Time, host and the rule's prefix, in front of the fields.
fn before<'a>(head: &'a [u8], line: Line<'_>, draft: &mut Draft<'a>) {
    let mut rest = head.trim_ascii_start();
    // A priority, as it stands in what syslog sends.
    if let Some(end) = rest.strip_prefix(b"<").and_then(|rest| rest.find_byte(b'>')) {
        rest = rest.get(end + 2..).unwrap_or_default();
        rest = rest.strip_prefix(b"1 ").unwrap_or(rest);
    }
    let first = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    let mut time = None;
    if first.len() >= 19 && first.first().is_some_and(u8::is_ascii_digit) {
        if let Some((at, assumed)) = scan::time(first, line.zone) {
            time = Some(at);
            draft.assumed |= assumed;
            rest = rest.get(first.len()..).unwrap_or_default();
        }
    } else if let Some(stamp) = rest.get(..15).filter(|stamp| stamp.get(6) == Some(&b' ')) {
        time = line.reference.and_then(|reference| scan::syslog_time(stamp, reference, line.zone));
        draft.assumed |= time.is_some();
        if stamp.first().is_some_and(u8::is_ascii_uppercase) {
            rest = rest.get(15..).unwrap_or_default();
        }
    }
    (draft.record.start, draft.record.end) = (time, time);
    let rest = rest.trim_ascii();
    // `host kernel: [ 203.842973] prefix`; dmesg has only the seconds.
    let (host, prefix) = match rest.find(": ").or_else(|| rest.ends_with(b":").then(|| rest.len() - 1)) {
        Some(at) if rest.get(..at).is_some_and(|name| name.contains_str("kernel")) => {
            let host = rest.split(|byte| *byte == b' ').next().filter(|host| !host.starts_with(b"kernel"));
            (host, rest.get(at + 1..).unwrap_or_default())
        }
        _ => (None, rest),
    };
    draft.record.reporter.sensor = host;
    let prefix = prefix.trim_ascii_start();
    let seconds = prefix
        .strip_prefix(b"[")
        .and_then(|rest| rest.find_byte(b']').and_then(|end| Some((rest.get(..end)?, rest.get(end + 1..)?))))
        .filter(|(clock, _)| clock.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b' ')));
    let prefix = seconds.map_or(prefix, |(_, rest)| rest).trim_ascii();
    draft.record.action = said(prefix);
    draft.record.rule = (!prefix.is_empty()).then_some(prefix);
}

/// What the prefix says was done. It is free text that a person chose, so only clear words count.
fn said(prefix: &[u8]) -> Option<Action> {
    let words = prefix.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| word.len() > 3);
    words.filter(|word| !word.eq_ignore_ascii_case(b"alert")).find_map(action)
}
