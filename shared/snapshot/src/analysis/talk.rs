//! Who talks to whom inside the system: over pipes, over connections of which both ends are here, and over UNIX sockets as
//! far as the evidence says.
//!
//! `/proc/net/unix` does not tell which two sockets are connected. What it does tell is kept: who serves a name, and how
//! many are connected to it. Nothing is guessed.

use super::direction::{Direction, Listeners};
use super::pipe::{End, Pipes};
use crate::{ProcessIndex, Protocol, Snapshot, Socket, SocketIndex};
use procglass_model::sorting;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What two processes talk through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// A pipe, by its inode.
    Pipe(u64),
    /// A connection inside this system: transport, and the port that was called.
    Connection(Protocol, u16),
    /// A UNIX socket whose other end is known.
    Unix,
}

/// Two processes and what is between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Who writes, or who called.
    pub from: ProcessIndex,
    /// Who reads, or who was called.
    pub to: ProcessIndex,
    /// Through what.
    pub way: Way,
    /// How many such connections.
    pub count: usize,
    /// Whether the direction is known.
    pub directed: bool,
}

/// A pipe that many hold: pairs would say less than the crowd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crowd {
    /// Inode of the pipe.
    pub inode: u64,
    /// Who can write into it, or may be able to.
    pub writers: Vec<ProcessIndex>,
    /// Who can read from it, or may be able to.
    pub readers: Vec<ProcessIndex>,
}

/// A UNIX socket that serves a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The listening socket.
    pub socket: SocketIndex,
    /// Connections to it that it has taken.
    pub connections: usize,
}

/// Everything that can be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Talks {
    /// Pairs, by their processes.
    pub pairs: Vec<Talk>,
    /// Pipes with more ends than pairs can show.
    pub crowds: Vec<Crowd>,
    /// Names that are served.
    pub served: Vec<Served>,
    /// Connected UNIX sockets whose other end is not in the evidence.
    pub unknown: usize,
}

/// More pairs than this from one pipe are a crowd.
const MOST: usize = 16;

impl Talks {
    /// Of a whole snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot, listeners: &Listeners) -> Self {
        let mut talks = Self::default();
        let mut pairs: BTreeMap<(ProcessIndex, ProcessIndex, Way, bool), usize> = BTreeMap::new();
        for (inode, ends) in Pipes::of(snapshot).iter() {
            talks.pipe(inode, ends, &mut pairs);
        }
        let mut connected: HashMap<(u64, &[u8]), usize> = HashMap::new();
        for (at, socket) in (0..).map(SocketIndex).zip(&snapshot.sockets) {
            if let Some((key, directed)) = connection(snapshot, listeners, at, socket) {
                *pairs.entry((key.0, key.1, key.2, directed)).or_default() += 1;
            }
            if socket.protocol == Protocol::Unix && socket.state == "ESTABLISHED" {
                talks.unknown += usize::from(socket.peer.is_none());
                if let Some(path) = &socket.path {
                    *connected.entry((socket.netns, path)).or_default() += 1;
                }
            }
        }
        for (at, socket) in (0..).map(SocketIndex).zip(&snapshot.sockets) {
            let path = socket.path.as_ref().filter(|_| socket.protocol == Protocol::Unix && socket.listens());
            if let Some(path) = path {
                let connections = connected.get(&(socket.netns, path.as_slice())).copied().unwrap_or(0);
                talks.served.push(Served { socket: at, connections });
            }
        }
        let talk = |((from, to, way, directed), count)| Talk { from, to, way, count, directed };
        talks.pairs = pairs.into_iter().map(talk).collect();
        sorting::sort_by_key(&mut talks.crowds, |crowd| crowd.inode);
        talks
    }

    fn pipe(
        &mut self,
        inode: u64,
        ends: &[End],
        pairs: &mut BTreeMap<(ProcessIndex, ProcessIndex, Way, bool), usize>,
    ) {
        let side = |other: char| -> BTreeSet<ProcessIndex> {
            ends.iter().filter(|end| end.access != Some(other)).map(|end| end.process).collect()
        };
        let (writers, readers) = (side('r'), side('w'));
        if writers.len().saturating_mul(readers.len()) > MOST {
            let (writers, readers) = (writers.into_iter().collect(), readers.into_iter().collect());
            self.crowds.push(Crowd { inode, writers, readers });
            return;
        }
        let directed = ends.iter().all(|end| end.access.is_some());
        for from in &writers {
            for to in readers.iter().filter(|to| *to != from) {
                // Where the direction is not known each pair would come twice.
                if directed || from < to {
                    *pairs.entry((*from, *to, Way::Pipe(inode), directed)).or_default() += 1;
                }
            }
        }
    }

    /// What one process has to do with: its pairs.
    pub fn with(&self, process: ProcessIndex) -> impl Iterator<Item = &Talk> {
        self.pairs.iter().filter(move |talk| talk.from == process || talk.to == process)
    }

    /// The crowds that one process is in.
    pub fn crowds_of(&self, process: ProcessIndex) -> impl Iterator<Item = &Crowd> {
        let holds = move |list: &[ProcessIndex]| list.binary_search(&process).is_ok();
        self.crowds.iter().filter(move |crowd| holds(&crowd.writers) || holds(&crowd.readers))
    }
}

