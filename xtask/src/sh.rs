//! Running other programs: every command is shown before it runs, so that a person can repeat it by hand.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::{Advise, Result, failure};

/// A command that is to run, with the sentence to print when it fails.
pub(crate) struct Run {
    command: Command,
    shown: String,
    next: String,
}

impl Run {
    /// Starts the description of a command; `root` is where it runs.
    pub(crate) fn new(program: impl AsRef<OsStr>, root: &Path) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.current_dir(root).stdin(Stdio::null());
        Self {
            command,
            shown: program.to_string_lossy().into_owned(),
            next: "Read the messages above, mend what they name and run the same command again.".into(),
        }
    }

    /// Puts a folder in front of `PATH`.
    pub(crate) fn path_front(mut self, folder: &Path) -> Self {
        let mut path = folder.as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        self.shown = format!("PATH={}:$PATH {}", folder.display(), self.shown);
        self.command.env("PATH", path);
        self
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        for arg in args {
            let arg = arg.as_ref();
            // Writing to a String cannot fail.
            let _ = write!(self.shown, " {}", arg.to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    /// Adds one argument.
    pub(crate) fn arg(self, arg: impl AsRef<OsStr>) -> Self {
        self.args([arg])
    }

    /// Sets an environment variable, which is shown in front of the command.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.shown = format!("{name}={:?} {}", value.as_ref().to_string_lossy(), self.shown);
        self.command.env(name, value);
        self
    }

    /// Sets the compiler flags, which may contain spaces.
    pub(crate) fn rustflags(mut self, flags: &[String]) -> Self {
        self.shown = format!("RUSTFLAGS={:?} {}", flags.join(" "), self.shown);
        // A person's own RUSTFLAGS would change what is shipped.
        self.command.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        self
    }

    /// Removes an environment variable.
    pub(crate) fn env_remove(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Throws its standard output away.
    pub(crate) fn quiet(mut self) -> Self {
        self.command.stdout(Stdio::null());
        self
    }

    /// What a person should do when this command fails.
    pub(crate) fn or(mut self, next: impl Into<String>) -> Self {
        self.next = next.into();
        self
    }

    /// Shows and runs it; anything but success is a failure.
    pub(crate) fn run(self) -> Result<()> {
        let (shown, next) = (self.shown.clone(), self.next.clone());
        match self.code()? {
            0 => Ok(()),
            code => Err(failure(format!("`{shown}` ended with exit code {code}"), next)),
        }
    }

    /// Shows and runs it; gives the exit code (-1 when a signal ended it).
    pub(crate) fn code(mut self) -> Result<i32> {
        println!("  $ {}", self.shown);
        let status = self.command.status().advise(format!("cannot start `{}`", self.shown), &self.next)?;
        Ok(status.code().unwrap_or(-1))
    }

    /// Runs it for at most `limit`; true when it succeeded in time. For attempts that may hang without a network.
    pub(crate) fn succeeds_within(mut self, limit: Duration) -> Result<bool> {
        println!("  $ {}", self.shown);
        let mut child = self.command.spawn().advise(format!("cannot start `{}`", self.shown), &self.next)?;
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status.success());
            }
            if Instant::now() >= end {
                println!("  gave up after {} s", limit.as_secs());
                child.kill()?;
                child.wait()?;
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The trimmed standard output of a quick question to another program; `None` when it is missing or fails.
pub(crate) fn ask(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Like [`ask`], in a folder.
pub(crate) fn ask_in(folder: &Path, program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).current_dir(folder).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program is: in `PATH`, or in the folders that a plain user's `PATH` leaves out.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The cargo that runs this tool.
pub(crate) fn cargo(root: &Path) -> Run {
    let mut run = Run::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), root);
    // Its full path says nothing that a person would type.
    run.shown = "cargo".into();
    run
}
