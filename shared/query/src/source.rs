//! Where each field of a row comes from: `member#part`, as [`procglass_snapshot::analysis::source::piece`] takes it, or `member:line`.

use super::Value;
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, ProcessIndex, SocketIndex, User};

/// The part of `process/<pid>.json` that each field of `show processes` is read from.
const PROCESS: &[(&str, &str)] = &[
    ("pid", "pid"),
    ("ppid", "files/stat"),
    ("name", "files/stat"),
    ("state", "files/stat"),
    ("user", "files/status"),
    ("uid", "files/status"),
    ("started", "files/stat"),
    ("exe", "links/exe"),
    ("exe_deleted", "executable"),
    ("cmdline", "files/cmdline"),
    ("cwd", "links/cwd"),
    ("threads", "files/stat"),
    ("netns", "links/ns/net"),
    ("container", "files/cgroup"),
    ("fd_count", "fds"),
];

pub(super) fn process(snapshot: &Opened, index: ProcessIndex) -> Value<'_> {
    let member = snapshot.process(index).map(procglass_snapshot::Process::member).unwrap_or_default();
    let part = |field: &str, part: &'static str| match (field, snapshot.process(index)) {
        ("container", Some(process)) => {
            process.container_facts.as_ref().map_or(part, |facts| facts.told.part)
        }
        ("user", Some(process)) if process.user.as_ref().is_some_and(User::differs) => "files/uid_map",
        _ => part,
    };
    let of = |(field, usual): &(&'static str, &'static str)| {
        (*field, text(format!("{member}#{}", part(field, usual))))
    };
    Value::Object(PROCESS.iter().map(of).collect())
}

pub(super) fn socket(snapshot: &Opened, index: SocketIndex) -> Value<'_> {
    let Some(socket) = snapshot.socket(index) else { return Value::Null };
    let (table, line) = socket.source;
    let owners = socket.owners.iter().filter_map(|owner| {
        let process = snapshot.process(owner.process)?;
        Some(text(format!("{}#fds/{}", process.member(), owner.fd)))
    });
    let row = text(format!("net/{}/{table}:{line}", socket.netns));
    Value::Object(vec![("row", row), ("owners", Value::List(owners.collect()))])
}

pub(super) fn file(snapshot: &Opened, index: FileIndex) -> Value<'_> {
    let Some(file) = snapshot.files.get(index.0 as usize) else { return Value::Null };
    let member = snapshot.process(file.process).map(procglass_snapshot::Process::member).unwrap_or_default();
    Value::Object(vec![("descriptor", text(format!("{member}#fds/{}", file.fd)))])
}

fn text<'a>(text: String) -> Value<'a> {
    Value::Text(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PROCESSES;
    use procglass_fixture as fixture;
    use procglass_snapshot::analysis::source::{Piece, piece};

    #[test]
    fn every_field_of_a_process_names_bytes_that_exist() {
        let snapshot = fixture::opened_payments();
        let names: Vec<_> = PROCESSES.iter().map(|column| column.name).collect();
        assert_eq!(PROCESS.iter().map(|(field, _)| *field).collect::<Vec<_>>(), names);
        let first = snapshot.by_pid(1).unwrap();
        for (field, part) in PROCESS {
            assert_ne!(piece(&snapshot, "process/1.json", part), Piece::Missing, "{field}: {part}");
        }
        let Value::Object(fields) = process(&snapshot, first) else { panic!() };
        assert_eq!(fields[1].1, text("process/1.json#files/stat".into()));
    }

    #[test]
    fn a_socket_names_its_line() {
        let snapshot = fixture::opened_payments();
        let index = SocketIndex(2);
        let json = serde_json::to_value(socket(&snapshot, index)).unwrap();
        assert_eq!(json["row"], "net/4026531840/tcp:4");
        assert_eq!(json["owners"][2], "process/812.json#fds/2");
        let table = snapshot.members.data("net/4026531840/tcp").unwrap();
        let line = std::str::from_utf8(table).unwrap().lines().nth(3).unwrap();
        assert!(line.contains("077100CB:115C"), "{line}");
    }
}
