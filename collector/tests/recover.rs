//! What would be lost: deleted and in-memory programs, deleted open files; and who the system is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails in a helper fails a test"
)]

mod common;

use common::skip::skipped;
use common::{Bundle, collect, run, tree, write};
use procglass_model::bundle::{OnDisk, hex, sha256};
use std::io::{Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::process::{Child, Command, Stdio};

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Copies `sleep` and runs the copy.
fn copied_sleep(directory: &std::path::Path) -> (Running, std::path::PathBuf, Vec<u8>) {
    let path = directory.join("evil");
    let bytes = std::fs::read("/bin/sleep").unwrap();
    std::fs::write(&path, &bytes).unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let child = loop {
        // Another test that forks just now may hold the file open for writing.
        match Command::new(&path).arg("60").stdout(Stdio::null()).spawn() {
            Ok(child) => break child,
            Err(error) if error.raw_os_error() == Some(26) => std::thread::yield_now(),
            Err(error) => panic!("{error}"),
        }
    };
    let running = Running(child);
    let exe = format!("/proc/{}/exe", running.0.id());
    while std::fs::read_link(&exe).unwrap() != path {
        std::thread::yield_now();
    }
    (running, path, bytes)
}

#[test]
fn a_deleted_program_is_recovered_byte_for_byte() {
    let directory = tempfile::tempdir().unwrap();
    let (running, path, bytes) = copied_sleep(directory.path());
    std::fs::remove_file(&path).unwrap();
    let pid = running.0.id();
    let name = format!("executable/{}", hex(&sha256(&bytes)));
    for (mode, recovered) in [("deleted", true), ("all", true), ("none", false)] {
        let (code, bundle, text) = collect(&["--pid", &pid.to_string(), "--recover", mode]);
        assert_eq!(code, 0, "{text}");
        let bundle = Bundle::intact(&bundle);
        let exe = bundle.process(pid).executable.unwrap();
        assert_eq!(
            (exe.on_disk, exe.stat.links, exe.recovered),
            (Some(OnDisk::Missing), 0, recovered),
            "{mode}"
        );
        assert_eq!(exe.sha256, Some(hex(&sha256(&bytes))));
        assert_eq!(bundle.members.get(&name), recovered.then_some(&bytes), "{mode}");
    }
}

#[test]
fn equal_programs_are_kept_once() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (one, path, bytes) = copied_sleep(first.path());
    std::fs::remove_file(path).unwrap();
    let (two, path, _) = copied_sleep(second.path());
    std::fs::remove_file(path).unwrap();
    let pids = [one.0.id(), two.0.id()];
    let (_, bundle, _) = collect(&["--pid", &pids[0].to_string(), "--pid", &pids[1].to_string()]);
    let bundle = Bundle::intact(&bundle);
    let name = format!("executable/{}", hex(&sha256(&bytes)));
    assert_eq!(bundle.names.iter().filter(|found| **found == name).count(), 1);
    for pid in pids {
        assert!(bundle.process(pid).executable.unwrap().recovered);
    }
}

#[test]
fn a_program_that_is_still_there_or_replaced_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let (running, path, bytes) = copied_sleep(directory.path());
    let pid = running.0.id();
    let exe = || {
        let (_, bundle, _) = collect(&["--pid", &pid.to_string()]);
        Bundle::intact(&bundle).process(pid).executable.unwrap()
    };
    let first = exe();
    assert_eq!(
        (first.on_disk, first.recovered, first.stat.size),
        (Some(OnDisk::Same), false, bytes.len() as u64)
    );
    std::fs::rename(&path, directory.path().join("old")).unwrap();
    std::fs::write(&path, "something else").unwrap();
    // The kernel follows the rename, so the old name is no lie; deleting it is what leaves the new file there.
    std::fs::remove_file(directory.path().join("old")).unwrap();
    let second = exe();
    assert_eq!((second.on_disk, second.recovered), (Some(OnDisk::Missing), true));
    std::fs::rename(&path, directory.path().join("old")).unwrap();
    let third = exe();
    assert_eq!(third.on_disk, Some(OnDisk::Other), "a file of that name is there again, and another");
}

#[test]
fn a_name_that_only_looks_deleted_is_no_deletion() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x (deleted)");
    std::fs::copy("/bin/sleep", &path).unwrap();
    // Another test's child may hold the new file open between its fork and its exec: ETXTBSY, execve(2).
    let running = loop {
        match Command::new(&path).arg("60").spawn() {
            Ok(child) => break Running(child),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ExecutableFileBusy),
        }
    };
    let pid = running.0.id();
    while std::fs::read_link(format!("/proc/{pid}/exe")).unwrap() != path {
        std::thread::yield_now();
    }
    let (_, bundle, _) = collect(&["--pid", &pid.to_string()]);
    let exe = Bundle::intact(&bundle).process(pid).executable.unwrap();
    assert_eq!((exe.on_disk, exe.stat.links, exe.recovered), (Some(OnDisk::Same), 1, false));
}

#[test]
fn a_deleted_open_file_is_recovered() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"the log that was to disappear\n").unwrap();
    let own = std::process::id();
    let hash = hex(&sha256(b"the log that was to disappear\n"));
    for (mode, want) in [("deleted", Some(&hash)), ("none", None)] {
        let (_, bundle, _) = collect(&["--pid", &own.to_string(), "--recover", mode]);
        let bundle = Bundle::intact(&bundle);
        let record = bundle.process(own);
        let fd = record.fds.iter().find(|fd| fd.fd == u32::try_from(file.as_raw_fd()).unwrap()).unwrap();
        assert_eq!(fd.recovered.as_ref(), want, "{mode}: {fd:?}");
        assert_eq!(fd.stat.unwrap().links, 0);
        assert_eq!(bundle.members.contains_key(&format!("file/{hash}")), want.is_some());
    }
}

