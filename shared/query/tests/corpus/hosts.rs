//! Whole trees: every process is there, in its place.

use crate::corpus;
use crate::tree::{pids, snapshot};
use procglass_model::bundle::ByteOrder;
use procglass_opened::Opened;
use procglass_query::{Filter, Table, View};
use procglass_snapshot::explain;
use std::path::Path;

/// What holds for every tree, whatever is in it.
fn sound(proc: &Path, snapshot: &Opened) {
    let readable = |pid: &u32| proc.join(format!("{pid}/stat")).exists();
    let expected: Vec<u32> = pids(proc).into_iter().filter(readable).collect();
    let shown: Vec<u32> = snapshot.processes.iter().filter(|p| p.state.is_some()).map(|p| p.pid).collect();
    assert_eq!(shown, expected, "{}", proc.display());
    assert_eq!(snapshot.tree.walk(|_| true).count(), snapshot.processes.len());
    for problem in snapshot.problems() {
        let known = !explain(&problem.what).is_empty()
            || problem.what.contains("line ")
            || problem.member == "SHA256SUMS";
        assert!(known, "{problem:?}");
    }
}

fn text(snapshot: &Opened, view: View) -> String {
    let table = Table::of(snapshot, view, &Filter::default());
    let line = |row: &Vec<procglass_query::Value<'_>>| {
        row.iter()
            .map(|value| value.text().into_owned())
            .collect::<Vec<_>>()
            .join(" | ")
            .trim_end()
            .to_owned()
    };
    table.rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_real_big_endian_machine() {
    let Some(source) = corpus("live-s390x-6.1-A") else {
        return;
    };
    let proc = source.join("proc");
    let snapshot = snapshot(&proc, ByteOrder::Big);
    sound(&proc, &snapshot);
    insta::assert_snapshot!("s390x_tree", text(&snapshot, View::Tree));
    insta::assert_snapshot!("s390x_sockets", text(&snapshot, View::Sockets));
    // The machine's own address, by a source that knows no byte order.
    let addresses = std::fs::read_to_string(source.join("ip-addr.txt")).unwrap();
    let connected: Vec<_> = snapshot.sockets.iter().filter(|socket| socket.state == "ESTABLISHED").collect();
    assert_eq!(connected.len(), 4);
    for socket in connected {
        let (address, _) = socket.local.unwrap();
        assert!(addresses.contains(&address.to_string()), "{address} is not in {addresses}");
        assert!(socket.peer.is_some() && !socket.owners.is_empty(), "both ends are on this machine");
    }
    let deleted = snapshot.process(snapshot.by_pid(99).unwrap()).unwrap();
    assert_eq!(deleted.exe_deleted(), Some(true));
}

#[test]
fn names_with_parentheses_and_descriptors() {
    let Some(source) = corpus("prometheus-procfs") else {
        return;
    };
    let proc = source.join("fixtures/proc");
    let snapshot = snapshot(&proc, ByteOrder::Little);
    let name = |pid| snapshot.process(snapshot.by_pid(pid).unwrap()).unwrap().name.to_string();
    assert_eq!(name(584), "(a b ) ( c d) ");
    insta::assert_snapshot!("prometheus_processes", text(&snapshot, View::Processes));
}

#[test]
fn old_kernels() {
    let Some(source) = corpus("pcp") else { return };
    for (folder, at_least) in
        [("procpid-2.6.32-root-001", 200), ("procpid-4.2.3-root-004", 60), ("procpid-4.14.5-root-005", 4)]
    {
        let proc = source.join(folder).join("proc");
        let snapshot = snapshot(&proc, ByteOrder::Little);
        sound(&proc, &snapshot);
        assert!(snapshot.processes.len() >= at_least, "{folder}: {}", snapshot.processes.len());
        let with_user = snapshot.processes.iter().filter(|process| process.uid.is_some()).count();
        assert!(with_user * 10 >= snapshot.processes.len() * 9, "{folder}: {with_user} have a user");
        println!(
            "{folder}: {} processes, {} kernel threads",
            snapshot.processes.len(),
            snapshot.processes.iter().filter(|p| p.is_kernel_thread()).count()
        );
    }
}
