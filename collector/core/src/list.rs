//! `--list`: the artefact table, as it is worked through.

use procglass_model::artefact::{ALL, Artefact, Kind, Scope};
use std::fmt::Write as _;
use std::io::Write as _;

/// Prints the table to standard output.
pub(crate) fn print() -> u8 {
    // A reader that has gone away has seen enough.
    let _ = std::io::stdout().write_all(table().as_bytes());
    0
}

fn table() -> String {
    let mut text = String::new();
    for (scope, title) in [
        (Scope::Process, "Of each process, below /proc/<pid>"),
        (Scope::NetNamespace, "Of each network namespace, below /proc/<pid>/net"),
        (Scope::MountNamespace, "Of each mount namespace, below the root of a process in it"),
        (Scope::Host, "Of the host"),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{title}:");
        for artefact in ALL.iter().filter(|artefact| artefact.scope == scope) {
            let _ = writeln!(
                text,
                "  {:<24} {:>6}  {}{}",
                artefact.path,
                cap(artefact),
                artefact.why,
                notes(artefact)
            );
        }
        text.push('\n');
    }
    text.push_str(
        "Also: stat, hash and, if deleted, a copy of each program; threads; names below /sys/module;\n",
    );
    text.push_str("interfaces; answers of metadata services; hidden processes, sockets without an owner.\n");
    text
}

/// The most that is kept of it.
fn cap(artefact: &Artefact) -> String {
    match (artefact.kind, artefact.cap) {
        (Kind::Link, _) => "link".into(),
        (Kind::Descriptors, _) => "list".into(),
        (Kind::File, cap) if cap >= 1 << 20 => format!("{} MiB", cap >> 20),
        (Kind::File, cap) => format!("{} KiB", cap >> 10),
    }
}

fn notes(artefact: &Artefact) -> String {
    let notes: Vec<_> = [
        (artefact.costly, "only with --costly"),
        (artefact.sensitive, "secrets are replaced"),
        (artefact.shared || artefact.alike, "stored once"),
    ]
    .into_iter()
    .filter_map(|(applies, note)| applies.then_some(note))
    .collect();
    if notes.is_empty() { String::new() } else { format!(" [{}]", notes.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_artefact_is_listed_with_its_reason() {
        let table = table();
        for artefact in ALL {
            let lines = table.lines().filter(|line| line.contains(artefact.why));
            let mut lines = lines.filter(|line| line.trim_start().starts_with(artefact.path));
            assert!(lines.next().is_some(), "{}", artefact.path);
        }
        assert!(table.contains("[only with --costly]") && table.contains("[secrets are replaced]"));
    }
}
