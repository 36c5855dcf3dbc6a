//! Running the built collector and reading what it wrote.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails a test"
)]

#[path = "../../../tests/src/skip.rs"]
#[allow(clippy::print_stdout, unreachable_pub, reason = "written for a library of tests")]
pub(crate) mod skip;

use procglass_model::bundle::{Integrity, Limits, Manifest, Outcomes, ProcessRecord, Reader, Verdict};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_procglass-collect");

/// A bundle that was read back.
pub(crate) struct Bundle {
    pub(crate) members: BTreeMap<String, Vec<u8>>,
    pub(crate) names: Vec<String>,
    pub(crate) integrity: Integrity,
}

impl Bundle {
    /// Reads a bundle in whatever state it is.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let (mut members, mut names) = (BTreeMap::new(), Vec::new());
        let mut take = |member: procglass_model::bundle::Member| {
            names.push(member.name.to_string());
            members.insert(member.name.to_string(), member.data);
        };
        let mut reader = Reader::new(Limits { recovered: u64::MAX, ..Limits::native() });
        reader.push(bytes, &mut take).unwrap();
        let integrity = reader.finish(&mut take).unwrap();
        Self { members, names, integrity }
    }

    /// Reads a bundle that must be whole.
    pub(crate) fn intact(bytes: &[u8]) -> Self {
        let bundle = Self::read(bytes);
        assert_eq!(bundle.integrity.verdict(), Verdict::Intact, "{:?}", bundle.integrity);
        assert_eq!(bundle.names.first().map(String::as_str), Some("manifest.json"));
        assert_eq!(bundle.names[bundle.names.len() - 2..], ["outcomes.json", "SHA256SUMS"]);
        bundle
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, name: &str) -> T {
        let data = self.members.get(name).unwrap_or_else(|| panic!("no member {name}"));
        serde_json::from_slice(data).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn manifest(&self) -> Manifest {
        self.json("manifest.json")
    }

    pub(crate) fn outcomes(&self) -> Outcomes {
        self.json("outcomes.json")
    }

    pub(crate) fn process(&self, pid: u32) -> ProcessRecord {
        self.json(&format!("process/{pid}.json"))
    }

    /// A file of a process, wherever it is stored.
    pub(crate) fn file(&self, record: &ProcessRecord, path: &str) -> Option<Vec<u8>> {
        let text = |hash: &str| self.members.get(&format!("text/{hash}")).map(Vec::as_slice);
        Some(record.files.get(path)?.bytes(&record.bases, text).unwrap().into_owned())
    }
}

/// Runs the collector to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).output().unwrap()
}

/// Runs it with `-o` into a directory of its own; gives exit status, bundle bytes and standard error.
pub(crate) fn collect(arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bundle.tar.gz");
    let output = run(&[&["-o", path.to_str().unwrap()], arguments].concat());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code().unwrap(), std::fs::read(&path).unwrap_or_default(), text)
}

/// A copied `/proc` with one process, whose `name` shows in `comm`.
pub(crate) fn tree(pids: &[u32]) -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    write(tree.path(), "proc/stat", b"cpu 1\nbtime 1700000000\n");
    write(tree.path(), "proc/net/tcp", b"  sl  local_address\n");
    write(tree.path(), "etc/passwd", b"root:x:0:0::/:/bin/sh\n");
    for pid in pids {
        let at = |file: &str| format!("proc/{pid}/{file}");
        let stat =
            format!("{pid} (sleep) S 1 {pid} {pid} 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4242 8192 100\n");
        write(tree.path(), &at("stat"), stat.as_bytes());
        write(tree.path(), &at("status"), b"Name:\tsleep\n");
        write(tree.path(), &at("comm"), b"sleep\n");
        write(tree.path(), &at("cmdline"), b"sleep\x0060\0");
        write(tree.path(), &at("environ"), b"A=1\0");
        write(tree.path(), &at("net/tcp"), b"  sl  local_address\n");
        std::fs::create_dir_all(tree.path().join(at("ns"))).unwrap();
        std::os::unix::fs::symlink("net:[77]", tree.path().join(at("ns/net"))).unwrap();
        std::os::unix::fs::symlink("mnt:[78]", tree.path().join(at("ns/mnt"))).unwrap();
        std::os::unix::fs::symlink("/", tree.path().join(at("root"))).unwrap();
        std::os::unix::fs::symlink("/usr/bin/env", tree.path().join(at("exe"))).unwrap();
    }
    tree
}

/// Writes a file and the directories above it.
pub(crate) fn write(root: &Path, path: &str, content: &[u8]) -> PathBuf {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path
}

/// Makes a FIFO.
pub(crate) fn fifo(root: &Path, path: &str) {
    let path = root.join(path);
    let _ = std::fs::remove_file(&path);
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
}

/// Whether the tests run as root.
pub(crate) fn root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0)
}
