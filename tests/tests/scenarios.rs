//! Every planted behaviour, collected for real, shown as it was planted.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_model::bundle::{hex, sha256};
use procglass_tests::dist::{Bundle, bytes};
use procglass_tests::plant::{Scenario, latin1};
use serde_json::{Map, Value};
use std::collections::HashMap;

type Rows = HashMap<u64, Value>;

fn by_pid(rows: Vec<Value>) -> Rows {
    rows.into_iter().map(|row| (row["pid"].as_u64().unwrap(), row)).collect()
}

#[test]
fn what_was_planted_is_shown() {
    let Some(scenario) = Scenario::start() else { return };
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    let processes = by_pid(bundle.show("processes", &[]));
    let sockets = bundle.show("sockets", &[]);
    let mut files: HashMap<u64, HashMap<u64, Value>> = HashMap::new();
    for file in bundle.show("files", &[]) {
        files.entry(file["pid"].as_u64().unwrap()).or_default().insert(file["fd"].as_u64().unwrap(), file);
    }
    let mut checked = 0;
    for (label, planted) in &scenario.labels {
        let pid = planted["pid"].as_u64().unwrap();
        let row = processes.get(&pid).unwrap_or_else(|| panic!("{label}: pid {pid} is missing"));
        let facts = planted["expect"].as_object().unwrap();
        checked += process_facts(label, row, facts);
        checked += file_facts(label, files.get(&pid), facts);
        checked += socket_facts(label, pid, &sockets, facts);
        for child in planted["children"].as_array().unwrap() {
            // One of them is hidden by a mount over its folder in /proc, in a mount namespace of its own.
            assert!(processes.contains_key(&child.as_u64().unwrap()), "{label}: child {child} is missing");
        }
    }
    println!("{checked} facts of {} labels", scenario.labels.len());
    assert!(checked > 100, "only {checked} facts were checked");
}

fn process_facts(label: &str, row: &Value, facts: &Map<String, Value>) -> usize {
    let mut checked = 0;
    for (fact, expected) in facts.iter().filter(|(_, expected)| !expected.is_null()) {
        match fact.as_str() {
            "comm" => assert_eq!(bytes(&row["name"]), latin1(expected), "{label}"),
            "exe" => assert_eq!(bytes(&row["exe"]), latin1(expected), "{label}"),
            "cwd" => assert_eq!(bytes(&row["cwd"]), latin1(expected), "{label}"),
            "state" => assert_eq!(&row["state"], expected, "{label}"),
            "threads" => assert_eq!(&row["threads"], expected, "{label}"),
            "fd_min" => assert!(row["fd_count"].as_u64() >= expected.as_u64(), "{label}"),
            // A long one is given by its beginning; the hash is of the whole.
            "cmdline_sha256" => {
                let arguments: Vec<_> = row["cmdline"].as_array().unwrap().iter().map(bytes).collect();
                let mut whole = arguments.join(&0);
                whole.push(0);
                let begins = whole.starts_with(&latin1(&facts["cmdline"]));
                assert!(begins && hex(&sha256(&whole)) == expected.as_str().unwrap(), "{label}");
            }
            "cmdline_min" => {
                let length: usize =
                    row["cmdline"].as_array().unwrap().iter().map(|a| bytes(a).len() + 1).sum();
                assert!(length as u64 >= expected.as_u64().unwrap(), "{label}: {length}");
            }
            _ => continue,
        }
        checked += 1;
    }
    let deleted = match label {
        "deleted_exe" | "memfd_exec_masq" => Some(true),
        "exe_named_deleted_but_exists" => Some(false),
        _ => None,
    };
    if let Some(deleted) = deleted {
        assert_eq!(row["exe_deleted"], deleted, "{label}");
        checked += 1;
    }
    checked
}

fn file_facts(label: &str, files: Option<&HashMap<u64, Value>>, facts: &Map<String, Value>) -> usize {
    let Some(expected) = facts.get("fds").and_then(Value::as_object) else {
        return 0;
    };
    let files = files.unwrap_or_else(|| panic!("{label}: no files"));
    for (fd, target) in expected {
        let file = &files[&fd.parse().unwrap()];
        assert_eq!(bytes(&file["target"]), latin1(target), "{label} fd {fd}");
        let gone = label == "deleted_open_log";
        // One of the hostile names only claims to be deleted.
        assert_eq!(file["deleted"], gone, "{label} fd {fd}: {file}");
    }
    expected.len()
}

fn socket_facts(label: &str, pid: u64, sockets: &[Value], facts: &Map<String, Value>) -> usize {
    let owned =
        |socket: &&Value| socket["owners"].as_array().unwrap().iter().any(|owner| owner["pid"] == pid);
    let own: Vec<&Value> = sockets.iter().filter(owned).collect();
    let mut checked = 0;
    if let Some(port) = facts.get("remote_port") {
        let socket = own
            .iter()
            .find(|socket| &socket["remote_port"] == port)
            .unwrap_or_else(|| panic!("{label}: {own:?}"));
        assert_eq!(socket["local_port"], facts["local_port"], "{label}");
        assert_eq!(socket["inode"], facts["inode"], "{label}");
        assert_eq!(socket["state"], "ESTABLISHED", "{label}");
        let address = socket["remote_address"].as_str().unwrap();
        assert_eq!(address, if label == "v6_client" { "::1" } else { "127.0.0.1" }, "{label}");
        checked += 1;
    }
    for port in facts.get("listen").and_then(Value::as_array).into_iter().flatten() {
        let listens = |socket: &&&Value| &socket["local_port"] == port && socket["state"] == "LISTEN";
        assert!(own.iter().any(|socket| listens(&socket)), "{label}: nothing listens on {port}: {own:?}");
        checked += 1;
    }
    for unix in facts.get("unix").and_then(Value::as_array).into_iter().flatten() {
        // The kernel prints the NUL of an abstract name as `@`; a newline breaks the row, so the inode is what counts.
        assert!(own.iter().any(|socket| socket["inode"] == unix["inode"]), "{label}: {unix} {own:?}");
        checked += 1;
    }
    if let Some(inode) = facts.get("peer_inode") {
        assert!(sockets.iter().any(|socket| &socket["inode"] == inode), "{label}");
        checked += 1;
    }
    checked
}
