//! Tables of any program.

use super::{Options, expect, full, read, read_with};
use crate::{Column, Columns, Format, header};

#[test]
fn columns_are_guessed_from_their_names() {
    let text = "Time,Source IP,Source Port,Destination IP,Destination Port,Protocol,Bytes,Action,\"Rule, name\"\r\n\
                2024-05-01T10:00:00Z,10.0.0.1,40000,\"10.0.0.2\",443,TCP,1200,Allow,\"say \"\"x\"\", y\"\r\n\
                2024-05-01 10:00:00,2001:db8::1,,2001:db8::2,-,udp,,drop,\r\n";
    expect(
        text,
        Format::Csv,
        &[
            "2.1 2024-05-01T10:00:00.000Z/2024-05-01T10:00:00.000Z tcp 10.0.0.1:40000 > 10.0.0.2:443, 1200 bytes, accepted: say \"x\", y",
            "3.1 2024-05-01T10:00:00.000Z/2024-05-01T10:00:00.000Z udp 2001:db8::1 > 2001:db8::2, rejected",
        ],
    );
    assert_eq!(read(text).tally.assumed_zone, 1);
    let semicolons =
        "srcaddr;dstaddr;bytes\n10.0.0.1;10.0.0.2;5\nsrcaddr;dstaddr;bytes\n10.0.0.3;10.0.0.4;6\n";
    let all = read(semicolons);
    assert_eq!((all.records.len(), all.tally.ignored, all.tally.bad), (2, 2, 0));
}

#[test]
fn columns_by_hand() {
    let text = b"a,b,c\n10.0.0.1,x,10.0.0.2\n";
    let columns = |text| Some(Columns::parse(text).unwrap());
    let options = |columns| Options { format: Some(Format::Csv), columns, ..Options::default() };
    let named = read_with(text, options(columns("source=a,destination=C")));
    assert_eq!(full(&named.records[0]), "2.1 None/None 10.0.0.1 > 10.0.0.2");
    let placed = read_with(&text[6..], options(columns("destination=3,source=1")));
    assert_eq!(full(&placed.records[0]), "1.1 None/None 10.0.0.1 > 10.0.0.2");
    let none = read_with(text, options(None));
    assert!(none.tally.first_bad[0].why.contains("--columns"));
    for (text, what) in [("source", "no pair"), ("srce=1", "`srce`"), ("bytes=1", "at least")] {
        assert!(Columns::parse(text).unwrap_err().contains(what), "{text}");
    }
}

#[test]
fn a_header_for_the_dialog() {
    let (separator, columns) = header(b"src\tdst\tsource\tx");
    assert_eq!(separator, b'\t');
    let columns: Vec<_> = columns.iter().map(|(name, column)| (name.as_str(), *column)).collect();
    let expected =
        [("src", Some(Column::Source)), ("dst", Some(Column::Destination)), ("source", None), ("x", None)];
    assert_eq!(columns, expected);
}

#[test]
fn a_short_row_and_an_open_quote_cost_themselves() {
    let all = read("src,dst,bytes\n10.0.0.1\n10.0.0.1,10.0.0.2,\"5\n10.0.0.3,10.0.0.4,6\n");
    assert_eq!((all.records.len(), all.tally.bad), (2, 1));
}
