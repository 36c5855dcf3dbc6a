//! The model of a small system, and what damage does to it.

use super::*;
use crate::fixture;
use procglass_model::bundle::OnDisk;

#[test]
fn times_come_from_both_clocks_of_the_manifest() {
    let snapshot = fixture::payments();
    let started = |pid| snapshot.process(snapshot.by_pid(pid).unwrap()).unwrap().started.unwrap().to_string();
    assert_eq!(snapshot.boot.unwrap().to_string(), "2026-11-24T06:00:00.000Z");
    assert_eq!(started(812), "2026-11-24T06:45:36.000Z");
    assert_eq!(started(1), "2026-11-24T06:00:05.000Z");
}

#[test]
fn a_socket_belongs_to_its_namespace_and_inode() {
    let snapshot = fixture::payments();
    let owners = |netns, inode| -> Vec<(u32, u32)> {
        let socket = snapshot.sockets.iter().find(|s| s.netns == netns && s.inode == inode).unwrap();
        socket.owners.iter().map(|o| (snapshot.process(o.process).unwrap().pid, o.fd)).collect()
    };
    assert_eq!(owners(4_026_531_840, 2001), [(1, 6), (7, 6)], "inherited by the worker");
    assert_eq!(owners(4_026_531_840, 3001), [(812, 0), (812, 1), (812, 2)]);
    assert_eq!(owners(4_026_532_000, 2001), [], "the same inode elsewhere is another socket");
    assert_eq!(owners(4_026_531_840, 2009), [], "owner not visible");
    assert_eq!(owners(4_026_531_840, 0), [], "TIME_WAIT has no owner");
    let held = snapshot.sockets_of(snapshot.by_pid(812).unwrap());
    assert_eq!(held.len(), 1, "three descriptors, one socket");
}

#[test]
fn local_connections_are_linked() {
    let snapshot = fixture::payments();
    let socket = |inode| snapshot.sockets.iter().find(|s| s.inode == inode).unwrap();
    let peer = |inode| socket(inode).peer.and_then(|peer| snapshot.socket(peer)).map(|peer| peer.inode);
    assert_eq!((peer(2002), peer(2005), peer(3001)), (Some(2005), Some(2002), None));
}

#[test]
fn exposure_is_told_by_address() {
    let snapshot = fixture::payments();
    let exposure = |inode| snapshot.sockets.iter().find(|s| s.inode == inode).unwrap().exposure();
    assert_eq!(exposure(2001), Some(Exposure::AllInterfaces));
    assert_eq!(exposure(2003), Some(Exposure::ThisMachine));
    assert_eq!(exposure(2011), Some(Exposure::OneAddress));
    assert_eq!(exposure(3001), None);
}

#[test]
fn deleted_is_told_by_link_count_where_there_is_one() {
    let snapshot = fixture::payments();
    let process = |pid| snapshot.process(snapshot.by_pid(pid).unwrap()).unwrap();
    assert_eq!((process(1).exe_deleted(), process(812).exe_deleted()), (Some(false), Some(true)));
    assert_eq!(process(812).exe_path().unwrap(), "/tmp/.x");
    assert_eq!(process(2).exe_deleted(), None);
    let mut process = process(812).clone();
    process.executable.as_mut().unwrap().stat.links = 1;
    process.executable.as_mut().unwrap().on_disk = Some(OnDisk::Missing);
    assert_eq!(process.exe_deleted(), Some(true), "another hard link keeps it");
    process.executable.as_mut().unwrap().on_disk = None;
    assert_eq!(process.exe_deleted(), None, "it may be called so");
    process.executable.as_mut().unwrap().on_disk = Some(OnDisk::Same);
    assert_eq!(process.exe_deleted(), Some(false), "the name is a lie");
    assert_eq!(process.exe_path().unwrap(), "/tmp/.x (deleted)");
}

#[test]
fn one_bad_row_is_one_problem() {
    let snapshot = fixture::payments();
    let problems = snapshot.problems();
    let what: Vec<_> = problems.iter().map(|p| (p.member.as_str(), p.what.as_str())).collect();
    assert_eq!(
        what,
        [("net/4026531840/tcp", "line 7: net: local_address"), ("process/7.json#environ", "EACCES")]
    );
}

#[test]
fn any_cut_of_a_bundle_still_makes_a_snapshot() {
    let bytes = fixture::bundle(fixture::PAYMENTS);
    let mut most = 0;
    for length in (200..bytes.len()).step_by(31) {
        if let Ok(snapshot) = Snapshot::read(&bytes[..length], procglass_model::bundle::Limits::browser()) {
            assert!(snapshot.processes.len() >= most);
            most = snapshot.processes.len();
        }
    }
    assert_eq!(most, 5);
}

