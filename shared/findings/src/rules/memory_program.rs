//! The program never was a file: memfd_create(2).

use crate::Severity;
use crate::case::{Case, is_connection, leaves};
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 2.
pub(crate) static RULE: Rule = Rule {
    id: "memory-program",
    title: "Program that exists only in memory",
    attack: &["T1620", "T1027.011"],
    why: "This program was never stored as a file. That leaves nothing to find on the disk, which is why intruders start programs so.",
    detail: "/proc/PID/exe is `/memfd:NAME (deleted)`: the process was started from a memfd_create(2) descriptor. Only the executable counts: memfds as descriptors or data are ordinary.",
    harmless: &[
        "runc and crun start containers from a sealed copy of themselves (`runc_cloned`); that lives for a moment only.",
    ],
    next: &[
        "Take the recovered copy from the bundle (executable/<sha256>): it is the only one.",
        "Look at the parent: it wrote the program into memory.",
    ],
    blind: "Code that a running program loaded into its own memory without starting it.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let Some(exe) = &case.process.exe else {
        let asked = case.process.is_kernel_thread() || case.process.state == Some('Z');
        return if asked { Answer::Clean } else { Answer::Unknown("exe") };
    };
    let Some(name) = exe.strip_prefix(b"/memfd:") else { return Answer::Clean };
    let name = name.strip_suffix(b" (deleted)").unwrap_or(name);
    let words = procglass_model::text::visible(name).into_owned();
    let runtime = name.starts_with(b"runc_cloned:") || name.starts_with(b"crun_cloned:");
    let outside = case.sockets().any(|(_, socket)| is_connection(socket) && leaves(socket));
    Answer::Found(
        Draft::new(
            Severity::High,
            format!("runs a program that is only in memory, under the name `{words}`"),
        )
        .proof(case.link_proof("exe"))
        .at_least(Severity::Critical, outside, "it is connected to another machine")
        .at_most(
            Severity::Low,
            runtime && !outside,
            "container runtimes start from a copy of themselves under this name",
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, tcp, unknown};

    #[test]
    fn a_program_in_memory() {
        let text = process(9, 1, "5", "/memfd:kworker (deleted)");
        assert_eq!(severity("memory-program", &text), Some(Severity::High));
        let socket = "//- process/9/fd/3 -> socket:[70]\n";
        let table = tcp(&[("10.0.0.1:4000", "203.0.113.7:443", "01", 70)]);
        assert_eq!(severity("memory-program", &format!("{text}{socket}{table}")), Some(Severity::Critical));
    }

    #[test]
    fn a_container_runtime_and_a_descriptor() {
        let text = process(9, 1, "runc", "/memfd:runc_cloned:/proc/self/exe (deleted)");
        assert_eq!(severity("memory-program", &text), Some(Severity::Low));
        let text =
            process(9, 1, "firefox", "/usr/bin/firefox") + "//- process/9/fd/3 -> /memfd:x (deleted)\n";
        assert_eq!(severity("memory-program", &text), None);
        assert_eq!(unknown("memory-program", "//- process/9/error/exe -> EACCES\n"), ["exe"]);
    }
}
