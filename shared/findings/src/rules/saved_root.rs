//! Rights that are kept in reserve, or that do not fit the user.

use crate::Severity;
use crate::case::Case;
use crate::program::is_one_of;
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::analysis::capability;

/// Catalogue row 22.
pub(crate) static RULE: Rule = Rule {
    id: "saved-root",
    title: "Hidden administrator's rights",
    attack: &["T1548.001", "T1068"],
    why: "The program seems to run with a user's rights, but can take an administrator's rights back at any time.",
    detail: "The saved or file-system uid of /proc/PID/status is 0 while the effective one is not; or a process of an ordinary user has effective capabilities (CapEff), or hands some on (CapAmb).",
    harmless: &[
        "Setuid programs and mail servers keep a saved uid of 0 (postfix, exim, at).",
        "ping, systemd services with AmbientCapabilities=, rootless podman.",
    ],
    next: &["Look at the executable and its mode: a setuid program should have a reason to be one."],
    blind: "Rights that were used and given up before the snapshot.",
    check: Check::Process(check),
};

const DAEMONS: &[&str] = &[
    "master",
    "exim4",
    "exim",
    "atd",
    "Xorg",
    "sshd",
    "sshd-session",
    "su",
    "sudo",
    "pkexec",
    "fusermount",
    "fusermount3",
    "passwd",
];

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() {
        return Answer::Clean;
    }
    let Some(uid) = case.process.uid else { return Answer::Unknown("status") };
    if uid.effective == 0 {
        return Answer::Clean;
    }
    let program = case.program();
    if uid.saved == 0 || uid.filesystem == 0 {
        let daemon = is_one_of(program.name, DAEMONS) && program.is_installed();
        return Answer::Found(
            Draft::new(Severity::Low, format!("runs as user {}, but can become root again", uid.effective))
                .proof(case.line_proof("status", b"Uid"))
                .at_least(
                    Severity::Medium,
                    program.is_shell() || program.is_interpreter(),
                    "it can be told to do anything",
                )
                .at_least(
                    Severity::Medium,
                    program.place().is_some(),
                    "its file lies where no program belongs",
                )
                .at_most(Severity::Note, daemon, "this service does so by design"),
        );
    }
    let Some(status) = case.status() else { return Answer::Clean };
    let Some(effective) = status.cap_eff.filter(|set| *set != 0) else { return Answer::Clean };
    // In a user namespace of its own a process has every capability there, and none outside.
    let namespace = case.process.namespaces.user;
    let own_namespace =
        namespace.is_some() && namespace != case.scene.init().and_then(|init| init.namespaces.user);
    let strong = effective & (1 << 1 | 1 << 2 | 1 << 7 | 1 << 16 | 1 << 19 | 1 << 21) != 0;
    if own_namespace {
        return Answer::Clean;
    }
    Answer::Found(
        Draft::new(
            Severity::Note,
            format!("runs as user {} with the rights {}", uid.effective, capability::words(effective)),
        )
        .proof(case.line_proof("status", b"CapEff"))
        .at_least(
            Severity::Medium,
            strong && (program.is_shell() || program.is_interpreter()),
            "with these it can become root, and it can be told to do anything",
        )
        .at_least(Severity::Low, strong, "with these it can become root"),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    #[test]
    fn root_in_reserve() {
        let uids = |exe: &str| {
            process(9, 1, "x", exe).replace("Uid:\t1000\t1000\t1000\t1000", "Uid:\t1000\t1000\t0\t1000")
        };
        assert_eq!(severity("saved-root", &uids("/usr/bin/x")), Some(Severity::Low));
        assert_eq!(severity("saved-root", &uids("/bin/sh")), Some(Severity::Medium));
        assert_eq!(severity("saved-root", &uids("/usr/sbin/exim4")), Some(Severity::Note));
    }

    #[test]
    fn capabilities_of_users() {
        let with = |set: &str, exe: &str| {
            severity("saved-root", &process(9, 1, "x", exe).replace("CapEff:\t0", &format!("CapEff:\t{set}")))
        };
        assert_eq!(with("0000000000002000", "/usr/bin/ping"), Some(Severity::Note));
        assert_eq!(with("0000000000200000", "/usr/bin/x"), Some(Severity::Low));
        assert_eq!(with("0000000000200000", "/usr/bin/bash"), Some(Severity::Medium));
        assert_eq!(with("0", "/usr/bin/bash"), None);
        assert_eq!(unknown("saved-root", "//- process/9/error/status -> EACCES\n"), ["status"]);
    }
}
