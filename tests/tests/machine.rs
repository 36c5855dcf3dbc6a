//! This machine, collected for real, against what `/proc` says in the plainest reading.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist::{Bundle, bytes};
use procglass_tests::plant::Planted;
use procglass_tests::proc;
use serde_json::Value;

fn pid(row: &Value) -> u64 {
    row["pid"].as_u64().unwrap()
}

/// Seconds since the epoch of `2026-11-24T06:12:03.450Z`.
fn seconds(time: &str) -> f64 {
    let text = procglass_model::Timestamp::parse(time).unwrap();
    text.0 as f64 / 1e9
}

#[test]
fn every_process_that_lived_through_the_run_is_told_rightly() {
    let _planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let before = proc::all();
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    let after = proc::all();
    let rows = bundle.show("processes", &[]);
    let mut compared = 0;
    // The name of a kernel worker follows its work; whatever changed meanwhile cannot be compared.
    for (pid, seen) in before.iter().filter(|(pid, seen)| after.get(*pid) == Some(*seen)) {
        let row =
            rows.iter().find(|row| &self::pid(row) == pid).unwrap_or_else(|| panic!("{pid} is missing"));
        assert_eq!(row["ppid"].as_u64().unwrap(), seen.ppid, "{row}");
        // A worker may change its name and back between the two looks; what stands before the hyphen stays.
        let name = |name: &[u8]| {
            let worker = name.starts_with(b"kworker/");
            name.split(|byte| worker && *byte == b'-').next().unwrap_or_default().to_vec()
        };
        assert_eq!(name(&bytes(&row["name"])), name(&seen.name), "{row}");
        let started = proc::boot_seconds() as f64 + seen.start_ticks as f64 / 100.0;
        assert!((seconds(row["started"].as_str().unwrap()) - started).abs() < 1.5, "{row} {started}");
        let exe = row.get("exe").filter(|exe| !exe.is_null()).map(bytes);
        assert_eq!(exe, seen.exe, "{row}");
        let arguments = row["cmdline"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut cmdline = arguments.iter().map(bytes).collect::<Vec<_>>().join(&0);
        cmdline.resize(seen.cmdline.len().max(cmdline.len()), 0);
        assert_eq!(cmdline, seen.cmdline, "{row}");
        compared += 1;
    }
    assert!(compared > 5, "only {compared} processes lived long enough");
    // Nothing is there that was not in /proc, but for the collector and what came and went.
    let strangers =
        rows.iter().filter(|row| !before.contains_key(&pid(row)) && !after.contains_key(&pid(row)));
    let strangers: Vec<_> = strangers.filter(|row| row["name"] != "procglass-colle").collect();
    println!("{compared} processes compared, {} came and went", strangers.len());
}

#[test]
fn a_planted_process_has_its_sockets_files_and_secrets() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let own = |rows: Vec<Value>| rows.into_iter().filter(|row| pid(row) == planted.pid()).collect::<Vec<_>>();

    let processes = own(bundle.show("processes", &["--filter", &format!("name:{}", planted.name)]));
    let process = &processes[0];
    assert_eq!(process["ppid"], u64::from(std::process::id()));
    assert_eq!(process["exe_deleted"], true);
    assert_eq!(process["exe"], format!("{} (deleted)", planted.exe.display()));
    assert_eq!(process["cmdline"], serde_json::json!([planted.exe, "--colour", "two words", ""]));

    let sockets = bundle.show("sockets", &["--filter", &format!("port:{} is:listening", planted.port)]);
    assert_eq!(sockets.len(), 1);
    assert_eq!(sockets[0]["owners"][0]["pid"], planted.pid());
    assert_eq!((&sockets[0]["local_address"], &sockets[0]["state"]), (&"127.0.0.1".into(), &"LISTEN".into()));
    let both = bundle.show("sockets", &["--filter", &format!("port:{} is:connected", planted.near_port)]);
    assert_eq!(both.len(), 2, "both ends of its connection");
    assert!(both.iter().all(|end| end["owners"][0]["pid"] == planted.pid()));

    let files = own(bundle.show("files", &["--filter", &format!("pid:{}", planted.pid())]));
    assert_eq!(process["fd_count"], files.len());
    assert!(files.iter().any(|file| file["target"] == "/etc/passwd" && file["kind"] == "file"));

    let raw = std::fs::read(&bundle.path).unwrap();
    let snapshot =
        procglass_snapshot::Snapshot::read(&raw, procglass_model::bundle::Limits::native()).unwrap();
    let needle = b"s3cret-value-of-the-test";
    for member in snapshot.members.iter() {
        let found = member.data.windows(needle.len()).any(|window| window == needle);
        assert!(!found, "a secret is in {}", member.name);
    }
    let record = snapshot.record(snapshot.by_pid(u32::try_from(planted.pid()).unwrap()).unwrap()).unwrap();
    let environ = snapshot.members.file(&record, "environ").unwrap().unwrap();
    let text = String::from_utf8_lossy(&environ);
    assert!(text.contains("PLANTED_TOKEN=<redacted len=24 hmac="), "{text}");
}
