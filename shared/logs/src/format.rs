//! The formats that are read: the one list behind help, documentation and recognition.

use super::recognise::Signs;
use super::{alb, csv, kernel, recognise, vpc, zeek};
use bstr::ByteSlice as _;

/// A format of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// AWS VPC flow logs, and those of transit gateways.
    AwsVpc,
    /// AWS Network Firewall.
    AwsFirewall,
    /// Packet filter of the Linux kernel.
    Kernel,
    /// Suricata.
    Suricata,
    /// Zeek.
    Zeek,
    /// Azure network security groups and virtual networks.
    AzureFlow,
    /// Google Cloud VPC.
    GcpVpc,
    /// AWS application load balancer.
    AwsAlb,
    /// Any table.
    Csv,
}

/// What people are told of a format.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The format.
    pub format: Format,
    /// The word for `--log-format`.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is read of it.
    pub reads: &'static str,
    /// How it is recognised.
    pub told_by: &'static str,
    /// The shortest log of this format.
    pub sample: &'static str,
    /// What recognises it.
    pub(super) signs: Signs,
}

/// All formats, in the order in which they are looked for: the most particular first.
pub const FORMATS: [About; 9] = [
    About {
        format: Format::AwsFirewall,
        name: "aws-firewall",
        title: "AWS Network Firewall",
        reads: "alerts and flows (`netflow`), as files or in CloudWatch envelopes",
        told_by: "JSON with `firewall_name` and `event`",
        sample: r#"{"firewall_name":"fw","event":{"event_type":"netflow","src_ip":"203.0.113.7","src_port":55555,"dest_ip":"10.0.0.1","dest_port":443,"proto":"TCP"}}"#,
        signs: Signs {
            envelope: |head| head.contains_str("\\\"firewall_name\\\""),
            json: |head| head.contains_str("\"firewall_name\"") && head.contains_str("\"event\""),
            message: |message| message.contains_str("\"firewall_name\""),
            ..Signs::NONE
        },
    },
    About {
        format: Format::AzureFlow,
        name: "azure-flow",
        title: "Azure NSG flow logs and virtual network flow logs",
        reads: "flow tuples of versions 1 and 2, and of virtual networks (version 4)",
        told_by: "JSON with `flowTuples`",
        sample: r#"{"records":[{"properties":{"flows":[{"flows":[{"flowTuples":["1487282421,203.0.113.7,10.0.0.1,51529,443,T,I,D"]}]}]}}]}"#,
        signs: Signs { json: |head| head.contains_str("\"flowTuples\""), ..Signs::NONE },
    },
    About {
        format: Format::GcpVpc,
        name: "gcp-vpc",
        title: "Google Cloud VPC flow logs and firewall rule logs",
        reads: "exports of Cloud Logging: one entry a line, or an array",
        told_by: "JSON with `jsonPayload` and `connection`",
        sample: r#"{"jsonPayload":{"connection":{"src_ip":"203.0.113.7","src_port":44444,"dest_ip":"10.0.0.1","dest_port":443,"protocol":6}},"timestamp":"2026-12-01T03:00:09Z"}"#,
        signs: Signs {
            json: |head| head.contains_str("\"jsonPayload\"") && head.contains_str("\"connection\""),
            ..Signs::NONE
        },
    },
    About {
        format: Format::Suricata,
        name: "suricata",
        title: "Suricata eve.json",
        reads: "every event with addresses; bytes and packets of `flow` and `netflow` only, since others repeat them",
        told_by: "JSON with `event_type` and `src_ip`",
        sample: r#"{"timestamp":"2026-12-01T03:00:00+0000","event_type":"alert","src_ip":"203.0.113.7","src_port":44444,"dest_ip":"10.0.0.1","dest_port":443,"proto":"TCP"}"#,
        signs: Signs {
            envelope: |head| head.contains_str("\\\"event_type\\\""),
            json: |head| {
                head.contains_str("\"event_type\"")
                    && (head.contains_str("\"src_ip\"") || head.contains_str("\"stats\""))
            },
            message: |message| message.contains_str("\"event_type\""),
            ..Signs::NONE
        },
    },
    About {
        format: Format::Zeek,
        name: "zeek",
        title: "Zeek conn.log",
        reads: "TSV by its own header (any separator, renamed and added fields, zeek-cut) and JSON (`id.orig_h`, `id_orig_h`, nested); other logs of Zeek with these fields too",
        told_by: "a line `#separator` or `#fields`, or the names of the fields",
        sample: r#"{"ts":1796094000.5,"id.orig_h":"203.0.113.7","id.orig_p":44444,"id.resp_h":"10.0.0.1","id.resp_p":443,"proto":"tcp"}"#,
        signs: Signs {
            json: |head| {
                ["\"id.orig_h\"", "\"id_orig_h\"", "\"orig_h\""].iter().any(|name| head.contains_str(name))
            },
            lines: |head| {
                let any = |is: fn(&[u8]) -> bool| recognise::lines(head).any(is);
                any(|line| line.starts_with(b"#separator") || line.starts_with(b"#fields"))
                    || any(|line| zeek::bare_header(line).is_some())
            },
            ..Signs::NONE
        },
    },
    About {
        format: Format::AwsVpc,
        name: "aws-vpc",
        title: "AWS VPC flow logs, transit gateway flow logs",
        reads: "the default and custom fields of versions 2 to 10, those of ECS and `pkt-srcaddr` among them; header anywhere, or none (`--fields`); CloudWatch's envelopes, exports, `filter-log-events`, `get-log-events`, tables and answers of Insights",
        told_by: "names of its fields, or lines that read as version 2",
        sample: "2 111122223333 eni-1235b8ca123456789 203.0.113.7 10.0.0.1 44444 443 6 20 4249 1796094000 1796094060 ACCEPT OK",
        signs: Signs {
            // Envelopes of other formats come earlier.
            envelope: |_| true,
            lines: |head| recognise::lines(head).map(vpc::own).any(vpc::is_own),
            message: vpc::is_own,
            ..Signs::NONE
        },
    },
    About {
        format: Format::AwsAlb,
        name: "aws-alb",
        title: "AWS application load balancer access logs",
        reads: "client and target of each request; no socket has both, so no five-tuple is claimed",
        told_by: "a kind of request, a time and `app/`",
        sample: "http 2026-12-01T03:00:00.463821Z app/lb/490d68edf04676fe 203.0.113.7:44740 10.0.0.1:80 0.000 0.500 0.250 200 200 34 366 \"GET http://www.example.com:80/ HTTP/1.1\"",
        signs: Signs { lines: |head| recognise::lines(head).any(alb::is_request), ..Signs::NONE },
    },
    About {
        format: Format::Kernel,
        name: "kernel",
        title: "Linux packet filter: iptables, nftables, UFW",
        reads: "lines of LOG targets in syslog (RFC 3164, RFC 5424), `dmesg` and `journalctl` (every `-o`), and the firewall log of Proxmox VE; the rule is the whole prefix, the action comes from its clear words",
        told_by: "`SRC=` and `DST=`, or names of the journal's fields",
        sample: "Dec  1 03:00:00 web-1 kernel: [1.5] DROP IN=eth0 OUT= SRC=203.0.113.7 DST=10.0.0.1 PROTO=TCP SPT=44444 DPT=443",
        signs: Signs {
            json: |head| {
                head.contains_str("\"__REALTIME_TIMESTAMP\"")
                    || (head.contains_str(" SRC=") && head.contains_str(" DST="))
                    || head.contains_str("\"dmesg\"")
            },
            lines: |head| recognise::lines(head).any(kernel::is_packet) || recognise::is_export(head),
            ..Signs::NONE
        },
    },
    About {
        format: Format::Csv,
        name: "csv",
        title: "Any table with a header",
        reads: "values between commas, semicolons, tabs or bars; columns guessed from their names or given (`--columns`): exports of firewalls, Athena, Azure's traffic analytics, nfdump, argus",
        told_by: "a header with names of source and destination",
        sample: "source ip,source port,destination ip,destination port\n203.0.113.7,44444,10.0.0.1,443",
        signs: Signs { table: |head| csv::is_table(csv::header_line(head)), ..Signs::NONE },
    },
];

