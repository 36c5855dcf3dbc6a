//! Processes that the tests plant and then look for.

use crate::skip::skipped;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The tests' own process: under a name that nothing else has, on loopback, with its program deleted.
pub struct Planted {
    child: Child,
    _folder: TempDir,
    /// Its `comm`.
    pub name: String,
    /// The path of its program, which is gone.
    pub exe: PathBuf,
    /// Where it listens.
    pub port: u64,
    /// The port of its connection to itself.
    pub near_port: u64,
}

impl Planted {
    /// Starts one. `program` is the built `planted`.
    ///
    /// # Panics
    /// When it does not come up.
    #[must_use]
    pub fn start(program: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("pgplant{}", std::process::id());
        let exe = folder.path().join(&name);
        std::fs::copy(program, &exe).unwrap();
        let mut command = Command::new(&exe);
        command.args(["--colour", "two words", ""]);
        // Its own environment only: what the test was started with is long, and nobody looks for it.
        command.env_clear().env("PLANTED_TOKEN", "s3cret-value-of-the-test");
        let mut child = spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut ports = line.split_whitespace().map(|port| port.parse().unwrap());
        let (port, near_port) = (ports.next().unwrap(), ports.next().unwrap());
        std::fs::remove_file(&exe).unwrap();
        Self { child, _folder: folder, name, exe, port, near_port }
    }

    /// Its pid.
    #[must_use]
    pub fn pid(&self) -> u64 {
        self.child.id().into()
    }
}

/// Starts a program that was written just now. Another test's child may hold it open for writing between its fork and its
/// exec, and the kernel refuses to run such a file (ETXTBSY, execve(2)).
///
/// # Panics
/// When it cannot be started.
#[must_use]
pub fn spawn(command: &mut Command) -> Child {
    loop {
        match command.spawn() {
            Ok(child) => return child,
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            Err(error) => panic!("{command:?}: {error}"),
        }
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of material that is laid beside the project, when it is there.
#[must_use]
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    path.canonicalize().ok()
}

/// The labelled processes of `plant.py`.
pub struct Scenario {
    child: Child,
    _folder: TempDir,
    /// Label to `pid`, `children` and `expect`.
    pub labels: serde_json::Map<String, Value>,
}

impl Scenario {
    /// Plants all of them; `None`, with a message, where the script is absent.
    ///
    /// # Panics
    /// When the script is there and fails.
    #[must_use]
    pub fn start() -> Option<Self> {
        let Some(script) = shared("scenarios/plant.py") else {
            skipped("scenarios/plant.py is not beside the project");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let labels = folder.path().join("labels.json");
        let mut command = Command::new("python3");
        command.arg(script).arg("--labels").arg(&labels).args(["--seconds", "120"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready");
        let labels = serde_json::from_slice(&std::fs::read(labels).unwrap()).unwrap();
        Some(Self { child, _folder: folder, labels })
    }
}

impl Drop for Scenario {
    fn drop(&mut self) {
        // It ends and reaps all that it planted on SIGTERM, but not on SIGKILL.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Text of a label's facts, which stands for bytes as Latin-1.
///
/// # Panics
/// When it is no text.
#[must_use]
pub fn latin1(value: &Value) -> Vec<u8> {
    value.as_str().unwrap().chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect()
}
