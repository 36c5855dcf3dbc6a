//! The command line as meant.

use crate::encrypt::Encrypt;
pub(crate) use procglass_redact::Environ;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Of which files the bytes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Recover {
    /// None
    None,
    /// Programs and open files that have no name left
    Deleted,
    /// Those, and every program that runs
    All,
}

impl Recover {
    /// By its word on the command line.
    pub(crate) fn of(word: &str) -> Result<Self, String> {
        let all = [Self::None, Self::Deleted, Self::All];
        all.into_iter().find(|one| one.word() == word).ok_or_else(|| "it is none, deleted or all".into())
    }

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Deleted => "deleted",
            Self::All => "all",
        }
    }
}

/// Whether metadata services are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identity {
    /// Where the system looks like one of a cloud
    Auto,
    /// Never
    Off,
}

impl Identity {
    /// By its word on the command line.
    pub(crate) fn of(word: &str) -> Result<Self, String> {
        match word {
            "auto" => Ok(Self::Auto),
            "off" => Ok(Self::Off),
            _ => Err("it is auto or off".into()),
        }
    }
}

/// Everything that decides a run.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// `None`: a name made of host name and time, in the current directory.
    pub(crate) output: Option<PathBuf>,
    pub(crate) armor: bool,
    pub(crate) root: PathBuf,
    /// Empty: all processes.
    pub(crate) pids: Vec<u32>,
    pub(crate) environ: Environ,
    pub(crate) recover: Recover,
    pub(crate) costly: bool,
    pub(crate) identity: Identity,
    pub(crate) case: Option<String>,
    pub(crate) operator: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) encrypt: Encrypt,
    pub(crate) max_bytes: Option<u64>,
    pub(crate) timeout: Duration,
    /// When the whole run ends, from its start.
    pub(crate) deadline: Duration,
    /// Also files that another process or machine serves are opened.
    pub(crate) remote_files: bool,
    pub(crate) quiet: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            output: None,
            armor: false,
            root: "/".into(),
            pids: Vec::new(),
            environ: Environ::Redacted,
            recover: Recover::Deleted,
            costly: false,
            identity: Identity::Auto,
            case: None,
            operator: None,
            note: None,
            encrypt: Default::default(),
            max_bytes: None,
            timeout: Duration::from_secs(10),
            deadline: Duration::from_secs(120),
            remote_files: false,
            quiet: false,
        }
    }
}

impl Options {
    /// Whether another tree than this system's own is read.
    pub(crate) fn foreign_root(&self) -> bool {
        self.root.as_os_str() != "/"
    }

    /// For the manifest, by the long names without dashes.
    pub(crate) fn recorded(&self) -> BTreeMap<String, Value> {
        let mut map = BTreeMap::from([
            ("armor", json!(self.armor)),
            ("costly", json!(self.costly)),
            ("environ", json!(self.environ.word())),
            ("identity", json!(if self.identity == Identity::Auto { "auto" } else { "off" })),
            ("recover", json!(self.recover.word())),
            ("root", json!(self.root.to_string_lossy())),
            ("deadline", seconds(self.deadline)),
            ("remote-files", json!(self.remote_files)),
            ("timeout", seconds(self.timeout)),
        ]);
        if !self.pids.is_empty() {
            map.insert("pid", json!(self.pids));
        }
        if let Some(limit) = self.max_bytes {
            map.insert("max-bytes", json!(limit));
        }
        self.encrypt.record(&mut map);
        map.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// A number where it is whole, else text: the program has no other use for numbers with a point.
fn seconds(time: Duration) -> Value {
    match time.subsec_millis() {
        0 => json!(time.as_secs()),
        millis => json!(format!("{}.{millis:03}", time.as_secs())),
    }
}
