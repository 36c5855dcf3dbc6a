//! Amounts and ends of flows in words.

use crate::format::{bytes, count, moment};
use procglass_correlate::{Remote, Totals};
use procglass_logs::protocol_name;

/// `12 records, 3.4 MB out, 1.1 MB in, 2 rejected, 06:12 to 06:40`.
pub(crate) fn amounts(totals: &Totals) -> String {
    let number = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
    let mut parts = vec![format!(
        "{} {}",
        number(totals.records),
        if totals.records == 1 { "record" } else { "records" }
    )];
    if totals.bytes_out > 0 {
        parts.push(format!("{} out", bytes(totals.bytes_out)));
    }
    if totals.bytes_in > 0 {
        parts.push(format!("{} in", bytes(totals.bytes_in)));
    }
    if totals.packets > 0 {
        parts.push(format!(
            "{} {}",
            number(totals.packets),
            if totals.packets == 1 { "packet" } else { "packets" }
        ));
    }
    for (amount, word) in
        [(totals.accepted, "accepted"), (totals.rejected, "rejected"), (totals.alerts, "alerts")]
    {
        if amount > 0 {
            parts.push(format!("{} {word}", number(amount)));
        }
    }
    match (totals.first, totals.last) {
        (Some(first), Some(last)) if first != last => {
            parts.push(format!("{} to {}", moment(first), moment(last)));
        }
        (Some(time), _) | (_, Some(time)) => parts.push(moment(time)),
        (None, None) => {}
    }
    parts.join(", ")
}

/// `203.0.113.7, tcp 4444 there`.
pub(crate) fn end_words(remote: &Remote) -> String {
    let protocol = remote.protocol.and_then(protocol_name).unwrap_or_default();
    match remote.port {
        Some(port) if remote.theirs => format!("{} {protocol} port {port}", remote.address),
        Some(port) => format!("{} to our {protocol} port {port}", remote.address),
        None => format!("{} {protocol}", remote.address),
    }
}
