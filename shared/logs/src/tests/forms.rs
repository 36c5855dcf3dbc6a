//! The same records in the forms and wrappings in which they come.

use super::{Options, expect, full, read, read_with};
use crate::{Columns, Format, Packing, Refused};
use flate2::Compression;
use flate2::write::GzEncoder;
use procglass_model::Timestamp;
use std::io::Write as _;

const PACKET: &str = "IN=eth0 OUT= MAC= SRC=203.0.113.9 DST=10.20.1.10 LEN=32 TTL=1 ID=0 DF PROTO=2";
const FLOW: &str =
    "2 111122223333 eni-0a1b 203.0.113.7 10.20.1.10 51515 443 6 12 5120 1796093970 1796094000 ACCEPT OK";
const NO_DATA: &str = "2 111122223333 eni-0a1b - - - - - - - 1796093970 1796094000 - NODATA";
const FLOW_IS: &str = "2026-12-01T02:59:30.000Z/2026-12-01T03:00:00.000Z tcp 203.0.113.7:51515 > 10.20.1.10:443, 5120 bytes, accepted packets=12 account=111122223333 interface=eni-0a1b";

const NONE_IS: &str =
    "2026-12-01T02:59:30.000Z/2026-12-01T03:00:00.000Z no traffic account=111122223333 interface=eni-0a1b";

/// All records as text, of a log without fault.
#[track_caller]
fn lines(text: &str, format: Format) -> Vec<String> {
    let all = read(text);
    assert_eq!((all.format, all.tally.bad), (Some(format), 0), "{:?} {text}", all.tally.first_bad);
    all.records.iter().map(|record| full(record).split_once(' ').unwrap().1.to_owned()).collect()
}

