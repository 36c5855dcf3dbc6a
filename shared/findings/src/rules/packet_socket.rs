//! A socket that receives every packet of an interface.

use crate::Severity;
use crate::case::Case;
use crate::place;
use crate::program::begins_with_one_of;
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::{Protocol, Socket};

/// Catalogue row 12, packet sockets.
pub(crate) static RULE: Rule = Rule {
    id: "packet-socket",
    title: "Listening to all network traffic",
    attack: &["T1040"],
    why: "The program receives a copy of what passes over the network, also what is not meant for it. That shows passwords and other people's traffic.",
    detail: "A socket of net/packet (AF_PACKET) that the process holds.",
    harmless: &[
        "DHCP clients, network managers, LLDP and VRRP daemons need it for their protocols.",
        "tcpdump, Suricata, Zeek: somebody captures on purpose.",
        "Network plugins of Kubernetes (Cilium, Calico).",
    ],
    next: &["Find out whether somebody captures on purpose.", "Look at the files that it writes."],
    blind: "The filter of the socket is not in /proc: `ss -0pb` on the living system shows it. Captures inside the kernel by eBPF.",
    check: Check::Process(check),
};

pub(super) const KNOWN: &[&str] = &[
    "dhclient",
    "dhcpcd",
    "udhcpc",
    "systemd-networkd",
    "NetworkManager",
    "wpa_supplicant",
    "hostapd",
    "lldpd",
    "lldpad",
    "keepalived",
    "arping",
    "tcpdump",
    "dumpcap",
    "tshark",
    "suricata",
    "zeek",
    "snort",
    "cilium-agent",
    "calico-node",
    "bird",
    "amazon-ecs-agent",
    "ladvd",
    "arpwatch",
    "dnsmasq",
    "pppd",
    "pppoe",
    "connmand",
    "iwd",
    "nmap",
    "wicked",
    "wickedd-dhcp4",
    "radvd",
    "falco",
];

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let sockets: Vec<&Socket> = case
        .sockets()
        .map(|(_, socket)| socket)
        .filter(|socket| socket.protocol == Protocol::Packet)
        .collect();
    let Some(first) = sockets.first() else { return Answer::Clean };
    let program = case.program();
    let known = begins_with_one_of(program.name, KNOWN)
        && program.is_installed()
        && case.process.exe_deleted() != Some(true);
    let detail = first.detail.as_deref().unwrap_or_default();
    let odd = program.place().is_some() && place::known(program.path).is_none();
    Answer::Found(
        Draft::new(Severity::Medium, format!("receives network packets directly ({})", detail.trim()))
            .proofs(sockets.iter().map(|socket| case.scene.socket_proof(socket)))
            .proofs(
                case.descriptors()
                    .iter()
                    .filter(|file| file.inode() == Some(first.inode))
                    .map(|file| case.descriptor_proof(file)),
            )
            .at_least(Severity::High, odd, "its file lies where no program belongs")
            .at_least(Severity::High, case.process.exe_deleted() == Some(true), "its file was deleted")
            .at_most(Severity::Note, known, "this program needs it for its work"),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(exe: &str) -> Option<Severity> {
        let name = exe.rsplit('/').next().unwrap().split(' ').next().unwrap();
        severity(
            "packet-socket",
            &(process(9, 1, name, exe)
                + "//- process/9/fd/3 -> socket:[60]\n//- net/1/packet\n\
            sk RefCnt Type Proto Iface R Rmem User Inode\n0000000000000000 3 3 0003 2 1 0 0 60\n"),
        )
    }

    #[test]
    fn a_sniffer() {
        assert_eq!(with("/usr/bin/python3.11"), Some(Severity::Medium));
        assert_eq!(with("/tmp/x"), Some(Severity::High));
        assert_eq!(with("/usr/bin/x (deleted)"), Some(Severity::High));
    }

    #[test]
    fn programs_that_need_it() {
        assert_eq!(with("/usr/sbin/dhclient"), Some(Severity::Note));
        assert_eq!(with("/tmp/dhclient"), Some(Severity::High), "the name alone excuses nobody");
        assert_eq!(severity("packet-socket", &process(9, 1, "x", "/bin/x")), None);
        assert_eq!(unknown("packet-socket", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
