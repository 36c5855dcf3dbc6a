//! A login service that is not what it seems.

use crate::Severity;
use crate::case::{Area, Case, is_listener};
use crate::program::{base, is_one_of};
use crate::rule::{Answer, Check, Draft, Rule};
use procglass_snapshot::OpenFile;

/// Catalogue row 18.
pub(crate) static RULE: Rule = Rule {
    id: "ssh-backdoor",
    title: "Login service tampered with",
    attack: &["T1554", "T1556", "T1021.004"],
    why: "The service that lets people log in is not the installed one, or loads code that it should not. Whoever changed it can log in as anybody, or reads every password.",
    detail: "sshd from an unusual path; sshd that maps liblzma 5.6.0 or 5.6.1 (CVE-2024-3094) or a library outside the system's folders; that writes into a temporary folder or /etc/ssh; that listens on another port than 22.",
    harmless: &[
        "After an upgrade sshd's file is deleted until it restarts.",
        "Another port is often set on purpose.",
        "Distributions kept the number 5.6.1 for cleaned versions of liblzma.",
    ],
    next: &[
        "Compare the executable's hash with the package's.",
        "Change every password and key that was used on this system since it began.",
        "Look at its open files for a list of passwords.",
    ],
    blind: "A changed sshd in its proper place: its hash tells. PAM modules in the system's folders.",
    check: Check::Process(check),
};

const SSHD: &[&str] = &["sshd", "sshd-session", "sshd-auth"];

fn check(case: &Case<'_>) -> Answer {
    let program = case.program();
    if !is_one_of(program.name, SSHD) {
        return Answer::Clean;
    }
    let mut worst: Option<Draft> = None;
    let mut offer = |draft: Draft| {
        if worst.as_ref().is_none_or(|worst| worst.severity < draft.severity) {
            worst = Some(draft);
        }
    };
    if !program.is_installed() {
        let severity = if program.place().is_some() { Severity::High } else { Severity::Medium };
        let text = format!("is a login service from an unusual file, {}", program.words());
        offer(Draft::new(severity, text).proof(case.link_proof("exe")));
    }
    let areas = case.areas();
    let foreign = |area: &&Area| {
        area.executable() && area.path.starts_with(b"/") && !crate::place::is_installed(&area.path)
    };
    for area in areas.unwrap_or_default().iter() {
        if matches!(base(&area.path), b"liblzma.so.5.6.0" | b"liblzma.so.5.6.1") {
            let text = "is a login service that has loaded a liblzma known for a backdoor (CVE-2024-3094)";
            offer(Draft::new(Severity::High, text).proof(case.area_proof(area)));
        }
    }
    if let Some(area) =
        areas.unwrap_or_default().iter().filter(|area| area.path != program.path).find(foreign)
    {
        let text =
            format!("is a login service that runs code from {}", procglass_model::text::visible(&area.path));
        offer(Draft::new(Severity::High, text).proof(case.area_proof(area)));
    }
    if let Some(file) = case.descriptors().iter().find(|file| is_sink(file)) {
        let path =
            procglass_model::text::visible(file.target.as_ref().map_or(&b""[..], |target| target.as_slice()))
                .into_owned();
        offer(
            Draft::new(Severity::High, format!("is a login service that writes to {path}"))
                .proof(case.descriptor_proof(file)),
        );
    }
    let other_port = case.sockets().map(|(_, socket)| socket).find(|socket| {
        // Forwarded ports listen on this machine only.
        is_listener(socket)
            && socket.local.is_some_and(|(address, port)| port != 22 && !address.is_loopback())
    });
    if let Some(socket) = other_port {
        let port = socket.local.map_or(0, |(_, port)| port);
        offer(
            Draft::new(Severity::Low, format!("is a login service on port {port} instead of 22"))
                .proof(case.scene.socket_proof(socket)),
        );
    }
    match (worst, areas) {
        (Some(draft), _) => Answer::Found(draft),
        (None, None) => Answer::Unknown("maps"),
        (None, Some(_)) => Answer::Clean,
    }
}

/// A file that is open for writing where a login service writes nothing: passwords may go there.
fn is_sink(file: &OpenFile) -> bool {
    let Some(target) = &file.target else { return false };
    let there = [&b"/tmp/"[..], b"/var/tmp/", b"/dev/shm/", b"/etc/ssh/"]
        .iter()
        .any(|start| target.starts_with(start));
    there && matches!(file.access(), Some('w' | 'u'))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{area, process, severity, tcp, unknown};

    #[test]
    fn tampered_services() {
        assert_eq!(severity("ssh-backdoor", &process(9, 1, "sshd", "/tmp/sshd")), Some(Severity::High));
        let own = area("r-xp", "/usr/sbin/sshd");
        let sshd = process(9, 1, "sshd", "/usr/sbin/sshd");
        let with = |path: &str| {
            severity("ssh-backdoor", &sshd.replace(&own, &format!("{own}{}", area("r-xp", path))))
        };
        assert_eq!(with("/usr/lib/x86_64-linux-gnu/liblzma.so.5.6.1"), Some(Severity::High));
        assert_eq!(with("/usr/lib/x86_64-linux-gnu/liblzma.so.5.4.5"), None);
        assert_eq!(with("/home/a/x.so"), Some(Severity::High));
        let sink = sshd.clone() + "//- process/9/fd/7 -> /etc/ssh/.log\nflags:\t01\n";
        assert_eq!(severity("ssh-backdoor", &sink), Some(Severity::High));
        let port =
            sshd + "//- process/9/fd/3 -> socket:[70]\n" + &tcp(&[("0.0.0.0:2222", "0.0.0.0:0", "0A", 70)]);
        assert_eq!(severity("ssh-backdoor", &port), Some(Severity::Low));
    }

    #[test]
    fn the_installed_service() {
        let sshd = process(9, 1, "sshd", "/usr/sbin/sshd")
            + "//- process/9/fd/3 -> socket:[70]\n//- process/9/fd/4 -> /etc/ssh/moduli\nflags:\t00\n";
        let port = sshd + &tcp(&[("0.0.0.0:22", "0.0.0.0:0", "0A", 70)]);
        assert_eq!(severity("ssh-backdoor", &port), None);
        let blind = "//- process/9/exe -> /usr/sbin/sshd\n//- process/9/error/maps -> EACCES\n";
        assert_eq!(unknown("ssh-backdoor", blind), ["maps"]);
    }
}
