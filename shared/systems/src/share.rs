//! What several systems have in common that most have not.

use super::register::Register;
use super::system::{RowIndex, SystemIndex};
use procglass_findings::Severity;
use procglass_model::sorting;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommonKind {
    /// A program, by the SHA-256 of its file.
    Executable,
    /// An address that they are connected to.
    Remote,
    /// An image, by its digest where that is known.
    Image,
}

impl CommonKind {
    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Executable => "executable",
            Self::Remote => "remote address",
            Self::Image => "image",
        }
    }
}

/// Something that several systems have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// What it is.
    pub kind: CommonKind,
    /// The hash, the address, the digest or the name of the image.
    pub value: String,
    /// What people call it: the path of the program, the scope of the address, the name of the image.
    pub label: String,
    /// The systems, each by its first snapshot.
    pub systems: Vec<SystemIndex>,
    /// Of how many systems it could be told.
    pub of: usize,
    /// The most serious finding about one of its processes.
    pub severity: Option<Severity>,
    /// Some of its processes.
    pub processes: Vec<(SystemIndex, RowIndex)>,
}

/// The most of one kind that are told.
const MOST: usize = 500;
/// Processes that are kept as samples.
const SAMPLES: usize = 8;

#[derive(Default)]
struct Entry {
    systems: BTreeSet<SystemIndex>,
    label: String,
    severity: Option<Severity>,
    processes: Vec<(SystemIndex, RowIndex)>,
}

impl Entry {
    fn take(
        &mut self,
        system: SystemIndex,
        at: SystemIndex,
        process: Option<RowIndex>,
        severity: Option<Severity>,
    ) {
        self.systems.insert(system);
        self.severity = self.severity.max(severity);
        if let Some(process) = process.filter(|_| self.processes.len() < SAMPLES) {
            self.processes.push((at, process));
        }
    }
}

pub(super) fn shared(register: &Register) -> Vec<Common> {
    let mut executables: HashMap<&str, Entry> = HashMap::new();
    let mut remotes: HashMap<IpAddr, Entry> = HashMap::new();
    let mut images: BTreeMap<&str, Entry> = BTreeMap::new();
    let (mut hashed, mut connected, mut with_image) = (HashSet::new(), HashSet::new(), HashSet::new());
    for (at, system) in register.indices().zip(register.systems()) {
        let identity = register.identity(at);
        for (row, process) in (0..).map(RowIndex).zip(&system.processes) {
            let Some(hash) = process.sha256.as_deref() else { continue };
            hashed.insert(identity);
            let entry = executables.entry(hash).or_default();
            entry.take(identity, at, Some(row), process.severity);
            if entry.label.is_empty() {
                let exe = process.exe.as_ref().map_or(&process.name, |exe| exe);
                entry.label = procglass_model::text::visible(exe).into_owned();
            }
        }
        for socket in &system.sockets {
            let Some((remote, _)) = socket.remote else { continue };
            if !matches!(scope::of(remote), Scope::Private | Scope::Public) {
                continue;
            }
            connected.insert(identity);
            let process = socket.owners.first().copied();
            let severity = process.and_then(|row| system.process(row)).and_then(|process| process.severity);
            remotes.entry(remote).or_default().take(identity, at, process, severity);
        }
        for container in &system.containers {
            let value = container.image_digest.as_deref().or(container.image.as_deref());
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            with_image.insert(identity);
            let entry = images.entry(value).or_default();
            entry.take(identity, at, None, None);
            entry.label = container.image.clone().unwrap_or_default();
        }
    }
    let mut all = common(CommonKind::Executable, executables, hashed.len(), true);
    let named = remotes
        .into_iter()
        .map(|(address, entry)| (address.to_string(), with_scope(register, address, entry)));
    all.extend(common(CommonKind::Remote, named, connected.len(), true));
    all.extend(common(CommonKind::Image, images, with_image.len(), false));
    all
}

fn with_scope(register: &Register, address: IpAddr, mut entry: Entry) -> Entry {
    let holder = register.holders(address).first().and_then(|(system, _)| register.get(*system));
    entry.label = match holder {
        Some(system) => format!("{}, {}", scope::of(address).word(), system.name),
        None => scope::of(address).word().to_owned(),
    };
    entry
}

/// Entries of more than one system, and of no more than half where only the unusual is wanted (of two systems nothing is
/// unusual, and all is told). The most serious first, then what the fewest have.
fn common<V: Into<String>>(
    kind: CommonKind,
    entries: impl IntoIterator<Item = (V, Entry)>,
    of: usize,
    unusual: bool,
) -> Vec<Common> {
    let wanted = |entry: &Entry| {
        let count = entry.systems.len();
        let usual = unusual
            && of > 2
            && count * 2 > of
            && entry.severity.is_none_or(|worst| worst < Severity::Medium);
        count > 1 && !usual
    };
    let mut all: Vec<Common> = entries
        .into_iter()
        .filter(|(_, entry)| wanted(entry))
        .map(|(value, entry)| Common {
            kind,
            value: value.into(),
            label: entry.label,
            systems: entry.systems.into_iter().collect(),
            of,
            severity: entry.severity,
            processes: entry.processes,
        })
        .collect();
    sorting::sort_by(&mut all, |a, b| {
        let key = |common: &Common| (Reverse(common.severity), common.systems.len());
        key(a).cmp(&key(b)).then_with(|| a.value.cmp(&b.value))
    });
    all.truncate(MOST);
    all
}
