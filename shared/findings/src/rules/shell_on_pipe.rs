//! A shell fed by another process that holds a network connection.

use crate::Severity;
use crate::case::{Case, endpoint, leaves};
use crate::place;
use crate::program::{TERMINAL_CARRIERS, TOOLS, begins_with_one_of, claims, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::{FileKind, OpenFile, Socket};

/// Catalogue row 5.
pub(crate) static RULE: Rule = Rule {
    id: "shell-on-pipe",
    title: "Shell fed from the network",
    attack: &["T1059.004", "T1095"],
    why: "Another program passes what it receives from the network on to a command line. Somebody at the other end can type commands on this system.",
    detail: "Standard input and output of a shell are pipes whose other ends a process holds that has an established TCP connection; or its input is a named pipe in a temporary folder; or its terminal's other side (/dev/ptmx) is held by such a process that carries no terminals by design.",
    harmless: &[
        "Runners of continuous integration, expect, docker exec and kubectl exec connect shells through pipes.",
        "Terminals in the browser (ttyd, code-server, JupyterLab) hold the terminal and a connection.",
    ],
    next: &[
        "Look at the process at the other end of the pipe and at its connection.",
        "Look at what started both.",
    ],
    blind: "A chain of several processes between shell and network; pipes whose other end is in a process that could not be read.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let program = match case.known_program() {
        Ok(program) => program,
        Err(answer) => return answer,
    };
    if !program.is_shell() {
        return Answer::Clean;
    }
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    piped(case).or_else(|| fifo(case)).or_else(|| terminal(case)).into()
}

fn piped(case: &Case<'_>) -> Option<Draft> {
    let (input, output) = (pipe(case, 0)?, pipe(case, 1)?);
    let (feeder, socket, fd) = case.scene.pipes().others(input).find_map(|end| {
        let feeder = Case::new(case.scene, end.process)?;
        // The same process must also read what the shell writes: else this is an ordinary pipeline.
        let reads = case.scene.pipes().others(output).any(|other| other.process == end.process);
        let (_, socket) = feeder.connections().next().filter(|_| reads && end.process != case.index)?;
        let fd = feeder.descriptor(end.fd)?;
        Some((feeder, socket, fd))
    })?;
    let carrier = carries_terminals(&feeder);
    let tool = claims(feeder.process).any(|claim| is_one_of(claim, TOOLS))
        || is_one_of(feeder.program().name, TOOLS);
    Some(
        Draft::new(
            Severity::Medium,
            format!("is a shell on pipes of {}, which is connected to {}", feeder.label(), endpoint(socket)),
        )
        .proof(case.descriptor_proof(input))
        .proof(case.descriptor_proof(output))
        .proof(feeder.descriptor_proof(fd))
        .proof(case.scene.socket_proof(socket))
        .at_least(Severity::High, tool, "the process between is a tool for raw connections")
        .at_least(Severity::High, leaves(socket), "the other end is another machine")
        .at_most(
            Severity::Note,
            carrier,
            "the process between carries terminals and commands by design",
        ),
    )
}

fn fifo(case: &Case<'_>) -> Option<Draft> {
    let input = pipe(case, 0)?;
    let target = input.target.as_ref()?;
    place::of(target).filter(|_| target.starts_with(b"/"))?;
    let path = procglass_model::text::visible(target).into_owned();
    Some(
        Draft::new(Severity::High, format!("is a shell that reads its commands from the named pipe {path}"))
            .proof(case.descriptor_proof(input)),
    )
}

/// A shell on a pseudo-terminal whose master side an ancestor with a connection holds.
fn terminal(case: &Case<'_>) -> Option<Draft> {
    let input = case
        .descriptor(0)
        .filter(|file| file.target.as_ref().is_some_and(|t| t.starts_with(b"/dev/pts/")))?;
    let holder = case.parent().filter(|parent| !carries_terminals(parent))?;
    let master = holder.descriptors().iter().find(|file| {
        file.target
            .as_ref()
            .is_some_and(|target| target.as_slice() == b"/dev/ptmx" || target.as_slice() == b"/dev/pts/ptmx")
    })?;
    let (_, socket): (_, &Socket) = holder.connections().find(|(_, socket)| leaves(socket))?;
    Some(
        Draft::new(
            Severity::High,
            format!(
                "is a shell on a terminal of {}, which is connected to {}",
                holder.label(),
                endpoint(socket)
            ),
        )
        .proof(case.descriptor_proof(input))
        .proof(holder.descriptor_proof(master))
        .proof(case.scene.socket_proof(socket)),
    )
}

