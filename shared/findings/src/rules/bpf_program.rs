//! A process that holds programs in the kernel.

use crate::Severity;
use crate::case::Case;
use crate::place;
use crate::program::begins_with_one_of;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 25, eBPF.
pub(crate) static RULE: Rule = Rule {
    id: "bpf-program",
    title: "eBPF programs",
    attack: &["T1014", "T1205.002"],
    why: "The process keeps small programs running inside the operating system's core. Monitoring and networking tools do that; some rootkits too.",
    detail: "A descriptor of the process is anon_inode:bpf-prog or bpf_link.",
    harmless: &["systemd, Cilium, Falco, Datadog, bpftrace, container runtimes and many agents."],
    next: &["`bpftool prog` on the living system shows what they do."],
    blind: "Programs that are pinned or attached without a descriptor.",
    check: Check::Process(check),
};

const KNOWN: &[&str] = &[
    "systemd",
    "cilium-agent",
    "calico-node",
    "falco",
    "datadog-agent",
    "agent",
    "system-probe",
    "bpftrace",
    "bpftool",
    "tetragon",
    "tracee",
    "pixie",
    "runc",
    "crun",
    "dockerd",
    "containerd",
    "conmon",
    "kubelet",
    "libvirtd",
    "pasta",
    "suricata",
    "elastic-agent",
    "filebeat",
    "auditbeat",
    "node_exporter",
    "parca-agent",
    "pyroscope",
    "dockerd",
    "osqueryd",
    "chronyd",
    "snapd",
    "init",
    "NetworkManager",
    "scx",
    "beyla",
    "alloy",
];

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let held: Vec<_> = case
        .descriptors()
        .iter()
        .filter(|file| {
            file.target
                .as_ref()
                .is_some_and(|t| matches!(t.as_slice(), b"anon_inode:bpf-prog" | b"anon_inode:bpf_link"))
        })
        .collect();
    if held.is_empty() {
        return Answer::Clean;
    }
    let program = case.program();
    let known = begins_with_one_of(program.name, KNOWN) && program.is_installed();
    let odd = case.process.exe_deleted() == Some(true)
        || (program.place().is_some() && place::known(program.path).is_none());
    Answer::Found(
        Draft::new(
            Severity::Low,
            match held.len() {
                1 => "holds a program in the kernel (eBPF)".to_owned(),
                many => format!("holds {many} programs in the kernel (eBPF)"),
            },
        )
        .proofs(held.iter().take(5).map(|file| case.descriptor_proof(file)))
        .at_least(Severity::High, odd, "its file was deleted or lies where no program belongs")
        .at_most(Severity::Note, known, "this program does so by design"),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(exe: &str, target: &str) -> Option<Severity> {
        severity("bpf-program", &(process(9, 1, "x", exe) + &format!("//- process/9/fd/3 -> {target}\n")))
    }

    #[test]
    fn programs_in_the_kernel() {
        assert_eq!(with("/usr/bin/x", "anon_inode:bpf-prog"), Some(Severity::Low));
        assert_eq!(with("/tmp/x", "anon_inode:bpf_link"), Some(Severity::High));
        assert_eq!(with("/usr/lib/systemd/systemd", "anon_inode:bpf-prog"), Some(Severity::Note));
        assert_eq!(with("/usr/bin/x", "anon_inode:bpf-map"), None);
        assert_eq!(unknown("bpf-program", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
