//! A process that has passwords, keys or another's memory open.

use crate::Severity;
use crate::case::Case;
use crate::program::begins_with_one_of;
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::OpenFile;

/// Catalogue row 26.
pub(crate) static RULE: Rule = Rule {
    id: "credential-file",
    title: "Passwords or keys being read",
    attack: &["T1003.007", "T1003.008", "T1552.001", "T1552.004"],
    why: "The program has a file open that holds passwords or keys, or the memory of another program. Whoever reads that can go on elsewhere under a false identity.",
    detail: "A descriptor to /etc/shadow, a private ssh key, cloud credentials, a Kubernetes service token, /proc/kcore, or mem of another process.",
    harmless: &[
        "Login services, backup agents, the cloud's own tools, kubelet and security agents read such files.",
        "Programs read their own service token.",
    ],
    next: &[
        "Find out what the program is and whether it has a reason.",
        "Change what the file holds, if not.",
    ],
    blind: "Files that were read and closed before the snapshot: the usual case. Files that were read as other names.",
    check: Check::Process(check),
};

const READERS: &[&str] = &[
    "sshd",
    "unix_chkpwd",
    "sudo",
    "su",
    "login",
    "passwd",
    "systemd",
    "sssd",
    "sssd_be",
    "cron",
    "useradd",
    "chage",
    "vsftpd",
    "dovecot",
    "auth",
    "saslauthd",
    "restic",
    "borg",
    "rsync",
    "duplicity",
    "bacula-fd",
    "aws",
    "kubelet",
    "osqueryd",
    "falco",
    "gdb",
    "strace",
    "perf",
    "criu",
    "tar",
    "ssh-agent",
    "ssh",
    "gdm-session-worker",
    "lightdm",
    "sddm",
    "polkitd",
    "accounts-daemon",
    "crond",
    "atd",
    "falcon-sensor",
    "elastic-agent",
    "auditd",
    "gcloud",
    "az",
];

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let held: Vec<(&OpenFile, Severity, &str)> = case
        .descriptors()
        .iter()
        .filter_map(|file| treasure(case, file).map(|(severity, what)| (file, severity, what)))
        .collect();
    let Some((file, severity, what)) = held.iter().max_by_key(|(_, severity, _)| *severity) else {
        return Answer::Clean;
    };
    let path =
        procglass_model::text::visible(file.target.as_ref().map_or(&b""[..], |target| target.as_slice()))
            .into_owned();
    let program = case.program();
    let reader = begins_with_one_of(program.name, READERS)
        && program.is_installed()
        && case.process.exe_deleted() != Some(true);
    Answer::Found(
        Draft::new(*severity, format!("has {what} open: {path}"))
            .proofs(held.iter().take(5).map(|(file, ..)| case.descriptor_proof(file)))
            .at_most(Severity::Low, reader, "this program reads such files by design"),
    )
}

fn treasure(case: &Case<'_>, file: &OpenFile) -> Option<(Severity, &'static str)> {
    let path = file.target.as_ref()?.as_slice();
    let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
    let name = crate::program::base(path);
    let within = |part: &[u8]| path.windows(part.len()).any(|window| window == part);
    if matches!(path, b"/etc/shadow" | b"/etc/gshadow" | b"/etc/shadow-") {
        return Some((Severity::High, "the passwords of all users"));
    }
    if within(b"/.ssh/id_") && !name.ends_with(b".pub")
        || within(b"/etc/ssh/ssh_host_") && name.ends_with(b"_key")
    {
        return Some((Severity::High, "a private ssh key"));
    }
    if within(b"/.aws/credentials")
        || within(b"/.config/gcloud/credentials")
        || within(b"/.azure/accessTokens")
    {
        return Some((Severity::High, "cloud credentials"));
    }
    if within(b"/secrets/kubernetes.io/serviceaccount") && name == b"token" {
        return Some((Severity::Low, "a Kubernetes service token"));
    }
    if path == b"/proc/kcore" || path == b"/dev/mem" || path == b"/dev/kmem" {
        return Some((Severity::High, "the memory of the whole system"));
    }
    let pid = path.strip_prefix(b"/proc/")?.strip_suffix(b"/mem")?;
    let pid: u32 = std::str::from_utf8(pid).ok()?.parse().ok()?;
    (pid != case.process.pid).then_some((Severity::High, "the memory of another process"))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(exe: &str, target: &str) -> Option<Severity> {
        severity("credential-file", &(process(9, 1, "x", exe) + &format!("//- process/9/fd/3 -> {target}\n")))
    }

    #[test]
    fn treasures() {
        for path in [
            "/etc/shadow",
            "/home/a/.ssh/id_ed25519",
            "/root/.aws/credentials",
            "/proc/77/mem",
            "/proc/kcore",
        ] {
            assert_eq!(with("/usr/bin/python3", path), Some(Severity::High), "{path}");
        }
        assert_eq!(
            with("/usr/bin/python3", "/var/run/secrets/kubernetes.io/serviceaccount/token"),
            Some(Severity::Low)
        );
    }

    #[test]
    fn readers_and_other_files() {
        assert_eq!(with("/usr/bin/sudo", "/etc/shadow"), Some(Severity::Low));
        assert_eq!(with("/tmp/sudo", "/etc/shadow"), Some(Severity::High));
        for path in ["/home/a/.ssh/id_ed25519.pub", "/home/a/.ssh/known_hosts", "/proc/9/mem", "/etc/passwd"]
        {
            assert_eq!(with("/usr/bin/python3", path), None, "{path}");
        }
        assert_eq!(unknown("credential-file", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
