//! VPC flow logs, Network Firewall, load balancers.

use super::{Options, expect, full, read, read_with};
use crate::{Format, Status};

const DEFAULT: &str = "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";
const IS: &str = "2014-12-14T04:06:50.000Z/2014-12-14T04:07:50.000Z tcp 172.31.16.139:20641 > 172.31.16.21:22, 4249 bytes, accepted packets=20 account=123456789010 interface=eni-1235b8ca123456789";

#[test]
fn the_default_format_needs_no_header() {
    expect(&format!("{DEFAULT}\n"), Format::AwsVpc, &[&format!("1.1 {IS}")]);
    expect(&format!("{DEFAULT}\r\n{DEFAULT}"), Format::AwsVpc, &[&format!("1.1 {IS}"), &format!("2.1 {IS}")]);
}

#[test]
fn a_header_anywhere_gives_the_order() {
    let text = format!(
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n\
         {DEFAULT}\n\
         dstaddr srcaddr pkt-srcaddr pkt-dstaddr flow-direction instance-id action some-later-field\n\
         2001:db8::2 10.0.0.1 10.0.9.9 2001:db8::2 egress i-0123456789abcdef0 REJECT 7\n"
    );
    let last =
        "4.1 None/None 10.0.0.1 (packet 10.0.9.9) > 2001:db8::2, rejected out instance=i-0123456789abcdef0";
    expect(&text, Format::AwsVpc, &[&format!("2.1 {IS}"), last]);
}

#[test]
fn missing_values_and_records_without_a_flow() {
    let text = "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n\
                2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - SKIPDATA\n\
                2 123456789010 eni-1 10.0.0.1 10.0.0.2 - - 1 4 336 1432917027 1432917142 ACCEPT OK\n";
    let read = read(text);
    let status: Vec<_> = read.records.iter().map(|record| record.status).collect();
    assert_eq!(status, [Status::NoData, Status::Skipped, Status::Flow]);
    assert_eq!((read.tally.records, read.tally.no_data, read.tally.skipped, read.tally.bad), (3, 1, 1, 0));
    assert!(
        full(&read.records[2]).contains("icmp 10.0.0.1 > 10.0.0.2, 336 bytes"),
        "{}",
        full(&read.records[2])
    );
}

#[test]
fn a_bad_line_costs_itself_and_says_why() {
    let text = format!(
        "{DEFAULT}\n{}\n{}\nnonsense\n{DEFAULT}\n",
        DEFAULT.replace("172.31.16.21", "172.31.16.321"),
        DEFAULT.replace(" 22 ", " 99999 ")
    );
    let read = read(&text);
    assert_eq!((read.records.len(), read.tally.bad, read.tally.lines), (3, 2, 5));
    let why: Vec<_> = read.tally.first_bad.iter().map(|bad| (bad.line, bad.why)).collect();
    assert_eq!(why[0], (2, "an address is not one"));
    assert!(why[1].1.contains("--fields"));
    // A port that is none costs the port.
    assert_eq!((read.records[1].line, read.records[1].destination.port, read.tally.unclear), (3, None, 1));
    assert_eq!(read.records[2].line, 5);
}

#[test]
fn fields_by_hand() {
    let text = b"10.0.0.1 10.0.0.2 443\n10.0.0.3 10.0.0.4 22\n";
    for fields in ["srcaddr dstaddr dstport", "${srcaddr} ${dstaddr} ${dstport}", "srcaddr,dstaddr,dstport"] {
        let fields = Some(Options::parse_fields(fields).unwrap());
        let read = read_with(text, Options { format: Some(Format::AwsVpc), fields, ..Options::default() });
        assert_eq!(read.records.len(), 2);
        assert_eq!(read.records[1].to_string(), "10.0.0.3 > 10.0.0.4:22");
    }
    assert!(Options::parse_fields("srcaddr nonsense").unwrap_err().contains("`nonsense`"));
    assert!(Options::parse_fields("bytes").unwrap_err().contains("no address"));
}

#[test]
fn fields_of_ecs_and_a_reason_behind_them() {
    let text = "version srcaddr dstaddr srcport dstport protocol ecs-cluster-name ecs-container-instance-id ecs-container-id ecs-second-container-id ecs-service-name ecs-task-id\n\
                7 10.0.1.100 10.0.2.200 49152 22 6 my-cluster - 0123456789abcdef-1 - my-service 1dc5c17a BPA\n";
    let read = read(text);
    assert_eq!(
        full(&read.records[0]),
        "2.1 None/None tcp 10.0.1.100:49152 > 10.0.2.200:22 cluster=my-cluster service=my-service task=1dc5c17a container=0123456789abcdef-1"
    );
    assert_eq!(read.tally.unclear, 1);
}

