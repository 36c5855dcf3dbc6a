//! What a note is on: a key that is the same whenever the same bundle is opened, and that people can read.
//!
//! Words with spaces between: `process PID START`, `finding RULE PID START`, `finding RULE` (of the whole system), `socket
//! NETNS INODE PROTOCOL LOCAL REMOTE`, `file PID START FD TARGET`, `summary`. START is field 22 of proc_pid_stat(5), so a
//! recycled pid is another process; the addresses tell sockets without an inode apart (TIME_WAIT).

use procglass_findings::Finding;
use procglass_model::text::visible;
use procglass_snapshot::{OpenFile, Process, ProcessIndex, Snapshot, Socket};
use std::fmt::{self, Write as _};
use std::net::IpAddr;

/// The key of the text in front of a report.
pub const SUMMARY: &str = "summary";

/// How much of a file's target is in its key, in characters: process and descriptor say which it is.
const TARGET: usize = 300;

/// A thing that can carry a note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// The text in front.
    Summary,
    /// A process, by pid and start (clock ticks after boot).
    Process(u32, u64),
    /// What a rule found, of a process or of the system.
    Finding(String, Option<(u32, u64)>),
    /// A socket: network namespace, inode, protocol, and both ends as `ADDRESS:PORT`.
    Socket(u64, u64, String, String),
    /// A descriptor: process, number, and where it leads.
    File((u32, u64), u32, String),
    /// A form that this version does not know. It is kept as it is.
    Other(String),
}

impl On {
    /// A process.
    #[must_use]
    pub fn process(process: &Process) -> Self {
        Self::Process(process.pid, process.start_ticks)
    }

    /// A finding.
    #[must_use]
    pub fn finding(snapshot: &Snapshot, finding: &Finding) -> Self {
        Self::Finding(finding.rule.id.into(), finding.process.and_then(|index| id(snapshot, index)))
    }

    /// A socket.
    #[must_use]
    pub fn socket(socket: &Socket) -> Self {
        let ends = match &socket.path {
            Some(path) => clipped(path),
            None => format!("{} {}", end(socket.local), end(socket.remote)),
        };
        Self::Socket(socket.netns, socket.inode, socket.protocol.word().into(), ends)
    }

    /// A descriptor; `None` where its process is not known.
    #[must_use]
    pub fn file(snapshot: &Snapshot, file: &OpenFile) -> Option<Self> {
        let target = file.target.as_ref().map(|target| clipped(target)).unwrap_or_default();
        Some(Self::File(id(snapshot, file.process)?, file.fd, target))
    }

    /// Reads a key. Any text is one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        parse(text).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<On> {
    if text == SUMMARY {
        return Some(On::Summary);
    }
    let (kind, rest) = text.split_once(' ')?;
    let mut words = rest.splitn(4, ' ');
    let mut word = || words.next();
    let on = match kind {
        "process" => On::Process(word()?.parse().ok()?, word()?.parse().ok()?),
        "finding" => {
            let rule = word()?.to_owned();
            let of = match word() {
                Some(pid) => Some((pid.parse().ok()?, word()?.parse().ok()?)),
                None => None,
            };
            On::Finding(rule, of)
        }
        "socket" => {
            let (netns, inode) = (word()?.parse().ok()?, word()?.parse().ok()?);
            On::Socket(netns, inode, word()?.to_owned(), word().unwrap_or_default().to_owned())
        }
        "file" => {
            let process = (word()?.parse().ok()?, word()?.parse().ok()?);
            On::File(process, word()?.parse().ok()?, word().unwrap_or_default().to_owned())
        }
        _ => return None,
    };
    // One thing has one key: `process 007 1` and trailing words are none.
    (on.to_string() == text).then_some(on)
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Summary => f.write_str(SUMMARY),
            Self::Process(pid, start) => write!(f, "process {pid} {start}"),
            Self::Finding(rule, None) => write!(f, "finding {rule}"),
            Self::Finding(rule, Some((pid, start))) => write!(f, "finding {rule} {pid} {start}"),
            Self::Socket(netns, inode, protocol, ends) => {
                write!(f, "socket {netns} {inode} {protocol} {ends}")
            }
            Self::File((pid, start), fd, target) => write!(f, "file {pid} {start} {fd} {target}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

fn id(snapshot: &Snapshot, index: ProcessIndex) -> Option<(u32, u64)> {
    snapshot.process(index).map(|process| (process.pid, process.start_ticks))
}

/// One end of a socket: `192.0.2.1:443`, `[2001:db8::1]:443`, `-` for none.
pub(super) fn end(end: Option<(IpAddr, u16)>) -> String {
    let mut text = String::new();
    let _ = match end {
        None => write!(text, "-"),
        Some((IpAddr::V4(address), port)) => write!(text, "{address}:{port}"),
        Some((IpAddr::V6(address), port)) => write!(text, "[{address}]:{port}"),
    };
    text
}

fn clipped(bytes: &[u8]) -> String {
    visible(bytes).chars().take(TARGET).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_findings::{Findings, Indicators};
    use procglass_fixture as fixture;
    use procglass_snapshot::SocketIndex;
    use proptest::prelude::*;

    #[test]
    fn every_thing_of_a_bundle_has_a_key_that_reads_back() {
        let snapshot = fixture::payments();
        let findings = Findings::of(&snapshot, &Indicators::default()).all;
        let mut keys = vec![On::Summary];
        keys.extend(snapshot.processes.iter().map(On::process));
        keys.extend(snapshot.sockets.iter().map(On::socket));
        keys.extend(snapshot.files.iter().filter_map(|file| On::file(&snapshot, file)));
        keys.extend(findings.iter().map(|finding| On::finding(&snapshot, finding)));
        for key in &keys {
            assert_eq!(&On::parse(&key.to_string()), key);
        }
        keys.sort();
        let all = keys.len();
        keys.dedup();
        // One rule may find several things of one process; everything else is apart.
        assert!(keys.len() + findings.len() > all, "{} of {all}", keys.len());
        let shell = snapshot.by_pid(812).unwrap();
        assert!(On::process(snapshot.process(shell).unwrap()).to_string().starts_with("process 812 "));
        let socket = On::socket(snapshot.socket(SocketIndex(2)).unwrap()).to_string();
        assert!(socket.ends_with("203.0.113.7:4444"), "{socket}");
    }

    #[test]
    fn what_is_not_written_so_is_kept_as_it_is() {
        for text in ["", "process", "process 7", "process 07 1", "process 7 1 2", "thread 7 1", "file 7 1"] {
            assert_eq!(On::parse(text), On::Other(text.into()));
        }
        assert_eq!(On::parse("finding kernel-module"), On::Finding("kernel-module".into(), None));
    }

    proptest! {
        #[test]
        fn any_text_is_a_key_and_stays_what_it_is(text in ".{0,80}") {
            prop_assert_eq!(On::parse(&text).to_string(), text);
        }

        #[test]
        fn any_words_too(text in "(process|socket|file|finding|summary)( [0-9a-z:./]{0,4}){0,6}") {
            prop_assert_eq!(On::parse(&text).to_string(), text);
        }
    }
}
