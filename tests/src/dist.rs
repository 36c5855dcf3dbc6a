//! The built programs, run as a user runs them.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A file of `dist/`.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn path(name: &str) -> PathBuf {
    let folder = std::env::var_os("PROCGLASS_DIST")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist"), PathBuf::from);
    let path = folder.join(name);
    assert!(path.exists(), "{} is missing: run `cargo xtask dist` first", path.display());
    path.canonicalize().unwrap()
}

/// A file of the tools that `cargo xtask setup` puts up for the tests, by its path below `target/tools`.
///
/// # Panics
/// When it is not there.
#[must_use]
pub fn tool(name: &str) -> PathBuf {
    let folder = std::env::var_os("PROCGLASS_TOOLS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/bin"), PathBuf::from);
    let path = folder.join("..").join(name);
    assert!(path.exists(), "{} is missing: run `cargo xtask setup` first", path.display());
    path
}

/// Runs the collector with `args` and returns what it did.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn collect(args: &[&str]) -> Output {
    Command::new(path("procglass-collect")).args(args).output().unwrap()
}

/// A bundle in a folder of its own.
pub struct Bundle {
    folder: TempDir,
    /// The bundle.
    pub path: PathBuf,
}

impl Bundle {
    /// Collects this machine.
    ///
    /// # Panics
    /// When the collector fails.
    #[must_use]
    pub fn of_this_machine(args: &[&str]) -> Self {
        Self::ended(args, 0)
    }

    /// The same of a collection that a limit among `args` ended early.
    ///
    /// # Panics
    /// When the collector says something else.
    #[must_use]
    pub fn limited(args: &[&str]) -> Self {
        Self::ended(args, 3)
    }

    fn ended(args: &[&str], status: i32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("machine.procglass.tar.gz");
        let mut all = vec!["-o", path.to_str().unwrap(), "--quiet"];
        all.extend(args);
        let output = collect(&all);
        assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, path }
    }

    /// A file beside the bundle, deleted with it.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `procglass show BUNDLE VIEW --format json`.
    #[must_use]
    pub fn show(&self, view: &str, args: &[&str]) -> Vec<Value> {
        show(&self.path, view, args)
    }

    /// The bytes of one of its members, by `tar` as anybody would.
    ///
    /// # Panics
    /// When there is no such member.
    #[must_use]
    pub fn member(&self, name: &str) -> Vec<u8> {
        let output = Command::new("tar").arg("-xzOf").arg(&self.path).arg(name).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Makes a report of it.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        let report = self.beside("report.html");
        let output = procglass(&["report", self.path.to_str().unwrap(), "-o", report.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        report
    }
}

/// Runs the analyst's command line.
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn procglass(args: &[&str]) -> Output {
    Command::new(path("procglass")).args(args).output().unwrap()
}

/// `procglass show BUNDLE VIEW --format json`, parsed.
///
/// # Panics
/// When it fails or prints something else.
#[must_use]
pub fn show(bundle: &Path, view: &str, args: &[&str]) -> Vec<Value> {
    let mut all = vec!["show", bundle.to_str().unwrap(), view, "--format", "json"];
    all.extend(args);
    let output = procglass(&all);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// SHA-256 of a file, lower-case hex.
///
/// # Panics
/// When it cannot be read.
#[must_use]
pub fn sha256(path: &Path) -> String {
    procglass_model::bundle::hex(&procglass_model::bundle::sha256(&std::fs::read(path).unwrap()))
}

/// Evidence in the JSON of `show`: a string, or base64 where it is not UTF-8.
///
/// # Panics
/// When it is neither.
#[must_use]
pub fn bytes(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    match value {
        Value::String(text) => text.as_bytes().to_vec(),
        Value::Object(map) => {
            base64::engine::general_purpose::STANDARD.decode(map["base64"].as_str().unwrap()).unwrap()
        }
        other => panic!("no evidence: {other}"),
    }
}
