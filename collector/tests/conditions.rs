//! Less than a root shell on a quiet machine: other users, other namespaces, full disks, signals, a busy system.
//!
//! What needs root or a namespace that cannot be made here is skipped with a message.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails in a helper fails a test"
)]

mod common;

use common::skip::skipped;
use common::{BINARY, Bundle, root, tree, write};
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Runs a shell script with `$COLLECT` and `$DIR`, by way of a prefix such as `unshare -m`. `None`: it cannot be done here.
fn staged(prefix: &[&str], directory: &Path, script: &str) -> Option<Output> {
    if !root() {
        skipped("this needs root");
        return None;
    }
    let works = Command::new(prefix[0]).args(&prefix[1..]).arg("true").output();
    if !works.is_ok_and(|output| output.status.success()) {
        skipped(format!("{prefix:?} does not work here"));
        return None;
    }
    let output = Command::new(prefix[0])
        .args(&prefix[1..])
        .args(["sh", "-c", script])
        .env("COLLECT", BINARY)
        .env("DIR", directory)
        .output()
        .unwrap();
    Some(output)
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Bytes that do not compress: a multiplicative generator, so that tests repeat.
fn noise(length: usize, mut seed: u64) -> Vec<u8> {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// A tree whose bundle is megabytes.
fn large_tree() -> tempfile::TempDir {
    let pids: Vec<u32> = (1000..1040).collect();
    let tree = tree(&pids);
    for pid in pids {
        write(tree.path(), &format!("proc/{pid}/cmdline"), &noise(60_000, u64::from(pid)));
    }
    tree
}

#[test]
fn another_user_gets_a_bundle_that_says_what_it_could_not_see() {
    let directory = tempfile::tempdir().unwrap();
    let prefix = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];
    let Some(output) = staged(&prefix, directory.path(), "\"$COLLECT\" -o -") else { return };
    if output.status.code() == Some(126) || output.status.code() == Some(127) {
        skipped("the program lies where other users cannot go");
        return;
    }
    assert!(output.status.success(), "{}", errors(&output));
    let bundle = Bundle::intact(&output.stdout);
    let manifest = bundle.manifest();
    assert_eq!(
        (manifest.collector.uid, manifest.collector.capabilities.as_deref()),
        (65534, Some("0000000000000000"))
    );
    let record = bundle.process(std::process::id());
    assert_eq!(record.errors["environ"], "EACCES");
    assert_eq!(record.errors["fd"], "EACCES");
    assert!(record.files.contains_key("stat") && record.files.contains_key("cmdline"));
    assert!(errors(&output).contains("EACCES"));
    // What cannot be seen is no find.
    assert!(bundle.outcomes().observations.is_empty(), "{:?}", bundle.outcomes().observations);
}

#[test]
fn hidepid_is_noted() {
    let directory = tempfile::tempdir().unwrap();
    let script = "mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups \
                  \"$COLLECT\" -o -";
    let Some(output) = staged(&["unshare", "-m"], directory.path(), script) else { return };
    if !output.status.success() {
        skipped(errors(&output));
        return;
    }
    let bundle = Bundle::intact(&output.stdout);
    let hidepid = bundle.manifest().collector.hidepid;
    assert!(matches!(hidepid.as_deref(), Some("2" | "invisible")), "{hidepid:?}");
    assert!(bundle.outcomes().observations.is_empty(), "{:?}", bundle.outcomes().observations);
}

#[test]
fn a_private_pid_namespace_is_collected_by_its_own_numbers() {
    let directory = tempfile::tempdir().unwrap();
    let prefix = ["unshare", "-pf", "--mount-proc", "-n"];
    let Some(output) = staged(&prefix, directory.path(), "\"$COLLECT\" -o -; true") else { return };
    let bundle = Bundle::intact(&output.stdout);
    assert_eq!(bundle.outcomes().processes_read, 2, "the shell and the collector");
    assert_eq!(bundle.process(1).pid, 1);
    assert_eq!(
        bundle.names.iter().filter(|name| name.starts_with("net/") && name.ends_with("/tcp")).count(),
        1
    );
}

#[test]
fn namespaces_of_others_are_collected_through_their_members() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), "etc/passwd", b"inner:x:7:7::/:/bin/false\n");
    // The process lives in namespaces of its own, where /etc is another.
    let script = "unshare -m -n sh -c 'mount --bind \"$DIR/etc\" /etc && exec sleep 60' & P=$!
                  for i in 1 2 3 4 5 6 7 8 9; do sleep 0.1; done; \"$COLLECT\" -o -; kill $P";
    let Some(output) = staged(&["sh", "-c", "exec \"$@\"", "sh"], directory.path(), script) else { return };
    let bundle = Bundle::intact(&output.stdout);
    let held = |start: &str, end: &str| {
        let names = bundle.names.iter().filter(|name| name.starts_with(start) && name.ends_with(end));
        names.map(|name| bundle.members[name].clone()).collect::<Vec<_>>()
    };
    assert!(held("mount/", "/etc/passwd").contains(&b"inner:x:7:7::/:/bin/false\n".to_vec()));
    assert!(held("net/", "/tcp").len() >= 2);
    assert_ne!(bundle.members["host/etc/passwd"], b"inner:x:7:7::/:/bin/false\n");
}

