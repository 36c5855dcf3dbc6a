//! Root that came from a process without rights, and by no program that is there to give them.

use crate::Severity;
use crate::case::Case;
use crate::program::is_one_of;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 22, the other half: root that nothing in its ancestry explains.
pub(crate) static RULE: Rule = Rule {
    id: "unexplained-root",
    title: "Administrator's rights that nothing explains",
    attack: &["T1068", "T1548.001"],
    why: "The program has an administrator's rights, but was started by one that has none, and not by the tools that are there to hand such rights on. A hole in the system that was used looks like that, and so does a copy of a shell that somebody left behind as a back door.",
    detail: "The effective uid in /proc/PID/status is 0, all uids of its parent are others, both are in the first user namespace, and the executable is no installed setuid file nor the parent's own (a service that gave up its rights after it had forked).",
    harmless: &[
        "doas and pkexec, and sudo without a session, become what they start; DOAS_USER, PKEXEC_UID and SUDO_UID in the environment say so, which anybody can write.",
        "The message bus starts services of the system (dbus-daemon).",
    ],
    next: &[
        "Look at the parent, and at when each of the two began.",
        "Compare the file's mode and hash with those of its package: a shell needs no setuid bit.",
    ],
    blind: "A parent that ended: who then adopts the process has rights itself.",
    check: Check::Process(check),
};

/// Start services by a setuid helper that becomes them.
const BUSES: &[&str] = &["dbus-daemon", "dbus-broker-launch", "dbus-broker"];
const GIVERS: [&[u8]; 3] = [b"DOAS_USER", b"PKEXEC_UID", b"SUDO_UID"];
/// `S_ISUID`, inode(7).
const SETUID: u32 = 0o4000;

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let Some(uid) = case.process.uid else { return Answer::Unknown("status") };
    // Without a parent that is seen nothing can be compared: pid 1, and what entered a container.
    let Some(parent) = case.parent().filter(|_| uid.effective == 0) else { return Answer::Clean };
    let Some(theirs) = parent.process.uid else { return Answer::Unknown("status") };
    if [theirs.real, theirs.effective, theirs.saved, theirs.filesystem].contains(&0) {
        return Answer::Clean;
    }
    // Whoever makes a user namespace is root in it, and nowhere else.
    let Some(namespace) = case.process.namespaces.user else { return Answer::Unknown("ns/user") };
    if Some(namespace) != case.scene.init().and_then(|init| init.namespaces.user)
        || Some(namespace) != parent.process.namespaces.user
    {
        return Answer::Clean;
    }
    let Some(file) = case.process.executable.as_ref().map(|executable| executable.stat) else {
        return Answer::Unknown("executable");
    };
    let program = case.program();
    let setuid = file.mode & SETUID != 0 && file.uid == 0;
    let told = program.is_shell() || program.is_interpreter();
    if setuid && program.is_installed() && !told {
        return Answer::Clean;
    }
    let own = parent.process.executable.as_ref().map(|executable| executable.stat);
    if !setuid && own.is_some_and(|own| (own.dev, own.inode) == (file.dev, file.inode)) {
        return Answer::Clean;
    }
    let words =
        format!("has root's rights, while its parent {} runs as user {}", parent.label(), theirs.effective);
    let giver = GIVERS.iter().find(|name| matches!(case.variable(name), Some(Some(_))));
    let mut draft = Draft::new(Severity::Medium, words)
        .proof(case.line_proof("status", b"Uid"))
        .proof(parent.line_proof("status", b"Uid"))
        .at_least(Severity::High, setuid, "its file is setuid, and none that a package would make so")
        .at_least(Severity::High, told, "it can be told to do anything")
        .at_least(Severity::High, program.place().is_some(), "its file lies where no program belongs");
    if !setuid {
        draft = draft
            .at_most(
                Severity::Low,
                giver.is_some(),
                "its environment says that doas, pkexec or sudo started it",
            )
            .at_most(
                Severity::Note,
                is_one_of(parent.program().name, BUSES),
                "the message bus starts services so",
            );
    }
    if let Some(name) = giver {
        draft = draft.proof(case.variable_proof(name));
    }
    Answer::Found(draft)
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    const ROOT: (&str, &str) = ("Uid:\t1000\t1000\t1000\t1000", "Uid:\t0\t0\t0\t0");

    fn with_namespace(text: String, pid: u32, inode: u32) -> String {
        text + &format!("//- process/{pid}/ns/user -> user:[{inode}]\n")
    }

    /// Pid 1, a parent of user 1000 and its child, which is root.
    fn family(parent: &str, child: String) -> String {
        with_namespace(process(1, 0, "init", "/sbin/init").replace(ROOT.0, ROOT.1), 1, 1)
            + &with_namespace(process(8, 1, "parent", parent), 8, 1)
            + &with_namespace(child.replace(ROOT.0, ROOT.1), 9, 1)
    }

    fn of(child: String) -> Option<Severity> {
        severity("unexplained-root", &family("/usr/bin/bash", child))
    }

    #[test]
    fn root_from_nowhere() {
        assert_eq!(of(process(9, 8, "sh", "/bin/sh")), Some(Severity::High));
        assert_eq!(of(process(9, 8, "x", "/usr/bin/x")), Some(Severity::Medium));
        assert_eq!(of(process(9, 8, "x", "/tmp/x")), Some(Severity::High));
        // A copy of a shell with the setuid bit: 0o104755.
        assert_eq!(of(process(9, 8, "bash", "/var/lib/.b").replace("33261", "35309")), Some(Severity::High));
        assert_eq!(
            of(process(9, 8, "bash", "/usr/bin/bash").replace("33261", "35309")),
            Some(Severity::High)
        );
    }

    #[test]
    fn root_that_is_explained() {
        assert_eq!(of(process(9, 8, "sudo", "/usr/bin/sudo").replace("33261", "35309")), None);
        let child = || process(9, 8, "sh", "/bin/sh");
        let doas = child().replace("PATH=/usr/bin\\0", "DOAS_USER=ada\\0");
        assert_eq!(of(doas), Some(Severity::Low));
        let service = process(9, 8, "udisksd", "/usr/libexec/udisks2/udisksd");
        assert_eq!(
            severity("unexplained-root", &family("/usr/bin/dbus-daemon", service)),
            Some(Severity::Note)
        );
        // A service that gave its rights up: one file, dev 1 and inode 8.
        let helper = process(9, 8, "d", "/usr/sbin/d").replace("\"inode\":9", "\"inode\":8");
        assert_eq!(severity("unexplained-root", &family("/usr/sbin/d", helper)), None);
        // Root of a user namespace.
        let inside =
            family("/usr/bin/bash", child()).replace("9/ns/user -> user:[1]", "9/ns/user -> user:[2]");
        assert_eq!(severity("unexplained-root", &inside), None);
        // And a child of root.
        let parent = family("/usr/bin/bash", child()).replace(ROOT.0, ROOT.1);
        assert_eq!(severity("unexplained-root", &parent), None);
    }

    #[test]
    fn what_could_not_be_seen() {
        let family = family("/usr/bin/bash", process(9, 8, "sh", "/bin/sh"));
        let unseen = family.replace("//- process/9/ns/user -> user:[1]\n", "");
        assert_eq!(unknown("unexplained-root", &unseen), ["ns/user"]);
        assert_eq!(unknown("unexplained-root", "//- process/9/error/status -> EACCES\n"), ["status"]);
    }
}
