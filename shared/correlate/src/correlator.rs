//! Takes records, and holds what they come to.

use super::index::Index;
use super::join::join;
use super::place::identifies;
use super::seen::{Part, Remote, Seen};
use super::strength::{Match, STRENGTHS, Side, Strength};
use super::talker::{Talker, Talkers};
use bstr::BString;
use procglass_logs::{End, Record};
use procglass_systems::{RowIndex, System, SystemIndex};
use std::net::IpAddr;

/// A log by its place among those that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogIndex(pub u32);

/// A record that matched, with what it matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// In which log.
    pub log: LogIndex,
    /// The record.
    pub record: Record<BString>,
    /// Systems and processes; the source's first.
    pub matches: Vec<Match>,
}

/// Counts over all records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records of flows.
    pub records: u64,
    /// Records that matched at least one system.
    pub matched: u64,
    /// Records by their strongest match, in the order of [`STRENGTHS`].
    pub by_strength: [u64; STRENGTHS.len()],
}

/// Joins records to systems, one at a time, and keeps the first matched rows and sums over all.
pub struct Correlator {
    index: Index,
    /// Where the subjects of each system begin in `seen`: first the system without a process, then its processes.
    bases: Vec<usize>,
    seen: Vec<Option<Box<Seen>>>,
    talkers: Talkers,
    counts: Counts,
    rows: Vec<Row>,
    keep: usize,
    /// Whether there is a sum for each subject.
    subjects: bool,
    matches: Vec<Match>,
}

impl Correlator {
    /// For these systems, keeping the first `keep` rows that match.
    #[must_use]
    pub fn new(systems: &[System], keep: usize) -> Self {
        let mut bases = Vec::with_capacity(systems.len());
        let mut subjects = 0;
        for system in systems {
            bases.push(subjects);
            subjects += 1 + system.processes.len();
        }
        Self {
            index: Index::new(systems),
            bases,
            seen: vec![None; subjects],
            talkers: Talkers::default(),
            counts: Counts::default(),
            rows: Vec::new(),
            keep,
            subjects: true,
            matches: Vec::new(),
        }
    }

    /// Without sums for each process and system, for whoever does not ask for them: they are many, so that adding to them
    /// takes a third of the time. Counts and talkers are as before.
    #[must_use]
    pub fn without_subjects(self) -> Self {
        Self { subjects: false, ..self }
    }

    /// Joins one record. The answer holds until the next call.
    pub fn record(&mut self, log: LogIndex, record: &Record<&[u8]>) -> &[Match] {
        let mut matches = std::mem::take(&mut self.matches);
        join(&self.index, record, &mut matches);
        self.counts.records += u64::from(record.status == procglass_logs::Status::Flow);
        if let Some(strongest) = matches.iter().map(|each| each.strength).max() {
            self.counts.matched += 1;
            let at = STRENGTHS.iter().position(|about| about.strength == strongest);
            if let Some(count) = at.and_then(|at| self.counts.by_strength.get_mut(at)) {
                *count += 1;
            }
            self.sum(record, &matches);
            if self.rows.len() < self.keep {
                self.rows.push(Row { log, record: record.keep(), matches: matches.clone() });
            }
        }
        self.matches = matches;
        &self.matches
    }

    fn sum(&mut self, record: &Record<&[u8]>, matches: &[Match]) {
        let (service, theirs_is) = service(record, matches);
        let from_source = Part::of(record);
        let from_destination = from_source.turned();
        for each in matches.iter().filter(|_| self.subjects) {
            let is_source = each.side != Side::Destination;
            let (part, other) = if is_source {
                (&from_source, &record.destination)
            } else {
                (&from_destination, &record.source)
            };
            let remote = other.packet.or(other.address).map(|address| Remote {
                address,
                port: service,
                theirs: service.is_some() && (theirs_is == Side::Source) != is_source,
                protocol: record.protocol,
            });
            let at = self.at(each.system, each.process);
            if let Some(seen) = at.and_then(|at| self.seen.get_mut(at)) {
                seen.get_or_insert_default().add(part, each.strength, each.ambiguous, remote);
            }
        }
        // The other end of what is known, when nobody has it.
        for (side, end, part) in [
            (Side::Source, &record.source, &from_source),
            (Side::Destination, &record.destination, &from_destination),
        ] {
            if matches.iter().any(|each| each.side == side) {
                continue;
            }
            let Some(address) = self.unexplained(end) else { continue };
            let systems = matches.iter().map(|each| each.system.0);
            self.talkers.add(address, side == Side::Source, systems, service, part);
        }
    }

    /// The address of an end that no system has.
    fn unexplained(&self, end: &End) -> Option<IpAddr> {
        let address = end.packet.or(end.address)?;
        (identifies(address) && !self.index.is_broadcast(address)).then_some(address)
    }

    fn at(&self, system: SystemIndex, process: Option<RowIndex>) -> Option<usize> {
        let base = self.bases.get(usize::try_from(system.0).ok()?)?;
        let process = process.map_or(Some(0), |row| usize::try_from(row.0).ok()?.checked_add(1))?;
        base.checked_add(process)
    }

    /// What the logs say of a process, or with `None`, of a system in records that name no process.
    #[must_use]
    pub fn seen(&self, system: SystemIndex, process: Option<RowIndex>) -> Option<&Seen> {
        self.seen.get(self.at(system, process)?)?.as_deref()
    }

    /// Everything that was seen, by system and process.
    pub fn all_seen(&self) -> impl Iterator<Item = (SystemIndex, Option<RowIndex>, &Seen)> {
        let ends = self.bases.iter().skip(1).copied().chain([self.seen.len()]);
        self.bases.iter().zip(ends).zip(0..).flat_map(|((from, to), system)| {
            let subjects = self.seen.get(*from..to).unwrap_or_default();
            subjects.iter().zip(0_u32..).filter_map(move |(seen, at)| {
                Some((SystemIndex(system), at.checked_sub(1).map(RowIndex), seen.as_deref()?))
            })
        })
    }

    /// Addresses that spoke with systems and are none of them: those that touch the most systems first, at most `limit`.
    #[must_use]
    pub fn talkers(&self, limit: usize) -> Vec<Talker> {
        self.talkers.list(limit)
    }

    /// How many such addresses there are; an upper bound once there are more than can be kept.
    #[must_use]
    pub fn talker_count(&self) -> u64 {
        self.talkers.count()
    }

    /// Whether [`Correlator::talker_count`] is only an upper bound, and talkers of one system may be missing.
    #[must_use]
    pub fn talkers_were_dropped(&self) -> bool {
        self.talkers.dropped > 0
    }

    /// Counts over all records.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The first rows that matched.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// Ports from here on are given to clients, on most systems.
const EPHEMERAL: u16 = 32_768;

/// The port that says which service a flow was of, and whose it is. A listener tells; without one, the lower port when
/// only one is ephemeral; otherwise that of the destination.
fn service(record: &Record<&[u8]>, matches: &[Match]) -> (Option<u16>, Side) {
    let listens = matches.iter().find(|each| each.strength == Strength::Listener).map(|each| each.side);
    let side = match (record.source.port, record.destination.port) {
        _ if listens.is_some() => listens.unwrap_or(Side::Destination),
        (Some(source), Some(destination)) if source < EPHEMERAL && destination >= EPHEMERAL => Side::Source,
        (Some(_), None) => Side::Source,
        _ => Side::Destination,
    };
    let end = if side == Side::Source { &record.source } else { &record.destination };
    (end.port, side)
}