/// By the file that runs and where it lies: a name alone excuses nobody.
fn carries_terminals(case: &Case<'_>) -> bool {
    let program = case.program();
    program.is_installed() && begins_with_one_of(program.name, TERMINAL_CARRIERS)
}

fn pipe<'a>(case: &Case<'a>, fd: u32) -> Option<&'a OpenFile> {
    case.descriptor(fd).filter(|file| file.kind == FileKind::Pipe)
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, tcp};

    fn piped(feeder: &str, remote: &str) -> String {
        process(5, 1, "nc", feeder)
            + &process(9, 5, "sh", "/usr/bin/dash")
            + "//- process/5/fd/3 -> socket:[70]\n//- process/5/fd/4 -> pipe:[80]\nflags:\t01\n//- process/5/fd/5 -> pipe:[81]\nflags:\t00\n\
               //- process/9/fd/0 -> pipe:[80]\nflags:\t00\n//- process/9/fd/1 -> pipe:[81]\nflags:\t01\n"
            + &tcp(&[("10.0.0.1:4000", remote, "01", 70)])
    }

    #[test]
    fn piped_through_a_tool() {
        let finding = one("shell-on-pipe", &piped("/usr/bin/nc", "203.0.113.7:443"));
        assert_eq!(finding.severity, Severity::High);
        assert!(finding.predicate.contains("nc (5)") && finding.predicate.contains("203.0.113.7:443"));
        assert_eq!(finding.proofs.len(), 4);
    }

    #[test]
    fn known_carriers_and_pipelines() {
        let docker =
            piped("/usr/bin/containerd-shim-runc-v2", "203.0.113.7:443").replace("Name:\tnc", "Name:\tx");
        let docker = docker.replace("(nc)", "(containerd-shim)");
        assert_eq!(severity("shell-on-pipe", &docker), Some(Severity::Note));
        let fake = piped("/tmp/sshd", "203.0.113.7:443");
        assert_eq!(severity("shell-on-pipe", &fake), Some(Severity::High));
        let pipeline = piped("/usr/bin/curl", "203.0.113.7:443")
            .replace("//- process/5/fd/5 -> pipe:[81]\nflags:\t00\n", "");
        assert_eq!(severity("shell-on-pipe", &pipeline), None, "curl | sh reads nothing back");
    }

    #[test]
    fn terminals_and_named_pipes() {
        let text = process(5, 1, "python3", "/usr/bin/python3")
            + &process(9, 5, "bash", "/usr/bin/bash")
            + "//- process/5/fd/3 -> socket:[70]\n//- process/5/fd/4 -> /dev/ptmx\n//- process/9/fd/0 -> /dev/pts/3\n"
            + &tcp(&[("10.0.0.1:4000", "203.0.113.7:443", "01", 70)]);
        assert_eq!(severity("shell-on-pipe", &text), Some(Severity::High));
        let ssh = text.replace("/usr/bin/python3", "/usr/sbin/sshd");
        assert_eq!(severity("shell-on-pipe", &ssh), None);
        let fifo = |path: &str| {
            let stat = "{\"dev\":1,\"inode\":5,\"links\":1,\"mode\":4516,\"uid\":0,\"gid\":0,\"size\":0,\"mtime\":0,\"ctime\":0}\n";
            severity(
                "shell-on-pipe",
                &(process(9, 1, "sh", "/bin/sh") + &format!("//- process/9/fd/0 -> {path}\n{stat}")),
            )
        };
        assert_eq!((fifo("/tmp/f"), fifo("/usr/lib/x/f")), (Some(Severity::High), None));
    }
}
