//! A shell whose input and output are a network connection.

use crate::Severity;
use crate::case::{Case, endpoint, is_connection, leaves};
use crate::program::{SOCKET_STARTERS, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::{FileKind, OpenFile, Socket};

/// Catalogue row 4.
pub(crate) static RULE: Rule = Rule {
    id: "shell-on-socket",
    title: "Shell connected to the network",
    attack: &["T1059.004", "T1095", "T1071"],
    why: "A command line is wired straight to a network connection: somebody at the other end can type commands on this system. This is called a reverse shell.",
    detail: "A shell or interpreter, by its executable, whose descriptors 0, 1 and 2 are established TCP sockets of its own network namespace. UNIX sockets do not count.",
    harmless: &[
        "inetd, xinetd and systemd start services with the connection as standard input (Accept=yes).",
        "A connection within this machine may be a test or a pipe of a developer's tool.",
    ],
    next: &[
        "Find the other end: in the firewall's log, or among your other systems.",
        "Look at the parent: what started the shell is how the intruder came in.",
        "Isolate the system before you end the process: the connection shows who it is.",
    ],
    blind: "A shell behind a pipe or a terminal: see shell-on-pipe.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let program = match case.known_program() {
        Ok(program) => program,
        Err(answer) => return answer,
    };
    if !program.is_shell() && !program.is_interpreter() && !claims_shell(case) {
        return Answer::Clean;
    }
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let ends: Vec<(&OpenFile, &Socket)> = (0..3)
        .filter_map(|fd| case.descriptor(fd))
        .filter_map(|file| Some((file, connection(case, file)?)))
        .collect();
    let (3, Some((_, socket))) = (ends.len(), ends.first()) else { return Answer::Clean };
    let service = case.parent().is_some_and(|parent| is_one_of(parent.program().name, SOCKET_STARTERS));
    let outside = leaves(socket);
    Answer::Found(
        Draft::new(
            Severity::High,
            format!("is a shell whose input and output are one connection to {}", endpoint(socket)),
        )
        .proofs(ends.iter().map(|(file, _)| case.descriptor_proof(file)))
        .proof(case.scene.socket_proof(socket))
        .proof(case.link_proof("exe"))
        .at_least(
            Severity::Critical,
            outside && case.process.tty_nr == Some(0),
            "the other end is another machine, and no terminal is attached",
        )
        .at_most(Severity::Medium, service, "its parent starts services on connections by design"),
    )
}

/// A copy of a shell under another name still calls itself one.
fn claims_shell(case: &Case<'_>) -> bool {
    let first = case.process.arguments().next().unwrap_or_default();
    is_one_of(crate::program::base(first), crate::program::SHELLS)
}

fn connection<'a>(case: &Case<'a>, file: &OpenFile) -> Option<&'a Socket> {
    let inode = file.inode().filter(|_| file.kind == FileKind::Socket)?;
    case.sockets().map(|(_, socket)| socket).find(|socket| socket.inode == inode && is_connection(socket))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, tcp, unknown};

    fn shell(remote: &str, parent: &str) -> String {
        let mut text = process(5, 1, "p", parent) + &process(9, 5, "bash", "/usr/bin/bash");
        for fd in 0..3 {
            text.push_str(&format!("//- process/9/fd/{fd} -> socket:[70]\n"));
        }
        text + &tcp(&[("10.0.0.1:4000", remote, "01", 70)])
    }

    #[test]
    fn to_another_machine_it_is_critical() {
        let finding = one("shell-on-socket", &shell("203.0.113.7:4444", "/usr/sbin/nginx"));
        assert_eq!(finding.severity, Severity::Critical);
        assert!(finding.predicate.ends_with("one connection to 203.0.113.7:4444"), "{}", finding.predicate);
        assert_eq!(finding.proofs.len(), 5);
        assert_eq!(severity("shell-on-socket", &shell("127.0.0.1:4444", "/usr/bin/x")), Some(Severity::High));
    }

    #[test]
    fn services_and_ordinary_shells() {
        let service = shell("203.0.113.7:4444", "/usr/lib/systemd/systemd");
        assert_eq!(severity("shell-on-socket", &service), Some(Severity::Medium));
        let two = shell("203.0.113.7:4444", "/bin/x").replace("//- process/9/fd/2 -> socket:[70]\n", "");
        assert_eq!(severity("shell-on-socket", &two), None);
        let listening = shell("203.0.113.7:4444", "/bin/x").replace(" 01 ", " 0A ");
        assert_eq!(severity("shell-on-socket", &listening), None);
        let other = shell("203.0.113.7:4444", "/bin/x").replace("/usr/bin/bash", "/usr/sbin/sshd");
        assert_eq!(severity("shell-on-socket", &other), None);
        let blind = process(9, 1, "sh", "/bin/sh") + "//- process/9/error/fd -> EACCES\n";
        assert_eq!(unknown("shell-on-socket", &blind), ["fd"]);
    }
}
