//! Which process before is which after.

use super::side::Side;
use bstr::BString;
use procglass_snapshot::{Process, ProcessIndex};
use std::collections::HashMap;
use std::hash::Hash;

/// Processes of two snapshots that are the same process, or do the same.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) to_after: HashMap<ProcessIndex, ProcessIndex>,
    pub(super) to_before: HashMap<ProcessIndex, ProcessIndex>,
}

impl Pairs {
    /// In one boot a process is its id and its start. Over boots it is what it runs, with which arguments and below whom;
    /// what finds no partner so is looked for with less, and what differs then is told as a change.
    pub(super) fn of(before: &Side<'_>, after: &Side<'_>, same_boot: bool) -> Self {
        let mut pairs = Self::default();
        if same_boot {
            pairs.pass(before, after, |_, _, process| Some((process.pid, process.start_ticks)));
            return pairs;
        }
        let mut lineages = Lineages::default();
        let (old, new) = (lineages.of(before), lineages.of(after));
        let lineage = |side: &Side<'_>, index: ProcessIndex| {
            let list = if std::ptr::eq(side, before) { &old } else { &new };
            list.get(index.0 as usize).copied().flatten()
        };
        let arguments = |side: &Side<'_>, process: &Process| {
            process.cmdline.as_ref().map_or_else(BString::default, |cmdline| side.normal.text(cmdline))
        };
        let parent = |side: &Side<'_>, process: &Process| process.parent.map(|parent| side.program(parent));
        pairs.pass(before, after, |side, index, process| {
            Some((side.program(index), arguments(side, process), lineage(side, index)))
        });
        pairs.pass(before, after, |side, index, process| {
            Some((side.program(index), arguments(side, process), parent(side, process)))
        });
        pairs.pass(before, after, |side, index, process| Some((side.program(index), parent(side, process))));
        pairs.pass(before, after, |side, index, process| {
            // Without arguments nothing but the program would tell.
            process.cmdline.as_ref().filter(|cmdline| !cmdline.is_empty())?;
            Some((side.program(index), arguments(side, process)))
        });
        pairs.pass(before, after, |side, _, process| {
            process.cmdline.as_ref().filter(|cmdline| !cmdline.is_empty())?;
            Some((process.name.clone(), arguments(side, process), parent(side, process)))
        });
        pairs
    }

    /// Pairs what has one key and no partner yet, the first with the first.
    fn pass<K: Hash + Eq>(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        key: impl Fn(&Side<'_>, ProcessIndex, &Process) -> Option<K>,
    ) {
        let mut waiting: HashMap<K, std::collections::VecDeque<ProcessIndex>> = HashMap::new();
        for (index, process) in before.processes().filter(|(index, _)| !self.to_after.contains_key(index)) {
            if let Some(key) = key(before, index, process) {
                waiting.entry(key).or_default().push_back(index);
            }
        }
        let open: Vec<_> =
            after.processes().filter(|(index, _)| !self.to_before.contains_key(index)).collect();
        for (index, process) in open {
            let key = key(after, index, process);
            if let Some(old) = key.and_then(|key| waiting.get_mut(&key)?.pop_front()) {
                self.to_after.insert(old, index);
                self.to_before.insert(index, old);
            }
        }
    }
}

/// Numbers for chains of programs, from the first ancestor down: one number, one chain, on either side.
#[derive(Default)]
struct Lineages {
    numbers: HashMap<(Option<u32>, BString), u32>,
}

impl Lineages {
    /// By process.
    fn of(&mut self, side: &Side<'_>) -> Vec<Option<u32>> {
        let mut found = vec![None; side.snapshot.processes.len()];
        for node in side.snapshot.tree.walk(|_| true) {
            let parent = side.snapshot.process(node.process).and_then(|process| process.parent);
            let above = parent.and_then(|parent| found.get(parent.0 as usize).copied().flatten());
            let count = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry((above, side.program(node.process))).or_insert(count);
            if let Some(place) = found.get_mut(node.process.0 as usize) {
                *place = Some(number);
            }
        }
        found
    }
}
