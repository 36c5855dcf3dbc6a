//! /etc/ld.so.preload: a library that is forced into every program.

use crate::Severity;
use crate::place;
use crate::rule::{Answer, Check, Draft, Proof, Rule};
use crate::scene::Scene;

/// Catalogue row 10, the system's part.
pub(crate) static RULE: Rule = Rule {
    id: "preload-file",
    title: "Library forced into every program",
    attack: &["T1574.006", "T1014"],
    why: "A file of the system makes every program load foreign code first. Rootkits hide files, processes and connections that way.",
    detail: "/etc/ld.so.preload exists and names a library.",
    harmless: &[
        "Some monitoring agents (Dynatrace OneAgent) and the Raspberry Pi's memcpy library are loaded so.",
    ],
    next: &[
        "Get the library and look its hash up.",
        "Trust nothing that programs on that system print: they load it too. The bundle was made by a static program that does not.",
    ],
    blind: "A dynamic linker that was changed to use another file.",
    check: Check::System(check),
};

fn check(scene: &Scene<'_>) -> Vec<Answer> {
    let path = "etc/ld.so.preload";
    let Some(text) = scene.host(path) else {
        let member = format!("host/{path}");
        let problems = scene.snapshot.outcomes.as_ref().map(|outcomes| outcomes.problems.as_slice());
        let refused = |what: &str| !matches!(what, "ENOENT" | "ENOTDIR");
        return match problems.map(|all| all.iter().find(|problem| problem.member == member)) {
            Some(Some(problem)) if refused(&problem.what) => vec![Answer::Unknown(path)],
            Some(_) => vec![Answer::Clean],
            None => vec![Answer::Unknown(path)],
        };
    };
    let libraries: Vec<&[u8]> = text
        .split(|byte| *byte == b'\n')
        .map(|line| line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii())
        .filter(|line| !line.is_empty())
        .collect();
    let Some(first) = libraries.first() else { return vec![Answer::Clean] };
    let odd = libraries.iter().find(|library| !place::is_installed(library));
    let words = procglass_model::text::visible(odd.unwrap_or(first)).into_owned();
    vec![Answer::Found(
        Draft::new(Severity::Medium, format!("loads {words} into every program (/etc/ld.so.preload)"))
            .proof(Proof::new(format!("host/{path}"), text))
            .at_least(Severity::High, odd.is_some(), "it lies where no package puts libraries"),
    )]
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::severity;

    #[test]
    fn a_library_for_everyone() {
        assert_eq!(
            severity("preload-file", "//- host/etc/ld.so.preload\n/usr/lib/oneagent.so\n"),
            Some(Severity::Medium)
        );
        assert_eq!(
            severity("preload-file", "//- host/etc/ld.so.preload\n/dev/shm/.l.so\n"),
            Some(Severity::High)
        );
    }

    #[test]
    fn an_empty_file_or_none() {
        assert_eq!(severity("preload-file", "//- host/etc/ld.so.preload\n\n# nothing\n"), None);
        assert_eq!(severity("preload-file", "//- host/etc/passwd\n"), None);
    }
}
