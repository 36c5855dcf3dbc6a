//! Pipes: who holds which end. A pipe's inode is unique in one kernel, so the join needs no namespace.

use crate::{FileKind, OpenFile, ProcessIndex, Snapshot};
use std::collections::HashMap;

/// One end of a pipe, held by a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    /// Who holds it.
    pub process: ProcessIndex,
    /// Its descriptor.
    pub fd: u32,
    /// `r` or `w`; `None` where the access mode was not collected.
    pub access: Option<char>,
}

/// Every pipe without a name, by inode, with all its ends.
#[derive(Debug, Default)]
pub struct Pipes(HashMap<u64, Vec<End>>);

impl Pipes {
    /// Of a whole snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut pipes: HashMap<u64, Vec<End>> = HashMap::new();
        for file in &snapshot.files {
            if let Some(inode) = inode(file) {
                let end = End { process: file.process, fd: file.fd, access: file.access() };
                pipes.entry(inode).or_default().push(end);
            }
        }
        Self(pipes)
    }

    /// Every pipe with its ends.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &[End])> {
        self.0.iter().map(|(inode, ends)| (*inode, ends.as_slice()))
    }

    /// The ends of the pipe that `file` is an end of, except those of the same side: whom it can talk to. Empty for what
    /// is no pipe, and where nobody visible holds the other side.
    pub fn others<'a>(&'a self, file: &OpenFile) -> impl Iterator<Item = &'a End> + use<'a> {
        let (own, access) = ((file.process, file.fd), file.access());
        let ends = inode(file).and_then(|inode| self.0.get(&inode)).map_or(&[][..], Vec::as_slice);
        ends.iter().filter(move |end| {
            let same_side = access.is_some() && end.access == access;
            (end.process, end.fd) != own && !same_side
        })
    }
}

fn inode(file: &OpenFile) -> Option<u64> {
    file.inode().filter(|_| file.kind == FileKind::Pipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_reader_finds_the_writers() {
        let snapshot = fixture::open(&fixture::bundle(
            "//- process/5/fd/1 -> pipe:[77]\nflags:\t01\n//- process/6/fd/1 -> pipe:[77]\nflags:\t01\n\
             //- process/7/fd/0 -> pipe:[77]\nflags:\t00\n//- process/8/fd/0 -> pipe:[78]\nflags:\t00\n\
             //- process/8/fd/3 -> socket:[77]\n",
        ));
        let pipes = Pipes::of(&snapshot);
        let others = |at: usize| -> Vec<(u32, u32)> {
            let pid = |index| snapshot.process(index).unwrap().pid;
            pipes.others(&snapshot.files[at]).map(|end| (pid(end.process), end.fd)).collect()
        };
        assert_eq!(others(0), [(7, 0)], "not the other writer");
        assert_eq!(others(2), [(5, 1), (6, 1)]);
        assert_eq!(others(3), [], "the other side is not visible");
        assert_eq!(others(4), [], "a socket of the same number is no pipe");
    }
}