/// A connection of which both ends are here, told once, by the end that called.
fn connection(
    snapshot: &Snapshot,
    listeners: &Listeners,
    at: SocketIndex,
    socket: &Socket,
) -> Option<((ProcessIndex, ProcessIndex, Way), bool)> {
    let index = socket.peer?;
    let peer = snapshot.socket(index)?;
    let owner = |socket: &Socket| socket.owners.iter().map(|owner| owner.process).min();
    let (from, to) = (owner(socket)?, owner(peer)?);
    if from == to {
        return None;
    }
    if socket.protocol == Protocol::Unix {
        return (at < index).then_some(((from, to, Way::Unix), false));
    }
    let (own, other) = (listeners.direction(socket), listeners.direction(peer));
    let told = match (own, other) {
        (Some(Direction::Outgoing), Some(Direction::Incoming)) => Some(true),
        (Some(Direction::Incoming), Some(Direction::Outgoing)) => None,
        _ => (at < index).then_some(false),
    }?;
    let (_, port) = socket.remote?;
    Some(((from, to, Way::Connection(socket.protocol, port)), told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn talks(text: &str) -> (Snapshot, Talks) {
        let snapshot = fixture::open(&fixture::bundle(text));
        let talks = Talks::of(&snapshot, &Listeners::of(&snapshot));
        (snapshot, talks)
    }

    fn told(snapshot: &Snapshot, talks: &Talks) -> Vec<(u32, u32, Way, bool)> {
        let pid = |index| snapshot.process(index).unwrap().pid;
        talks.pairs.iter().map(|talk| (pid(talk.from), pid(talk.to), talk.way, talk.directed)).collect()
    }

    #[test]
    fn pipes_go_one_way_where_the_access_is_known() {
        let (snapshot, talks) = talks(
            "//- process/5/fd/1 -> pipe:[77]\nflags:\t01\n//- process/6/fd/0 -> pipe:[77]\nflags:\t00\n\
             //- process/7/fd/3 -> pipe:[78]\n//- process/8/fd/3 -> pipe:[78]\n//- process/9/fd/3 -> pipe:[79]\n",
        );
        assert_eq!(told(&snapshot, &talks), [(5, 6, Way::Pipe(77), true), (7, 8, Way::Pipe(78), false)]);
        assert_eq!(talks.with(ProcessIndex(0)).count(), 1);
    }

    #[test]
    fn a_pipe_of_many_is_a_crowd() {
        let holders = (10..40).map(|pid| format!("//- process/{pid}/fd/0 -> pipe:[77]\nflags:\t02\n"));
        let (_, talks) = talks(&holders.collect::<String>());
        assert_eq!((talks.pairs.len(), talks.crowds.len()), (0, 1));
        assert_eq!(talks.crowds[0].writers.len(), 30);
        assert_eq!(talks.crowds_of(ProcessIndex(3)).count(), 1);
    }

    #[test]
    fn connections_inside_and_names_that_are_served() {
        let snapshot = fixture::payments();
        let talks = Talks::of(&snapshot, &Listeners::of(&snapshot));
        assert_eq!(told(&snapshot, &talks), [(7, 40, Way::Connection(Protocol::Tcp, 6379), true)]);
        assert_eq!(talks.served.len(), 1);
        assert_eq!(
            (talks.served[0].connections, talks.unknown),
            (0, 1),
            "nobody knows who holds the other end"
        );
    }
}
