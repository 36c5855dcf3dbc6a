//! The formats that are read: the one list behind help, documentation and recognition.

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
}

/// All, in the order in which they are looked for: the most particular first.
pub const FORMATS: [About; 9] = [
    About {
        format: Format::AwsFirewall,
        name: "aws-firewall",
        title: "AWS Network Firewall",
        reads: "alerts and flows (`netflow`), as files or in CloudWatch envelopes",
        told_by: "JSON with `firewall_name` and `event`",
    },
    About {
        format: Format::Suricata,
        name: "suricata",
        title: "Suricata eve.json",
        reads: "every event with addresses; bytes and packets of `flow` and `netflow` only, since others repeat them",
        told_by: "JSON with `event_type` and `src_ip`",
    },
    About {
        format: Format::GcpVpc,
        name: "gcp-vpc",
        title: "Google Cloud VPC flow logs and firewall rule logs",
        reads: "exports of Cloud Logging: one entry a line, or an array",
        told_by: "JSON with `jsonPayload` and `connection`",
    },
    About {
        format: Format::AzureFlow,
        name: "azure-flow",
        title: "Azure NSG flow logs and virtual network flow logs",
        reads: "flow tuples of versions 1 and 2, and of virtual networks (version 4)",
        told_by: "JSON with `flowTuples`",
    },
    About {
        format: Format::Zeek,
        name: "zeek",
        title: "Zeek conn.log",
        reads: "TSV by its own header (any separator, renamed and added fields, zeek-cut) and JSON (`id.orig_h`, `id_orig_h`, nested); other logs of Zeek with these fields too",
        told_by: "a line `#separator` or `#fields`, or the names of the fields",
    },
    About {
        format: Format::AwsVpc,
        name: "aws-vpc",
        title: "AWS VPC flow logs, transit gateway flow logs",
        reads: "the default and custom fields of versions 2 to 10, those of ECS and `pkt-srcaddr` among them; header anywhere, or none (`--fields`); CloudWatch's envelopes, exports, `filter-log-events`, `get-log-events`, tables and answers of Insights",
        told_by: "names of its fields, or lines that read as version 2",
    },
    About {
        format: Format::AwsAlb,
        name: "aws-alb",
        title: "AWS application load balancer access logs",
        reads: "client and target of each request; no socket has both, so no five-tuple is claimed",
        told_by: "a kind of request, a time and `app/`",
    },
    About {
        format: Format::Kernel,
        name: "kernel",
        title: "Linux packet filter: iptables, nftables, UFW",
        reads: "lines of LOG targets in syslog (RFC 3164, RFC 5424), `dmesg` and `journalctl` (every `-o`), and the firewall log of Proxmox VE; the rule is the whole prefix, the action comes from its clear words",
        told_by: "`SRC=` and `DST=`, or names of the journal's fields",
    },
    About {
        format: Format::Csv,
        name: "csv",
        title: "Any table with a header",
        reads: "values between commas, semicolons, tabs or bars; columns guessed from their names or given (`--columns`): exports of firewalls, Athena, Azure's traffic analytics, nfdump, argus",
        told_by: "a header with names of source and destination",
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