#[test]
fn journals() {
    let is = "2026-12-01T03:00:00.000Z/2026-12-01T03:00:00.000Z igmp 203.0.113.9 > 10.20.1.10, 32 bytes, rejected: [UFW BLOCK] packets=1 in interface=eth0 sensor=web-1";
    let first = format!(
        r#"{{"__REALTIME_TIMESTAMP":"1796094000000000","_HOSTNAME":"web-1","MESSAGE":"[UFW BLOCK] {PACKET}"}}"#
    );
    let last = format!(
        r#"{{"MESSAGE":"[UFW BLOCK] {PACKET}","__REALTIME_TIMESTAMP":"1796094000000000","_HOSTNAME":"web-1"}}"#
    );
    let bytes: Vec<_> = format!("[UFW BLOCK] {PACKET}").bytes().map(|byte| byte.to_string()).collect();
    let array = format!(
        r#"{{"__REALTIME_TIMESTAMP":"1796094000000000","_HOSTNAME":"web-1","MESSAGE":[{}]}}"#,
        bytes.join(",")
    );
    let other = r#"{"__REALTIME_TIMESTAMP":"1796094000000000","_HOSTNAME":"web-1","MESSAGE":"usb 1-1: new"}"#;
    let json = format!("{first}\n{other}\n{last}\n{array}\n");
    assert_eq!(lines(&json, Format::Kernel), [is; 3]);
    assert_eq!(lines(&first.replace(",\"", ",\n\t\""), Format::Kernel), [is]);
    let entry = format!(
        "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1796094000000000\nMESSAGE=[UFW BLOCK] {PACKET}\n_HOSTNAME=web-1\n"
    );
    let export = format!("{entry}\n__CURSOR=s=2\n_HOSTNAME=db\nMESSAGE=usb\n\n{entry}");
    assert_eq!(lines(&export, Format::Kernel), [is; 2]);
    let verbose = format!(
        "Tue 2026-12-01 03:00:00.000000 UTC [s=1;i=2;b=3]\n    _HOSTNAME=web-1\n    MESSAGE=[UFW BLOCK] {PACKET}\n"
    );
    assert_eq!(lines(&verbose.repeat(2), Format::Kernel), [is; 2]);
    let dmesg =
        format!("{{\n\"dmesg\": [\n{{\"pri\":4,\"time\":203.8,\"msg\":\"[UFW BLOCK] {PACKET}\"}}\n]\n}}\n");
    let read = read(&dmesg);
    assert_eq!((read.records.len(), read.tally.bad, read.records[0].start), (1, 0, None));
    // What a shipper makes of a line of a file.
    let shipped =
        format!(r#"{{"@timestamp":"2026-12-01T03:00:00Z","host":"web-1","message":"[UFW BLOCK] {PACKET}"}}"#);
    assert_eq!(lines(&shipped, Format::Kernel), [is]);
}

#[test]
fn hosts_are_no_rules() {
    let options = || Options { reference: Timestamp::parse("2026-12-02T00:00:00Z"), ..Options::default() };
    for (head, sensor, rule, action) in [
        (
            "2026-12-01T03:00:00.123456+00:00 block-storage-01 in-web: ",
            Some("block-storage-01"),
            Some("in-web:"),
            None,
        ),
        ("2026-12-01T03:00:00Z accept-lb-2 ulogd[811]: in-web ", Some("accept-lb-2"), Some("in-web"), None),
        (
            "<4>1 2026-12-01T03:00:00.123Z pass-gw-1 kernel - - - [  203.842973] [fw] ",
            Some("pass-gw-1"),
            Some("[fw]"),
            None,
        ),
        ("Dec  1 03:00:00 drop-1 kernel: FW CHAIN=INPUT ", Some("drop-1"), Some("FW CHAIN=INPUT"), None),
        ("Dec  1 03:00:00 drop-1 ", Some("drop-1"), None, None),
        ("[Tue Dec  1 03:00:00 2026] NOT ACCEPTED ", None, Some("NOT ACCEPTED"), None),
        ("[Tue Dec  1 03:00:00 2026] deny-all ", None, Some("deny-all"), Some("rejected")),
        (
            "100 6 tap100i0-IN 01/Dec/2026:03:00:00 +0000 policy DROP: ",
            None,
            Some("policy DROP:"),
            Some("rejected"),
        ),
    ] {
        let all = read_with(format!("{head}{PACKET}\n").as_bytes(), options());
        let record = &all.records[0];
        let text = |text: &Option<bstr::BString>| text.as_ref().map(ToString::to_string);
        assert_eq!(text(&record.reporter.sensor).as_deref(), sensor, "{head}");
        assert_eq!(text(&record.rule).as_deref(), rule, "{head}");
        assert_eq!(record.action.map(|action| action.word()), action, "{head}");
        assert!(record.start.is_some(), "{head}");
    }
}

#[test]
fn one_odd_detail_costs_itself() {
    let zeek = "#separator \\x09\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tip_proto\n\
        1796093980.5\t203.0.113.9\t0\t10.20.1.10\t0\tunknown_transport\t50\n\
        1796093980.5\t203.0.113.9\t0\t10.20.1.10\t0\tunknown_transport\t-\n\
        1796093980.5\tfe80::1\t128\tfe80::2\t0\ticmp\t58\n";
    let at = "2026-12-01T02:59:40.500Z/2026-12-01T02:59:40.500Z";
    let expected = [
        format!("{at} esp 203.0.113.9 > 10.20.1.10"),
        format!("{at} 203.0.113.9:0 > 10.20.1.10:0"),
        format!("{at} icmpv6 fe80::1 > fe80::2"),
    ];
    assert_eq!(lines(zeek, Format::Zeek), expected);
    let table = "src,dst,sport,dport,proto,bytes\n\
        10.0.0.1,10.0.0.2,51515.0,443.0,6.0,5120.0\n\
        10.0.0.1,10.0.0.2,0,8.0,ICMP,336\n\
        10.0.0.1,10.0.0.2,0x0008,0x0000,icmp,336\n\
        10.0.0.1,10.0.0.2,1,2,EIGRP,1 K\n\
        10.0.0.1,10.0.0.2,99999,443/tcp,tcp,5\n\
        10.0.0.1,10.0.0.2,1,8.0,gibberish,5\n";
    let all = read(table);
    let text: Vec<_> = all.records.iter().map(ToString::to_string).collect();
    assert_eq!(
        text,
        [
            "tcp 10.0.0.1:51515 > 10.0.0.2:443, 5120 bytes",
            "icmp 10.0.0.1 > 10.0.0.2, 336 bytes",
            "icmp 10.0.0.1 > 10.0.0.2, 336 bytes",
            "protocol 88 10.0.0.1 > 10.0.0.2",
            "tcp 10.0.0.1 > 10.0.0.2:443, 5 bytes",
            "10.0.0.1 > 10.0.0.2, 5 bytes",
        ]
    );
    assert_eq!((all.tally.bad, all.tally.unclear), (0, 3));
}

#[test]
fn totals_are_no_direction() {
    let amounts = |text: &str| {
        let record = &read(text).records[0];
        (record.sent.bytes, record.received.bytes)
    };
    let row = "10.0.0.1,10.0.0.2,61000,1000,60000\n";
    for (header, expected) in [
        ("src,dst,Bytes,Bytes Sent,Bytes Received", (Some(1000), Some(60000))),
        ("src,dst,TotBytes,SrcBytes,DstBytes", (Some(1000), Some(60000))),
        ("src,dst,x,sentbyte,rcvdbyte", (Some(1000), Some(60000))),
        ("source.ip,destination.ip,network.bytes,source.bytes,destination.bytes", (Some(1000), Some(60000))),
        ("source.ip,destination.ip,network.bytes,x,y", (None, None)),
        ("a.src_ip,a.dest_ip,a.bytes,b.vm_name,c.vm_name", (Some(61000), None)),
        ("src,dst,Total Bytes,x,y", (None, None)),
        ("src,dst,bytes,x,Bytes Received", (None, Some(60000))),
        ("src,dst,bytes,x,bytes_back", (Some(61000), Some(60000))),
        ("src,dst,bytes,x,y", (Some(61000), None)),
    ] {
        assert_eq!(amounts(&format!("{header}\n{row}")), expected, "{header}");
    }
}

#[test]
fn days_and_times_of_day() {
    let start = |header: &str, row: &str| {
        let all = read(&format!("srcip,dstip,{header}\n10.0.0.1,10.0.0.2,{row}\n"));
        assert_eq!(all.tally.bad, 0, "{row}");
        all.records[0].start.map(|time| time.to_string())
    };
    let at = Some("2026-12-01T03:00:00.000Z".to_owned());
    for (header, row) in [
        ("date,time", "2026-12-01,03:00:00"),
        ("time,date", "03:00:00.000,2026/12/01"),
        ("date,time", "01.12.2026,03:00:00"),
        ("date,time", "1-Dec-2026,03:00:00"),
        ("date,time,tz", "2026-12-01,04:00:00,+0100"),
        ("date,start,end", "20261201,03:00:00,03:00:05"),
        ("date", "2026-12-01 03:00:00"),
        ("day,starttime", "2026/12/01,1796094000"),
    ] {
        assert_eq!(start(header, row), at, "{header} {row}");
    }
    assert_eq!(start("date,time", "31/01/2026,03:00:00").as_deref(), Some("2026-01-31T03:00:00.000Z"));
    // Which one is the day?
    assert_eq!(start("date,time", "01/12/2026,03:00:00"), None);
    assert_eq!(start("time", "03:00:00"), None);
}

#[test]
fn tables_of_clouds_and_collectors() {
    let athena = "\"version\",\"account_id\",\"interface_id\",\"srcaddr\",\"dstaddr\",\"srcport\",\"dstport\",\"protocol\",\"packets\",\"bytes\",\"start\",\"end\",\"action\",\"log_status\",\"day\"\n\
        \"2\",\"111122223333\",\"eni-0a1b\",\"203.0.113.7\",\"10.20.1.10\",\"51515\",\"443\",\"6\",\"12\",\"5120\",\"1796093970\",\"1796094000\",\"ACCEPT\",\"OK\",\"2026/12/01\"\n\
        \"2\",\"111122223333\",\"eni-0a1b\",,,,,,,,\"1796093970\",\"1796094000\",\"-\",\"NODATA\",\"2026/12/01\"\n";
    let all = read(athena);
    assert_eq!((all.records.len(), all.tally.no_data, all.tally.bad, all.tally.unclear), (2, 1, 0, 0));
    assert_eq!(full(&all.records[0]), format!("2.1 {FLOW_IS}"));
    let azure = "TimeGenerated [UTC],SrcIP_s,DestIP_s,SrcPublicIPs_s,DestPort_d,L4Protocol_s,FlowDirection_s,FlowStatus_s,NSGRule_s,InboundBytes_d,OutboundBytes_d\n\
        2026-12-01T03:00:00Z,,10.20.1.10,203.0.113.7|1|0|0|0|0|0,443,T,I,A,https,5120,9000\n\
        2026-12-01T03:00:00Z,,10.20.1.10,203.0.113.7|1|0 203.0.113.8|2|0,443,T,I,D,https,0,0\n";
    expect(
        azure,
        Format::Csv,
        &[
            "2.1 2026-12-01T03:00:00.000Z/2026-12-01T03:00:00.000Z tcp 203.0.113.7 > 10.20.1.10:443, 5120 bytes, 9000 bytes back, accepted: https in",
            "3.1 2026-12-01T03:00:00.000Z/2026-12-01T03:00:00.000Z tcp ? > 10.20.1.10:443, 0 bytes, 0 bytes back, rejected: https in",
        ],
    );
    let nfdump = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n\
        2026-12-01 02:59:40,2026-12-01 02:59:42,2.000,203.0.113.9,10.20.1.10,0,8.0,ICMP,........,0,0,4,336,0,0\n\
        Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n1,336,4,0,0,0\n";
    expect(
        nfdump,
        Format::Csv,
        &[
            "2.1 2026-12-01T02:59:40.000Z/2026-12-01T02:59:42.000Z icmp 203.0.113.9 > 10.20.1.10, 336 bytes, 0 bytes back packets=4 back=0",
        ],
    );
    let argus = "StartTime,Flgs,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,State\n\
        2026-12-01 02:59:40,e,tcp,203.0.113.9,51515,->,10.20.1.10,443,9,900,FIN\n\
        2026-12-01 02:59:40,e,man,0,0,,0,0,1,2,STA\n";
    let all = read(argus);
    assert_eq!(all.records[0].to_string(), "tcp 203.0.113.9:51515 > 10.20.1.10:443");
    assert_eq!((all.tally.bad, all.tally.ignored), (0, 2));
}

#[test]
fn shapes_of_cloudwatch() {
    let time = "2026-12-01T02:59:30.000Z";
    let event =
        |message: &str| format!(r#"{{"timestamp":1796093970000,"message":"{message}","ingestionTime":1}}"#);
    let (flow, none) = (event(FLOW), event(NO_DATA));
    let field = |name: &str, value: &str| format!(r#"{{"field":"{name}","value":"{value}"}}"#);
    for text in [
        format!("{time} {FLOW}\n{time} {NO_DATA}\n"),
        format!(
            "2026-12-01T02:59:30+00:00 eni-0a1b-all {FLOW}\n2026-12-01T02:59:30+00:00 eni-0a1b-all {NO_DATA}\n"
        ),
        format!("timestamp,message\n1796093970000,{FLOW}\n1796093970000,{NO_DATA}\n"),
        format!(
            "@timestamp,@message,@log\n2026-12-01 02:59:30.000,\"{FLOW}\",1:g\n2026-12-01 02:59:30.000,\"{NO_DATA}\",1:g\n"
        ),
        format!(
            "{{\"events\":[{flow},{none}],\"nextForwardToken\":\"f/1\",\"nextBackwardToken\":\"b/1\"}}\n"
        ),
        format!("{{\n\"events\": [\n{flow},\n{none}\n],\n\"searchedLogStreams\": []\n}}"),
        format!(
            "{{\n\"events\": [\n{flow},\n{none}\n],\n\"searchedLogStreams\": [\n{{\"logStreamName\": \"x\"}}]\n}}"
        ),
        format!(
            "[{{\"@timestamp\":\"x\",\"@message\":\"{FLOW}\"}},{{\"@timestamp\":\"x\",\"@message\":\"{NO_DATA}\"}}]"
        ),
        format!(
            "{{\"results\":[[{},{},{}],[{},{}]],\"statistics\":{{\"recordsMatched\":2.0}},\"status\":\"Complete\"}}",
            field("@timestamp", "x"),
            field("@message", FLOW),
            field("@ptr", "p"),
            field("@timestamp", "x"),
            field("@message", NO_DATA),
        ),
    ] {
        assert_eq!(lines(&text, Format::AwsVpc), [FLOW_IS, NONE_IS], "{text}");
    }
    let found = format!(
        "{{\"results\":[[{},{},{},{},{}],[{},{}]],\"status\":\"Complete\"}}",
        field("srcAddr", "203.0.113.7"),
        field("dstAddr", "10.20.1.10"),
        field("dstPort", "443"),
        field("protocol", "6"),
        field("bytes", "5120"),
        field("srcAddr", "203.0.113.8"),
        field("dstAddr", "10.20.1.10"),
    );
    assert_eq!(
        lines(&found, Format::AwsVpc),
        ["None/None tcp 203.0.113.7 > 10.20.1.10:443, 5120 bytes", "None/None 203.0.113.8 > 10.20.1.10"]
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_in_gzip_and_two_bytes_a_character() {
    let text = format!("{FLOW}\n");
    let members: Vec<u8> = [gzip(text.as_bytes()), gzip(text.as_bytes())].concat();
    let all = read_with(&gzip(&members), Options::default());
    assert_eq!((all.records.len(), all.tally.bad), (2, 0));
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [&wide[..], &wide[2..], &gzip(&wide)] {
        let all = read_with(bytes, Options::default());
        assert_eq!((all.records.len(), all.tally.bad), (1, 0));
        assert_eq!(full(&all.records[0]), format!("1.1 {FLOW_IS}"));
    }
}

#[test]
fn a_format_that_shows_late() {
    let stats =
        "{\"timestamp\":\"2026-12-01T02:00:00+0000\",\"event_type\":\"stats\",\"stats\":{\"uptime\":8}}\n";
    let flow = "{\"timestamp\":\"2026-12-01T02:00:00+0000\",\"event_type\":\"flow\",\"src_ip\":\"10.0.0.1\",\"dest_ip\":\"10.0.0.2\"}\n";
    let all = read(&format!("{}{flow}", stats.repeat(1_500)));
    assert_eq!((all.format, all.records.len()), (Some(Format::Suricata), 1));
    let boot = "[    1.000000] usb 1-1: new device\n".repeat(5_000);
    let all = read(&format!("{boot}[2.5] DROP {PACKET}\n"));
    assert_eq!((all.format, all.records.len()), (Some(Format::Kernel), 1));
}

#[test]
fn what_is_not_read_says_why() {
    let refused = |text: &[u8], columns: Option<&str>| {
        let columns = columns.map(|text| Columns::parse(text).unwrap());
        let read = read_with(text, Options { columns, ..Options::default() });
        assert_eq!((read.format, read.records.len()), (None, 0));
        read.tally.refused.unwrap()
    };
    let table = b"srcip,dstip,sentbyte\n10.0.0.1,10.0.0.2,5\n";
    let unknown = refused(table, Some("source=srcip,bytes=sentbytes"));
    assert!(unknown.to_string().contains("`sentbytes`. It has srcip, dstip, sentbyte"), "{unknown}");
    assert_eq!(refused(b"PAR1\x15\x04", None), Refused::Packed(Packing::Parquet));
    assert_eq!(refused(&gzip(b"\x28\xb5\x2f\xfd\x04"), None), Refused::Packed(Packing::Zstd));
    assert!(refused(b"hello world\n", None).to_string().contains("`hello world`"));
}

#[test]
fn columns_and_fields_say_the_format() {
    let columns = |text: &str| Options { columns: Some(Columns::parse(text).unwrap()), ..Options::default() };
    let all = read_with(b"who,whom\n10.0.0.1,10.0.0.2\n", columns("source=who,destination=whom"));
    assert_eq!((all.format, all.records.len()), (Some(Format::Csv), 1));
    let all = read_with(b"sep=;\n# of yesterday\nsrc;dst\n10.0.0.1;10.0.0.2\n", Options::default());
    assert_eq!((all.format, all.records.len(), all.tally.bad), (Some(Format::Csv), 1, 0));
    let all = read_with(b"10.0.0.1;10.0.0.2\n", columns("source=1,destination=2"));
    assert_eq!((all.format, all.records.len()), (Some(Format::Csv), 1));
    // A log of another format stays what it is.
    let all = read_with(FLOW.as_bytes(), columns("source=who,destination=whom"));
    assert_eq!((all.format, all.records.len()), (Some(Format::AwsVpc), 1));
    let fields = Some(Options::parse_fields("srcaddr dstaddr dstport").unwrap());
    let all = read_with(b"10.0.0.1 10.0.0.2 443\n", Options { fields, ..Options::default() });
    assert_eq!((all.format, all.records.len()), (Some(Format::AwsVpc), 1));
}
