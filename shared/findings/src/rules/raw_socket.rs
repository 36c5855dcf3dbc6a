//! A socket that makes and receives packets of any protocol.

use crate::Severity;
use crate::case::Case;
use crate::place;
use crate::program::begins_with_one_of;
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::{Protocol, Socket};

/// Catalogue row 12, raw sockets.
pub(crate) static RULE: Rule = Rule {
    id: "raw-socket",
    title: "Raw sockets",
    attack: &["T1095", "T1040"],
    why: "The program speaks to the network below the ordinary level. Diagnosis does that, and so do hidden channels.",
    detail: "A socket of net/raw or net/raw6 that the process holds; the port column is the protocol's number (1 is ICMP).",
    harmless: &["ping, traceroute, routing and VRRP daemons, DHCP and monitoring agents."],
    next: &["Look at which program it is and whether it has a reason."],
    blind: "ICMP by datagram sockets (net/icmp), which every user may open.",
    check: Check::Process(check),
};

const KNOWN: &[&str] = &[
    "ping",
    "traceroute",
    "mtr",
    "mtr-packet",
    "fping",
    "keepalived",
    "bird",
    "ospfd",
    "zebra",
    "radvd",
    "systemd-networkd",
    "NetworkManager",
    "dnsmasq",
    "dhcpcd",
    "dhclient",
    "smokeping",
    "telegraf",
    "blackbox_exporter",
    "nmap",
    "hping3",
    "rdisc",
    "ndppd",
    "wickedd",
    "conntrackd",
];

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let sockets: Vec<&Socket> =
        case.sockets().map(|(_, socket)| socket).filter(|socket| socket.protocol == Protocol::Raw).collect();
    let Some(first) = sockets.first() else { return Answer::Clean };
    let protocol = match first.local.map_or(0, |(_, port)| port) {
        1 => "ICMP".to_owned(),
        58 => "ICMPv6".to_owned(),
        255 => "any protocol".to_owned(),
        number => format!("protocol {number}"),
    };
    let program = case.program();
    let odd = program.place().is_some() && place::known(program.path).is_none();
    Answer::Found(
        Draft::new(Severity::Low, format!("sends and receives raw packets ({protocol})"))
            .proofs(sockets.iter().take(5).map(|socket| case.scene.socket_proof(socket)))
            .at_least(
                Severity::Medium,
                odd || case.process.exe_deleted() == Some(true),
                "its file was deleted or lies where no program belongs",
            )
            .at_least(Severity::Medium, program.is_shell(), "a shell has no reason to")
            .at_most(
                Severity::Note,
                begins_with_one_of(program.name, KNOWN) && program.is_installed(),
                "this program needs it for its work",
            ),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, tcp, unknown};

    fn with(exe: &str) -> String {
        process(9, 1, "x", exe)
            + "//- process/9/fd/3 -> socket:[60]\n"
            + &tcp(&[("0.0.0.0:1", "0.0.0.0:0", "07", 60)]).replace("net/1/tcp", "net/1/raw")
    }

    #[test]
    fn raw_packets() {
        let finding = one("raw-socket", &with("/usr/bin/python3"));
        assert_eq!(
            (finding.severity, finding.predicate.as_str()),
            (Severity::Low, "sends and receives raw packets (ICMP)")
        );
        assert_eq!(severity("raw-socket", &with("/dev/shm/x")), Some(Severity::Medium));
    }

    #[test]
    fn ping_and_others() {
        assert_eq!(severity("raw-socket", &with("/usr/bin/ping")), Some(Severity::Note));
        assert_eq!(severity("raw-socket", &process(9, 1, "x", "/bin/x")), None);
        assert_eq!(unknown("raw-socket", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
