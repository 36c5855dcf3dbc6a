//! A record as its `Display` has it, for millions of rows: the usual ones are put together without the machinery of formatting.

use super::digits::{put_number, put_v4};
use procglass_logs::{End, Record, Status, protocol_name};
use std::io::Write as _;
use std::net::IpAddr;

/// Writes what `record.to_string()` gives.
pub(super) fn put_brief<T: AsRef<[u8]>>(record: &Record<T>, out: &mut Vec<u8>) {
    let from = out.len();
    if put_usual(record, out).is_none() {
        out.truncate(from);
        // Nothing can fail that only grows a buffer.
        let _ = write!(out, "{record}");
    }
}

/// A flow between IPv4 addresses whose protocol has a name. `None` for another.
fn put_usual<T>(record: &Record<T>, out: &mut Vec<u8>) -> Option<()> {
    if record.status != Status::Flow || record.rule.is_some() {
        return None;
    }
    out.extend_from_slice(protocol_name(record.protocol?)?.as_bytes());
    out.push(b' ');
    put_end(&record.source, out)?;
    out.extend_from_slice(b" > ");
    put_end(&record.destination, out)?;
    for (amount, what) in [(record.sent, " bytes"), (record.received, " bytes back")] {
        if let Some(bytes) = amount.bytes {
            out.extend_from_slice(b", ");
            put_number(bytes, out);
            out.extend_from_slice(what.as_bytes());
        }
    }
    if let Some(action) = record.action {
        out.extend_from_slice(b", ");
        out.extend_from_slice(action.word().as_bytes());
    }
    Some(())
}

fn put_end(end: &End, out: &mut Vec<u8>) -> Option<()> {
    let (Some(IpAddr::V4(address)), None) = (end.address, end.packet) else { return None };
    put_v4(address, out);
    if let Some(port) = end.port {
        out.push(b':');
        put_number(port.into(), out);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_logs::{Action, Amount};
    use proptest::prelude::*;

    fn ends() -> impl Strategy<Value = End> {
        let address = proptest::option::of(any::<IpAddr>());
        let packet = proptest::option::weighted(0.1, any::<IpAddr>());
        (address, any::<Option<u16>>(), packet).prop_map(|(address, port, packet)| End {
            address,
            port,
            packet,
        })
    }

    proptest! {
        #[test]
        fn it_is_what_display_says(
            source in ends(), destination in ends(), protocol in proptest::option::of(prop_oneof![Just(6), Just(17), any::<u8>()]),
            sent: Option<u64>, received: Option<u64>, refused: Option<bool>, rule in proptest::option::weighted(0.2, any::<Vec<u8>>()),
            status in prop_oneof![4 => Just(Status::Flow), 1 => Just(Status::NoData), 1 => Just(Status::Skipped)],
        ) {
            let amount = |bytes| Amount { bytes, ..Amount::default() };
            let record = Record::<Vec<u8>> {
                source, destination, protocol, rule, status,
                sent: amount(sent),
                received: amount(received),
                action: refused.map(|refused| if refused { Action::Rejected } else { Action::Accepted }),
                ..Record::default()
            };
            let mut out = b"x".to_vec();
            put_brief(&record, &mut out);
            prop_assert_eq!(String::from_utf8(out).unwrap(), format!("x{record}"));
        }
    }
}
