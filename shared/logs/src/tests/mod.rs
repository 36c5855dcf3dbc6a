//! Every format, from text to records.

mod any;
mod aws;
mod forms;
mod heads;
mod json;
mod lines;
mod tables;

use super::{Format, LogReader, Options, Record, Tally};
use bstr::BString;
use std::fmt::Write as _;

/// What reading a log gave.
struct Read {
    format: Option<Format>,
    records: Vec<Record<BString>>,
    tally: Tally,
}

fn read_with(text: &[u8], options: Options) -> Read {
    let mut records = Vec::new();
    let mut reader = LogReader::new(options);
    reader.push(text, &mut |record| records.push(record.keep()));
    let (tally, format) = reader.finish(&mut |record| records.push(record.keep()));
    Read { format, records, tally }
}

fn read(text: &str) -> Read {
    read_with(text.as_bytes(), Options::default())
}

/// Everything of a record, on one line.
fn full(record: &Record<BString>) -> String {
    let mut line = format!("{}.{} ", record.line, record.part);
    match (record.start, record.end) {
        (Some(start), Some(end)) => write!(line, "{start}/{end} ").unwrap(),
        (start, end) => write!(line, "{start:?}/{end:?} ").unwrap(),
    }
    write!(line, "{record}").unwrap();
    for (name, packets) in [("packets", record.sent.packets), ("back", record.received.packets)] {
        packets.iter().for_each(|packets| write!(line, " {name}={packets}").unwrap());
    }
    record.direction.iter().for_each(|direction| write!(line, " {}", direction.word()).unwrap());
    let of = &record.reporter;
    let [first, second] = &of.containers;
    for (name, text) in [
        ("account", &of.account),
        ("interface", &of.interface),
        ("instance", &of.instance),
        ("cluster", &of.cluster),
        ("service", &of.service),
        ("task", &of.task),
        ("container", first),
        ("second", second),
        ("sensor", &of.sensor),
    ] {
        text.iter().for_each(|text| write!(line, " {name}={text}").unwrap());
    }
    line
}

/// Reads a log without fault, and compares all of it.
#[track_caller]
fn expect(text: &str, format: Format, expected: &[&str]) {
    let read = read(text);
    assert_eq!(read.format, Some(format));
    assert_eq!(read.tally.first_bad, []);
    let lines: Vec<_> = read.records.iter().map(full).collect();
    assert_eq!(lines, expected, "{lines:#?}");
}
