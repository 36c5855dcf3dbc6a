//! Answers to questions: who has it, who listens on it, who is connected to it, who mentions it.

mod find;
mod words;

use super::question::{Asked, Question};
use super::register::Register;
use super::system::{RowIndex, SystemIndex};
use procglass_findings::Proof;
use procglass_model::Timestamp;
use procglass_model::sorting;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;

/// What a system has to do with what was asked for, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// It is its own: its address, its container, a program that it runs.
    Has,
    /// A socket of it waits there.
    Listens,
    /// A socket of it is connected there.
    Connected,
    /// It stands in an argument, an environment, a file or a table.
    Mentions,
}

impl AnswerKind {
    /// All, the strongest first.
    pub const ALL: [Self; 4] = [Self::Has, Self::Listens, Self::Connected, Self::Mentions];

    /// The word for tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Has => "has",
            Self::Listens => "listens",
            Self::Connected => "connected",
            Self::Mentions => "mentions",
        }
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What the system has to do with it.
    pub kind: AnswerKind,
    /// Which system.
    pub system: SystemIndex,
    /// When its snapshot was taken: it was so then, and need not be before or after.
    pub when: Option<Timestamp>,
    /// Which process, where it is one.
    pub process: Option<RowIndex>,
    /// Which socket, by place in [`System::sockets`](super::System::sockets).
    pub socket: Option<u32>,
    /// The answer as a sentence.
    pub sentence: String,
    /// The proof.
    pub proof: Proof,
}

/// A system that had what was asked for, with the snapshots in which it did, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The system, by its first snapshot.
    pub system: SystemIndex,
    /// The snapshots.
    pub snapshots: Vec<SystemIndex>,
}

/// All answers to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The strongest first, no more than [`Reply::MOST`] of each kind.
    pub answers: Vec<Answer>,
    /// How many there are of each kind, in the order of [`AnswerKind::ALL`].
    pub counts: [usize; 4],
    /// Different systems that had it, the earliest first. Two for one address: it passed on, or is used twice.
    pub holders: Vec<Holder>,
    /// What to know about the question itself, as sentences.
    pub notes: Vec<String>,
}

impl Reply {
    /// Answers that are kept of one kind.
    pub const MOST: usize = 1000;

    /// How many answers are not in the list.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.counts.iter().sum::<usize>().saturating_sub(self.answers.len())
    }
}

pub(super) fn ask(register: &Register, question: &Question) -> Reply {
    let mut reply = Reply::default();
    if let Asked::Address(address, _) = question.asked
        && let Some(note) = about(scope::of(address))
    {
        reply.notes.push(format!("{address} {note}"));
    }
    let mut hits = find::hits(register, &question.asked);
    hits.sort_unstable();
    hits.dedup();
    for hit in &hits {
        if let Some(count) = reply.counts.get_mut(hit.kind as usize) {
            *count += 1;
            if *count <= Reply::MOST {
                reply.answers.extend(words::answer(register, &question.asked, hit));
            }
        }
    }
    reply.holders = holders(register, &hits);
    if reply.holders.len() > 1 && matches!(question.asked, Asked::Address(..)) {
        reply.notes.push(words::several(register, question, &reply.holders));
    }
    let cut = register.systems().iter().filter(|system| system.mentions_left_out > 0).count();
    if cut > 0 && matches!(question.asked, Asked::Address(..) | Asked::Network(_)) {
        reply
            .notes
            .push(format!("{cut} system(s) mention more addresses than are kept: a mention may be missing."));
    }
    let on_sockets = matches!(question.asked, Asked::Address(..) | Asked::Network(_) | Asked::Port(_));
    let cut = register.systems().iter().filter_map(|system| Some((system, system.cut_sockets.as_ref()?)));
    for (system, sentence) in cut.filter(|_| on_sockets).take(CUT) {
        reply.notes.push(format!("{}: {sentence} An answer may be among them.", system.name));
    }
    reply
}

/// Systems with tables that were cut, each of which is named.
const CUT: usize = 8;

/// What to know of an address that names no single system.
fn about(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::Loopback => Some("is each machine itself: it tells no system from another."),
        Scope::Unspecified => Some("stands for every address of a machine: it tells no system from another."),
        Scope::Multicast => Some("is for many at once: nobody has it."),
        Scope::LinkLocal => {
            Some("is used anew on every wire: systems on different networks may have it at once.")
        }
        Scope::Metadata => {
            Some("is the metadata service of a cloud: it is the same address for each system there.")
        }
        Scope::Private | Scope::Reserved | Scope::Public => None,
    }
}

/// The different systems among the first kind of answers, the earliest first.
fn holders(register: &Register, hits: &[find::Hit]) -> Vec<Holder> {
    let mut snapshots: Vec<SystemIndex> =
        hits.iter().take_while(|hit| hit.kind == AnswerKind::Has).map(|hit| hit.system).collect();
    snapshots.sort_unstable();
    snapshots.dedup();
    sorting::sort_by_key(&mut snapshots, |index| register.get(*index).and_then(|system| system.captured));
    let mut holders: Vec<Holder> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for snapshot in snapshots {
        let system = register.identity(snapshot);
        let at = *places.entry(system).or_insert_with(|| {
            holders.push(Holder { system, snapshots: Vec::new() });
            holders.len() - 1
        });
        if let Some(holder) = holders.get_mut(at) {
            holder.snapshots.push(snapshot);
        }
    }
    holders
}
