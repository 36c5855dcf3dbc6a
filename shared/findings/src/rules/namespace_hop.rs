//! A process that entered a container from outside.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Proof, Rule};

/// Catalogue row 21.
pub(crate) static RULE: Rule = Rule {
    id: "namespace-hop",
    title: "Entered a container from outside",
    attack: &["T1609", "T1611"],
    why: "The program was put into the container from outside, as an administrator does with `exec`. An intruder who controls the host or the container service does the same.",
    detail: "A process with parent 0 that is not the first of its pid namespace (docker exec, kubectl exec, ECS Exec, nsenter -p); or one that has the mount namespace of a container but not its control group (nsenter -m).",
    harmless: &[
        "Health checks, and administrators at work.",
        "The collector itself, when it was run by `exec`.",
    ],
    next: &[
        "Ask who had a session at that time; the cloud keeps records of ECS Exec and of SSM sessions.",
        "Look at what the process does.",
    ],
    blind: "Entries that left the container's parentage in order.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let process = case.process;
    if process.is_kernel_thread()
        || process.pid == 2 && process.ppid == Some(0) && !case.scene.inside_container()
    {
        return Answer::Clean;
    }
    let collector = case.scene.snapshot.manifest.collector.pid;
    let own = process.pid == collector
        || case.scene.snapshot.by_pid(collector).is_some_and(|index| ancestor_of(case, index));
    let injected = process.ppid == Some(0) && process.pid != 1 && case.file("stat").is_some();
    if injected {
        return Answer::Found(
            Draft::new(
                Severity::Low,
                "was started inside the container from outside (its parent is not in it)",
            )
            .proof(Proof::new(case.at("files/stat"), &case.file("stat").unwrap_or_default()))
            .at_least(Severity::Medium, case.program().is_shell() && !own, "it is a shell")
            .at_most(Severity::Note, own, "the collector itself was started so"),
        );
    }
    let Some(mnt) = process.namespaces.mnt else {
        return if process.state == Some('Z') { Answer::Clean } else { Answer::Unknown("ns/mnt") };
    };
    if process.in_container() || Some(mnt) == case.scene.init().and_then(|init| init.namespaces.mnt) {
        return Answer::Clean;
    }
    let snapshot = case.scene.snapshot;
    let inhabitant = snapshot
        .processes
        .iter()
        .find(|other| other.namespaces.mnt == Some(mnt) && other.container_id().is_some());
    let Some(inhabitant) = inhabitant else { return Answer::Clean };
    let id: String =
        procglass_model::text::visible(inhabitant.container_id().map_or(&b""[..], |id| id.as_slice()))
            .chars()
            .take(12)
            .collect();
    let kind = if inhabitant.container.is_some() { "the container" } else { "a container of the sandbox" };
    Answer::Found(
        Draft::new(Severity::Medium, format!("is inside the files of {kind} {id} without belonging to it"))
            .proof(Proof::new(case.at("links/ns/mnt"), format!("mnt:[{mnt}]").as_bytes()))
            .proof(Proof::new(
                format!("{}#links/ns/mnt", inhabitant.member()),
                format!("mnt:[{mnt}]").as_bytes(),
            )),
    )
}

fn ancestor_of(case: &Case<'_>, collector: procglass_snapshot::ProcessIndex) -> bool {
    Case::new(case.scene, collector)
        .is_some_and(|collector| collector.ancestors().any(|ancestor| ancestor.index == case.index))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    const CGROUP: &str =
        "cgroup\n0::/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";

    #[test]
    fn by_exec_and_by_nsenter() {
        let first =
            process(1, 0, "app", "/usr/bin/app") + "//- process/1/ns/mnt -> mnt:[8]\n//- process/1/" + CGROUP;
        let exec = first
            + &process(30, 0, "sh", "/bin/sh")
            + "//- process/30/ns/mnt -> mnt:[8]\n//- process/30/"
            + CGROUP;
        assert_eq!(severity("namespace-hop", &exec), Some(Severity::Medium));
        let host = process(1, 0, "init", "/sbin/init") + "//- process/1/ns/mnt -> mnt:[7]\n";
        let inside = process(20, 1, "app", "/usr/bin/app")
            + "//- process/20/ns/mnt -> mnt:[8]\n//- process/20/"
            + CGROUP;
        let entered = process(30, 1, "sh", "/bin/sh") + "//- process/30/ns/mnt -> mnt:[8]\n";
        assert_eq!(severity("namespace-hop", &(host + &inside + &entered)), Some(Severity::Medium));
    }

    #[test]
    fn the_collector_and_services() {
        let own = process(1, 0, "app", "/usr/bin/app")
            + "//- process/1/ns/mnt -> mnt:[8]\n//- process/1/"
            + CGROUP
            + &process(900, 0, "procglass-collec", "/tmp/procglass-collect")
            + "//- process/900/ns/mnt -> mnt:[8]\n//- process/900/"
            + CGROUP;
        assert_eq!(severity("namespace-hop", &own), Some(Severity::Note));
        let service = process(1, 0, "init", "/sbin/init")
            + "//- process/1/ns/mnt -> mnt:[7]\n"
            + &process(20, 1, "timesyncd", "/usr/bin/t")
            + "//- process/20/ns/mnt -> mnt:[9]\n";
        assert_eq!(severity("namespace-hop", &service), None, "PrivateTmp= of systemd");
        let blind = "//- process/9/stat\n9 (x) S 1 0 0 0 -1 64 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 1 0 0\n";
        assert_eq!(unknown("namespace-hop", blind), ["ns/mnt"]);
    }
}