#[test]
fn a_mount_over_a_process_is_observed() {
    let directory = tempfile::tempdir().unwrap();
    let script =
        "sleep 60 & P=$!; mount --bind \"$DIR\" /proc/$P; \"$COLLECT\" -o -; umount /proc/$P; kill $P";
    let Some(output) = staged(&["unshare", "-m"], directory.path(), script) else { return };
    let bundle = Bundle::intact(&output.stdout);
    let observations = bundle.outcomes().observations;
    let found: Vec<_> = observations.iter().filter(|one| one.kind == "mount-over-process").collect();
    assert_eq!(found.len(), 1, "{observations:?}");
    let line = String::from_utf8_lossy(&found[0].evidence);
    assert!(line.contains(&format!(" /proc/{} ", found[0].pid.unwrap())), "{line}");
}

#[test]
fn no_processes_are_hidden_on_an_honest_system() {
    let output = Command::new(BINARY).args(["-o", "-"]).output().unwrap();
    let observations = Bundle::intact(&output.stdout).outcomes().observations;
    assert!(!observations.iter().any(|one| one.kind == "hidden-process"), "{observations:?}");
}

#[test]
fn sockets_of_processes_that_cannot_be_seen_are_no_find() {
    let directory = tempfile::tempdir().unwrap();
    // From a pid namespace of its own the listener's owner is invisible, and its socket is not.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!(":{:04X} ", listener.local_addr().unwrap().port());
    let prefix = ["unshare", "-pf", "--mount-proc"];
    let Some(output) = staged(&prefix, directory.path(), "\"$COLLECT\" -o -; true") else { return };
    let bundle = Bundle::intact(&output.stdout);
    let tables = bundle.members.iter().filter(|(name, _)| name.starts_with("net/") && name.ends_with("/tcp"));
    assert!(tables.into_iter().any(|(_, table)| String::from_utf8_lossy(table).contains(&port)));
    let outcomes = bundle.outcomes();
    assert!(outcomes.observations.is_empty(), "{:?}", outcomes.observations);
    assert!(
        outcomes.problems.iter().any(|problem| problem.what.contains("not looked for")),
        "{:?}",
        outcomes.problems
    );
}

#[test]
fn a_full_disk_ends_the_collection_and_not_the_bundle() {
    let directory = tempfile::tempdir().unwrap();
    let tree = large_tree();
    let mount = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=600k tmpfs {at} && cd {at} && \"$COLLECT\" --root {tree} -o full.gz; echo $? >code; ls -A; \
         cp full.gz \"$DIR\"/",
        at = mount.path().display(),
        tree = tree.path().display(),
    );
    let Some(output) = staged(&["unshare", "-m"], directory.path(), &script) else { return };
    let text = errors(&output);
    assert!(text.contains("the file system is full"), "{text}");
    let bytes = std::fs::read(directory.path().join("full.gz")).unwrap();
    assert!(bytes.len() > 100_000, "{}", bytes.len());
    let outcomes = Bundle::intact(&bytes).outcomes();
    assert!(!outcomes.complete && outcomes.processes_read > 1 && outcomes.processes_read < 40);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "code\nfull.gz\n", "no temporary file is left");
}

