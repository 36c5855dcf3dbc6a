//! Debian's `age`, run as a person runs it.

use crate::skip::skipped;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A key that `age-keygen` made.
pub struct Key {
    /// The identity file.
    pub file: PathBuf,
    /// The recipient.
    pub recipient: String,
}

impl Key {
    /// Makes one in `folder`; `None`, with a message, where there is no `age`.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn new(folder: &Path, name: &str) -> Option<Self> {
        let file = folder.join(name);
        let Ok(output) = Command::new("age-keygen").arg("-o").arg(&file).output() else {
            skipped("there is no age-keygen here; `cargo xtask setup` installs it");
            return None;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = std::fs::read_to_string(&file).unwrap();
        let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap().to_owned();
        Some(Self { file, recipient })
    }
}

/// `age ARGS FROM`, output as bytes.
///
/// # Panics
/// When it fails.
#[must_use]
pub fn age(args: &[&str], from: &Path) -> Vec<u8> {
    let output = Command::new("age").args(args).arg(from).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The same with a passphrase, which it reads from a terminal only: script(1) gives it one.
///
/// # Panics
/// When it fails.
pub fn age_typed(args: &str, typed: &str, from: &Path, to: &Path) {
    let command = format!("age {args} -o {} {}", to.display(), from.display());
    let mut script = Command::new("script");
    script.args(["-qec", &command, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = script.spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && to.exists(), "{}", String::from_utf8_lossy(&output.stdout));
}
