//! Processes that something hides, and processes whose leader has gone.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails a test"
)]

mod common;

use common::skip::skipped;
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
/// every process goes on answering by its number. In a pid namespace of its own, where there are few: a shell, its sleep,
/// strace and the collector. `when` is that of strace's `inject`. `None` where it cannot be done.
fn with_empty_lists(when: &str) -> Option<Bundle> {
    let script = format!(
        "sleep 60 & strace -f -qq -o /dev/null -P /proc -e trace=getdents64 -e inject=getdents64:retval=0{when} \
         \"$COLLECT\" --identity off -o -; kill $!"
    );
    let output = Command::new("unshare")
        .args(["-pf", "--mount-proc", "sh", "-c", &script])
        .env("COLLECT", BINARY)
        .output()
        .unwrap();
    if output.stdout.is_empty() {
        skipped(format!("this cannot be done here: {}", String::from_utf8_lossy(&output.stderr)));
        return None;
    }
    Some(Bundle::intact(&output.stdout))
}

#[test]
fn a_process_that_answers_and_is_not_listed_is_observed() {
    let Some(bundle) = with_empty_lists("") else { return };
    let outcomes = bundle.outcomes();
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

/// The first list of each thread is whole, so that the processes are read, and each one after it is empty: what the parents say
/// of their children is known by then, and is asked for again.
#[test]
fn a_child_that_is_not_listed_is_observed() {
    // A list takes two calls: the entries, and that there are no more.
    let Some(bundle) = with_empty_lists(":when=3+") else { return };
    let outcomes = bundle.outcomes();
    assert!(outcomes.processes_read >= 4, "the shell, sleep, strace and the collector: {outcomes:?}");
    let shell = bundle.process(1);
    let children = bundle.file(&shell, "task/1/children").unwrap();
    for child in String::from_utf8(children).unwrap().split_whitespace() {
        let seen = |one: &&Observation| {
            one.kind == "child-without-process"
                && one.pid == child.parse().ok()
                && one.what.contains("/proc/1/task/1/children")
        };
        assert!(outcomes.observations.iter().any(|one| seen(&one)), "{child}: {:?}", outcomes.observations);
    }
}

#[test]
fn an_honest_system_has_no_members_and_no_children_without_a_process() {
    let (code, bytes, text) = collect(&[]);
    assert_eq!(code, 0, "{text}");
    let observations = Bundle::intact(&bytes).outcomes().observations;
    let without = |one: &Observation| one.kind.ends_with("-without-process");
    assert!(!observations.iter().any(without), "{observations:?}");
}

/// A program with a second thread that starts a child, as its first thread does too.
#[test]
fn children_are_those_of_the_thread_that_started_them() {
    let own = format!("/proc/{0}/task/{0}/children", std::process::id());
    if !std::path::Path::new(&own).exists() {
        skipped("this kernel has no children files (CONFIG_PROC_CHILDREN)");
        return;
    }
    const PROGRAM: &str = "import subprocess, sys, threading, time
def start():
    child = subprocess.Popen(['sleep', '60'])
    print(threading.get_native_id(), child.pid, flush=True)
def other():
    start()
    time.sleep(60)
start()
threading.Thread(target=other, daemon=True).start()
time.sleep(60)";
    let child = Command::new("python3").args(["-c", PROGRAM]).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        skipped("no python3");
        return;
    };
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let running = Running(child);
    let pid = running.0.id();
    let mut pair = || {
        let line = lines.next().unwrap().unwrap();
        let mut numbers = line.split(' ').map(|number| number.parse::<u32>().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    };
    let started = [pair(), pair()];
    let (code, bytes, text) = collect(&[]);
    for (_, sleep) in started {
        let _ = Command::new("kill").arg(sleep.to_string()).status();
    }
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(pid);
    assert_eq!((started[0].0, record.threads.len()), (pid, 2), "{:?}", record.threads);
    for (tid, sleep) in started {
        let thread = record.threads.iter().find(|one| one.tid == tid).unwrap();
        assert_eq!(thread.children.as_deref(), Some(format!("{sleep} ").as_bytes()));
        let own = bundle.file(&bundle.process(sleep), &format!("task/{sleep}/children"));
        assert_eq!(own.as_deref(), Some(&b""[..]), "one thread, no children");
    }
    let whole = |path: &str| path.ends_with("/children");
    assert!(!record.files.keys().any(|path| whole(path)), "they stand with their threads");
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
        skipped("no python3");
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
