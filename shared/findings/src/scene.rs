//! The system as rules see it: what several of them ask for, found once.

use super::rule::Proof;
use procglass_proc::mountinfo;
use procglass_proc::mountinfo::Mount;
use procglass_snapshot::analysis::pipe::Pipes;
use procglass_snapshot::{Process, Snapshot, Socket};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A snapshot with what rules derive from it.
pub struct Scene<'a> {
    /// The snapshot.
    pub snapshot: &'a Snapshot,
    pipes: OnceCell<Pipes>,
    mounts: OnceCell<Vec<(String, Vec<Mount>)>>,
}

impl<'a> Scene<'a> {
    /// Of a snapshot.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, pipes: OnceCell::new(), mounts: OnceCell::new() }
    }

    /// Who holds which end of which pipe.
    #[must_use]
    pub fn pipes(&self) -> &Pipes {
        self.pipes.get_or_init(|| Pipes::of(self.snapshot))
    }

    /// Process 1, the first of the system that was captured, be it a machine or a container.
    #[must_use]
    pub fn init(&self) -> Option<&'a Process> {
        self.snapshot.process(self.snapshot.by_pid(1)?)
    }

    /// Whether the whole capture was made inside a container, so that nothing of the host is visible: process 1 is in one, or
    /// there are no kernel threads beside it.
    #[must_use]
    pub fn inside_container(&self) -> bool {
        self.init().is_some_and(Process::in_container)
    }

    /// Every mount table, each once, with the member that holds it.
    #[must_use]
    pub fn mounts(&self) -> &[(String, Vec<Mount>)] {
        self.mounts.get_or_init(|| {
            let mut tables: BTreeMap<String, Vec<Mount>> = BTreeMap::new();
            for member in self.snapshot.members.iter() {
                let named = member.name.starts_with("mount/") && member.name.ends_with("/mountinfo");
                // A shared text does not say what it is; only a mount table has its separator in every line.
                let shared = member.name.starts_with("text/")
                    && member.data.split(|byte| *byte == b'\n').next().is_some_and(is_mount);
                if named || shared {
                    tables.insert(member.name.to_string(), mountinfo::parse(&member.data).0);
                }
            }
            tables.into_iter().collect()
        })
    }

    /// The bytes of a file of the host.
    #[must_use]
    pub fn host(&self, path: &str) -> Option<&'a [u8]> {
        self.snapshot.members.data(&format!("host/{path}"))
    }

    /// Proof: the row of a socket in its table.
    #[must_use]
    pub fn socket_proof(&self, socket: &Socket) -> Proof {
        let (table, line) = socket.source;
        let member = format!("net/{}/{table}", socket.netns);
        let data = self.snapshot.members.data(&member).unwrap_or_default();
        let row = (line as usize).checked_sub(1).and_then(|at| data.split(|byte| *byte == b'\n').nth(at));
        Proof::new(format!("{member}:{line}"), row.unwrap_or_default().trim_ascii())
    }
}

/// Whether a line is one of `mountinfo`: two numbers first, and a lone hyphen further on, proc_pid_mountinfo(5).
fn is_mount(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ');
    let number = |word: Option<&[u8]>| {
        word.is_some_and(|word| !word.is_empty() && word.iter().all(u8::is_ascii_digit))
    };
    number(words.next()) && number(words.next()) && words.any(|word| word == b"-")
}
