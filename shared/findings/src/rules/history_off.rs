//! A shell that keeps no record of what is typed.

use crate::Severity;
use crate::case::Case;
use crate::rule::{Answer, Check, Draft, Rule};

/// Catalogue row 23.
pub(crate) static RULE: Rule = Rule {
    id: "history-off",
    title: "Command history switched off",
    attack: &["T1562.003", "T1070.003"],
    why: "Shells write down what is typed into them. Here that was switched off, as somebody does who wants to leave no record.",
    detail: "HISTFILE=/dev/null or empty, HISTSIZE=0, HISTFILESIZE=0 or HISTCONTROL with ignorespace in /proc/PID/environ.",
    harmless: &[
        "Editors and build servers start shells with their own history file or none.",
        "Some distributions set HISTCONTROL=ignoreboth for everybody.",
    ],
    next: &["Look at who is logged in and from where."],
    blind: "A setting made inside the shell after it started.",
    check: Check::Process(check),
};

fn check(case: &Case<'_>) -> Answer {
    if case.process.is_kernel_thread() || case.process.state == Some('Z') {
        return Answer::Clean;
    }
    if case.file("environ").is_none() {
        return Answer::Unknown("environ");
    }
    let set = |name: &[u8]| case.variable(name).flatten();
    let off: Option<&[u8]> = if matches!(set(b"HISTFILE").as_deref(), Some(b"/dev/null" | b"")) {
        Some(b"HISTFILE")
    } else if set(b"HISTSIZE").as_deref() == Some(b"0".as_slice()) {
        Some(b"HISTSIZE")
    } else if set(b"HISTFILESIZE").as_deref() == Some(b"0".as_slice()) {
        Some(b"HISTFILESIZE")
    } else {
        None
    };
    let Some(name) = off else { return Answer::Clean };
    let shell = case.program().is_shell();
    let words = String::from_utf8_lossy(name);
    let interactive = case.process.tty_nr.is_some_and(|tty| tty != 0)
        || case.process.arguments().any(|argument| argument == b"-i");
    Answer::Found(
        Draft::new(Severity::Low, format!("was started with the command history switched off ({words})"))
            .proof(case.variable_proof(name))
            .at_least(Severity::Medium, shell && interactive, "it is a shell that somebody types into"),
    )
}

#[cfg(test)]
mod tests {
    use crate::Severity;
    use crate::testing::{process, severity, unknown};

    fn with(exe: &str, environ: &str) -> Option<Severity> {
        let text = process(9, 1, "x", exe).replace("PATH=/usr/bin\\0", environ);
        severity("history-off", &text.replace(&format!("{exe}\\0"), &format!("{exe}\\0-i\\0")))
    }

    #[test]
    fn no_history() {
        assert_eq!(with("/bin/bash", "HISTFILE=/dev/null\\0"), Some(Severity::Medium));
        assert_eq!(with("/bin/sleep", "HISTSIZE=0\\0"), Some(Severity::Low));
    }

    #[test]
    fn ordinary_settings() {
        assert_eq!(
            with("/bin/bash", "HISTFILE=/root/.bash_history\\0HISTSIZE=1000\\0HISTCONTROL=ignoreboth\\0"),
            None
        );
        assert_eq!(unknown("history-off", "//- process/9/error/environ -> EACCES\n"), ["environ"]);
    }
}
