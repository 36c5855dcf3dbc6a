//! What the logs say of one process or system, in bounded memory.

use super::strength::{STRENGTHS, Strength};
use crate::flow::{Action, Record};
use crate::model::Timestamp;
use foldhash::HashMap;
use std::net::IpAddr;

/// Remote ends that are kept for each process and system.
pub const REMOTES: usize = 32;

/// Sums over records. Two interfaces that log one flow count it twice: these are sums of what the logs say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records.
    pub records: u64,
    /// Bytes away from the subject.
    pub bytes_out: u64,
    /// Bytes towards it.
    pub bytes_in: u64,
    /// Packets, both ways.
    pub packets: u64,
    /// Records of flows that were let through.
    pub accepted: u64,
    /// Records of flows that were not.
    pub rejected: u64,
    /// Records with an alert.
    pub alerts: u64,
    /// The earliest time.
    pub first: Option<Timestamp>,
    /// The latest.
    pub last: Option<Timestamp>,
}

impl Totals {
    /// Adds a record in which the subject is the source, or is not.
    pub(super) fn add(&mut self, record: &Record<&[u8]>, is_source: bool) {
        let (out, back) =
            if is_source { (record.sent, record.received) } else { (record.received, record.sent) };
        self.records += 1;
        self.bytes_out = self.bytes_out.saturating_add(out.bytes.unwrap_or(0));
        self.bytes_in = self.bytes_in.saturating_add(back.bytes.unwrap_or(0));
        let packets = out.packets.unwrap_or(0).saturating_add(back.packets.unwrap_or(0));
        self.packets = self.packets.saturating_add(packets);
        match record.action {
            Some(Action::Accepted) => self.accepted += 1,
            Some(Action::Rejected) => self.rejected += 1,
            Some(Action::Alert) => self.alerts += 1,
            None => {}
        }
        self.span(record.first(), record.last());
    }

    fn span(&mut self, first: Option<Timestamp>, last: Option<Timestamp>) {
        if let Some(first) = first {
            self.first = Some(self.first.map_or(first, |known| known.min(first)));
        }
        self.last = self.last.max(last);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.bytes_out = self.bytes_out.saturating_add(other.bytes_out);
        self.bytes_in = self.bytes_in.saturating_add(other.bytes_in);
        self.packets = self.packets.saturating_add(other.packets);
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.alerts += other.alerts;
        self.span(other.first, other.last);
    }

    /// What decides who is kept: bytes, and where a log has none, records.
    fn weight(&self) -> (u64, u64) {
        (self.bytes_out.saturating_add(self.bytes_in), self.records)
    }
}

/// A remote end: its address, the port that says which service it was (the listener's, on whichever side), the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remote {
    /// The address.
    pub address: IpAddr,
    /// Port of the service, where there is one.
    pub port: Option<u16>,
    /// Whether that port is the remote end's; otherwise it is the subject's own.
    pub theirs: bool,
    /// Number of the protocol in IP.
    pub protocol: Option<u8>,
}

/// What the logs say of one process, or of a system where no process is named.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Sums over all.
    pub totals: Totals,
    /// Records by strength, in the order of [`STRENGTHS`].
    pub by_strength: [u64; STRENGTHS.len()],
    /// Records that fit others as well.
    pub ambiguous: u64,
    remotes: HashMap<Remote, Totals>,
    /// Sums over remote ends that are not kept.
    others: Totals,
}

impl Seen {
    pub(super) fn add(
        &mut self,
        record: &Record<&[u8]>,
        is_source: bool,
        strength: Strength,
        ambiguous: bool,
        remote: Option<Remote>,
    ) {
        self.totals.add(record, is_source);
        let at = STRENGTHS.iter().position(|about| about.strength == strength);
        if let Some(count) = at.and_then(|at| self.by_strength.get_mut(at)) {
            *count += 1;
        }
        self.ambiguous += u64::from(ambiguous);
        match remote {
            Some(remote) => self.remotes.entry(remote).or_default().add(record, is_source),
            None => self.others.add(record, is_source),
        }
        // Twice as many may gather, so that the sorting is seldom.
        if self.remotes.len() > 2 * REMOTES {
            self.drop_smallest();
        }
    }

    /// Remote ends with the most bytes first, and the sums over all others. Once `others` has records, an end that was
    /// dropped and came again stands with less than its due; the sum of all is right.
    #[must_use]
    pub fn remotes(&self) -> (Vec<(Remote, Totals)>, Totals) {
        let (kept, mut others) = (self.sorted(), self.others);
        let dropped = kept.get(REMOTES..).unwrap_or_default();
        dropped.iter().for_each(|(_, totals)| others.merge(totals));
        (kept.into_iter().take(REMOTES).collect(), others)
    }

    fn sorted(&self) -> Vec<(Remote, Totals)> {
        let mut all: Vec<_> = self.remotes.iter().map(|(remote, totals)| (*remote, *totals)).collect();
        all.sort_unstable_by(|a, b| b.1.weight().cmp(&a.1.weight()).then(a.0.cmp(&b.0)));
        all
    }

    fn drop_smallest(&mut self) {
        let all = self.sorted();
        for (remote, totals) in all.get(REMOTES..).unwrap_or_default() {
            self.others.merge(totals);
            self.remotes.remove(remote);
        }
    }
}
