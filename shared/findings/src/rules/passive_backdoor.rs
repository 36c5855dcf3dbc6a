//! A hidden program that waits for a magic packet: the BPFDoor family.

use super::{false_title, packet_socket};
use crate::case::Case;
use crate::program::{begins_with_one_of, claims};
use crate::rule::{Answer, Check, Draft, Rule};
use crate::{Severity, place};
use procglass_snapshot::Protocol;

/// Catalogue row 13.
pub(crate) static RULE: Rule = Rule {
    id: "passive-backdoor",
    title: "Backdoor that waits for a secret signal",
    attack: &["T1205.002"],
    why: "A program under a false identity listens to all traffic without opening a port. Such backdoors wait for a secret packet and then let their owner in, past every firewall.",
    detail: "A packet or raw socket in a process whose file is deleted, only in memory, or in a temporary place, or whose title is that of another service. Known from BPFDoor.",
    harmless: &[
        "None known, if the title is really false. See packet-socket for programs that listen on purpose.",
    ],
    next: &[
        "Treat the system as compromised, and others that it can reach.",
        "Recover the program from the bundle.",
        "`ss -0pb` on the living system shows the filter that waits for the signal.",
    ],
    blind: "A backdoor inside a genuine service.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let Some((_, socket)) =
        case.sockets().find(|(_, socket)| matches!(socket.protocol, Protocol::Packet | Protocol::Raw))
    else {
        return Answer::Clean;
    };
    let program = case.program();
    if program.is_unknown() {
        return Answer::Unknown("exe");
    }
    let needs_it = begins_with_one_of(program.name, packet_socket::KNOWN) && program.is_installed();
    let false_title = claims(case.process)
        .find_map(false_title::service)
        .and_then(|(claim, real)| false_title::judge(case, claim, real, program));
    let in_memory = program.path.starts_with(b"/memfd:");
    let deleted = case.process.exe_deleted() == Some(true) && !needs_it;
    let odd = program.place().is_some() && place::known(program.path).is_none();
    let hidden = match (&false_title, in_memory, deleted, odd) {
        (Some(_), ..) => "under a false title",
        (None, true, ..) => "with a program that is only in memory",
        (None, false, true, _) => "with a program whose file was deleted",
        (None, false, false, true) => "with a program in a place where none belongs",
        (None, false, false, false) => return Answer::Clean,
    };
    let severity = if socket.protocol == Protocol::Packet { Severity::Critical } else { Severity::High };
    Answer::Found(
        Draft::new(severity, format!("listens to network traffic {hidden}, as hidden backdoors do"))
            .proof(case.scene.socket_proof(socket))
            .proof(case.link_proof("exe"))
            .proof(case.cmdline_proof()),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity};

    const SOCKET: &str = "//- process/9/fd/3 -> socket:[60]\n//- net/1/packet\n\
        sk RefCnt Type Proto Iface R Rmem User Inode\n0000000000000000 3 3 0003 2 1 0 0 60\n";

    #[test]
    fn under_a_false_title() {
        let text =
            process(9, 1, "x", "/usr/bin/python3").replace("/usr/bin/python3\\0", "/sbin/udevd\\0-d\\0");
        assert_eq!(severity("passive-backdoor", &(text + SOCKET)), Some(Severity::Critical));
        let text = process(9, 1, "kdmtmpflush", "/dev/shm/kdmtmpflush (deleted)");
        assert_eq!(severity("passive-backdoor", &(text + SOCKET)), Some(Severity::Critical));
    }

    #[test]
    fn an_open_capture() {
        assert_eq!(
            severity("passive-backdoor", &(process(9, 1, "tcpdump", "/usr/bin/tcpdump") + SOCKET)),
            None
        );
        assert_eq!(
            severity(
                "passive-backdoor",
                &(process(9, 1, "dhclient", "/usr/sbin/dhclient (deleted)") + SOCKET)
            ),
            None
        );
    }
}