#[test]
fn envelopes_of_cloudwatch() {
    let message = DEFAULT.replace("172.31.16.21", "172.31.16.22");
    let text = format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{{"id":"1","timestamp":1,"message":"{DEFAULT}"}},{{"id":"2","timestamp":1,"message":"{message}"}}]}}{{"messageType":"CONTROL_MESSAGE","logEvents":[{{"id":"3","message":"CWL CONTROL MESSAGE: Checking health of destination"}}]}}"#
    );
    let all = read(&text);
    assert_eq!((all.format, all.records.len(), all.tally.bad), (Some(Format::AwsVpc), 2, 1));
    assert_eq!((all.records[1].line, all.records[1].part), (1, 2));
    assert_eq!(full(&all.records[0]), format!("1.1 {IS}"));
    // What `aws logs filter-log-events` prints.
    let text = format!(
        "{{\n    \"events\": [\n        {{\n            \"logStreamName\": \"s\",\n            \"message\": \"{DEFAULT}\"\n        }}\n    ]\n}}\n"
    );
    expect(&text, Format::AwsVpc, &[&format!("3.1 {IS}")]);
}

#[test]
fn network_firewall_with_both_kinds_of_time_and_a_name_twice() {
    let alert = r#"{"firewall_name":"fw","availability_zone":"us-east-1b","event_timestamp":"1602627001","event":{"timestamp":"2020-10-13T22:10:01.006481+0000","flow_id":1582438383425873,"event_type":"alert","src_ip":"203.0.113.4","src_port":55555,"dest_ip":"192.0.2.16","dest_port":111,"proto":"TCP","proto":"TCP","alert":{"action":"allowed","signature_id":5,"rev":0,"signature":"test_tcp","category":"","severity":1}}}"#;
    let blocked =
        alert.replace("allowed", "blocked").replace("\"timestamp\":\"2020-10-13T22:10:01.006481+0000\",", "");
    let flow = r#"{"firewall_name":"fw","event_timestamp":"1602627001","event":{"timestamp":"2020-10-13T22:10:01.006481+0000","event_type":"netflow","src_ip":"203.0.113.4","src_port":55555,"dest_ip":"192.0.2.16","dest_port":111,"proto":"TCP","netflow":{"pkts":1,"bytes":60,"start":"2020-10-13T22:08:55.998000+0000","end":"2020-10-13T22:08:56.000000+0000","age":0}}}"#;
    expect(
        &format!("{alert}\n{blocked}\n{flow}\n"),
        Format::AwsFirewall,
        &[
            "1.1 2020-10-13T22:10:01.006Z/2020-10-13T22:10:01.006Z tcp 203.0.113.4:55555 > 192.0.2.16:111, alert: test_tcp sensor=fw",
            "2.1 2020-10-13T22:10:01.000Z/2020-10-13T22:10:01.000Z tcp 203.0.113.4:55555 > 192.0.2.16:111, rejected: test_tcp sensor=fw",
            "3.1 2020-10-13T22:08:55.998Z/2020-10-13T22:08:56.000Z tcp 203.0.113.4:55555 > 192.0.2.16:111, 60 bytes packets=1 sensor=fw",
        ],
    );
}

#[test]
fn load_balancer() {
    let text = r#"http 2023-04-26T12:22:55.463821Z app/lb/490d68edf04676fe 192.168.1.10:44740 10.0.0.1:80 0.000 0.500 0.250 200 200 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl \"x\" 7" - - arn "Root=1" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"
https 2023-04-26T19:53:46.679895Z app/lb/94aa [2001:db8::1]:44740 - -1 -1 -1 404 - 204 167 "GET / HTTP/1.1" "x" TLS TLSv1.2 - "Root" "api" "arn" 0 2023-04-26T19:53:46.678000Z "waf,fixed-response" "-" "-" "-" "-" "-" "-"
"#;
    expect(
        text,
        Format::AwsAlb,
        &[
            "1.1 2023-04-26T12:22:54.713Z/2023-04-26T12:22:55.463Z tcp 192.168.1.10:44740 > 10.0.0.1:80, 34 bytes, 366 bytes back sensor=app/lb/490d68edf04676fe",
            "2.1 2023-04-26T19:53:46.679Z/2023-04-26T19:53:46.679Z tcp [2001:db8::1]:44740 > ?, 204 bytes, 167 bytes back sensor=app/lb/94aa",
        ],
    );
    assert!(read(text).records.iter().all(|record| record.proxied));
}
