//! A connection to the service that hands out a cloud system's credentials.

use crate::Severity;
use crate::case::{Case, endpoint};
use crate::place;
use crate::program::{TOOLS, WEB_SERVERS, begins_with_one_of, claims, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;

/// Catalogue row 27.
pub(crate) static RULE: Rule = Rule {
    id: "metadata-service",
    title: "Asking the cloud for credentials",
    attack: &["T1552.005"],
    why: "The program is connected to the address where a cloud system gets its own credentials. Who takes them can act as this system from anywhere.",
    detail: "A TCP socket with a remote address of a metadata service: 169.254.169.254, 169.254.170.2 (ECS), 169.254.170.23 (EKS), fd00:ec2::254.",
    harmless: &["The cloud's agents and every program that uses its SDK."],
    next: &[
        "Look in the cloud's audit trail for use of this system's role from other addresses.",
        "Ask whether the program has business with the cloud.",
    ],
    blind: "Requests that ended before the snapshot; closing connections have no owner in /proc.",
    check: Check::Process(check),
};

const AGENTS: &[&str] = &[
    "amazon-ssm-agent",
    "ssm-agent-worker",
    "ssm-session-worker",
    "ssm-document-worker",
    "amazon-cloudwatch-agent",
    "amazon-ecs-agent",
    "agent",
    "kubelet",
    "cloud-init",
    "fluent-bit",
    "aws",
    "aws-iam-authenticator",
    "google_guest_agent",
    "waagent",
    "datadog-agent",
    "vector",
    "ec2-net-utils",
    "chronyd",
    "dockerd",
    "containerd",
    "falcon-sensor",
    "xray",
];

fn check(case: &Case<'_>) -> Answer {
    if !case.sees_descriptors() {
        return Answer::Unknown("fd");
    }
    let metadata = case.sockets().map(|(_, socket)| socket).find(|socket| {
        // NTP and DNS of the cloud have addresses close by, but this one speaks HTTP.
        socket.remote.is_some_and(|(address, port)| scope::of(address) == Scope::Metadata && port == 80)
    });
    let Some(socket) = metadata else { return Answer::Clean };
    let program = case.program();
    let by_hand = program.is_shell()
        || is_one_of(program.name, TOOLS)
        || case.parent().is_some_and(|parent| parent.program().is_shell());
    let web = claims(case.process).any(|claim| begins_with_one_of(claim, WEB_SERVERS))
        || begins_with_one_of(program.name, &["php"]);
    let odd = program.place().is_some() && place::known(program.path).is_none();
    Answer::Found(
        Draft::new(
            Severity::Low,
            format!("is connected to the cloud's credential service at {}", endpoint(socket)),
        )
        .proof(case.scene.socket_proof(socket))
        .at_least(Severity::Medium, by_hand, "somebody asks by hand or by script")
        .at_least(Severity::High, web, "a web server may be asking for a visitor")
        .at_least(Severity::High, odd, "its file lies where no program belongs")
        .at_most(
            Severity::Note,
            begins_with_one_of(program.name, AGENTS) && program.is_installed(),
            "agents of the cloud do so by design",
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, tcp, unknown};

    fn with(exe: &str, remote: &str) -> Option<Severity> {
        let text = process(9, 1, "x", exe) + "//- process/9/fd/3 -> socket:[70]\n";
        severity("metadata-service", &(text + &tcp(&[("10.0.0.1:4000", remote, "01", 70)])))
    }

    #[test]
    fn who_asks() {
        assert_eq!(with("/usr/bin/curl", "169.254.169.254:80"), Some(Severity::Medium));
        assert_eq!(with("/usr/bin/java", "169.254.170.2:80"), Some(Severity::Low));
        assert_eq!(with("/tmp/x", "169.254.169.254:80"), Some(Severity::High));
        assert_eq!(with("/usr/bin/php8.2", "169.254.169.254:80"), Some(Severity::High));
    }

    #[test]
    fn agents_and_other_addresses() {
        assert_eq!(with("/usr/bin/amazon-ssm-agent", "169.254.169.254:80"), Some(Severity::Note));
        assert_eq!(with("/usr/bin/curl", "169.254.1.1:80"), None);
        assert_eq!(with("/usr/sbin/chronyd", "169.254.169.123:123"), None);
        assert_eq!(unknown("metadata-service", "//- process/9/error/fd -> EACCES\n"), ["fd"]);
    }
}
