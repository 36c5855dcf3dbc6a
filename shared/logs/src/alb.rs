//! AWS application load balancers: access logs. One record is two connections, from the client to the balancer and from
//! the balancer to the target, whose own address the log does not tell.

use super::column::{Draft, Why};
use super::parser::{Emit, Line, Outcome};
use super::scan;
use procglass_model::Timestamp;

/// Types of requests and connections.
pub(super) const KINDS: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];

/// TCP.
const PROTOCOL: u8 = 6;

/// Whether a line is a request: its kind, a time, and a balancer.
pub(super) fn is_request(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ');
    words.next().is_some_and(|kind| KINDS.contains(&kind))
        && words.nth(1).is_some_and(|balancer| balancer.starts_with(b"app/"))
}

pub(super) fn line(line: Line<'_>, emit: &mut Emit<'_>) -> Result<Outcome, Why> {
    // The words that are needed stand in front of the first quoted one.
    let plain = line.text.split(|byte| *byte == b'"').next().unwrap_or_default();
    let words: Vec<&[u8]> = plain.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    let [kind, time, balancer, client, target, waits @ .., received, sent] = words.as_slice() else {
        return Err("it has too few fields for a load balancer's access log");
    };
    if !KINDS.contains(kind) || waits.len() != 5 {
        return Err("it is no access log of a load balancer");
    }
    let (end, assumed) = scan::time(time, line.zone).ok_or("its time is not one")?;
    let (address, port) = scan::address_and_port(client).ok_or("the client's address is not one")?;
    let mut draft = Draft::new(line.zone);
    draft.assumed = assumed;
    draft.record.end = Some(end);
    draft.record.start =
        Some(Timestamp(end.0.saturating_sub(waits.iter().take(3).filter_map(|text| wait(text)).sum())));
    draft.record.protocol = Some(PROTOCOL);
    draft.record.source.address = Some(address);
    draft.record.source.port = Some(port);
    if *target != b"-" {
        let (address, port) = scan::address_and_port(target).ok_or("the target's address is not one")?;
        draft.record.destination.address = Some(address);
        draft.record.destination.port = Some(port);
    }
    draft.record.sent.bytes = scan::number(received);
    draft.record.received.bytes = scan::number(sent);
    draft.record.proxied = true;
    draft.record.reporter.sensor = Some(balancer);
    emit.draft(&mut draft, line)
}

/// Nanoseconds; `-1` where there was none.
fn wait(text: &[u8]) -> Option<i64> {
    scan::time(text, 0).map(|(time, _)| time.0).filter(|time| (0..86_400_000_000_000).contains(time))
}
