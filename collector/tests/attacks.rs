//! A machine whose users work against the collector: its threads, its output, the files that it opens, the addresses that it asks.
//!
//! What needs root or a tool that is not here is skipped with a message.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails in a helper fails a test"
)]

mod common;

use common::skip::skipped;
use common::{BINARY, Bundle, root};
use procglass_model::bundle::{hex, job, sha256};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Runs a shell script as root in namespaces of its own, with `$COLLECT` and `$DIR`. `None`: it cannot be done here.
fn staged(flags: &str, directory: &Path, script: &str) -> Option<Output> {
    if !root() {
        skipped("this needs root");
        return None;
    }
    let works = Command::new("unshare").args([flags, "true"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        skipped(format!("unshare {flags} does not work here"));
        return None;
    }
    let output = Command::new("unshare")
        .args([flags, "sh", "-c", script])
        .env("COLLECT", BINARY)
        .env("DIR", directory)
        .output();
    Some(output.unwrap())
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Bytes that do not compress.
fn noise(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut bytes).unwrap();
    bytes
}

/// A process that holds deleted files of this content, of so many bytes each.
struct Holder(Child);

impl Holder {
    fn of(contents: [&[u8]; 3], size: u64) -> Self {
        let [input, output, error] = contents.map(|content| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(content).unwrap();
            file.set_len(size).unwrap();
            Stdio::from(file)
        });
        Self(Command::new("sleep").arg("600").stdin(input).stdout(output).stderr(error).spawn().unwrap())
    }

    fn pid(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn without_a_thread_all_is_read_on_the_first_one() {
    let directory = tempfile::tempdir().unwrap();
    // The limit counts the tasks of a user: one that has no other process here.
    let script = "cp \"$COLLECT\" \"$DIR/pc\"; chmod 755 \"$DIR\" \"$DIR/pc\"; \
                  exec setpriv --reuid 64123 --regid 64123 --clear-groups \
                  prlimit --nproc=1 \"$DIR/pc\" --identity off -o -";
    let Some(output) = staged("-m", directory.path(), script) else { return };
    if matches!(output.status.code(), Some(126 | 127)) {
        skipped("prlimit or setpriv is missing");
        return;
    }
    let bundle = Bundle::intact(&output.stdout);
    let outcomes = bundle.outcomes();
    assert!(outcomes.problems.iter().any(|one| one.what.contains("no thread")), "{:?}", outcomes.problems);
    assert!(outcomes.processes_read > 0, "{outcomes:?}");
    let processes = &outcomes.jobs[job::PROCESSES];
    assert_eq!(processes.listed, processes.read + processes.ended, "{processes:?}");
    assert!(outcomes.complete && output.status.success(), "{}", errors(&output));
}

#[test]
fn too_few_descriptors_are_a_limit_and_no_process_that_ended() {
    for most in [6, 7, 8, 10, 14] {
        let output = Command::new("prlimit")
            .arg(format!("--nofile={most}:{most}"))
            .args([BINARY, "--identity", "off", "-q", "-o", "-"])
            .output();
        let Ok(output) = output else {
            skipped("no prlimit");
            return;
        };
        if output.status.code() == Some(1) {
            assert!(errors(&output).contains("cannot"), "{}", errors(&output));
            continue;
        }
        let outcomes = Bundle::intact(&output.stdout).outcomes();
        let wanting: u64 = ["EMFILE", "ENFILE"].iter().filter_map(|word| outcomes.counts.get(*word)).sum();
        let failed: u64 = outcomes.jobs.values().flat_map(|job| job.failed.values()).sum();
        assert_eq!(outcomes.complete, wanting + failed == 0, "{most}: {outcomes:?}");
        assert_eq!(output.status.code(), Some(if outcomes.complete { 0 } else { 3 }), "{}", errors(&output));
    }
}

#[test]
fn holes_and_zeros_of_recovered_files_take_no_room() {
    let size = (64 << 20) - 1;
    let mut content = noise(10_000);
    content.extend([0; 100_000]);
    content.extend(noise(10_000));
    let contents = [&content[..], &content[1..], &[]];
    let holder = Holder::of(contents, size);
    let (code, bytes, said) = common::collect(&["--identity", "off", "--pid", &holder.pid()]);
    assert_eq!(code, 0, "{said}");
    assert!(bytes.len() < 1 << 20, "{} bytes for three files of zeros", bytes.len());
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(holder.0.id());
    for (fd, content) in record.fds.iter().zip(contents) {
        let member = &bundle.members[&format!("file/{}", fd.recovered.as_ref().unwrap())];
        assert_eq!(member.len() as u64, size);
        assert!(member.starts_with(content) && member[content.len()..].iter().all(|byte| *byte == 0));
    }
    // Other tools put the zeros back.
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("b.tgz"), &bytes).unwrap();
    let script = "tar xzf b.tgz && sha256sum -c --strict --quiet SHA256SUMS";
    let checked = Command::new("sh").args(["-c", script]).current_dir(directory.path()).output().unwrap();
    assert!(checked.status.success(), "{}", errors(&checked));
}

#[test]
fn a_large_recovered_file_gives_way_on_a_small_disk() {
    let directory = tempfile::tempdir().unwrap();
    let content = noise(6 << 20);
    let holder = Holder::of([&content, &content, &content], 6 << 20);
    let member = format!("file/{}", hex(&sha256(&content)));
    for size in ["100k", "200k", "700k", "3m", "6m", "8m", "9m"] {
        let script = format!(
            "mount -t tmpfs -o size={size} none \"$DIR\" && \"$COLLECT\" -q --identity off --pid {} -o \"$DIR/b.tgz\"; \
             code=$?; ls -A \"$DIR\" >&2; cat \"$DIR/b.tgz\"; exit $code",
            holder.pid()
        );
        let Some(output) = staged("-m", directory.path(), &script) else { return };
        let said = errors(&output);
        assert!(!said.contains("partial"), "{size}: {said}");
        let bundle = Bundle::intact(&output.stdout);
        let copied = bundle.names.contains(&member);
        assert_eq!(output.status.code(), Some(if copied { 0 } else { 3 }), "{size}: {said}");
        assert_eq!(copied, matches!(size, "8m" | "9m"), "{size}");
        assert!(
            bundle.names.contains(&format!("process/{}.json", holder.pid())),
            "{size}: {:?}",
            bundle.names
        );
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("b.tgz");
    let content = noise(2 << 20);
    let holder = Holder::of([&content, &content, &content], 2 << 20);
    let output = Command::new("prlimit")
        .args(["--fsize=1000000:1000000", BINARY, "-q", "--identity", "off", "--pid", &holder.pid(), "-o"])
        .arg(&path)
        .output();
    let Ok(output) = output else {
        skipped("no prlimit");
        return;
    };
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    let bundle = Bundle::intact(&std::fs::read(&path).unwrap());
    let outcomes = bundle.outcomes();
    assert!(!outcomes.complete && outcomes.limits[0].contains("ulimit -f"), "{:?}", outcomes.limits);
    assert!(!outcomes.jobs[job::RECOVERY].failed.is_empty(), "{:?}", outcomes.jobs);
    assert!(outcomes.processes_read > 0);
    // RLIMIT_FSIZE does not limit a pipe, setrlimit(2).
    let piped = Command::new("prlimit")
        .args([
            "--fsize=1000000:1000000",
            BINARY,
            "-q",
            "--identity",
            "off",
            "--pid",
            &holder.pid(),
            "-o",
            "-",
        ])
        .output()
        .unwrap();
    assert_eq!(piped.status.code(), Some(0), "{}", errors(&piped));
    let outcomes = Bundle::intact(&piped.stdout).outcomes();
    assert!(outcomes.complete && outcomes.limits.is_empty(), "{:?}", outcomes.limits);
}

/// A directory of another user with something under the output's name, and what the collector does there.
fn in_a_shared_directory(prepare: impl Fn(&Path)) -> Option<(tempfile::TempDir, Output)> {
    if !root() {
        skipped("this needs root");
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let shared = directory.path().join("shared");
    std::fs::create_dir(&shared).unwrap();
    prepare(&shared);
    for path in [&shared, &shared.join("b.tgz")] {
        std::os::unix::fs::lchown(path, Some(65534), Some(65534)).unwrap();
    }
    let pid = std::process::id().to_string();
    let output = Command::new("timeout")
        .args(["10", BINARY, "-q", "--identity", "off", "--pid", &pid, "-o"])
        .arg(shared.join("b.tgz"))
        .output()
        .unwrap();
    Some((directory, output))
}

#[test]
fn links_and_pipes_under_the_name_are_refused_with_advice() {
    let refused = |prepare: &dyn Fn(&Path), what: &str| {
        let Some((directory, output)) = in_a_shared_directory(prepare) else { return };
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(what) && said.contains("-o FILE"), "{said}");
        assert_eq!(std::fs::read(directory.path().join("victim")).unwrap_or_default(), b"");
        assert_eq!(
            std::fs::read_dir(directory.path().join("shared")).unwrap().count(),
            1,
            "nothing else is there"
        );
    };
    refused(
        &|shared| {
            std::fs::write(shared.with_file_name("victim"), "").unwrap();
            symlink("../victim", shared.join("b.tgz")).unwrap();
        },
        "symbolic link",
    );
    refused(&|shared| symlink("/nowhere/at/all", shared.join("b.tgz")).unwrap(), "symbolic link");
    refused(&|shared| common::fifo(shared, "b.tgz"), "FIFO");
    refused(&|shared| std::fs::create_dir(shared.join("b.tgz")).unwrap(), "directory");
}

#[test]
fn a_file_of_another_user_is_replaced_and_not_written_into() {
    let Some((directory, output)) = in_a_shared_directory(|shared| {
        std::fs::write(shared.join("b.tgz"), "").unwrap();
        std::fs::hard_link(shared.join("b.tgz"), shared.join("kept")).unwrap();
    }) else {
        return;
    };
    assert!(output.status.success(), "{}", errors(&output));
    let at = |name: &str| std::fs::metadata(directory.path().join("shared").join(name)).unwrap();
    assert_eq!(at("kept").len(), 0, "who has the old file open sees nothing of the evidence");
    assert_eq!((at("b.tgz").uid(), at("b.tgz").permissions().mode() & 0o777), (0, 0o600));
}

#[test]
fn an_own_pipe_with_a_reader_is_written() {
    let directory = tempfile::tempdir().unwrap();
    common::fifo(directory.path(), "pipe");
    let path = directory.path().join("pipe");
    let reader = std::thread::spawn({
        let path = path.clone();
        move || std::fs::read(path).unwrap()
    });
    let mut output = None;
    // The reader may not have opened it yet.
    for _ in 0..100 {
        let tried = common::run(&["-q", "--identity", "off", "-o", path.to_str().unwrap()]);
        if tried.status.success() {
            output = Some(tried);
            break;
        }
        assert!(errors(&tried).contains("FIFO"), "{}", errors(&tried));
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(output.is_some());
    Bundle::intact(&reader.join().unwrap());
}

#[test]
fn little_memory_is_a_bundle_or_a_message() {
    let directory = tempfile::tempdir().unwrap();
    let (mut bundles, mut messages) = (0, 0);
    for kilobytes in (3000..60_000).step_by(1900) {
        let path = directory.path().join("b.tgz");
        let output = Command::new("prlimit")
            .arg(format!("--as={}", kilobytes << 10))
            .args([BINARY, "-q", "--identity", "off", "-o"])
            .arg(&path)
            .stdin(Stdio::null())
            .output();
        let Ok(output) = output else {
            skipped("no prlimit");
            return;
        };
        let files: Vec<PathBuf> =
            std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        match output.status.code() {
            Some(0 | 3) => {
                let outcomes = Bundle::intact(&std::fs::read(&path).unwrap()).outcomes();
                assert!(outcomes.processes_read > 0 || !outcomes.complete, "{kilobytes} KB: {outcomes:?}");
                std::fs::remove_file(&path).unwrap();
                bundles += 1;
            }
            Some(1) => {
                assert!(errors(&output).contains("memory"), "{kilobytes} KB: {}", errors(&output));
                assert!(files.is_empty(), "{kilobytes} KB: {files:?}");
                messages += 1;
            }
            // The dynamic linker, of the test's build only, could not load it.
            Some(127) => assert!(files.is_empty()),
            other => {
                assert!(
                    errors(&output).is_empty() && files.is_empty(),
                    "{kilobytes} KB: {other:?} {}",
                    errors(&output)
                );
            }
        }
    }
    assert!(bundles > 0, "{bundles} bundles, {messages} messages");
}

#[test]
fn a_stop_of_the_program_is_no_hang_of_what_it_reads() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("b.tgz");
    let mut child = Command::new(BINARY)
        .args(["-q", "--identity", "off", "--timeout", "1", "-o"])
        .arg(&path)
        .spawn()
        .unwrap();
    let signal = |word: &str| Command::new("kill").args([word, &child.id().to_string()]).status().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(5));
    signal("-STOP");
    std::thread::sleep(std::time::Duration::from_millis(2500));
    signal("-CONT");
    assert!(child.wait().unwrap().success());
    let outcomes = Bundle::intact(&std::fs::read(&path).unwrap()).outcomes();
    assert_eq!(outcomes.counts.get("timed out"), None, "{:?}", outcomes.counts);
}

#[test]
fn a_deadline_ends_the_run_and_says_what_was_not_reached() {
    let directory = tempfile::tempdir().unwrap();
    let pids: Vec<u32> = (10..60).collect();
    let tree = common::tree(&pids);
    for pid in &pids {
        common::fifo(tree.path(), &format!("proc/{pid}/status"));
    }
    let path = directory.path().join("b.tgz");
    let began = std::time::Instant::now();
    let output = Command::new(BINARY)
        .args(["-q", "--deadline", "1", "--timeout", "60", "--root"])
        .arg(tree.path())
        .arg("-o")
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    assert!(began.elapsed().as_secs() < 8);
    let outcomes = Bundle::intact(&std::fs::read(&path).unwrap()).outcomes();
    assert!(outcomes.limits.iter().any(|limit| limit.starts_with("--deadline 1")), "{:?}", outcomes.limits);
    let processes = &outcomes.jobs[job::PROCESSES];
    assert!(!outcomes.complete && processes.not_reached > 0, "{processes:?}");
    assert_eq!(processes.listed, 50);
}

#[test]
fn what_a_process_chose_is_not_asked() {
    let trick = [
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/role",
        "http://169.254.170.2/v2/credentials/11111111-2222-3333-4444-555555555555",
        "http://169.254.170.2/v4/../v2/credentials/1",
        "http://169.254.170.2:8080/v4/x",
        "http://169.254.7.7/v4/x",
        "http://127.0.0.1/v4/x",
        "http://[::1]/v4/x",
        "http://169.254.170.2/v4/x?y",
        "https://169.254.170.2/v4/x",
        "http://169.254.170.2/",
        "http://0251.0376.0252.0002/v4/x",
        "http://169.254.170.2@10.0.0.1/v4/x",
    ];
    let mut children: Vec<_> = trick
        .iter()
        .map(|uri| Command::new("sleep").arg("60").env("ECS_CONTAINER_METADATA_URI_V4", uri).spawn().unwrap())
        .collect();
    let pids: Vec<String> =
        children.iter().flat_map(|child| ["--pid".into(), child.id().to_string()]).collect();
    let arguments: Vec<&str> = pids.iter().map(String::as_str).collect();
    let (_, bytes, said) = common::collect(&arguments);
    children.iter_mut().for_each(|child| {
        child.kill().unwrap();
        child.wait().unwrap();
    });
    let bundle = Bundle::intact(&bytes);
    let asked: Vec<_> = bundle.names.iter().filter(|name| name.contains("ecs-")).collect();
    assert!(asked.is_empty(), "{asked:?} {said}");
    let outcomes = bundle.outcomes();
    let noted = outcomes.problems.iter().find(|one| one.member.starts_with("identity/ecs"));
    assert!(noted.is_some_and(|one| one.what.starts_with("12 addresses")), "{:?}", outcomes.problems);
}

#[test]
fn a_copied_tree_is_described_by_its_own_files() {
    let tree = common::tree(&[1, 7]);
    for (path, content) in [
        ("proc/sys/kernel/hostname", "vault-3\n"),
        ("proc/sys/kernel/osrelease", "6.1.0-s390x\n"),
        ("proc/sys/kernel/version", "#1 SMP Debian\n"),
        ("proc/sys/kernel/arch", "s390x\n"),
        ("sys/kernel/cpu_byteorder", "big\n"),
    ] {
        common::write(tree.path(), path, content.as_bytes());
    }
    let mut auxv = Vec::new();
    for (key, value) in [(6u64, 65_536u64), (17, 250), (0, 0)] {
        auxv.extend(key.to_be_bytes());
        auxv.extend(value.to_be_bytes());
    }
    common::write(tree.path(), "proc/7/auxv", &auxv);
    let (code, bytes, said) = common::collect(&["--root", tree.path().to_str().unwrap()]);
    assert_eq!(code, 0, "{said}");
    let manifest = Bundle::intact(&bytes).manifest();
    let own = |manifest: &procglass_model::bundle::Manifest| {
        (manifest.kernel.clone(), manifest.architecture.clone(), manifest.hostname.0.clone())
    };
    assert_eq!(own(&manifest), ("6.1.0-s390x #1 SMP Debian".into(), "s390x".into(), b"vault-3".to_vec()));
    assert_eq!((manifest.page_size, manifest.clock_ticks), (65_536, 250));
    assert_eq!(manifest.byte_order, procglass_model::bundle::ByteOrder::Big);
    assert_eq!(manifest.tree, Some(procglass_model::bundle::Tree::Copy));
    assert_eq!(
        (manifest.uptime_ns, manifest.collector.pid, manifest.boot_time),
        (None, 0, Some(1_700_000_000))
    );
    // What the tree does not hold is not taken from here.
    let bare = common::tree(&[1]);
    let (_, bytes, _) = common::collect(&["--root", bare.path().to_str().unwrap()]);
    let bundle = Bundle::intact(&bytes);
    assert_eq!(own(&bundle.manifest()), (String::new(), String::new(), Vec::new()));
    assert!(bundle.outcomes().problems.iter().any(|one| one.what.contains("little-endian")));
}

#[test]
fn the_running_proc_under_another_path_is_live() {
    let directory = tempfile::tempdir().unwrap();
    let script = "mkdir \"$DIR/proc\" \"$DIR/etc\" && mount --bind /proc \"$DIR/proc\" && echo node-17 > \"$DIR/etc/hostname\" && \
                  \"$COLLECT\" -q --identity off --root \"$DIR\" -o -";
    let Some(output) = staged("-m", directory.path(), script) else { return };
    let manifest = Bundle::intact(&output.stdout).manifest();
    assert_eq!(manifest.tree, Some(procglass_model::bundle::Tree::Live));
    assert_eq!(manifest.hostname.0, b"node-17");
    assert!(manifest.uptime_ns.is_some() && manifest.collector.pid != 0 && !manifest.kernel.is_empty());
}

#[test]
fn a_pipe_that_does_not_block_is_waited_for() {
    let content = noise(400_000);
    let holder = Holder::of([&content, &content, &content], 400_000);
    let (mut reader, writer) = std::io::pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    let arguments = ["-q", "--identity", "off", "--pid", &holder.pid(), "-o", "-"];
    let mut child = Command::new(BINARY).args(arguments).stdout(writer).spawn().unwrap();
    let mut bytes = Vec::new();
    let mut piece = [0; 3000];
    loop {
        match reader.read(&mut piece).unwrap() {
            0 => break,
            count => bytes.extend_from_slice(&piece[..count]),
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    assert!(child.wait().unwrap().success());
    Bundle::intact(&bytes);
}
