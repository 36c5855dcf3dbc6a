//! What looks normal, for readers without technical knowledge: what every check of a subject looked for everywhere and did not
//! find.

use super::{Findings, State};

/// A subject that people ask about.
#[derive(Debug, PartialEq, Eq)]
pub struct Subject {
    /// What can be said when none of its rules found anything.
    pub sentence: &'static str,
    /// The rules, by id.
    pub rules: &'static [&'static str],
}

/// Every subject, what matters most first. Each rule is in one.
const SUBJECTS: [Subject; 10] = [
    Subject { sentence: "No hidden processes were found.", rules: &["hidden-process"] },
    Subject {
        sentence: "Every program runs from a file that is still there, in a place where programs belong.",
        rules: &["memory-program", "deleted-program", "odd-place"],
    },
    Subject {
        sentence: "No program poses as another one, and none has wiped its command line.",
        rules: &["fake-kernel-thread", "false-title", "wiped-arguments"],
    },
    Subject {
        sentence: "No command line is operated over the network, and no web server has started one.",
        rules: &["shell-on-socket", "shell-on-pipe", "web-server-shell", "history-off"],
    },
    Subject {
        sentence: "Nothing listens to the traffic of others or waits for a secret signal.",
        rules: &["passive-backdoor", "packet-socket", "raw-socket", "promiscuous-interface"],
    },
    Subject {
        sentence: "Nothing digs for cryptocurrency, tunnels out of the network or asks the cloud for credentials.",
        rules: &["cryptominer", "tunnel", "metadata-service"],
    },
    Subject {
        sentence: "No foreign code was seen in the memory of a program.",
        rules: &[
            "replaced-image",
            "writable-code",
            "odd-code",
            "preloaded-library",
            "preload-file",
            "traced-process",
            "deleted-open-file",
        ],
    },
    Subject {
        sentence: "Administrator's rights are explained wherever a process has them.",
        rules: &["unexplained-root", "saved-root"],
    },
    Subject {
        sentence: "No container reaches into its host, and nobody came into one from outside.",
        rules: &["container-escape", "namespace-hop"],
    },
    Subject {
        sentence: "The system's core, the login service and the files with passwords look untouched.",
        rules: &["kernel-module", "kernel-helper", "bpf-program", "ssh-backdoor", "credential-file"],
    },
];

impl Findings {
    /// The subjects in which everything looks normal. Where a check could not look everywhere, nothing is said.
    #[must_use]
    pub fn normal(&self) -> Vec<&'static Subject> {
        let is_clean = |id: &&str| {
            let report = self.rules.iter().find(|report| report.rule.id == *id);
            report.is_some_and(|report| report.state() == State::Clean && report.checked > 0)
        };
        SUBJECTS.iter().filter(|subject| subject.rules.iter().all(is_clean)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::process;
    use crate::{Indicators, RULES};
    use procglass_fixture as fixture;

    #[test]
    fn every_rule_is_in_one_subject() {
        let mut ids: Vec<&str> = SUBJECTS.iter().flat_map(|subject| subject.rules).copied().collect();
        let mut rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        rules.sort_unstable();
        assert_eq!(ids, rules);
    }

    fn told(processes: &str) -> Vec<&'static str> {
        let snapshot = fixture::open(&fixture::bundle(processes));
        let findings = Findings::of(&snapshot, &Indicators::default());
        findings.normal().iter().map(|subject| subject.sentence).collect()
    }

    #[test]
    fn what_was_found_or_could_not_be_looked_for_is_not_called_normal() {
        let ordinary = process(7, 1, "cat", "/usr/bin/cat");
        let files = "Every program runs";
        let says = |list: &[&str], start: &str| list.iter().any(|sentence| sentence.starts_with(start));
        assert!(says(&told(&ordinary), files), "{:?}", told(&ordinary));
        let deleted = process(8, 1, "x", "/usr/bin/x (deleted)");
        assert!(!says(&told(&format!("{ordinary}{deleted}")), files));
        // Without the list of modules nobody knows what is in the core.
        assert!(!says(&told(&ordinary), "The system's core"));
    }
}
