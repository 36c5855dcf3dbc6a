//! A program under the title of a well-known service that it is not.

use crate::case::Case;
use crate::program::{Program, base, begins_with_one_of, claims};
use crate::rule::{Answer, Check, Draft, Rule};
use crate::{Severity, place};

/// Catalogue row 7.
pub(crate) static RULE: Rule = Rule {
    id: "false-title",
    title: "Program posing as a system service",
    attack: &["T1036.005", "T1036.011"],
    why: "The program calls itself like a well-known service of the system, but its file is another one. It may want to be overlooked.",
    detail: "comm or the first word of argv[0] is the name of a service, while the executable's name is none that this service has, or lies where no package puts it.",
    harmless: &[
        "Services that change their title (setproctitle) keep their own file.",
        "A script: its interpreter is the file, its own name the title. Then its first argument says so.",
        "One file with many names (busybox, toybox, coreutils).",
    ],
    next: &[
        "Compare the executable's hash with that of the package.",
        "Look at when it started and who started it.",
    ],
    blind: "A replaced file under the right name and path: its hash tells.",
    check: Check::Process(check),
};

/// Services that intruders like to pose as, and the names of their true files; versions may follow.
const SERVICES: &[(&str, &[&str])] = &[
    ("sshd", &["sshd", "sshd-session", "sshd-auth"]),
    ("udevd", &["udevd", "systemd-udevd", "udevadm", "eudevd"]),
    ("systemd-udevd", &["udevd", "systemd-udevd", "udevadm"]),
    ("dbus-daemon", &["dbus-daemon", "dbus-broker"]),
    ("avahi-daemon", &["avahi-daemon"]),
    ("auditd", &["auditd"]),
    ("crond", &["crond", "cron", "anacron", "dcron"]),
    ("cron", &["cron", "crond"]),
    ("atd", &["atd"]),
    ("rsyslogd", &["rsyslogd"]),
    ("syslogd", &["syslogd", "rsyslogd", "syslog-ng"]),
    ("systemd", &["systemd"]),
    ("systemd-journald", &["systemd-journald"]),
    ("systemd-logind", &["systemd-logind"]),
    ("systemd-networkd", &["systemd-networkd"]),
    ("systemd-resolved", &["systemd-resolved"]),
    ("systemd-timesyncd", &["systemd-timesyncd"]),
    ("hald", &["hald"]),
    ("hald-addon-acpi", &["hald-addon-acpi"]),
    ("acpid", &["acpid"]),
    ("irqbalance", &["irqbalance"]),
    ("polkitd", &["polkitd"]),
    ("agetty", &["agetty", "getty"]),
    ("rpcbind", &["rpcbind", "portmap"]),
    ("ntpd", &["ntpd"]),
    ("chronyd", &["chronyd"]),
    ("dhclient", &["dhclient"]),
    ("containerd", &["containerd"]),
    ("dockerd", &["dockerd"]),
    ("kubelet", &["kubelet", "hyperkube", "k3s", "microk8s"]),
    ("postmaster", &["postgres", "postmaster"]),
    ("mysqld", &["mysqld", "mariadbd"]),
    ("nginx", &["nginx", "openresty"]),
    ("apache2", &["apache2", "httpd"]),
    ("httpd", &["apache2", "httpd", "busybox"]),
    ("php-fpm", &["php-fpm"]),
];

const MANY_NAMES: &[&str] = &["busybox", "toybox", "coreutils", "systemd", "init", "qemu"];

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    let Some((claim, real)) = claims(case.process).find_map(service) else { return Answer::Clean };
    let program = case.program();
    if program.is_unknown() {
        return Answer::Unknown("exe");
    }
    judge(case, claim, real, program).into()
}

