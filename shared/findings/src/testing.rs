//! What the tests of rules share: processes in a line, and the answer of one rule.

// Compiled for tests only, where a wrong fixture should fail at once.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{Finding, Findings, Indicators, Severity};
use procglass_fixture as fixture;

/// An ordinary process: user 1000, in the network namespace 1, with a file that exists.
pub(super) fn process(pid: u32, ppid: u32, name: &str, exe: &str) -> String {
    let links = u32::from(!exe.ends_with(" (deleted)"));
    format!(
        "//- process/{pid}/stat\n{pid} ({name}) S {ppid} {pid} {pid} 0 -1 4194304 1 0 0 0 30 10 0 0 20 0 1 0 {start} 10240000 3000 1 4096 0\n\
         //- process/{pid}/status\nName:\t{name}\nUid:\t1000\t1000\t1000\t1000\nTracerPid:\t0\nVmSize:\t    9000 kB\nCapInh:\t0\nCapEff:\t0\nCapAmb:\t0\nSeccomp:\t2\n\
         //- process/{pid}/cmdline\n{exe}\\0\n\
         //- process/{pid}/environ\nPATH=/usr/bin\\0\n\
         //- process/{pid}/maps\n{map}\
         //- process/{pid}/exe -> {exe}\n\
         //- process/{pid}/executable\n{{\"dev\":1,\"inode\":{pid},\"links\":{links},\"mode\":33261,\"uid\":0,\"gid\":0,\"size\":1,\"mtime\":1,\"ctime\":1}}\n\
         //- process/{pid}/cwd -> /\n\
         //- process/{pid}/ns/net -> net:[1]\n",
        start = 500 + pid,
        map = area("r-xp", exe),
    )
}

/// A line of `maps`.
pub(super) fn area(permissions: &str, path: &str) -> String {
    format!("400000-401000 {permissions} 00000000 fe:01 7 {path}\n")
}

/// A row of `net/1/tcp`, with its header when it is the first.
pub(super) fn tcp(rows: &[(&str, &str, &str, u32)]) -> String {
    let mut text = String::from("//- net/1/tcp\n  sl  local_address rem_address   st\n");
    for (at, (local, remote, state, inode)) in rows.iter().enumerate() {
        text.push_str(&format!(
            "   {at}: {} {} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0 100 0 0 10 0\n",
            hex(local),
            hex(remote)
        ));
    }
    text
}

fn hex(endpoint: &str) -> String {
    let endpoint: std::net::SocketAddrV4 = endpoint.parse().unwrap();
    format!("{:08X}:{:04X}", u32::from_le_bytes(endpoint.ip().octets()), endpoint.port())
}

/// Everything that one rule finds in a fixture.
pub(super) fn findings(rule: &str, text: &str) -> Vec<Finding> {
    let snapshot = fixture::open(&fixture::bundle(text));
    let problems = snapshot.problems();
    assert!(problems.is_empty(), "the fixture is not well-formed: {problems:?}");
    let all = Findings::of(&snapshot, &Indicators::default());
    assert!(all.rules.iter().any(|report| report.rule.id == rule), "no rule {rule}");
    let found: Vec<_> = all.all.into_iter().filter(|finding| finding.rule.id == rule).collect();
    assert!(found.iter().all(|finding| !finding.proofs.is_empty()), "a finding without proof: {found:?}");
    for proof in found.iter().flat_map(|finding| &finding.proofs) {
        let member = proof.member.split(['#']).next().unwrap();
        let member = member.rsplit_once(':').map_or(member, |(member, _)| member);
        assert!(snapshot.members.get(member).is_some(), "{} is not in the bundle", proof.member);
    }
    found
}

/// The one finding of a rule.
pub(super) fn one(rule: &str, text: &str) -> Finding {
    let mut all = findings(rule, text);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Its severity only.
pub(super) fn severity(rule: &str, text: &str) -> Option<Severity> {
    let all = findings(rule, text);
    assert!(all.len() < 2, "{all:?}");
    all.first().map(|finding| finding.severity)
}

/// What a rule says that it could not see.
pub(super) fn unknown(rule: &str, text: &str) -> Vec<&'static str> {
    let snapshot = fixture::open(&fixture::bundle(text));
    let all = Findings::of(&snapshot, &Indicators::default());
    let report = all.rules.into_iter().find(|report| report.rule.id == rule).unwrap();
    report.unknown.into_keys().collect()
}
