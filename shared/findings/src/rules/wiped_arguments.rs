//! A process whose command line is gone.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 8.
pub(crate) static RULE: Rule = Rule {
    id: "wiped-arguments",
    title: "Command line erased",
    attack: &["T1036.011"],
    why: "The program has erased how it was called, so that lists of processes show nothing telling.",
    detail: "/proc/PID/cmdline holds only NUL bytes, or nothing although the process has memory; or argv[0] is empty.",
    harmless: &[
        "A process that is just starting or ending has no arguments for an instant.",
        "Some programs clear secrets from their arguments.",
    ],
    next: &["The executable and the environment say what it is.", "Look at its sockets and files."],
    blind: "Arguments that were replaced by others: see false-title.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    let process = case.process;
    if process.is_kernel_thread() || matches!(process.state, Some('Z' | 'X' | 'x')) {
        return Answer::Clean;
    }
    let Some(cmdline) = &process.cmdline else { return Answer::Unknown("cmdline") };
    // Between the end of its memory and its own there is nothing to show.
    let has_memory = case.status().is_some_and(|status| status.vm_size_kb.is_some());
    if process.exe.is_none() || !has_memory {
        return Answer::Clean;
    }
    let wiped = cmdline.iter().all(|byte| *byte == 0);
    let nameless = cmdline.first() == Some(&0);
    let draft = match (wiped, nameless) {
        (true, _) => Draft::new(Severity::Medium, "has erased its command line"),
        (false, true) => {
            Draft::new(Severity::Medium, "was started without a name of its own (argv[0] is empty)")
        }
        (false, false) => return Answer::Clean,
    };
    Answer::Found(draft.proof(case.cmdline_proof()).proof(case.link_proof("exe")))
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(cmdline: &str) -> Option<Severity> {
        severity("wiped-arguments", &process(9, 1, "x", "/bin/x").replace("/bin/x\\0", cmdline))
    }

    #[test]
    fn erased_or_nameless() {
        assert_eq!(with("\\0\\0\\0\\0"), Some(Severity::Medium));
        assert_eq!(with("\\0-c\\0sleep\\0"), Some(Severity::Medium));
        assert_eq!(with("x\\0\\0"), None, "an empty argument is no erased one");
    }

    #[test]
    fn ended_processes_have_none() {
        let ended = process(9, 1, "x", "/bin/x").replace("/bin/x\\0", "").replace(") S ", ") Z ");
        assert_eq!(severity("wiped-arguments", &ended), None);
        assert_eq!(unknown("wiped-arguments", "//- process/9/error/cmdline -> EACCES\n"), ["cmdline"]);
    }
}
