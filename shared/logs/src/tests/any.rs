//! What holds for every format and any bytes.

use super::{Options, read_with};
use crate::{Columns, FORMATS, LogReader, Record, Tally, recognise};
use bstr::BString;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write as _;

/// One good log of every kind.
const LOGS: [&str; 9] = [
    "version srcaddr dstaddr srcport\n2 10.0.0.1 10.0.0.2 5\n2 - - -\nx\n",
    "{\"logEvents\":[{\"message\":\"2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1418530010 1418530070 ACCEPT OK\"}]}",
    "{\"firewall_name\":\"f\",\"event\":{\"event_type\":\"alert\",\"src_ip\":\"10.0.0.1\",\"src_port\":1}}\n{\"a\":\n",
    "Jan  1 00:00:00 h kernel: [1.0] DROP IN=e OUT= SRC=10.0.0.1 DST=10.0.0.2 PROTO=TCP SPT=1 DPT=2\n\n",
    "#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\n1.5\t10.0.0.1\t10.0.0.2\n1\n",
    "{\"ts\":1.5,\"id.orig_h\":\"10.0.0.1\"}\n{\n  \"id.orig_h\": \"10.0.0.3\"\n}\n",
    "{\"records\":[{\"properties\":{\"flows\":[{\"flows\":[{\"flowTuples\":[\"1,10.0.0.1,10.0.0.2,1,2,T,I,A\"]}]}]}}]}",
    "http 2023-04-26T12:22:55.463821Z app/l/4 10.0.0.9:4 10.0.0.1:80 0.0 0.1 0.0 200 200 3 6 \"GET / HTTP/1.1\"\n",
    "src,dst\n10.0.0.1,10.0.0.2\n\"10.0.0.3\",10.0.0.4\n",
];

fn pieces(bytes: &[u8], sizes: &[usize], options: Options) -> (Vec<Record<BString>>, Tally) {
    let mut records = Vec::new();
    let mut reader = LogReader::new(options);
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    while !rest.is_empty() {
        let size = sizes.next().copied().unwrap_or(1).clamp(1, rest.len());
        let (piece, more) = rest.split_at(size);
        reader.push(piece, &mut |record| records.push(record.keep()));
        rest = more;
    }
    let (tally, _) = reader.finish(&mut |record| records.push(record.keep()));
    (records, tally)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn pieces_of_any_size_and_compression_change_nothing() {
    for log in LOGS {
        let whole = read_with(log.as_bytes(), Options::default());
        assert!(!whole.records.is_empty(), "{log}");
        for size in 1..log.len() {
            let (records, tally) = pieces(log.as_bytes(), &[size], Options::default());
            assert_eq!((&records, &tally), (&whole.records, &whole.tally), "{log}");
        }
        let packed = gzip(log.as_bytes());
        let (records, tally) = pieces(&packed, &[7], Options::default());
        assert_eq!((&records, &tally), (&whole.records, &whole.tally), "{log}");
        let (_, tally) = pieces(packed.get(..packed.len() - 4).unwrap(), &[99], Options::default());
        assert!(tally.first_bad.iter().any(|bad| bad.why.contains("cut off")), "{log}");
    }
}

#[test]
fn a_log_longer_than_the_head() {
    let line = "2 1 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 1 1418530010 1418530070 ACCEPT OK\n";
    let text = line.repeat(3_000);
    let (records, tally) = pieces(text.as_bytes(), &[1_000], Options::default());
    assert_eq!((records.len(), tally.lines, tally.bytes), (3_000, 3_000, text.len() as u64));
    assert_eq!(records.last().map(|record| record.line), Some(3_000));
}

#[test]
fn what_is_no_log() {
    for text in ["", "hello\n", "{\"a\":1}\n", "\u{0}\u{1}", "a,b,c\n1,2,3\n"] {
        assert_eq!(recognise(text.as_bytes()), None, "{text}");
        let read = read_with(text.as_bytes(), Options::default());
        assert_eq!((read.records.len(), read.tally.bad), (0, 0));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        bytes: Vec<u8>,
        log in 0..LOGS.len(),
        at in 0_usize..200,
        format in 0..FORMATS.len(),
        forced: bool,
        sizes in prop::collection::vec(1_usize..50, 1..5),
    ) {
        let mut text = LOGS[log].as_bytes().to_vec();
        let at = at.min(text.len());
        text.splice(at..at, bytes);
        let options = Options {
            format: forced.then_some(FORMATS[format].format),
            columns: (forced && at % 2 == 0).then(|| Columns::parse("source=1,destination=2").unwrap()),
            ..Options::default()
        };
        let (whole, tally) = pieces(&text, &[usize::MAX], options.clone());
        let (parts, same) = pieces(&text, &sizes, options);
        prop_assert_eq!(whole, parts);
        prop_assert_eq!(tally, same);
    }
}
