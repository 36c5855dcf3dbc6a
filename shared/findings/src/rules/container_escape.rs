//! A container that has what is needed to break out of it.

use crate::Severity;
use crate::case::Case;
use crate::program::begins_with_one_of;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;
use bstr::BString;
use procglass_snapshot::analysis::capability;
use procglass_snapshot::{Process, ProcessIndex};
use std::collections::BTreeMap;

/// Catalogue row 20.
pub(crate) static RULE: Rule = Rule {
    id: "container-escape",
    title: "Container that can reach its host",
    attack: &["T1611"],
    why: "A container is meant to lock a program in. This one has rights that let it out, so whoever controls the program controls the whole machine.",
    detail: "A process in a container with CAP_SYS_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO, DAC_READ_SEARCH or BPF; with the control socket of the container engine mounted; or with a namespace of process 1 of the host.",
    harmless: &[
        "Network plugins, storage drivers, log and security agents need such rights (Calico, Cilium, kube-proxy, Falco, Datadog, node-exporter, the ECS agent).",
        "Docker in Docker, and systemd in containers.",
    ],
    next: &[
        "Find out who gave the container these rights: the task or pod definition.",
        "Look at what else runs in the container.",
    ],
    blind: "Weak spots of the kernel or the container engine itself. From inside a container the host's namespaces are unknown.",
    check: Check::System(check),
};

/// By bit, capabilities(7): what each of them alone lets a process do to the host.
const STRONG: u64 = 1 << 2 | 1 << 16 | 1 << 17 | 1 << 19 | 1 << 21 | 1 << 39;
const SOCKETS: &[&[u8]] = &[b"/docker.sock", b"/containerd.sock", b"/crio.sock", b"/podman.sock"];
const AGENTS: &[&str] = &[
    "calico-node",
    "cilium-agent",
    "aws-k8s-agent",
    "aws-vpc-cni",
    "ipamd",
    "kube-proxy",
    "node_exporter",
    "node-exporter",
    "csi",
    "falco",
    "datadog-agent",
    "agent",
    "dockerd",
    "containerd",
    "amazon-ecs-agent",
    "fluent-bit",
    "fluentd",
    "filebeat",
    "cadvisor",
    "systemd",
    "nvidia-device-plugin",
    "ebs-csi",
    "weave",
    "flanneld",
    "multus",
    "promtail",
    "tetragon",
];

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let mut containers: BTreeMap<&BString, Vec<ProcessIndex>> = BTreeMap::new();
    for index in scene.snapshot.indices() {
        if let Some(id) = scene.snapshot.process(index).and_then(Process::container_id) {
            containers.entry(id).or_default().push(index);
        }
    }
    containers.into_iter().map(|(id, members)| judge(scene, id, &members)).collect()
}

