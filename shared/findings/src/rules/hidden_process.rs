//! A process that is there and not shown.

use crate::Severity;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;
use procglass_model::bundle::{JobOutcome, Observation, Outcomes, job};

/// Catalogue row 11.
pub(crate) static RULE: Rule = Rule {
    id: "hidden-process",
    title: "Hidden process",
    attack: &["T1014", "T1564.001"],
    why: "A program runs that the system's own lists do not show. Something hides it, and only intruders have a reason to.",
    detail: "The collector looked in several ways: a pid that answers by number but is not listed (asked again, so that a race is no find); a mount over /proc/<pid>; children of a process, members of a control group, or sockets, without a visible process.",
    harmless: &[
        "A process that started or ended between two looks; the collector asks again before it writes this down.",
        "Sockets of the kernel itself (NFS, WireGuard) and of other pid namespaces have no visible owner.",
    ],
    next: &[
        "Do not trust tools on that system; compare with what the host or the hypervisor sees.",
        "Image the memory if you can.",
    ],
    blind: "A kernel that lies to every way of asking.",
    check: Check::System(check),
};

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    let mut covered = Vec::new();
    for (member, mounts) in scene.mounts() {
        for mount in mounts {
            let Some(pid) = mount.mount_point.strip_prefix(b"/proc/").filter(|rest| is_number(rest)) else {
                continue;
            };
            covered.push(pid.to_vec());
            let pid = String::from_utf8_lossy(pid);
            let mut draft = Draft::new(
                Severity::High,
                format!("has something mounted over /proc/{pid}, which hides that process"),
            )
            .proof(Proof::new(format!("{member}:{}", mount.line), &mount.mount_point));
            draft.process = pid.parse().ok().and_then(|pid| scene.snapshot.by_pid(pid));
            if draft.process.is_some() {
                draft.predicate = "is hidden by a mount over its entry in /proc".into();
            }
            answers.push(Answer::Found(draft));
        }
    }
    match &scene.snapshot.outcomes {
        Some(outcomes) => {
            let fresh = |seen: &&Observation| {
                let pid = seen.pid.map(|pid| pid.to_string().into_bytes());
                seen.kind != "mount-over-process" || pid.is_none_or(|pid| !covered.contains(&pid))
            };
            answers.extend(outcomes.observations.iter().filter(fresh).map(observed));
            answers.extend(looks(outcomes));
        }
        None => answers.push(Answer::Unknown("outcomes.json")),
    }
    answers
}

/// What the collector did not look at, or does not say that it did. A control group or a socket table that cannot be seen from where
/// it ran is a way of looking less; asking each number is the one that must have been gone.
fn looks(outcomes: &Outcomes) -> Option<Answer> {
    let asked = outcomes.jobs.get(job::HIDDEN).is_some_and(JobOutcome::ran);
    if !asked {
        return Some(Answer::Unknown("the look for hidden processes"));
    }
    let others = [job::CGROUPS, job::SOCKETS].iter().filter_map(|name| outcomes.jobs.get(*name));
    let complete = others.into_iter().all(JobOutcome::is_complete);
    (!complete).then_some(Answer::Unknown("a further look for hidden processes"))
}

fn observed(seen: &Observation) -> Answer {
    let (severity, predicate) = match seen.kind.as_str() {
        "hidden-process" => (Severity::High, "has a process that is not listed"),
        "child-without-process" => (Severity::High, "has a child process that is not listed"),
        "mount-over-process" => (Severity::High, "has a mount that hides a process"),
        "cgroup-member-without-process" => {
            (Severity::Medium, "has a member of a control group that is no visible process")
        }
        "socket-without-owner" => (Severity::Low, "has a socket that no visible process holds"),
        _ => (Severity::Low, "was seen differently by two ways of looking"),
    };
    let what = procglass_model::text::visible(seen.what.as_bytes()).into_owned();
    Answer::Found(
        Draft::new(severity, format!("{predicate}: {}", what.trim_end_matches('.')))
            .proof(Proof::new("outcomes.json#observations", &seen.evidence)),
    )
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use crate::testing::{process, severity};
    use crate::{Findings, Indicators, Severity, State};
    use procglass_model::bundle::{Integrity, Member};
    use procglass_snapshot::SnapshotBuilder;

    #[test]
    fn a_mount_over_a_process() {
        let line = "57 27 254:0 /tmp/e /proc/91 rw,relatime - ext4 /dev/vda rw\n";
        let text = format!("//- mount/5/mountinfo\n{line}{}", process(91, 1, "x", "/bin/x"));
        assert_eq!(severity("hidden-process", &text), Some(Severity::High));
        for harmless in ["/proc/sys", "/proc/91x", "/proc", "/procs/91"] {
            let text = format!("//- mount/5/mountinfo\n{}", line.replace("/proc/91", harmless));
            assert_eq!(severity("hidden-process", &text), None, "{harmless}");
        }
    }

    #[test]
    fn what_the_collector_saw() {
        let with = |jobs: &str, observations: &str| {
            let mut builder = SnapshotBuilder::new();
            let json = format!(
                r#"{{"finished":"","complete":true,"processes_listed":0,"processes_read":0,"processes_vanished":0,"jobs":{{{jobs}}},"observations":[{observations}]}}"#
            );
            builder.member(Member::new("outcomes.json", json.into_bytes()));
            let whole = Integrity { ended: true, has_sums: true, ..Integrity::default() };
            Findings::of(&builder.finish(whole), &Indicators::default())
        };
        let outcomes = |observations: &str| with(r#""hidden-processes":{"listed":1,"read":1}"#, observations);
        let seen = outcomes(
            r#"{"kind":"hidden-process","what":"pid 77 answers but is not listed.","pid":77,"evidence":"Name: x"}"#,
        );
        let child = outcomes(
            r#"{"kind":"child-without-process","what":"process 9 is a child by /proc/1/task/1/children","pid":9,"evidence":"9"}"#,
        );
        let finding = |all: &Findings| {
            all.all.iter().find(|finding| finding.rule.id == "hidden-process").unwrap().clone()
        };
        assert_eq!(finding(&child).severity, Severity::High);
        let finding = finding(&seen);
        assert_eq!(finding.severity, Severity::High);
        assert!(finding.predicate.ends_with("not listed: pid 77 answers but is not listed"));
        let state = |all: &Findings| {
            all.rules.iter().find(|report| report.rule.id == "hidden-process").unwrap().state()
        };
        assert_eq!(state(&outcomes("")), State::Clean);
        for jobs in [
            "",
            r#""hidden-processes":{"listed":1,"read":0,"not_reached":1}"#,
            r#""hidden-processes":{"listed":1,"read":0,"refused":{"other numbers":1}}"#,
            r#""hidden-processes":{"listed":1,"read":1},"sockets":{"listed":1,"read":0,"failed":{"EMFILE":1}}"#,
        ] {
            assert_eq!(state(&with(jobs, "")), State::Unknown, "{jobs}");
        }
        let no_sockets = r#""hidden-processes":{"listed":1,"read":1},"sockets":{"listed":1,"read":0,"refused":{"hidepid":1}}"#;
        assert_eq!(state(&with(no_sockets, "")), State::Clean);
        let cut = Findings::of(&SnapshotBuilder::new().finish(Integrity::default()), &Indicators::default());
        assert_eq!(state(&cut), State::Unknown, "the end of the bundle is missing");
    }
}