#[test]
fn an_open_file_that_lost_its_name_and_kept_another_link_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    for name in ["updater", "x (deleted)"] {
        std::fs::write(at(name), "#!/bin/sh\n").unwrap();
    }
    std::fs::hard_link(at("updater"), at(".kept")).unwrap();
    let files = ["updater", "x (deleted)"].map(|name| std::fs::File::open(at(name)).unwrap());
    std::fs::remove_file(at("updater")).unwrap();
    let pid = std::process::id();
    let (_, bytes, said) = collect(&["--identity", "off", "--pid", &pid.to_string()]);
    let record = Bundle::intact(&bytes).process(pid);
    let found = files.map(|file| {
        let inode = std::os::unix::fs::MetadataExt::ino(&file.metadata().unwrap());
        let of = |fd: &&procglass_model::bundle::Fd| fd.stat.as_ref().is_some_and(|stat| stat.inode == inode);
        record.fds.iter().find(of).unwrap().on_disk
    });
    assert_eq!(found, [Some(OnDisk::Missing), Some(OnDisk::Same)], "{said}");
}

#[test]
fn the_list_names_everything_and_needs_no_proc() {
    let output = run(&["--list"]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    for artefact in procglass_model::artefact::ALL {
        assert!(text.contains(artefact.path) && text.contains(artefact.why), "{}", artefact.path);
    }
}

/// Answers like the agent of ECS until it has been asked three times; gives the requests.
fn agent(task: Vec<u8>, container: Vec<u8>) -> (u16, std::thread::JoinHandle<Vec<String>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let mut seen = Vec::new();
        while seen.len() < 3 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let count = stream.read(&mut request).unwrap();
            let line = String::from_utf8_lossy(&request[..count]).lines().next().unwrap().to_owned();
            let body: &[u8] = match line.split(' ').nth(1).unwrap() {
                "/v4/abc-123/task" => &task,
                "/v4/abc-123" => &container,
                _ => b"{\"read\":\"2026\"}",
            };
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())
                .unwrap();
            stream.write_all(body).unwrap();
            seen.push(line);
        }
        seen
    });
    (port, server)
}

#[test]
fn ecs_documents_are_kept_as_received() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(
        "../../shared/corpus/ecs-metadata/otel-js-contrib/packages/resource-detector-aws/test/detectors/test-resources",
    );
    if !folder.exists() {
        skipped("no corpus");
        return;
    }
    for kind in ["fargate", "ec2", "fargate-logsfirelens"] {
        let read = |what: &str| {
            std::fs::read(folder.join(format!("metadatav4-response-{what}-{kind}.json"))).unwrap()
        };
        let (task, container) = (read("task"), read("container"));
        let (port, server) = agent(task.clone(), container.clone());
        let tree = tree(&[42]);
        let environ = format!(
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/v2/credentials/3f0a9f52-61cb-4d3c-8f02-90cfe7b1aa10\0ECS_CONTAINER_METADATA_URI_V4=http://127.0.0.1:{port}/v4/abc-123\0"
        );
        write(tree.path(), "proc/42/environ", environ.as_bytes());
        let path = tree.path().to_str().unwrap();
        let (code, bundle, text) = collect(&["--root", path]);
        assert_eq!(code, 0, "{text}");
        let bundle = Bundle::intact(&bundle);
        assert_eq!(bundle.members["identity/ecs-task.json"], task);
        assert_eq!(bundle.members["identity/ecs-container.json"], container);
        assert_eq!(bundle.members["identity/ecs-stats.json"], b"{\"read\":\"2026\"}");
        let seen = server.join().unwrap();
        assert!(seen.iter().all(|line| line.starts_with("GET /v4/abc-123")), "{seen:?}");
        // The path says who asks; the id behind it gives the credentials.
        let record = String::from_utf8_lossy(&bundle.members["process/42.json"]);
        assert!(record.contains("/v2/credentials/<redacted") && !record.contains("3f0a9f52"), "{record}");
        // Switched off, the address is not even tried.
        let (_, bundle, _) = collect(&["--root", path, "--identity", "off"]);
        let bundle = Bundle::intact(&bundle);
        assert!(!bundle.names.iter().any(|name| name.starts_with("identity/")));
        assert!(!bundle.outcomes().problems.iter().any(|problem| problem.member.starts_with("identity/")));
    }
}

#[test]
fn a_service_that_does_not_answer_costs_a_second() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let tree = tree(&[42]);
    let uri = format!("ECS_CONTAINER_METADATA_URI_V4=http://{}/v4/x\0", listener.local_addr().unwrap());
    write(tree.path(), "proc/42/environ", uri.as_bytes());
    let began = std::time::Instant::now();
    let (code, bundle, text) = collect(&["--root", tree.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{text}");
    assert!(began.elapsed().as_secs() < 5);
    let problems = Bundle::intact(&bundle).outcomes().problems;
    let problem = problems.iter().find(|problem| problem.member == "identity/ecs-container.json").unwrap();
    assert_eq!(problem.what, "no answer within 1 s");
}
