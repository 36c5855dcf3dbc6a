//! All systems side by side.

use super::answer::{self, Reply};
use super::link::{Link, Linker};
use super::question::Question;
use super::same::{Recognition, Same};
use super::share::{self, Common};
use super::system::{System, SystemIndex};
use procglass_model::sorting;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;

/// The systems of several bundles, one a bundle, with what finds them.
#[derive(Debug, Default)]
pub struct Register {
    systems: Vec<System>,
    same: Vec<Same>,
    recognition: Recognition,
    by_address: HashMap<IpAddr, Vec<(SystemIndex, u32)>>,
}

/// A story of one of the systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoryIndex {
    /// The system.
    pub system: SystemIndex,
    /// The place in [`System::stories`].
    pub story: u32,
}

impl Register {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a system in. Whether it is one that is there already is told by [`Register::same`].
    pub fn add(&mut self, system: System) -> SystemIndex {
        let index = SystemIndex(u32::try_from(self.systems.len()).unwrap_or(u32::MAX));
        self.same.push(self.recognition.recognise(&self.systems, &self.same, &system, index));
        for (at, address) in (0..).zip(&system.addresses) {
            self.by_address.entry(address.address).or_default().push((index, at));
        }
        self.systems.push(system);
        index
    }

    /// Every system, in the order in which they came.
    #[must_use]
    pub fn systems(&self) -> &[System] {
        &self.systems
    }

    /// Their places.
    pub fn indices(&self) -> impl Iterator<Item = SystemIndex> + use<> {
        (0..u32::try_from(self.systems.len()).unwrap_or(u32::MAX)).map(SystemIndex)
    }

    /// A system by its place.
    #[must_use]
    pub fn get(&self, index: SystemIndex) -> Option<&System> {
        self.systems.get(index.0 as usize)
    }

    /// The first snapshot of the same system (itself, for most), and how that was told.
    #[must_use]
    pub fn same(&self, index: SystemIndex) -> Same {
        self.same.get(index.0 as usize).copied().unwrap_or(Same { first: index, rule: None })
    }

    /// The first snapshot of the same system: what two snapshots of one system have in common.
    #[must_use]
    pub fn identity(&self, index: SystemIndex) -> SystemIndex {
        self.same(index).first
    }

    /// Every snapshot of the system that `index` is a snapshot of, in the order of time.
    #[must_use]
    pub fn snapshots(&self, index: SystemIndex) -> Vec<SystemIndex> {
        let identity = self.identity(index);
        let mut all: Vec<_> = self.indices().filter(|other| self.identity(*other) == identity).collect();
        sorting::sort_by_key(&mut all, |index| (self.get(*index).and_then(|system| system.captured), *index));
        all
    }

    /// How many different systems there are.
    #[must_use]
    pub fn different(&self) -> usize {
        self.indices().filter(|index| self.identity(*index) == *index).count()
    }

    /// Who has an address: the systems, each with the place in [`System::addresses`].
    #[must_use]
    pub fn holders(&self, address: IpAddr) -> &[(SystemIndex, u32)] {
        self.by_address.get(&address.to_canonical()).map_or(&[], Vec::as_slice)
    }

    /// Answers a question.
    #[must_use]
    pub fn ask(&self, question: &Question) -> Reply {
        answer::ask(self, question)
    }

    /// Who talks to whom, at once; [`Linker`] does the same in steps.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let mut linker = Linker::new();
        while linker.step(self, usize::MAX) {}
        linker.finish(self)
    }

    /// What several systems have in common that most have not: executables, remote addresses; and images.
    #[must_use]
    pub fn shared(&self) -> Vec<Common> {
        share::shared(self)
    }

    /// The stories of all systems, the most serious first. Of several snapshots of one system each tells its own.
    #[must_use]
    pub fn stories(&self) -> Vec<StoryIndex> {
        let of = |(index, system): (SystemIndex, &System)| {
            let stories = (0..).zip(&system.stories);
            stories
                .map(move |(story, row)| (Reverse(row.severity), StoryIndex { system: index, story }))
                .collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.indices().zip(&self.systems).flat_map(of).collect();
        sorting::sort(&mut all);
        all.into_iter().map(|(_, index)| index).collect()
    }
}
