//! A library that is forced into programs.

use crate::Severity;
use crate::case::Case;
use crate::place;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 10, the environment's part.
pub(crate) static RULE: Rule = Rule {
    id: "preloaded-library",
    title: "Library forced into a program",
    attack: &["T1574.006", "T1014"],
    why: "The program is made to load foreign code before its own. That code sees and changes everything the program does, passwords included.",
    detail: "LD_PRELOAD, LD_AUDIT or LD_LIBRARY_PATH in /proc/PID/environ, the initial environment. Serious where the path is writable for all, hidden, or relative.",
    harmless: &[
        "Memory allocators (jemalloc, tcmalloc), fakeroot, proxychains, libeatmydata and monitoring agents are loaded so, from where packages put them.",
        "snap, AppImage, Steam and Flatpak set LD_LIBRARY_PATH.",
    ],
    next: &[
        "Get the library and look its hash up.",
        "See in the memory map whether it was really loaded.",
        "Look for other processes with the same variable.",
    ],
    blind: "A process that changed its environment after it started; programs with raised rights ignore these variables.",
    check: Check::Process(check),
};

const VARIABLES: &[&[u8]] = &[b"LD_PRELOAD", b"LD_AUDIT", b"LD_LIBRARY_PATH"];

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    if case.file("environ").is_none() {
        return Answer::Unknown("environ");
    }
    VARIABLES.iter().filter_map(|name| judge(case, name)).max_by_key(|draft| draft.severity).into()
}

fn judge(case: &Case<'_>, name: &[u8]) -> Option<Draft> {
    let value = case.variable(name)??;
    let paths = || value.split(|byte| matches!(byte, b':' | b' ')).filter(|path| !path.is_empty());
    let odd = paths().find(|path| place::of(path).is_some() && place::known(path).is_none());
    let search = name == b"LD_LIBRARY_PATH";
    let words = procglass_model::text::visible(name).into_owned();
    let draft = match odd {
        Some(path) => {
            let path = procglass_model::text::visible(path).into_owned();
            let severity = if search { Severity::Medium } else { Severity::High };
            Draft::new(
                severity,
                format!("was started with {words} naming {path}, a place for nobody's libraries"),
            )
        }
        // Where libraries are looked for is a setting of many programs; what is forced in is worth a note.
        None if search => return None,
        None => {
            let path = paths().next()?;
            Draft::new(
                Severity::Note,
                format!("was started with {words}={}", procglass_model::text::visible(path)),
            )
        }
    };
    Some(draft.proof(case.variable_proof(name)))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(environ: &str) -> Option<Severity> {
        severity("preloaded-library", &process(9, 1, "x", "/bin/x").replace("PATH=/usr/bin\\0", environ))
    }

    #[test]
    fn odd_libraries() {
        assert_eq!(with("A=1\\0LD_PRELOAD=/tmp/.cache/libevil.so\\0"), Some(Severity::High));
        assert_eq!(with("LD_PRELOAD=/usr/lib/a.so:/dev/shm/b.so\\0"), Some(Severity::High));
        assert_eq!(with("LD_LIBRARY_PATH=/tmp/x\\0"), Some(Severity::Medium));
    }

    #[test]
    fn usual_libraries() {
        assert_eq!(with("LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2\\0"), Some(Severity::Note));
        assert_eq!(with("LD_LIBRARY_PATH=/opt/x/lib\\0XLD_PRELOAD=/tmp/a\\0"), None);
        assert_eq!(with("LD_PRELOAD=\\0"), None);
        assert_eq!(unknown("preloaded-library", "//- process/9/error/environ -> EACCES\n"), ["environ"]);
    }
}
