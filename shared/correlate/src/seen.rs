//! What the logs say of one process or system, in bounded memory.

use super::place;
use super::strength::{STRENGTHS, Strength};
use foldhash::HashMap;
use procglass_logs::{Action, Record};
use procglass_model::Timestamp;
use std::net::IpAddr;

/// Remote ends that are kept for each process and system.
pub const REMOTES: usize = 32;
/// So many may gather before the smallest are dropped: as many as a hash table of 64 places takes before it doubles.
const GATHERED: usize = 56;

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

/// What one record adds, worked out once for all sums that it goes into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    bytes_out: u64,
    bytes_in: u64,
    packets: u64,
    /// Accepted, rejected, alert.
    actions: [u64; 3],
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Part {
    /// Of a record, seen from its source.
    pub(super) fn of(record: &Record<&[u8]>) -> Self {
        let (sent, received) = (record.sent, record.received);
        let is = |action| u64::from(record.action == Some(action));
        Self {
            bytes_out: sent.bytes.unwrap_or(0),
            bytes_in: received.bytes.unwrap_or(0),
            packets: sent.packets.unwrap_or(0).saturating_add(received.packets.unwrap_or(0)),
            actions: [is(Action::Accepted), is(Action::Rejected), is(Action::Alert)],
            first: record.first(),
            last: record.last(),
        }
    }

    /// The same, seen from the other end.
    pub(super) fn turned(self) -> Self {
        Self { bytes_out: self.bytes_in, bytes_in: self.bytes_out, ..self }
    }
}

impl Totals {
    pub(super) fn add(&mut self, part: &Part) {
        let [accepted, rejected, alerts] = part.actions;
        self.merge(&Self {
            records: 1,
            bytes_out: part.bytes_out,
            bytes_in: part.bytes_in,
            packets: part.packets,
            accepted,
            rejected,
            alerts,
            first: part.first,
            last: part.last,
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        self.bytes_out = self.bytes_out.saturating_add(other.bytes_out);
        self.bytes_in = self.bytes_in.saturating_add(other.bytes_in);
        self.packets = self.packets.saturating_add(other.packets);
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.alerts += other.alerts;
        if let Some(first) = other.first {
            self.first = Some(self.first.map_or(first, |known| known.min(first)));
        }
        self.last = self.last.max(other.last);
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

/// [`Remote`] in a form that is quick to look up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key(u128, u64);

impl Remote {
    fn key(&self) -> Key {
        let some = |number: Option<u64>, shift: u8| number.map_or(0, |number| (number | 1 << 16) << shift);
        let port = some(self.port.map(u64::from), 0);
        let protocol = some(self.protocol.map(u64::from), 20);
        Key(place::key(self.address), port | protocol | u64::from(self.theirs) << 40)
    }

    fn of(key: Key) -> Self {
        let some = |shift: u8| {
            let bits = key.1 >> shift & 0x1_ffff;
            u16::try_from(bits & 0xffff).ok().filter(|_| bits > 0xffff)
        };
        Self {
            address: place::address(key.0),
            port: some(0),
            protocol: some(20).and_then(|number| u8::try_from(number).ok()),
            theirs: key.1 >> 40 & 1 == 1,
        }
    }
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
    remotes: HashMap<Key, Totals>,
    /// Sums over remote ends that are not kept.
    others: Totals,
}

impl Seen {
    pub(super) fn add(&mut self, part: &Part, strength: Strength, ambiguous: bool, remote: Option<Remote>) {
        self.totals.add(part);
        let at = STRENGTHS.iter().position(|about| about.strength == strength);
        if let Some(count) = at.and_then(|at| self.by_strength.get_mut(at)) {
            *count += 1;
        }
        self.ambiguous += u64::from(ambiguous);
        match remote {
            Some(remote) => self.remotes.entry(remote.key()).or_default().add(part),
            None => self.others.add(part),
        }
        if self.remotes.len() >= GATHERED {
            self.drop_smallest();
        }
    }

    /// Remote ends with the most bytes first, and the sums over all others. Once `others` has records, an end that was
    /// dropped and came again stands with less than its due; the sum of all is right.
    #[must_use]
    pub fn remotes(&self) -> (Vec<(Remote, Totals)>, Totals) {
        let mut all: Vec<_> = self.remotes.iter().map(|(key, totals)| (Remote::of(*key), *totals)).collect();
        all.sort_unstable_by(|a, b| b.1.weight().cmp(&a.1.weight()).then(a.0.cmp(&b.0)));
        let mut others = self.others;
        all.get(REMOTES..).unwrap_or_default().iter().for_each(|(_, totals)| others.merge(totals));
        all.truncate(REMOTES);
        (all, others)
    }

    fn drop_smallest(&mut self) {
        let mut all: Vec<_> = self.remotes.iter().map(|(key, totals)| (totals.weight(), *key)).collect();
        let at = all.len().saturating_sub(REMOTES);
        let least = *all.select_nth_unstable(at).1;
        let Self { remotes, others, .. } = self;
        remotes.retain(|key, totals| {
            let keep = (totals.weight(), *key) >= least;
            if !keep {
                others.merge(totals);
            }
            keep
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_there_and_back() {
        for (port, protocol, theirs) in [
            (None, None, false),
            (Some(0), Some(0), true),
            (Some(65_535), Some(255), true),
            (Some(1), None, false),
        ] {
            for address in ["10.0.0.1", "2001:db8::1"] {
                let remote = Remote { address: address.parse().unwrap(), port, theirs, protocol };
                assert_eq!(Remote::of(remote.key()), remote);
            }
        }
    }
}
