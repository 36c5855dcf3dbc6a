//! A process that another one controls, or whose memory another one has open.

use crate::Severity;
use crate::case::Case;
use crate::program::{Program, begins_with_one_of, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::Process;

/// Catalogue row 15.
pub(crate) static RULE: Rule = Rule {
    id: "traced-process",
    title: "Process controlled by another",
    attack: &["T1055.008"],
    why: "Another program controls this one like a debugger: it can read its secrets and change what it does.",
    detail: "TracerPid of /proc/PID/status is not 0.",
    harmless: &[
        "gdb, strace, rr, delve: somebody debugs.",
        "CRIU, gVisor's ptrace platform, crash handlers and Wine trace by design.",
    ],
    next: &[
        "Look at the tracer: who started it, and which file it runs.",
        "If the traced program handles passwords or keys, treat them as known to others.",
    ],
    blind: "Writing into another process through process_vm_writev(2) leaves no trace.",
    check: Check::Process(check),
};

const DEBUGGERS: &[&str] = &[
    "gdb",
    "gdbserver",
    "lldb",
    "lldb-server",
    "strace",
    "ltrace",
    "rr",
    "dlv",
    "perf",
    "criu",
    "runsc",
    "apport",
    "breakpad",
    "proot",
    "wineserver",
    "crashpad_handler",
    "chrome_crashpad_handler",
    "systemd-coredump",
    "uml",
    "valgrind",
    "reptyr",
];
const TREASURES: &[&str] = &[
    "sshd",
    "sshd-session",
    "ssh-agent",
    "sudo",
    "su",
    "login",
    "gpg-agent",
    "gnome-keyring-daemon",
    "gnome-keyring-d",
    "passwd",
    "polkitd",
    "kwalletd5",
];

fn check(case: &Case<'_>) -> Answer {
    let Some(tracer_pid) = case.process.tracer_pid else { return Answer::Unknown("status") };
    if tracer_pid == 0 {
        return Answer::Clean;
    }
    let tracer = case.scene.snapshot.by_pid(tracer_pid).and_then(|index| case.scene.snapshot.process(index));
    let by = tracer.map_or_else(|| format!("a process that is not visible ({tracer_pid})"), Process::label);
    let debugger = tracer.is_some_and(|tracer| {
        let program = Program::of(tracer);
        begins_with_one_of(program.name, DEBUGGERS) && program.is_installed()
    });
    let other_user = tracer.is_some_and(|tracer| {
        let uid = |process: &Process| process.uid.map(|uid| uid.effective);
        uid(tracer) != uid(case.process) && uid(tracer).is_some_and(|uid| uid != 0)
    });
    let treasure = is_one_of(case.program().name, TREASURES);
    Answer::Found(
        Draft::new(Severity::Medium, format!("is controlled by {by} (ptrace)"))
            .proof(case.line_proof("status", b"TracerPid"))
            .at_least(Severity::High, treasure, "it handles passwords or keys")
            .at_least(Severity::High, other_user, "the one that controls it is another user")
            .at_most(Severity::Low, debugger && !treasure, "the one that controls it is a debugger"),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, unknown};

    fn traced(exe: &str, by: &str) -> String {
        process(5, 1, "t", by) + &process(9, 1, "x", exe).replace("TracerPid:\t0", "TracerPid:\t5")
    }

    #[test]
    fn by_an_odd_program_or_of_a_treasure() {
        let finding = one("traced-process", &traced("/usr/bin/x", "/usr/bin/python3"));
        assert_eq!(
            (finding.severity, finding.predicate.as_str()),
            (Severity::Medium, "is controlled by t (5) (ptrace)")
        );
        assert_eq!(
            severity("traced-process", &traced("/usr/sbin/sshd", "/usr/bin/gdb")),
            Some(Severity::High)
        );
    }

    #[test]
    fn by_a_debugger_or_nobody() {
        assert_eq!(severity("traced-process", &traced("/usr/bin/x", "/usr/bin/gdb")), Some(Severity::Low));
        assert_eq!(severity("traced-process", &process(9, 1, "x", "/bin/x")), None);
        assert_eq!(unknown("traced-process", "//- process/9/error/status -> EACCES\n"), ["status"]);
    }
}
