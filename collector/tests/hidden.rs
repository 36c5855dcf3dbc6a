//! Processes that something hides, and processes whose leader has gone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails a test"
)]

mod common;

use common::{BINARY, Bundle, collect, root};
use procglass_model::bundle::Observation;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a rootkit does to `/proc`, done by strace to one program: the list that the kernel gives comes out empty, while
/// every process goes on answering by its number.
#[test]
fn a_process_that_answers_and_is_not_listed_is_observed() {
    // In a namespace of its own, where there are few.
    let script = "sleep 60 & strace -f -qq -o /dev/null -P /proc -e trace=getdents64 -e inject=getdents64:retval=0 \
                  \"$COLLECT\" --identity off -o -; kill $!";
    let output = Command::new("unshare")
        .args(["-pf", "--mount-proc", "sh", "-c", script])
        .env("COLLECT", BINARY)
        .output()
        .unwrap();
    if output.stdout.is_empty() {
        eprintln!("skipped: this cannot be done here: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let outcomes = Bundle::intact(&output.stdout).outcomes();
    assert_eq!(outcomes.processes_listed, 0, "the list came out empty");
    let found: Vec<_> = outcomes.observations.iter().filter(|one| one.kind == "hidden-process").collect();
    let named = |one: &&&Observation| String::from_utf8_lossy(&one.evidence).contains("Name:\tsleep\n");
    let pid = found.iter().find(named).unwrap_or_else(|| panic!("{found:?}")).pid;
    assert!(found.iter().any(|one| one.pid == Some(1)), "its shell as well: {found:?}");
    // Where control groups can be seen, they give it away as well.
    if std::path::Path::new("/sys/fs/cgroup/pids/cgroup.procs").exists()
        || std::path::Path::new("/sys/fs/cgroup/cgroup.procs").exists()
    {
        let member = outcomes
            .observations
            .iter()
            .find(|one| one.kind == "cgroup-member-without-process" && one.pid == pid)
            .unwrap();
        assert!(member.evidence.starts_with(b"/sys/fs/cgroup"));
    }
}

#[test]
fn an_honest_system_has_no_members_without_a_process() {
    let (code, bytes, text) = collect(&[]);
    assert_eq!(code, 0, "{text}");
    let observations = Bundle::intact(&bytes).outcomes().observations;
    assert!(!observations.iter().any(|one| one.kind == "cgroup-member-without-process"), "{observations:?}");
}

/// The main thread ends, as a program may let it: the process is a zombie by its leader and lives on by its threads.
#[test]
fn a_process_whose_leader_has_ended_is_read_through_a_thread() {
    const PROGRAM: &str = "import ctypes, threading, time, sys, platform
threading.Thread(target=time.sleep, args=(60,)).start()
sys.stdout.write('ready\\n'); sys.stdout.flush()
ctypes.CDLL(None).syscall(93 if platform.machine() == 'aarch64' else 60, 0)";
    let child = Command::new("python3")
        .args(["-c", PROGRAM])
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("PLAIN", "visible")])
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: no python3");
        return;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let running = Running(child);
    let pid = running.0.id();
    let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    for _ in 0..100 {
        if state().contains(") Z ") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(state().contains(") Z "), "{}", state());
    let (code, bytes, text) = collect(&["--pid", &pid.to_string()]);
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(pid);
    let thread = record.read_through.unwrap();
    assert_ne!(thread, pid);
    assert!(record.threads.iter().any(|one| one.tid == thread), "{:?}", record.threads);
    let stat = bundle.file(&record, "stat").unwrap();
    assert!(stat.starts_with(format!("{pid} (python3").as_bytes()) && record.start_time.is_some());
    assert!(bundle.file(&record, "environ").unwrap().ends_with(b"PLAIN=visible\0"));
    assert!(bundle.file(&record, "cmdline").unwrap().starts_with(b"python3\0-c\0import ctypes"));
    assert!(String::from_utf8_lossy(&bundle.file(&record, "maps").unwrap()).contains("[stack]"));
    assert!(record.links["exe"].starts_with(b"/") && record.executable.is_some());
    if root() {
        assert!(!record.fds.is_empty());
    }
}
