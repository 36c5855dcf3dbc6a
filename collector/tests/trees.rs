//! Copied trees: what hangs, lies or leads elsewhere.

mod common;

use common::{Bundle, collect, fifo, tree, write};
use std::time::{Duration, Instant};

#[test]
fn a_copied_tree_is_read_as_it_is() {
    let tree = tree(&[42]);
    let (code, bytes, text) = collect(&["--root", tree.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(42);
    assert_eq!(record.start_time, Some(4242));
    assert_eq!(bundle.file(&record, "cmdline").unwrap(), b"sleep\x0060\0");
    assert_eq!(bundle.manifest().boot_time, Some(1_700_000_000));
    assert_eq!(bundle.members["host/etc/passwd"], b"root:x:0:0::/:/bin/sh\n");
    assert_eq!(bundle.members["net/77/tcp"], b"  sl  local_address\n");
    // The links of a copy lead to files of this machine, which have nothing to do with it.
    assert_eq!(record.links["exe"].0, b"/usr/bin/env");
    assert_eq!(record.executable, None);
    assert!(!bundle.names.iter().any(|name| name.starts_with("mount/")), "{:?}", bundle.names);
    assert_eq!(record.errors["maps"], "ENOENT");
}

#[test]
fn a_read_that_hangs_costs_itself_only() {
    let tree = tree(&[41, 42, 43]);
    fifo(tree.path(), "proc/42/cmdline");
    let began = Instant::now();
    let (code, bytes, text) = collect(&["--root", tree.path().to_str().unwrap(), "--timeout", "1"]);
    let took = began.elapsed();
    assert_eq!(code, 0, "{text}");
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(4), "{took:?}");
    let bundle = Bundle::intact(&bytes);
    for pid in [41, 43] {
        let record = bundle.process(pid);
        assert!(record.files.contains_key("cmdline"));
        assert!(!record.errors.values().any(|what| what == "timed out"));
    }
    let record = bundle.process(42);
    assert_eq!(record.errors["cmdline"], "timed out");
    assert_eq!(bundle.file(&record, "environ").unwrap(), b"A=1\0");
    assert!(text.contains("1 timed out"), "{text}");
    assert_eq!(bundle.outcomes().counts["timed out"], 1);
}

#[test]
fn many_hung_reads_of_one_process_do_not_add_up() {
    let tree = tree(&[42]);
    write(tree.path(), "proc/42/task/42/stat", b"");
    for file in ["cmdline", "environ", "maps", "comm", "status", "wchan", "task/42/children"] {
        fifo(tree.path(), &format!("proc/42/{file}"));
    }
    fifo(tree.path(), "proc/cpuinfo");
    let began = Instant::now();
    let (code, bytes, text) = collect(&["--root", tree.path().to_str().unwrap(), "--timeout", "2"]);
    assert_eq!(code, 0, "{text}");
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(42);
    let hung: Vec<_> =
        record.errors.iter().filter(|(_, what)| *what == "timed out").map(|(path, _)| path).collect();
    assert_eq!(hung, ["cmdline", "comm", "environ", "maps", "status", "task/42/children", "wchan"]);
    let problems = bundle.outcomes().problems;
    assert!(
        problems.iter().any(|p| p.member == "host/proc/cpuinfo" && p.what == "timed out"),
        "{problems:?}"
    );
}

#[test]
fn what_is_longer_than_its_cap_is_cut_and_said_so() {
    let tree = tree(&[42]);
    write(tree.path(), "proc/42/comm", &vec![b'x'; 70_000]);
    write(tree.path(), "proc/42/cmdline", &vec![b'y'; 1_500_000]);
    let (_, bytes, _) = collect(&["--root", tree.path().to_str().unwrap()]);
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(42);
    assert_eq!(bundle.file(&record, "comm").unwrap().len(), 64 << 10);
    assert_eq!(record.errors["comm"], "cut at 65536 bytes");
    assert_eq!(bundle.file(&record, "cmdline").unwrap().len(), 1_500_000);
    assert!(!record.errors.contains_key("cmdline"));
    assert_eq!(record.errors["task/42/children"], "not applicable", "an old kernel has none");
}

#[test]
fn bytes_of_any_kind_round_trip() {
    let tree = tree(&[42]);
    let odd: Vec<u8> = (0..=255).collect();
    write(tree.path(), "proc/42/cmdline", &odd);
    write(tree.path(), "proc/42/status", b"Name:\t\"\\\x1b[31m\xe2\x80\xae\n");
    let (_, bytes, _) = collect(&["--root", tree.path().to_str().unwrap(), "--environ", "full"]);
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(42);
    assert_eq!(bundle.file(&record, "cmdline").unwrap(), odd);
    assert_eq!(bundle.file(&record, "status").unwrap(), b"Name:\t\"\\\x1b[31m\xe2\x80\xae\n");
}

#[test]
fn a_root_that_leads_out_is_not_followed() {
    let tree = tree(&[42]);
    std::fs::remove_file(tree.path().join("etc/passwd")).unwrap();
    std::os::unix::fs::symlink("../../../../../../../../etc/passwd", tree.path().join("etc/passwd")).unwrap();
    let (_, bytes, _) = collect(&["--root", tree.path().to_str().unwrap()]);
    let bundle = Bundle::intact(&bytes);
    assert!(!bundle.members.contains_key("host/etc/passwd"));
    let problems = bundle.outcomes().problems;
    assert!(problems.iter().any(|p| p.member == "host/etc/passwd" && p.what == "ELOOP"), "{problems:?}");
}
