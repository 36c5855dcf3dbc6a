//! Addresses that speak to known systems and are none of them.

use super::place;
use super::seen::{Part, Totals};
use foldhash::HashMap;
use procglass_systems::SystemIndex;
use std::net::IpAddr;

/// Talkers that are kept.
pub const TALKERS: usize = 20_000;
/// Systems and ports that are kept of each.
const KEPT: usize = 64;

/// An address that no bundle explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Talker {
    /// The address.
    pub address: IpAddr,
    /// Systems that it spoke with, in order; at most 64.
    pub systems: Vec<SystemIndex>,
    /// There are more systems than that.
    pub more_systems: bool,
    /// Ports of services, on whichever side; at most 64, in order.
    pub ports: Vec<u16>,
    /// There are more ports than that.
    pub more_ports: bool,
    /// Records in which it is the source.
    pub as_source: u64,
    /// Sums, seen from it.
    pub totals: Totals,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    systems: Few<u32>,
    ports: Few<u16>,
    as_source: u64,
    totals: Totals,
}

/// A small set in order, that says when it had no more room.
#[derive(Clone, Debug, Default)]
struct Few<T> {
    all: Vec<T>,
    more: bool,
}

impl<T: Copy + Ord> Few<T> {
    fn insert(&mut self, value: T) {
        if let Err(at) = self.all.binary_search(&value) {
            if self.all.len() < KEPT {
                self.all.insert(at, value);
            } else {
                self.more = true;
            }
        }
    }
}

/// All of them, in bounded memory: those that touch the most systems are kept.
#[derive(Debug, Default)]
pub(super) struct Talkers {
    all: HashMap<u128, Entry>,
    /// Talkers that were dropped. One that came again counts again.
    pub(super) dropped: u64,
}

impl Talkers {
    pub(super) fn add(
        &mut self,
        address: IpAddr,
        is_source: bool,
        systems: impl Iterator<Item = u32>,
        port: Option<u16>,
        part: &Part,
    ) {
        let entry = self.all.entry(place::key(address)).or_default();
        systems.for_each(|system| entry.systems.insert(system));
        port.into_iter().for_each(|port| entry.ports.insert(port));
        entry.as_source += u64::from(is_source);
        entry.totals.add(part);
        if self.all.len() >= 2 * TALKERS {
            self.drop_smallest();
        }
    }

    /// Those that touch the most systems first, then those with the most records; at most `limit`.
    pub(super) fn list(&self, limit: usize) -> Vec<Talker> {
        let sorted = self.sorted();
        let all = sorted.into_iter().take(limit.min(TALKERS)).filter_map(|(_, key)| {
            let entry = self.all.get(&key)?;
            Some(Talker {
                address: place::address(key),
                systems: entry.systems.all.iter().map(|system| SystemIndex(*system)).collect(),
                more_systems: entry.systems.more,
                ports: entry.ports.all.clone(),
                more_ports: entry.ports.more,
                as_source: entry.as_source,
                totals: entry.totals,
            })
        });
        all.collect()
    }

    pub(super) fn count(&self) -> u64 {
        self.dropped + self.all.len() as u64
    }

    fn sorted(&self) -> Vec<(Weight, u128)> {
        let mut all: Vec<_> = self.all.iter().map(|(key, entry)| (entry.weight(), *key)).collect();
        all.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        all
    }

    fn drop_smallest(&mut self) {
        let mut all: Vec<_> = self.all.iter().map(|(key, entry)| (entry.weight(), *key)).collect();
        let at = all.len().saturating_sub(TALKERS);
        let least = *all.select_nth_unstable(at).1;
        self.all.retain(|key, entry| (entry.weight(), *key) >= least);
        self.dropped += at as u64;
    }
}

/// Systems, then records.
type Weight = (usize, u64);

impl Entry {
    fn weight(&self) -> Weight {
        (self.systems.all.len(), self.totals.records)
    }
}
