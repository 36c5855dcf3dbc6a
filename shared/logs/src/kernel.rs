//! Lines that the kernel's packet filter logs: targets LOG of iptables, `log` of nftables, UFW, as syslog, journald and
//! dmesg write them.

use super::column::{Column, Draft, Value, Why, action};
use super::parser::{Emit, Line, Outcome};
use super::record::{Action, Direction};
use super::syslog::{self, Clock};
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
    let mut draft = Draft::new(line.zone);
    fill(line.text, line, &mut draft)?;
    emit.draft(&mut draft, line)
}

/// Fills a draft from a message of the kernel, and from what stands in front of it.
pub(super) fn fill<'a>(text: &'a [u8], line: Line<'_>, draft: &mut Draft<'a>) -> Result<(), Why> {
    // A line about an ICMP error has the packet that caused it behind, in brackets. It is another flow.
    let own = text.find(" [SRC=").and_then(|at| text.get(..at)).unwrap_or(text);
    let (head, fields) = own.split_at_checked(fields(own)).unwrap_or((b"", own));
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
    let head = syslog::head(head, Clock { zone: line.zone, reference: line.reference });
    (record.start, record.end) = (head.time, head.time);
    record.reporter.sensor = head.host;
    record.action = said(head.message);
    record.rule = (!head.message.is_empty()).then_some(head.message);
    draft.assumed |= head.assumed;
    draft.unclear |= head.unclear;
    Ok(())
}

/// Where the packet's fields begin. The kernel writes `IN=` and `OUT=` side by side; a prefix may end in the same letters,
/// as `CHAIN=INPUT` does, and may lack a blank at its end, as in `DROPIN=eth0 OUT=`.
fn fields(text: &[u8]) -> usize {
    let limit = text.find(" SRC=").unwrap_or(text.len());
    let is_pair = |at: &usize| {
        let behind = text.get(at + 3..).unwrap_or_default();
        behind.split_once_str(" ").is_some_and(|(_, rest)| rest.starts_with(b"OUT="))
    };
    let pairs = text.find_iter("IN=").filter(|at| *at < limit).filter(is_pair);
    // Of several the last is the kernel's: a prefix stands in front.
    let alone = || ["OUT=", "PHYSIN=", "MAC=", "SRC="].iter().filter_map(|name| text.find(name)).min();
    pairs.last().or_else(alone).unwrap_or(0)
}

/// What the prefix says was done. It is free text that a person chose, so only clear words count, and none that stands
/// behind a negation.
fn said(prefix: &[u8]) -> Option<Action> {
    const NEGATIONS: [&[u8]; 7] = [b"not", b"no", b"non", b"never", b"cannot", b"without", b"un"];
    let mut negated = false;
    for word in prefix.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| !word.is_empty()) {
        let is_clear = word.len() > 3 && !word.eq_ignore_ascii_case(b"alert");
        if let Some(action) = action(word).filter(|_| is_clear && !negated) {
            return Some(action);
        }
        negated = NEGATIONS.iter().any(|no| word.eq_ignore_ascii_case(no));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_prefixes() {
        for (prefix, action) in [
            ("DROP", Some(Action::Rejected)),
            ("NOT ACCEPTED", None),
            ("not-allowed DROP", Some(Action::Rejected)),
            ("[UFW AUDIT]", None),
            ("Shorewall:net2fw:DROP:", Some(Action::Rejected)),
            ("ACCEPT-then-log", Some(Action::Accepted)),
            ("DROP UNMATCHED PASS-unknown", Some(Action::Rejected)),
            ("in-web:", None),
            ("ALERT", None),
        ] {
            assert_eq!(said(prefix.as_bytes()), action, "{prefix}");
        }
    }

    #[test]
    fn the_fields_begin_where_the_kernel_begins() {
        for (text, prefix) in [
            ("DROPIN=eth0 OUT= SRC=a", "DROP"),
            ("FW CHAIN=INPUT IN=eth0 OUT= SRC=a", "FW CHAIN=INPUT "),
            ("FW CHAIN=INPUTIN=eth0 OUT= SRC=a", "FW CHAIN=INPUT"),
            ("IN=br0 OUT=br0 PHYSIN=e0 PHYSOUT=e1 MAC= SRC=a", ""),
            ("x MAC=1 SRC=a", "x "),
            ("x SRC=a", "x "),
        ] {
            assert_eq!(text.get(..fields(text.as_bytes())), Some(prefix), "{text}");
        }
    }
}
