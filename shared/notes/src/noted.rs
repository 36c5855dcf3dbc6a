//! The notes of a bundle, found by what they are on.

use super::document::Section;
use super::note::{Note, Tag};
use super::on::On;
use procglass_findings::Finding;
use procglass_snapshot::FileIndex;
use procglass_snapshot::{ProcessIndex, Snapshot, SocketIndex};
use std::collections::BTreeMap;

/// A section, with the places of its notes in the snapshot.
#[derive(Debug, Default)]
pub struct Noted {
    /// As the file has it.
    pub section: Section,
    notes: Vec<Note>,
    processes: BTreeMap<ProcessIndex, Vec<usize>>,
    sockets: BTreeMap<SocketIndex, Vec<usize>>,
    files: BTreeMap<FileIndex, Vec<usize>>,
    /// By process; `None` for those of the system.
    findings: BTreeMap<Option<ProcessIndex>, Vec<usize>>,
    elsewhere: Vec<usize>,
}

impl Noted {
    /// Looks up what each note is on. Linear in notes and sockets.
    #[must_use]
    pub fn of(snapshot: &Snapshot, section: Section) -> Self {
        let mut noted = Self { notes: section.notes().cloned().collect(), section, ..Self::default() };
        let mut sockets: BTreeMap<(u64, u64), Vec<usize>> = BTreeMap::new();
        for (at, note) in noted.notes.iter().enumerate() {
            let found = match &note.on {
                On::Summary => continue,
                On::Process(pid, start) => {
                    process(snapshot, *pid, *start).map(|index| noted.processes.entry(index).or_default())
                }
                On::Finding(_, None) => Some(noted.findings.entry(None).or_default()),
                On::Finding(_, Some((pid, start))) => process(snapshot, *pid, *start)
                    .map(|index| noted.findings.entry(Some(index)).or_default()),
                On::Socket(netns, inode, ..) => Some(sockets.entry((*netns, *inode)).or_default()),
                On::File((pid, start), fd, _) => file(snapshot, *pid, *start, *fd, &note.on)
                    .map(|index| noted.files.entry(index).or_default()),
                On::Other(_) => None,
            };
            found.unwrap_or(&mut noted.elsewhere).push(at);
        }
        if !sockets.is_empty() {
            for (index, socket) in (0..).map(SocketIndex).zip(&snapshot.sockets) {
                let Some(waiting) = sockets.get_mut(&(socket.netns, socket.inode)) else { continue };
                let on = On::socket(socket);
                let here = |at: &usize| noted.notes.get(*at).is_some_and(|note| note.on == on);
                let (found, rest): (Vec<_>, Vec<_>) = waiting.drain(..).partition(here);
                *waiting = rest;
                if !found.is_empty() {
                    noted.sockets.entry(index).or_default().extend(found);
                }
            }
            noted.elsewhere.extend(sockets.into_values().flatten());
        }
        noted
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// All that are not deleted.
    #[must_use]
    pub fn all(&self) -> &[Note] {
        &self.notes
    }

    fn notes<'a>(&'a self, places: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Note> + Clone {
        places.into_iter().flatten().filter_map(|at| self.notes.get(*at))
    }

    /// On a process.
    pub fn of_process(&self, index: ProcessIndex) -> impl Iterator<Item = &Note> + Clone {
        self.notes(self.processes.get(&index))
    }

    /// On a socket.
    pub fn of_socket(&self, index: SocketIndex) -> impl Iterator<Item = &Note> + Clone {
        self.notes(self.sockets.get(&index))
    }

    /// Every socket that has a note, with it.
    pub fn sockets(&self) -> impl Iterator<Item = (SocketIndex, &Note)> {
        self.sockets.iter().flat_map(|(index, places)| self.notes(Some(places)).map(|note| (*index, note)))
    }

    /// On a descriptor.
    pub fn of_file(&self, index: FileIndex) -> impl Iterator<Item = &Note> + Clone {
        self.notes(self.files.get(&index))
    }

    /// On a finding.
    pub fn of_finding<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = &'a Note> + Clone {
        let all = self.notes(self.findings.get(&finding.process));
        all.filter(|note| matches!(&note.on, On::Finding(rule, _) if rule == finding.rule.id))
    }

    /// On what was found of a process.
    pub fn of_findings(&self, index: ProcessIndex) -> impl Iterator<Item = &Note> + Clone {
        self.notes(self.findings.get(&Some(index)))
    }

    /// On things that are not in this bundle, or of a kind that this version does not know.
    pub fn elsewhere(&self) -> impl Iterator<Item = &Note> + Clone {
        self.notes(Some(&self.elsewhere))
    }

    /// Whether somebody explained a finding, and nobody marked it as bad.
    #[must_use]
    pub fn explains(&self, finding: &Finding) -> bool {
        self.of_finding(finding).map(|note| note.tag).max() == Some(Tag::Explained)
    }
}

fn process(snapshot: &Snapshot, pid: u32, start: u64) -> Option<ProcessIndex> {
    let first = snapshot.processes.partition_point(|process| process.pid < pid);
    let same = snapshot.processes.get(first..)?.iter().take_while(|process| process.pid == pid);
    let at = first + same.into_iter().position(|process| process.start_ticks == start)?;
    u32::try_from(at).ok().map(ProcessIndex)
}

fn file(snapshot: &Snapshot, pid: u32, start: u64, fd: u32, on: &On) -> Option<FileIndex> {
    let index = process(snapshot, pid, start)?;
    let place = snapshot.files_of(index).iter().position(|file| file.fd == fd)?;
    let at = snapshot.process(index)?.files.start + u32::try_from(place).ok()?;
    (On::file(snapshot, snapshot.files.get(at as usize)?).as_ref() == Some(on)).then_some(FileIndex(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_findings::{Findings, Indicators};
    use procglass_fixture as fixture;
    use procglass_model::Timestamp;

    #[test]
    fn notes_are_found_by_what_they_are_on() {
        let snapshot = fixture::payments();
        let shell = snapshot.by_pid(812).unwrap();
        let findings = Findings::of(&snapshot, &Indicators::default());
        let finding = findings.of_process(shell).next().unwrap();
        let file = snapshot.files_of(shell).first().unwrap();
        let socket = *snapshot.sockets_of(shell).first().unwrap();
        let mut section = Section::new("00", "", "");
        let things = [
            On::process(snapshot.process(shell).unwrap()),
            On::finding(&snapshot, finding),
            On::file(&snapshot, file).unwrap(),
            On::socket(snapshot.socket(socket).unwrap()),
            On::Process(812, 1),
            On::parse("socket 1 2 tcp - -"),
            On::parse("thread 5"),
            On::Summary,
        ];
        for on in things {
            section.put(Note::new(on, Tag::Explained, "x", "Ada", Timestamp::from_seconds(1)));
        }
        let noted = Noted::of(&snapshot, section);
        assert_eq!(noted.of_process(shell).count(), 1);
        assert_eq!(noted.of_findings(shell).count(), 1);
        assert!(noted.explains(finding));
        assert_eq!(noted.of_socket(socket).count(), 1);
        let place = snapshot.process(shell).unwrap().files.start;
        assert_eq!(noted.of_file(FileIndex(place)).count(), 1);
        assert_eq!(noted.elsewhere().count(), 3);
        let mut worse = noted.section;
        let on = On::finding(&snapshot, finding);
        worse.put(Note::new(on, Tag::Bad, "no", "Bob", Timestamp::from_seconds(1)));
        assert!(!Noted::of(&snapshot, worse).explains(finding), "two do not agree");
    }
}