impl Format {
    /// What people are told of it.
    #[must_use]
    pub fn about(self) -> About {
        // The list has all: a test walks it.
        FORMATS.into_iter().find(|about| about.format == self).unwrap_or(FORMATS[8])
    }

    /// By its word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        FORMATS.iter().find(|about| about.name == name).map(|about| about.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LogReader, Options};
    use std::collections::BTreeSet;

    #[test]
    fn each_format_reads_and_recognises_its_own_sample() {
        for about in FORMATS {
            assert!(![about.title, about.reads, about.told_by, about.sample].contains(&""), "{}", about.name);
            let mut records = 0;
            let mut reader = LogReader::new(Options::default());
            reader.push(about.sample.as_bytes(), &mut |_| records += 1);
            let (tally, format) = reader.finish(&mut |_| records += 1);
            assert_eq!(crate::recognise(about.sample.as_bytes()), Some(about.format), "{}", about.name);
            assert_eq!(
                (format, records, tally.first_bad),
                (Some(about.format), 1, Vec::new()),
                "{}",
                about.name
            );
        }
    }

    #[test]
    fn names_and_titles_are_unique() {
        let names: BTreeSet<_> = FORMATS.iter().map(|about| about.name).collect();
        let titles: BTreeSet<_> = FORMATS.iter().map(|about| about.title).collect();
        assert_eq!((names.len(), titles.len()), (FORMATS.len(), FORMATS.len()));
    }

    #[test]
    fn the_list_has_every_format_once() {
        for format in [
            Format::AwsVpc,
            Format::AwsFirewall,
            Format::Kernel,
            Format::Suricata,
            Format::Zeek,
            Format::AzureFlow,
            Format::GcpVpc,
            Format::AwsAlb,
            Format::Csv,
        ] {
            assert_eq!(format.about().format, format);
            assert_eq!(Format::named(format.about().name), Some(format));
        }
        assert_eq!(Format::named("pcap"), None);
    }
}