/// The claimed service, and whether `program` may be it.
pub(super) fn judge(case: &Case<'_>, claim: &str, real: &[&str], program: Program<'_>) -> Option<Draft> {
    let right_name = begins_with_one_of(program.name, real);
    if (right_name && program.is_installed())
        || begins_with_one_of(program.name, MANY_NAMES)
        || is_script(case, claim)
    {
        return None;
    }
    let exe = program.words();
    let predicate = if right_name {
        format!("calls itself {claim}, but its file lies where no package puts it: {exe}")
    } else {
        format!("calls itself {claim}, but runs {exe}")
    };
    let odd = program.place().is_some() && place::known(program.path).is_none();
    Some(
        Draft::new(Severity::Medium, predicate)
            .proof(case.cmdline_proof())
            .proof(case.name_proof())
            .proof(case.link_proof("exe"))
            .at_least(Severity::High, case.process.exe_deleted() == Some(true), "its file was deleted")
            .at_least(
                Severity::High,
                odd,
                format!("its file is in {}", program.place().map_or("", place::Place::words)),
            )
            .at_most(
                Severity::Low,
                right_name && !odd && case.process.exe_deleted() != Some(true),
                "the file has the right name: perhaps it was built by hand",
            ),
    )
}

pub(super) fn service(claim: &[u8]) -> Option<(&'static str, &'static [&'static str])> {
    SERVICES
        .iter()
        // php-fpm8.2 claims to be php-fpm.
        .find(|(name, _)| {
            begins_with_one_of(claim, &[name]) && !claim.contains(&b'-') || name.as_bytes() == claim
        })
        .or_else(|| SERVICES.iter().find(|(name, _)| *name == "php-fpm" && claim.starts_with(b"php-fpm")))
        .copied()
}

/// Whether its interpreter was told to run a file of this name.
fn is_script(case: &Case<'_>, claim: &str) -> bool {
    case.program().is_interpreter()
        && case.process.arguments().skip(1).take(4).any(|argument| base(argument) == claim.as_bytes())
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity, unknown};

    fn titled(title: &str, name: &str, exe: &str) -> String {
        process(9, 1, name, exe).replace(&format!("{exe}\\0"), &format!("{title}\\0"))
    }

    #[test]
    fn another_file_under_a_services_title() {
        let finding = one("false-title", &titled("/sbin/udevd -d", "python3", "/usr/bin/python3.11"));
        assert_eq!(finding.severity, Severity::Medium);
        assert_eq!(finding.predicate, "calls itself udevd, but runs /usr/bin/python3.11");
        let high = titled("sshd: root@pts/0", "sshd", "/tmp/a/sshd");
        assert_eq!(severity("false-title", &high), Some(Severity::High));
    }

    #[test]
    fn true_services_and_scripts() {
        assert_eq!(
            severity("false-title", &titled("sshd: root@pts/0", "sshd", "/usr/lib/openssh/sshd-session")),
            None
        );
        assert_eq!(
            severity("false-title", &titled("php-fpm: pool www", "php-fpm8.2", "/usr/sbin/php-fpm8.2")),
            None
        );
        assert_eq!(
            severity("false-title", &titled("nginx: worker process", "nginx", "/usr/sbin/nginx")),
            None
        );
        let wrapped = |exe: &str| severity("false-title", &titled("dbus-daemon", ".dbus-daemon-wr", exe));
        assert_eq!(wrapped("/nix/store/3dh-dbus-1.14/bin/.dbus-daemon-wrapped"), None);
        assert_eq!(wrapped("/gnu/store/3dh-dbus-1.14/bin/.dbus-daemon-real"), None);
        assert_eq!(wrapped("/tmp/.dbus-daemon-wrapped"), Some(Severity::High));
        assert_eq!(severity("false-title", &titled("syslogd", "syslogd", "/bin/busybox")), None);
        let script = titled("python3\\0/opt/x/crond", "crond", "/usr/bin/python3.11");
        assert_eq!(severity("false-title", &script), None);
        assert_eq!(severity("false-title", &titled("sshd", "sshd", "/home/a/bin/sshd")), Some(Severity::Low));
        let blind = "//- process/9/stat\n9 (sshd) S 1 0 0 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 1 0 0\n";
        assert_eq!(unknown("false-title", blind), ["exe"]);
    }
}
