//! A program that the kernel itself starts as root: what handles crashes, and what loads modules.

use crate::Severity;
use crate::place;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;

/// Beside the catalogue: settings that exploits of the kernel and escapes from containers write.
pub(crate) static RULE: Rule = Rule {
    id: "kernel-helper",
    title: "Program that the system's core starts by itself",
    attack: &["T1068", "T1611"],
    why: "The operating system's core starts a certain program with all rights whenever a program crashes or a driver is needed. Whoever can change its name needs only to cause one of the two, also from inside a container.",
    detail: "/proc/sys/kernel/core_pattern pipes to a program, or /proc/sys/kernel/modprobe names one, that lies where no package puts programs.",
    harmless: &[
        "Crash handlers of clusters and clouds that an administrator set up in a folder of its own.",
        "Systems that keep programs elsewhere by design (NixOS, the Windows Subsystem for Linux).",
    ],
    next: &[
        "Get the program and look its hash up; its folder may be one of a container's layers.",
        "Look in /etc/sysctl.d for a setting that explains it.",
    ],
    blind: "A helper that was changed and changed back, or an installed one that was replaced.",
    check: Check::System(check),
};

const CORE_PATTERN: &str = "proc/sys/kernel/core_pattern";
const MODPROBE: &str = "proc/sys/kernel/modprobe";

/// Places that systems have by design.
const USUAL: &[&[u8]] =
    &[b"/nix/store/", b"/run/current-system/", b"/usr/share/apport/apport", b"/wsl-capture-crash"];

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let core = match scene.host(CORE_PATTERN) {
        None => Answer::Unknown(CORE_PATTERN),
        // Without a pipe it is the name of a file.
        Some(text) => text.strip_prefix(b"|").map_or(Answer::Clean, |program| {
            found(CORE_PATTERN, text, program, "when a program crashes", Severity::Low)
        }),
    };
    let modprobe = match scene.host(MODPROBE) {
        // A kernel without modules has no such file, but others beside it.
        None if scene.host(CORE_PATTERN).is_some() => Answer::Clean,
        None => Answer::Unknown(MODPROBE),
        Some(text) => found(MODPROBE, text, text, "when a driver is needed", Severity::Medium),
    };
    vec![core, modprobe]
}

fn found(path: &str, text: &[u8], program: &[u8], when: &str, severity: Severity) -> Answer {
    let program = program.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let usual = place::is_installed(program) || USUAL.iter().any(|start| program.starts_with(start));
    if program.is_empty() || usual && !climbs(program) && !is_layer(program) {
        return Answer::Clean;
    }
    let words = procglass_model::text::visible(program);
    Answer::Found(
        Draft::new(severity, format!("starts {words} with all rights {when}"))
            .proof(Proof::new(format!("host/{path}"), text))
            .at_least(Severity::High, place::of(program).is_some(), "it lies where no program belongs")
            .at_least(Severity::High, is_layer(program), "it lies in a container's files")
            .at_least(Severity::High, climbs(program), "its path leads out of where it seems to lie"),
    )
}

/// Whether a path is that of a container's files, as the host sees them.
fn is_layer(path: &[u8]) -> bool {
    let parts = [&b"/overlay"[..], b"/containerd/", b"/docker/", b"/containers/storage/"];
    parts.iter().any(|part| path.windows(part.len()).any(|window| window == *part))
}

fn climbs(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').any(|part| part == b"..")
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{severity, unknown};

    fn core(pattern: &str) -> Option<Severity> {
        severity("kernel-helper", &format!("//- host/proc/sys/kernel/core_pattern\n{pattern}\n"))
    }

    fn modprobe(path: &str) -> Option<Severity> {
        severity("kernel-helper", &format!("//- host/proc/sys/kernel/modprobe\n{path}\n"))
    }

    #[test]
    fn helpers_of_attackers() {
        assert_eq!(core("|/tmp/x %P"), Some(Severity::High));
        assert_eq!(core("|/var/lib/docker/overlay2/0a1b/diff/run.sh"), Some(Severity::High));
        assert_eq!(core("|/usr/bin/../../tmp/x"), Some(Severity::High));
        assert_eq!(core("|../../dev/shm/x"), Some(Severity::High));
        assert_eq!(core("|/srv/cores/handler %p"), Some(Severity::Low));
        assert_eq!(modprobe("/tmp/x"), Some(Severity::High));
        assert_eq!(modprobe("/x"), Some(Severity::Medium));
    }

    #[test]
    fn helpers_of_systems() {
        for pattern in
            ["core", "/var/crash/core.%p", "|/usr/lib/systemd/systemd-coredump %P %u", "|/bin/false"]
        {
            assert_eq!(core(pattern), None, "{pattern}");
        }
        assert_eq!(core("|/usr/share/apport/apport -p%p"), None);
        for path in ["/sbin/modprobe", "/usr/sbin/modprobe", "", "/nix/store/a-kmod-31/bin/modprobe"] {
            assert_eq!(modprobe(path), None, "{path}");
        }
        assert_eq!(
            unknown("kernel-helper", "//- host/x\n"),
            ["proc/sys/kernel/core_pattern", "proc/sys/kernel/modprobe"]
        );
        let module_less = "//- host/proc/sys/kernel/core_pattern\ncore\n";
        assert!(unknown("kernel-helper", module_less).is_empty(), "a kernel without modules");
    }
}
