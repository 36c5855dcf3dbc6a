//! A process in a sentence. Pure: tested natively.

use crate::format::{clip, duration, moment};
use crate::state::System;
use crate::view::links::name;
use procglass_model::bundle::OnDisk;
use procglass_snapshot::Snapshot;
use procglass_snapshot::{FileKind, Process, ProcessIndex, Socket};

/// What it is, who it belongs to, for how long it has run, and what is special about its program.
pub(super) fn sentence(snapshot: &Snapshot, index: ProcessIndex) -> String {
    let Some(process) = snapshot.process(index) else { return String::new() };
    let mut text = name(process);
    if process.is_kernel_thread() {
        text.push_str(", a thread of the kernel itself,");
    } else {
        text.push_str(&parent(snapshot, process));
    }
    if let Some(started) = process.started {
        text.push_str(&format!(" started at {}", moment(started)));
        if let Some(user) = System::user(process).filter(|_| !process.is_kernel_thread()) {
            text.push_str(&format!(" as {user}"));
        }
        let ran = snapshot.captured().map(|captured| captured.seconds() - started.seconds());
        if let Some(ran) = ran.and_then(|ran| u64::try_from(ran).ok()) {
            text.push_str(&format!(" and had run for {} when captured", duration(ran)));
        }
    } else {
        text.push_str(" started at an unknown time");
    }
    for more in special(process) {
        text.push_str("; ");
        text.push_str(more);
    }
    text.push('.');
    if let Some(more) = standard_streams(snapshot, index) {
        text.push(' ');
        text.push_str(&more);
    }
    text
}

fn parent(snapshot: &Snapshot, process: &Process) -> String {
    match process.parent.and_then(|parent| snapshot.process(parent)) {
        Some(parent) => format!(", a child of {} ({}),", name(parent), parent.pid),
        None => match process.ppid {
            None => ", whose parent is not known,".into(),
            Some(0) => ", which has no parent that can be seen from here,".into(),
            Some(parent) => format!(", whose parent {parent} is not in this snapshot,"),
        },
    }
}

fn special(process: &Process) -> Vec<&'static str> {
    let mut special = Vec::new();
    let on_disk = process.executable.as_ref().and_then(|executable| executable.on_disk);
    if process.exe.as_ref().is_some_and(|exe| exe.starts_with(b"/memfd:")) {
        special.push("its program was in memory only, never in a file system");
    } else if process.exe_deleted() == Some(true) {
        special.push(if on_disk == Some(OnDisk::Other) {
            "its file was deleted after it started, and another one has its name now"
        } else {
            "its file was deleted after it started"
        });
    } else if on_disk == Some(OnDisk::Other) {
        special.push("another file has the name of its program now");
    }
    match process.state {
        Some('Z') => special.push("it has ended, and its parent has not yet collected it"),
        Some('T') => special.push("it is stopped"),
        Some('t') => special.push("it is held by a tracer"),
        _ => {}
    }
    special
}

/// Whether its input and output are a connection, as they are for a shell that somebody far away types into.
fn standard_streams(snapshot: &Snapshot, index: ProcessIndex) -> Option<String> {
    let inode = |fd: u32| {
        let file = snapshot.files_of(index).iter().find(|file| file.fd == fd)?;
        (file.kind == FileKind::Socket).then(|| file.inode())?
    };
    let (input, output) = (inode(0)?, inode(1)?);
    let sockets = snapshot.sockets_of(index).iter().filter_map(|socket| snapshot.socket(*socket));
    let connected =
        |socket: &&Socket| socket.inode == input && socket.remote.is_some_and(|(_, port)| port != 0);
    let (address, port) = sockets.into_iter().find(connected)?.remote?;
    let to = crate::view::network::endpoint(address, port);
    (input == output).then(|| format!("Its input and output are one connection to {to}."))
}

/// A short name for a title: `nginx 812`.
pub(super) fn title(process: &Process) -> String {
    format!("{} {}", clip(name(process).as_bytes(), 80), process.pid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::{Integrity, Member};
    use procglass_snapshot::SnapshotBuilder;

    fn snapshot(processes: &[(u32, &str)]) -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        let manifest = r#"{"format":1,"tool":"t","tool_version":"1","snapshot_id":"0","started":"2026-11-24T09:12:03Z",
            "uptime_ns":14400000000000,"clock_ticks":100,"page_size":4096,"byte_order":"little","kernel":"6","architecture":"x86_64",
            "hostname":"h","collector":{"pid":9,"uid":0,"gid":0}}"#;
        let mut member = |name: String, data: String| {
            builder.member(Member::new(name, data.into_bytes()));
        };
        member("manifest.json".into(), manifest.into());
        member("host/etc/passwd".into(), "www-data:x:33:33::/:/bin/sh\n".into());
        for (pid, json) in processes {
            member(format!("process/{pid}.json"), format!(r#"{{"pid":{pid},{json}}}"#));
        }
        builder.finish(Integrity::default())
    }

    fn stat(pid: u32, name: &str, ppid: u32, ticks: u64) -> String {
        format!(
            r#""files":{{"stat":"{pid} ({name}) S {ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {ticks} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0","status":"Uid:\t33\t33\t33\t33\n"}}"#
        )
    }

    #[test]
    fn what_a_person_wants_to_know() {
        let deleted = format!(r#"{},"links":{{"exe":"/tmp/x (deleted)"}}"#, stat(7, "nginx", 1, 360_000));
        let snapshot =
            snapshot(&[(1, &stat(1, "systemd", 0, 0)), (7, &deleted), (8, &stat(8, "orphan", 5, 360_000))]);
        assert_eq!(
            sentence(&snapshot, ProcessIndex(1)),
            "nginx, a child of systemd (1), started at 2026-11-24 06:12:03 UTC as www-data and had run for 3 h when captured; \
             its file was deleted after it started."
        );
        assert!(sentence(&snapshot, ProcessIndex(0)).contains("no parent that can be seen"));
        assert!(sentence(&snapshot, ProcessIndex(2)).contains("whose parent 5 is not in this snapshot"));
        assert_eq!(sentence(&snapshot, ProcessIndex(9)), "");
    }
}
