//! The rules as a document.

use super::attack::{ATTACK_VERSION, technique};
use super::rule::{Check, Rule};
use super::rules::RULES;
use std::fmt::Write as _;

/// Every rule as Markdown, for `docs/findings.md`.
#[must_use]
pub fn documentation() -> String {
    let mut text = String::from(
        "# Findings\n\nWritten by the program: `cargo xtask docs` makes this page from the rules themselves.\n\n\
         A rule answers *found* with its proof, *clean*, or *could not tell* with what was missing. A severity combines signals: each finding says what \
         raised or lowered it. Names, titles and paths are claims of the process; device, inode, link count and the kernel's fields are facts.\n\n",
    );
    let _ = writeln!(text, "Numbers of techniques are those of {ATTACK_VERSION}.\n");
    text.push_str("| rule | finds | looks at | ATT&CK |\n|---|---|---|---|\n");
    for rule in RULES {
        let what = if matches!(rule.check, Check::Process(_)) { "each process" } else { "the system" };
        let _ = writeln!(
            text,
            "| [`{}`](#{}) | {} | {what} | {} |",
            rule.id,
            rule.id,
            rule.title,
            rule.attack.join(", ")
        );
    }
    for rule in RULES {
        text.push('\n');
        text.push_str(&section(rule));
    }
    text
}

/// One rule as Markdown.
#[must_use]
pub fn explain(id: &str) -> Option<String> {
    RULES.iter().find(|rule| rule.id == id).map(|rule| section(rule))
}

fn section(rule: &Rule) -> String {
    let mut text = String::new();
    let _ = write!(text, "## {}\n\n**{}.** {}\n\n", rule.id, rule.title, rule.why);
    let _ = writeln!(text, "- **Looks at:** {}", rule.detail);
    let _ = writeln!(text, "- **Harmless when:** {}", rule.harmless.join(" "));
    let _ = writeln!(text, "- **Cannot see:** {}", rule.blind);
    let _ = writeln!(text, "- **Next:** {}", rule.next.join(" "));
    let names: Vec<_> =
        rule.attack.iter().map(|id| format!("{id} {}", technique(id).unwrap_or_default())).collect();
    let _ = writeln!(text, "- **ATT&CK:** {}", names.join("; "));
    text
}