#[test]
fn a_newer_format_is_said_and_still_shown() {
    let mut manifest = fixture::manifest();
    manifest.format = 99;
    let mut writer = procglass_model::bundle::Writer::new(Vec::new(), 0, 6).unwrap();
    writer.json_member("manifest.json", &manifest).unwrap();
    writer.member("process/1.json", br#"{"pid":1,"files":{"stat":"garbage"},"unheard_of":[1]}"#).unwrap();
    writer.member("process/2.json", b"not json").unwrap();
    let snapshot = fixture::open(&writer.finish().unwrap());
    let problems = snapshot.problems();
    assert_eq!(snapshot.processes.len(), 1);
    assert!(problems.iter().any(|p| p.what.contains("newer procglass")), "{problems:?}");
    assert!(problems.iter().any(|p| p.member == "process/1.json#files/stat"), "{problems:?}");
    assert!(problems.iter().any(|p| p.member == "process/2.json"), "{problems:?}");
}

/// A process that shares its `status` and its environment, and what it shares.
fn sharing() -> [(&'static str, &'static [u8]); 3] {
    let process = br#"{"pid":7,"bases":["7"],"files":{"stat":"7 (x) S 1 7 7 0 -1 0","environ":{"template":"ab","given":"12"},"status":{"template":"cd","given":"x,33"}}}"#;
    [
        ("process/7.json", process),
        ("text/ab", b"PEER=10.0.0.{0}\0WORKER=worker-{0}\0"),
        ("text/cd", b"Name:\t{0}\nPid:\t{a:d}\nUid:\t{1}\t33\t33\t33\nVmRSS:\t{1:8} kB\n"),
    ]
}

#[test]
fn what_processes_share_may_stand_before_or_behind_them() {
    for order in [[0, 1, 2], [1, 2, 0], [1, 0, 2]] {
        let mut builder = SnapshotBuilder::new();
        for at in order {
            let (name, data) = sharing()[at];
            builder.member(procglass_model::bundle::Member::new(name, data.to_vec()));
        }
        let snapshot = builder.finish(procglass_model::bundle::Integrity::default());
        let index = snapshot.by_pid(7).unwrap();
        assert_eq!(snapshot.process(index).unwrap().uid.unwrap().real, 33, "{order:?}");
        let record = snapshot.record(index).unwrap();
        let file = |path| {
            String::from_utf8(snapshot.members.file(&record, path).unwrap().unwrap().to_vec()).unwrap()
        };
        assert_eq!(file("environ"), "PEER=10.0.0.12\0WORKER=worker-12\0");
        assert_eq!(file("status"), "Name:\tx\nPid:\t7\nUid:\t33\t33\t33\t33\nVmRSS:\t      33 kB\n");
        assert!(snapshot.problems().iter().all(|problem| !problem.member.contains("status")));
    }
}

#[test]
fn what_is_shared_and_missing_costs_its_file_only() {
    let mut builder = SnapshotBuilder::new();
    let (name, data) = sharing()[0];
    builder.member(procglass_model::bundle::Member::new(name, data.to_vec()));
    let snapshot = builder.finish(procglass_model::bundle::Integrity::default());
    let process = snapshot.process(snapshot.by_pid(7).unwrap()).unwrap();
    assert_eq!(process.uid, None);
    let problems = snapshot.problems();
    let problem = problems.iter().find(|problem| problem.member == "process/7.json#files/status").unwrap();
    assert_eq!(problem.what, "its bytes are those of text/cd, which is missing");
}

/// One malformed part of a record is a problem, and the process stays.
#[test]
fn a_malformed_part_of_a_record_costs_itself() {
    let stat = "7 (a) S 0 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 1 1 1 1 0\n";
    let record =
        serde_json::json!({ "pid": 7, "files": { "stat": stat }, "fds": 7, "errors": [], "executable": "x" });
    let mut builder = SnapshotBuilder::new();
    builder.member(procglass_model::bundle::Member::new("process/7.json", record.to_string().into_bytes()));
    let snapshot = builder.finish(procglass_model::bundle::Integrity::default());
    let index = snapshot.by_pid(7).unwrap();
    assert_eq!(snapshot.process(index).unwrap().name, "a");
    assert!(!snapshot.process(index).unwrap().files_known, "a list that was lost is no empty list");
    let places: Vec<_> = snapshot.problems().into_iter().map(|problem| problem.member).collect();
    for part in ["fds", "errors", "executable"] {
        assert!(places.contains(&format!("process/7.json#{part}")), "{places:?}");
    }
    assert_eq!(snapshot.record(index).unwrap().pid, 7);
}