fn judge(scene: &Scene<'_>, id: &BString, members: &[ProcessIndex]) -> Answer {
    let cases: Vec<Case<'_>> = members.iter().filter_map(|index| Case::new(scene, *index)).collect();
    let short: String = procglass_model::text::visible(id).chars().take(12).collect();
    // All containers of a pod share its sandbox.
    let shared = !members
        .iter()
        .filter_map(|index| scene.snapshot.process(*index))
        .any(|process| process.container.is_some());
    let place =
        if shared { format!("a container of the sandbox {short}") } else { format!("the container {short}") };
    let strong = |case: &&Case<'_>| {
        case.status().and_then(|status| status.cap_eff).is_some_and(|set| set & STRONG != 0)
    };
    let host = scene.init().filter(|init| !init.in_container());
    let shares = |case: &Case<'_>| -> Vec<&'static str> {
        let Some(host) = host else { return Vec::new() };
        let own = case.process.namespaces.list();
        let pairs = own.into_iter().zip(host.namespaces.list());
        let same = pairs.filter(|((name, own), (_, host))| {
            matches!(*name, "pid" | "mnt" | "net") && own.is_some() && own == host
        });
        same.map(|((name, _), _)| name).collect()
    };
    let mut points: Vec<(String, Proof)> = Vec::new();
    let first = cases.iter().find(strong);
    if let Some(case) = first {
        let set = case.status().and_then(|status| status.cap_eff).unwrap_or_default();
        points.push((
            format!("has the rights {}", capability::words(set & STRONG)),
            case.line_proof("status", b"CapEff"),
        ));
    }
    let sharing = cases.iter().find(|case| !shares(case).is_empty());
    if let Some(case) = sharing {
        let names = shares(case);
        let proof = Proof::new(
            case.at(&format!("links/ns/{}", names.first().copied().unwrap_or_default())),
            names.join(" ").as_bytes(),
        );
        points.push((format!("shares the host's {} namespace", names.join(", ")), proof));
    }
    let socket = cases.iter().find_map(|case| mounted_socket(case).map(|proof| (case, proof)));
    if let Some((_, proof)) = &socket {
        points.push(("can control the container engine through its socket".to_owned(), proof.clone()));
    }
    let Some(case) = first.or(sharing).or(socket.as_ref().map(|(case, _)| *case)) else {
        let blind = cases.iter().all(|case| case.status().is_none());
        return if blind && !cases.is_empty() { Answer::Unknown("status") } else { Answer::Clean };
    };
    let agent = cases.iter().any(|case| begins_with_one_of(case.program().name, AGENTS));
    let shell = cases.iter().any(|case| case.program().is_shell());
    let words: Vec<_> = points.iter().map(|(words, _)| words.as_str()).collect();
    let many = points.len() > 1;
    let network_only = !many && sharing.is_some_and(|case| shares(case) == ["net"]);
    Answer::Found(
        Draft::new(Severity::Medium, format!("is in {place}, which {}", words.join(" and ")))
            .proofs(points.iter().map(|(_, proof)| proof.clone()))
            .of(case.index)
            .at_least(Severity::High, many && shell && !agent, "several ways out at once, and a shell inside")
            .at_most(Severity::Low, network_only, "the host's network alone is a usual setting")
            .at_most(Severity::Low, agent, "agents of this kind need such rights"),
    )
}

fn mounted_socket(case: &Case<'_>) -> Option<Proof> {
    let table = case.file("mountinfo")?;
    let line = table.split(|byte| *byte == b'\n').find(|line| {
        let point = line.split(|byte| *byte == b' ').nth(4).unwrap_or_default();
        SOCKETS.iter().any(|socket| point.ends_with(socket))
    })?;
    Some(Proof::new(case.at("files/mountinfo"), line))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{one, process, severity};

    const CGROUP: &str =
        "//- process/9/cgroup\n0::/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

    fn container(capabilities: &str, exe: &str) -> String {
        process(9, 1, "x", exe).replace("CapEff:\t0", &format!("CapEff:\t{capabilities}")) + CGROUP
    }

    #[test]
    fn strong_rights_and_sockets() {
        let finding = one("container-escape", &container("00000000a82425fb", "/usr/bin/x"));
        assert_eq!(finding.severity, Severity::Medium);
        assert!(
            finding.predicate.contains("0123456789ab, which has the rights sys_admin"),
            "{}",
            finding.predicate
        );
        let mounts =
            "//- process/9/mountinfo\n57 27 0:24 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw\n";
        let shell = container("00000000a82425fb", "/bin/sh") + mounts;
        assert_eq!(severity("container-escape", &shell), Some(Severity::High));
    }

    #[test]
    fn ordinary_containers_and_agents() {
        assert_eq!(
            severity("container-escape", &container("00000000a80425fb", "/usr/bin/x")),
            None,
            "docker's default set"
        );
        let agent = container("000001ffffffffff", "/usr/bin/cilium-agent");
        assert_eq!(severity("container-escape", &agent), Some(Severity::Low));
        let network = container("0", "/usr/bin/x") + &process(1, 0, "init", "/sbin/init");
        assert_eq!(severity("container-escape", &network), Some(Severity::Low), "--network host");
        let root = process(9, 1, "x", "/usr/bin/x").replace("CapEff:\t0", "CapEff:\t000001ffffffffff");
        assert_eq!(severity("container-escape", &root), None, "not in a container");
    }
}
