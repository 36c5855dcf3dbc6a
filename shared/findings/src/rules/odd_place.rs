//! A program that lies where no program belongs.

use crate::Severity;
use crate::case::Case;
use crate::place;
use crate::place::Place;
use crate::rule::{Answer, Check, Draft, Rule};
use bstr::ByteSlice;

/// Catalogue row 14.
pub(crate) static RULE: Rule = Rule {
    id: "odd-place",
    title: "Program in an unusual place",
    attack: &["T1059", "T1564.001"],
    why: "The program lies in a folder that anybody can write to, or under a hidden name. Programs that were installed properly do not; what an intruder brought along does.",
    detail: "/proc/PID/exe is under /tmp, /var/tmp, /dev, /run, /var/www, or some part of its path begins with a dot or is blank.",
    harmless: &[
        "AppImage, PyInstaller, Ansible, `go run` and package builds unpack programs into temporary folders.",
        "Editors and language tools install themselves into hidden folders of a home.",
    ],
    next: &["Look the hash of the executable up.", "Look at who started it and when."],
    blind: "A program that was copied into a proper place.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let program = match case.known_program() {
        Ok(program) => program,
        Err(answer) => return answer,
    };
    if program.path.starts_with(b"/memfd:") {
        return Answer::Clean;
    }
    let Some(place) = program.place() else { return Answer::Clean };
    let known = place::known(program.path);
    let strong = matches!(place, Place::Memory | Place::Web)
        || place::is_hidden(program.path) && place != Place::Hidden;
    let root = case.process.uid.is_some_and(|uid| uid.effective == 0);
    let server = case
        .process
        .user_names()
        .any(|user| matches!(user.as_bytes(), b"www-data" | b"nginx" | b"apache" | b"http"));
    Answer::Found(
        Draft::new(
            if place == Place::Runtime { Severity::Low } else { Severity::Medium },
            format!("runs a program from {} ({})", place.words(), program.words()),
        )
        .proof(case.link_proof("exe"))
        .at_least(Severity::High, strong && known.is_none(), "nothing that is installed lies there")
        .at_least(Severity::High, known.is_none() && case.reaches_out(), "it talks to the network")
        .at_least(Severity::High, known.is_none() && server, "it runs as the web server's user")
        .at_least(Severity::Medium, known.is_none() && root, "it runs as root")
        .at_most(Severity::Note, known.is_some(), known.unwrap_or_default()),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, tcp, unknown};

    fn at(exe: &str) -> Option<Severity> {
        severity("odd-place", &process(9, 1, "x", exe))
    }

    #[test]
    fn odd_places() {
        assert_eq!(at("/tmp/x"), Some(Severity::Medium));
        assert_eq!(at("/tmp/.hidden"), Some(Severity::High));
        assert_eq!(at("/dev/shm/x"), Some(Severity::High));
        assert_eq!(at("/home/a/.x/y"), Some(Severity::Medium));
        let listening = process(9, 1, "x", "/tmp/x")
            + "//- process/9/fd/3 -> socket:[70]\n"
            + &tcp(&[("0.0.0.0:4444", "0.0.0.0:0", "0A", 70)]);
        assert_eq!(severity("odd-place", &listening), Some(Severity::High));
    }

    #[test]
    fn known_and_ordinary_places() {
        assert_eq!(at("/tmp/.mount_Edit12/usr/bin/edit"), Some(Severity::Note));
        assert_eq!(at("/home/a/.vscode-server/bin/x/node"), Some(Severity::Note));
        assert_eq!(at("/home/linuxbrew/.linuxbrew/Cellar/bash/5.2/bin/bash"), Some(Severity::Note));
        assert_eq!(at("/nix/store/3dh-firefox-133.0/lib/firefox/.firefox-wrapped"), None);
        assert_eq!(at("/usr/lib/firefox/firefox"), None);
        assert_eq!(at("/home/a/work/target/debug/x"), None);
        assert_eq!(unknown("odd-place", "//- process/9/error/exe -> EACCES\n"), ["exe"]);
    }
}
