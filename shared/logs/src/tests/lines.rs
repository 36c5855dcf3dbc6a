//! The kernel's packet filter, and Zeek's TSV.

use super::{Options, expect, full, read, read_with};
use crate::Format;
use procglass_model::Timestamp;

#[test]
fn packets_of_the_kernel() {
    let text = "\
Jun  8 14:34:33 sd-126005 kernel: [50028442.088484] IN=enp1s0 OUT= MAC=00:08:a2:0c:1f:12:00:c8:8b:e2:d6:87:08:00 SRC=195.54.160.107 DST=51.15.166.67 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=37308 PROTO=TCP SPT=8080 DPT=8123 WINDOW=1024 RES=0x00 SYN URGP=0
Sep 27 20:56:38 ubuntu kernel: [  203.842973] IPTABLES-DROP: IN=lo OUT= MAC= SRC=127.0.0.1 DST=127.0.0.53 LEN=76 TOS=0x00 PROTO=UDP SPT=49007 DPT=53 LEN=56 
2026-01-02T03:04:05.678901+01:00 web kernel: [UFW BLOCK] IN=eth0 OUT=eth1 SRC=2001:0db8:0000:0000:0000:0000:0000:0001 DST=2001:0db8:0000:0000:0000:0000:0000:0002 LEN=60 PROTO=TCP SPT=1 DPT=2
[12345.678901] drop-out: IN= OUT=eth0 SRC=10.0.0.1 DST=10.0.0.2 LEN=88 PROTO=ICMP TYPE=3 CODE=3 [SRC=10.0.0.2 DST=10.0.0.1 LEN=60 PROTO=UDP SPT=53 DPT=4000 LEN=40 ]
Jun  8 14:34:34 sd-126005 kernel: [50028443.1] usb 1-1: new device
";
    let reference = Timestamp::parse("2025-10-01T00:00:00Z");
    let all = read_with(text.as_bytes(), Options { reference, ..Options::default() });
    assert_eq!(all.format, Some(Format::Kernel));
    let lines: Vec<_> = all.records.iter().map(full).collect();
    assert_eq!(
        lines,
        [
            "1.1 2025-06-08T14:34:33.000Z/2025-06-08T14:34:33.000Z tcp 195.54.160.107:8080 > 51.15.166.67:8123, 40 bytes packets=1 in interface=enp1s0 sensor=sd-126005",
            "2.1 2025-09-27T20:56:38.000Z/2025-09-27T20:56:38.000Z udp 127.0.0.1:49007 > 127.0.0.53:53, 76 bytes, rejected: IPTABLES-DROP: packets=1 in interface=lo sensor=ubuntu",
            "3.1 2026-01-02T02:04:05.678Z/2026-01-02T02:04:05.678Z tcp [2001:db8::1]:1 > [2001:db8::2]:2, 60 bytes, rejected: [UFW BLOCK] packets=1 interface=eth0 sensor=web",
            "4.1 None/None icmp 10.0.0.1 > 10.0.0.2, 88 bytes, rejected: drop-out: packets=1 out interface=eth0",
        ]
    );
    assert_eq!((all.tally.ignored, all.tally.bad, all.tally.assumed_zone), (1, 0, 2));
    // Without a reference the year stays unknown.
    assert_eq!(read(text).records[0].start, None);
}

const HEADER: &str = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_bytes\n#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tcount\n";

#[test]
fn zeek_by_its_header() {
    let text = format!(
        "{HEADER}1588205198.899710\tC\tfd00::1\t40000\tfd00::2\t40001\tudp\t0.000394\t5\n\
         1588205198.899710\tC\t10.0.0.1\t8\t10.0.0.2\t0\ticmp\t-\t-\n\
         XXXXXXXXXX.XXXXXX\tC\t10.0.0.1\t1\t10.0.0.2\t2\ttcp\t-\t-\n#close\tx\n"
    );
    expect(
        &text,
        Format::Zeek,
        &[
            "8.1 2020-04-30T00:06:38.899Z/2020-04-30T00:06:38.900Z udp [fd00::1]:40000 > [fd00::2]:40001, 5 bytes",
            "9.1 2020-04-30T00:06:38.899Z/2020-04-30T00:06:38.899Z icmp 10.0.0.1 > 10.0.0.2",
            "10.1 None/None tcp 10.0.0.1:1 > 10.0.0.2:2",
        ],
    );
    assert_eq!(read(&text).tally.unclear, 1);
}

#[test]
fn zeek_with_other_separators_names_and_no_header() {
    let text = "#separator \\x7c\n#unset_field|N/A\n#fields|ts|src|sport|dst|dport|proto\n#types|time|addr|port|addr|port|enum\n1588205198.5|10.0.0.1|1|10.0.0.2|2|tcp\n1588205198.5|10.0.0.1|N/A|10.0.0.2|2|tcp\n1|2\n";
    let all = read(text);
    let lines: Vec<_> = all.records.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["tcp 10.0.0.1:1 > 10.0.0.2:2", "tcp 10.0.0.1 > 10.0.0.2:2"]);
    assert_eq!((all.format, all.tally.bad), (Some(Format::Zeek), 1));
    expect(
        "id.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tservice\n192.168.0.2\t55951\t192.168.0.1\t10080\tsocks\n",
        Format::Zeek,
        &["2.1 None/None 192.168.0.2:55951 > 192.168.0.1:10080"],
    );
}
