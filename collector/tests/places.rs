//! Where it has to run: places without a shell, without a disk to write to, without half of `/proc`.
//!
//! The program under test is linked to the C library of this machine; the shipped one, which is static, is run in an
//! empty root by the tests of `procglass-tests`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails a test")]

mod common;

use common::skip::skipped;
use common::{BINARY, Bundle, collect, root, tree, write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a shell script by way of `prefix`, with `$COLLECT` and `$DIR`. `None`: it cannot be done here.
fn staged(prefix: &[&str], directory: &Path, script: &str) -> Option<Output> {
    let works = Command::new(prefix[0]).args(&prefix[1..]).arg("true").output();
    if !works.is_ok_and(|output| output.status.success()) {
        skipped(format!("{prefix:?} does not work here"));
        return None;
    }
    let mut command = Command::new(prefix[0]);
    command.args(&prefix[1..]).args(["sh", "-c", script]).env("COLLECT", BINARY).env("DIR", directory);
    Some(command.output().unwrap())
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_read_only_root_is_no_obstacle() {
    let directory = tempfile::tempdir().unwrap();
    // Every mount is made read-only, but for one in memory.
    let script = "mount -t tmpfs tmpfs \"$DIR\" && for m in $(cut -d' ' -f5 /proc/self/mountinfo | sort -r); do
                      [ \"$m\" = \"$DIR\" ] || mount -o remount,ro,bind \"$m\" 2>/dev/null; done
                  ! touch /procglass-test 2>/dev/null || exit 90
                  cd / && \"$COLLECT\" --identity off -o \"$DIR/x.gz\" && cat \"$DIR/x.gz\" && \"$COLLECT\" --quiet; echo $? >&2";
    let Some(output) = staged(&["unshare", "-m"], directory.path(), script) else { return };
    if output.status.code() == Some(90) {
        skipped("the root cannot be made read-only here");
        return;
    }
    let bundle = Bundle::intact(&output.stdout);
    assert!(bundle.outcomes().complete && bundle.outcomes().processes_read > 1);
    // Without a place to write to it says so, and what to do.
    let text = errors(&output);
    assert!(
        text.contains("Nothing was collected; name another place with -o FILE") && text.ends_with("1\n"),
        "{text}"
    );
}

#[test]
fn a_user_namespace_gives_what_its_root_may_see() {
    let directory = tempfile::tempdir().unwrap();
    let prefix = ["unshare", "-Urpf", "--mount-proc"];
    let Some(output) = staged(&prefix, directory.path(), "\"$COLLECT\" --identity off -o -; true") else {
        return;
    };
    let bundle = Bundle::intact(&output.stdout);
    let manifest = bundle.manifest();
    assert_eq!((manifest.collector.uid, bundle.outcomes().processes_read), (0, 2), "{}", errors(&output));
    let record = bundle.process(1);
    let map = String::from_utf8(bundle.file(&record, "uid_map").unwrap()).unwrap();
    assert_eq!(map.split_whitespace().count(), 3, "{map}");
    assert!(!bundle.outcomes().observations.iter().any(|one| one.kind == "hidden-process"));
}

#[test]
fn root_without_the_right_to_look_into_others_says_what_was_refused() {
    if !root() {
        skipped("this needs root");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let prefix = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"];
    let stranger = Command::new("setpriv")
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "sleep", "60"])
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut stranger) = stranger else {
        skipped("no setpriv");
        return;
    };
    std::thread::sleep(std::time::Duration::from_millis(300));
    let output = staged(&prefix, directory.path(), "\"$COLLECT\" --identity off -o -");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    let Some(output) = output else { return };
    assert!(output.status.success(), "{}", errors(&output));
    let bundle = Bundle::intact(&output.stdout);
    let manifest = bundle.manifest();
    assert_eq!(
        (manifest.collector.uid, manifest.collector.capabilities.as_deref()),
        (0, Some("0000000000000000"))
    );
    let record = bundle.process(stranger.id());
    for path in ["fd", "environ", "maps", "exe"] {
        assert_eq!(record.errors[path], "EACCES", "{path}");
    }
    assert!(record.files.contains_key("stat") && record.files.contains_key("status"));
    assert_eq!(record.bases.get(1), None, "without a map nothing is relative to one");
}

/// gVisor's `/proc` (runsc): few files, no namespaces, no fdinfo, entries listed twice in the past.
#[test]
fn a_proc_like_that_of_gvisor_is_collected() {
    let tree = tree(&[]);
    for pid in [1, 2] {
        let at = |file: &str| format!("proc/{pid}/{file}");
        let stat = format!(
            "{pid} (app) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 33 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5 0 0 0 0 0\n"
        );
        write(tree.path(), &at("stat"), stat.as_bytes());
        write(tree.path(), &at("status"), b"Name:\tapp\nState:\tS (sleeping)\nTgid:\t1\nPid:\t1\n");
        write(tree.path(), &at("cmdline"), b"/app\0");
        write(tree.path(), &at("maps"), b"00400000-00401000 r-xp 00000000 00:05 7 /app\n");
        write(tree.path(), &at("comm"), b"app\n");
        std::fs::create_dir_all(tree.path().join(at("fd"))).unwrap();
        std::os::unix::fs::symlink("host:[3]", tree.path().join(at("fd/0"))).unwrap();
    }
    write(tree.path(), "proc/version", b"Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016\n");
    let (code, bytes, text) = collect(&["--root", tree.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    assert_eq!(bundle.outcomes().processes_read, 2);
    let record = bundle.process(1);
    assert_eq!(record.fds[0].target.as_ref().unwrap().0, b"host:[3]");
    assert_eq!(record.fds[0].error.as_deref(), Some("ENOENT"), "no fdinfo");
    assert_eq!(bundle.file(&record, "maps").unwrap(), b"00400000-00401000 r-xp 00000000 00:05 7 /app\n");
    assert_eq!(record.errors["ns/net"], "ENOENT");
    // Its sockets cannot be told apart by namespace, and are here all the same.
    assert_eq!(bundle.members["net/0/tcp"], b"  sl  local_address\n");
}

/// The first WSL: no namespaces, no cgroup, `maps` empty, `stat` with fewer fields, no tables of sockets.
#[test]
fn a_proc_like_that_of_wsl_is_collected() {
    let tree = tree(&[]);
    std::fs::remove_dir_all(tree.path().join("proc/net")).unwrap();
    let at = |file: &str| format!("proc/7/{file}");
    write(tree.path(), &at("stat"), b"7 (init) S 0 0 0 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 4000\n");
    write(tree.path(), &at("status"), b"Name:\tinit\n");
    write(tree.path(), &at("cmdline"), b"/init\0");
    write(tree.path(), &at("maps"), b"");
    write(tree.path(), "proc/version", b"Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com)\n");
    let (code, bytes, text) = collect(&["--root", tree.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(7);
    assert_eq!(record.start_time, Some(4000));
    assert_eq!(bundle.file(&record, "maps").unwrap(), b"");
    assert_eq!((record.errors["fd"].as_str(), record.errors["ns/net"].as_str()), ("ENOENT", "ENOENT"));
    let outcomes = bundle.outcomes();
    assert!(
        outcomes.problems.iter().any(|one| one.member == "net/0/tcp" && one.what == "ENOENT"),
        "{outcomes:?}"
    );
}