#[test]
fn a_disk_without_any_room_is_said_so() {
    let output = Command::new(BINARY).args(["-o", "/dev/full"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("cannot write /dev/full"), "{}", errors(&output));
}

#[test]
fn signals_close_the_bundle() {
    for signal in ["INT", "TERM", "HUP"] {
        let tree = tree(&[41, 42, 43]);
        common::fifo(tree.path(), "proc/42/cmdline");
        let path = tree.path().join("out.gz");
        let child = Command::new(BINARY)
            .args(["--root", tree.path().to_str().unwrap(), "-o", path.to_str().unwrap(), "--timeout", "60"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It hangs at the FIFO by then; the temporary name shows that it has begun.
        wait_for(|| {
            std::fs::read_dir(tree.path())
                .unwrap()
                .any(|e| e.unwrap().file_name().to_string_lossy().contains("partial"))
        });
        std::thread::sleep(Duration::from_millis(300));
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{signal}: {}", errors(&output));
        let bundle = Bundle::intact(&std::fs::read(&path).unwrap());
        assert!(bundle.outcomes().limits[0].contains("interrupted"));
        assert_eq!(bundle.process(41).pid, 41);
    }
}

#[test]
fn killed_into_a_pipe_leaves_every_whole_member() {
    let tree = large_tree();
    common::fifo(tree.path(), "proc/1039/cmdline");
    let mut child = Command::new(BINARY)
        .args(["--root", tree.path().to_str().unwrap(), "-o", "-", "--timeout", "60"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).unwrap();
        bytes
    });
    // By then it hangs at the last process, and what it has was flushed half a second later.
    std::thread::sleep(Duration::from_secs(3));
    child.kill().unwrap();
    child.wait().unwrap();
    let bundle = Bundle::read(&reader.join().unwrap());
    assert_ne!(bundle.integrity.verdict(), procglass_model::bundle::Verdict::Intact);
    for pid in 1000..1039 {
        assert_eq!(bundle.process(pid).pid, pid);
    }
}

#[test]
fn a_busy_system_gives_whole_bundles() {
    let Some(scenarios) = scenario("churn.py") else { return };
    let mut churn = Command::new("python3")
        .args([scenarios.to_str().unwrap(), "--rate", "200", "--seconds", "1800"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut vanished = 0;
    for _ in 0..50 {
        let output = Command::new(BINARY).args(["-o", "-"]).output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        let bundle = Bundle::intact(&output.stdout);
        let outcomes = bundle.outcomes();
        assert!(
            !outcomes.observations.iter().any(|one| one.kind == "hidden-process"),
            "{:?}",
            outcomes.observations
        );
        assert_eq!(outcomes.processes_listed, outcomes.processes_read + outcomes.processes_vanished);
        vanished += outcomes.processes_vanished;
    }
    let ended = churn.try_wait().unwrap();
    // It was asked to end itself by SIGTERM, and reaps its children then.
    let _ = Command::new("kill").arg(churn.id().to_string()).status();
    churn.wait().unwrap();
    assert!(ended.is_none(), "the churn ended early");
    eprintln!("{vanished} processes ended while they were looked at");
}

#[test]
fn nothing_else_is_touched() {
    let directory = tempfile::tempdir().unwrap();
    if Command::new("strace").arg("-V").output().is_err() {
        skipped("no strace");
        return;
    }
    let path = directory.path().join("out.gz");
    let log = directory.path().join("calls");
    let output = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-e",
            "trace=openat,open,creat,execve,clone,clone3,fork,vfork,unlink,rename,mkdir,connect",
            "-o",
        ])
        .args([log.to_str().unwrap(), BINARY, "-o", path.to_str().unwrap(), "--pid", "1"])
        .output()
        .unwrap();
    let calls = String::from_utf8_lossy(&std::fs::read(&log).unwrap()).into_owned();
    if calls.is_empty() {
        skipped(format!("strace cannot trace here: {}", errors(&output)));
        return;
    }
    assert!(output.status.success(), "{}", errors(&output));
    let writes: Vec<_> = calls
        .lines()
        .filter(|line| line.contains("O_WRONLY") || line.contains("O_RDWR") || line.contains("O_CREAT"))
        .collect();
    assert_eq!(writes.len(), 1, "{writes:?}");
    assert!(writes[0].contains(".out.gz.") && writes[0].contains("0600"), "{writes:?}");
    assert_eq!(calls.matches("execve(").count(), 1);
    assert!(!calls.contains("connect("), "no network without a cloud");
    assert!(
        !calls.lines().any(|line| line.contains("clone")
            && !line.contains("CLONE_THREAD")
            && !line.contains("resumed"))
    );
}

fn wait_for(mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < Duration::from_secs(20), "nothing happened");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A scenario of the acceptance material beside the checkout. `None`: it is not there.
fn scenario(name: &str) -> Option<std::path::PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/scenarios").join(name);
    let there = path.exists();
    if !there {
        skipped(format!("no {name}"));
    }
    there.then_some(path)
}
