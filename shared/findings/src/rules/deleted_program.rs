//! The program's file was deleted while it runs.

use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::{Severity, place};
use procglass_model::bundle::OnDisk;

/// Catalogue row 1.
pub(crate) static RULE: Rule = Rule {
    id: "deleted-program",
    title: "Program deleted while running",
    attack: &["T1070.004"],
    why: "The file of this program was removed from the disk, but the program goes on. Intruders do that so that nobody can examine what they run.",
    detail: "The link count of the file behind /proc/PID/exe is 0, or the kernel adds ` (deleted)` to its path and that file is not there: another hard link keeps it. A file may be called `x (deleted)`: then it is there.",
    harmless: &[
        "A package upgrade replaces the file: then another one has its name.",
        "The image layer below a container was removed.",
    ],
    next: &[
        "Take the recovered copy from the bundle (executable/<sha256>) and look its hash up.",
        "Look at who started it, what it is connected to and which files it holds open.",
    ],
    blind: "A program that overwrote its own file in place.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let process = case.process;
    let program = case.program();
    if process.is_kernel_thread() || program.path.starts_with(b"/memfd:") {
        return Answer::Clean;
    }
    match process.exe_deleted() {
        None if process.state == Some('Z') => Answer::Clean,
        None => Answer::Unknown("exe"),
        Some(false) => Answer::Clean,
        Some(true) => Answer::Found(found(case)),
    }
}

fn found(case: &Case<'_>) -> Draft {
    let program = case.program();
    let on_disk = case.process.executable.as_ref().and_then(|executable| executable.on_disk);
    let links = case.process.executable.as_ref().map(|executable| executable.stat.links.to_string());
    let mut draft = Draft::new(Severity::Low, format!("runs a deleted file ({})", program.words()))
        .proof(case.link_proof("exe"))
        .at_least(Severity::Medium, on_disk == Some(OnDisk::Missing), "no file of that name is left")
        .at_least(
            Severity::High,
            program.place().is_some() && place::known(program.path).is_none(),
            format!("the file was in {}", program.place().map_or("", place::Place::words)),
        )
        .at_least(
            Severity::High,
            on_disk == Some(OnDisk::Missing) && !program.is_installed() && case.reaches_out(),
            "it talks to the network, and packages put no programs there",
        )
        .at_most(
            Severity::Note,
            on_disk == Some(OnDisk::Other),
            "another file has its name now, as after a package upgrade",
        );
    if let Some(links) = links {
        draft = draft.proof(Proof::new(case.at("executable/links"), links.as_bytes()));
    }
    draft
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    #[test]
    fn in_a_temporary_folder_it_is_serious() {
        let text = process(9, 1, "x", "/tmp/x (deleted)");
        assert_eq!(severity("deleted-program", &text), Some(Severity::High));
        let text = process(9, 1, "x", "/usr/sbin/x (deleted)");
        assert_eq!(severity("deleted-program", &text), Some(Severity::Low));
    }

    #[test]
    fn an_upgrade_is_a_note() {
        let text = process(9, 1, "sshd", "/usr/sbin/sshd (deleted)")
            .replace("\"links\":0", "\"links\":0,\"on_disk\":\"other\"");
        assert_eq!(severity("deleted-program", &text), Some(Severity::Note));
    }

    #[test]
    fn a_hard_link_hides_nothing() {
        let linked = process(9, 1, "x", "/tmp/x (deleted)")
            .replace("\"links\":0", "\"links\":1,\"on_disk\":\"missing\"");
        assert_eq!(severity("deleted-program", &linked), Some(Severity::High));
        for (on_disk, want) in [("other", Some(Severity::Note)), ("same", None)] {
            let text = linked.replace("missing", on_disk);
            assert_eq!(severity("deleted-program", &text), want, "{on_disk}");
        }
        let named =
            process(9, 1, "x", "/tmp/x").replace("\"links\":1", "\"links\":1,\"on_disk\":\"missing\"");
        assert_eq!(
            severity("deleted-program", &named),
            None,
            "no suffix: it is elsewhere, as in a container"
        );
    }

    #[test]
    fn a_name_is_no_proof_and_silence_no_answer() {
        let text = process(9, 1, "x", "/tmp/real (deleted)").replace("\"links\":0", "\"links\":1");
        assert_eq!(severity("deleted-program", &text), None);
        assert_eq!(unknown("deleted-program", "//- process/9/error/exe -> EACCES\n"), ["exe"]);
    }
}
