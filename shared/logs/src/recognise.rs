//! Which format a log is in, told from its beginning.

use super::format::Format;
use super::{alb, csv, journal, kernel, vpc, zeek};
use bstr::ByteSlice as _;

/// How much of a log is looked at.
pub(super) const HEAD: usize = 64 << 10;
/// How much is looked at before a log is given up: an `eve.json` may begin with statistics, and a kernel's log with the
/// start of the machine.
pub(super) const DEEPEST: usize = 4 << 20;

/// Whether the log is JSON: the first character that is not blank is a brace or a bracket, perhaps behind what a shipper
/// put in front.
pub(super) fn is_json(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    // `[` alone begins dmesg's lines, too.
    head.starts_with(b"{")
        || head.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{"))
        || head.lines().next().is_some_and(|line| line.contains_str("{\"") && line.ends_with(b"}"))
}

/// Whether it is the journal's export format, whose entries begin with their cursor, or its verbose one.
pub(super) fn is_export(head: &[u8]) -> bool {
    head.lines().any(|line| {
        line.starts_with(b"__CURSOR=")
            || line.starts_with(b"__REALTIME_TIMESTAMP=")
            || (journal::is_verbose(line) && head.contains_str("\n    MESSAGE="))
    })
}

/// Whether it is CloudWatch's.
pub(super) fn is_envelope(head: &[u8]) -> bool {
    let has = |name: &str| head.contains_str(name);
    has("\"logEvents\"")
        || has("\"@message\"")
        || (has("\"message\"")
            && ["\"logStreamName\"", "\"eventId\"", "\"ingestionTime\""].into_iter().any(has))
        // What VPC flow logs deliver to Firehose themselves.
        || (has("{\"message\"") && [" OK\"", " NODATA\"", " SKIPDATA\""].into_iter().any(has))
        || (has("\"results\"") && has("\"field\"") && has("\"value\""))
}

/// Tells the format of a log from its first bytes: decompressed, 64 KiB of them or all. `None` when nothing fits; a
/// person can say.
#[must_use]
pub fn recognise(head: &[u8]) -> Option<Format> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    of_all(head.get(..HEAD).unwrap_or(head))
}

/// The same, from as many bytes as there are.
pub(super) fn of_all(head: &[u8]) -> Option<Format> {
    if is_json(head)
        && let Some(format) = json(head)
    {
        return Some(format);
    }
    let lines = || head.lines().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    if lines().any(|line| line.starts_with(b"#separator") || line.starts_with(b"#fields"))
        || lines().any(|line| zeek::bare_header(line).is_some())
    {
        return Some(Format::Zeek);
    }
    if lines().map(vpc::own).any(|line| vpc::header(line).is_some() || vpc::is_default(line)) {
        return Some(Format::AwsVpc);
    }
    let is_alb = |line: &[u8]| {
        let mut words = line.split(|byte| *byte == b' ');
        words.next().is_some_and(|kind| alb::KINDS.contains(&kind))
            && words.nth(1).is_some_and(|balancer| balancer.starts_with(b"app/"))
    };
    if lines().any(is_alb) {
        return Some(Format::AwsAlb);
    }
    if lines().any(kernel::is_packet) || is_export(head) {
        return Some(Format::Kernel);
    }
    messages(head).or_else(|| csv::is_table(csv::header_line(head)).then_some(Format::Csv))
}

/// The format of the lines that a table of CloudWatch's console or of its Insights holds in one column.
pub(super) fn messages(head: &[u8]) -> Option<Format> {
    let mut lines = head.lines().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let place = csv::message_column(lines.next()?)?;
    lines.find_map(|line| {
        let message = csv::cell(line, place)?;
        let message = vpc::own(&message);
        let has = |name: &str| message.contains_str(name);
        if vpc::header(message).is_some() || vpc::is_default(message) {
            Some(Format::AwsVpc)
        } else if has("\"firewall_name\"") {
            Some(Format::AwsFirewall)
        } else if has("\"event_type\"") {
            Some(Format::Suricata)
        } else {
            None
        }
    })
}

fn json(head: &[u8]) -> Option<Format> {
    let has = |name: &str| head.contains_str(name);
    if is_envelope(head) {
        return Some(if has("\\\"firewall_name\\\"") {
            Format::AwsFirewall
        } else if has("\\\"event_type\\\"") {
            Format::Suricata
        } else {
            Format::AwsVpc
        });
    }
    if has("\"firewall_name\"") && has("\"event\"") {
        Some(Format::AwsFirewall)
    } else if has("\"flowTuples\"") {
        Some(Format::AzureFlow)
    } else if has("\"jsonPayload\"") && has("\"connection\"") {
        Some(Format::GcpVpc)
    } else if has("\"event_type\"") && (has("\"src_ip\"") || has("\"stats\"")) {
        Some(Format::Suricata)
    } else if has("\"id.orig_h\"") || has("\"id_orig_h\"") || has("\"orig_h\"") {
        Some(Format::Zeek)
    } else if has("\"__REALTIME_TIMESTAMP\"") || (has(" SRC=") && has(" DST=")) || has("\"dmesg\"") {
        Some(Format::Kernel)
    } else {
        None
    }
}
