//! The format of a log, found from its beginning by the signs of each format in [`FORMATS`].

use super::format::{FORMATS, Format};
use super::{csv, journal, vpc};
use bstr::ByteSlice as _;

/// How much of a log is looked at.
pub(super) const HEAD: usize = 64 << 10;
/// How much is looked at before a log is given up: an `eve.json` may begin with statistics, and a kernel's log with the
/// start of the machine.
pub(super) const DEEPEST: usize = 4 << 20;

/// How the beginning of a log shows its format. Later signs count only where no format has an earlier one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs {
    /// Signs in an envelope of CloudWatch, whose messages are JSON in strings.
    pub(super) envelope: Sign,
    /// Signs in other JSON.
    pub(super) json: Sign,
    /// Signs in lines of text.
    pub(super) lines: Sign,
    /// Signs in one message of a table of CloudWatch.
    pub(super) message: Sign,
    /// Signs in a table.
    pub(super) table: Sign,
}

/// Whether some bytes have the sign.
pub(super) type Sign = fn(&[u8]) -> bool;

impl Signs {
    /// A format without signs.
    pub(super) const NONE: Self =
        Self { envelope: |_| false, json: |_| false, lines: |_| false, message: |_| false, table: |_| false };
}

/// The first format that has a sign in these bytes.
fn first(sign: impl Fn(&Signs) -> Sign, bytes: &[u8]) -> Option<Format> {
    FORMATS.iter().find(|about| sign(&about.signs)(bytes)).map(|about| about.format)
}

/// Lines that are not empty, without the blanks around them.
pub(super) fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.lines().map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

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
    let json = || {
        if is_envelope(head) { first(|signs| signs.envelope, head) } else { first(|signs| signs.json, head) }
    };
    is_json(head)
        .then(json)
        .flatten()
        .or_else(|| first(|signs| signs.lines, head))
        .or_else(|| messages(head))
        .or_else(|| first(|signs| signs.table, head))
}

/// The format of the lines that a table of CloudWatch's console or of its Insights holds in one column.
pub(super) fn messages(head: &[u8]) -> Option<Format> {
    let mut lines = lines(head);
    let place = csv::message_column(lines.next()?)?;
    lines.find_map(|line| first(|signs| signs.message, vpc::own(&csv::cell(line, place)?)))
}
