//! Two snapshots: what was added, what is gone, what changed.
//!
//! Each snapshot is taken apart into items (processes, sockets, files, ...) with a key that does not depend on what always
//! differs: process ids of another boot, ephemeral ports, ids of containers in paths, a system's own name and addresses
//! (see `normal.rs`). Items with one key are the same item; what is only on one side was added or is gone. Where one side
//! was not collected nothing is said of either.

mod item;
mod kinds;
mod normal;
mod pair;
mod process;
mod siblings;
mod side;
mod tree;

pub use item::{About, Change, FieldChange, Mark};
pub use siblings::{Difference, Siblings};
pub use tree::MergedRow;

use crate::{Register, System};
use pair::Pairs;
use procglass_model::Timestamp;
use procglass_model::sorting;
use procglass_opened::Opened;
use procglass_snapshot::ProcessIndex;
use side::Side;
use std::collections::HashSet;

/// What two snapshots have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// One system in one run of its kernel: process ids mean the same.
    SameBoot,
    /// One system, started again in between.
    SameSystem,
    /// Two systems.
    Different,
}

/// The comparison of two snapshots.
#[derive(Debug)]
pub struct Comparison {
    /// What they have to do with each other.
    pub relation: Relation,
    /// What told that they are of one system.
    pub rule: Option<&'static str>,
    /// When each was taken.
    pub times: (Option<Timestamp>, Option<Timestamp>),
    /// All changes: by what they are about, the added ones first.
    pub changes: Vec<Change>,
    /// What could not be compared, since it was not collected on one side or on both.
    pub not_compared: Vec<About>,
    /// Both trees in one, parents before children.
    pub tree: Vec<MergedRow>,
}

impl Comparison {
    /// Compares two snapshots; the earlier one is the one before.
    #[must_use]
    pub fn of(before: &Opened, after: &Opened) -> Self {
        let (first, second) = (System::of(before, ""), System::of(after, ""));
        let mut register = Register::new();
        let systems = (register.add(first.clone()), register.add(second.clone()));
        let rule = register.same(systems.1).rule;
        let relation = relation(&first, &second, rule.is_some());
        let (before, after) = (Side::new(before, first), Side::new(after, second));
        let pairs = Pairs::of(&before, &after, relation == Relation::SameBoot);
        let mut comparison = Self {
            relation,
            rule,
            times: (before.system.captured, after.system.captured),
            changes: process::changes(&before, &after, &pairs),
            not_compared: Vec::new(),
            tree: Vec::new(),
        };
        if before.processes().next().is_none() || after.processes().next().is_none() {
            comparison.not_compared.push(About::Process);
        }
        for (about, items) in kinds::ALL {
            match (items(&before, relation), items(&after, relation)) {
                (Some(before), Some(after)) => comparison.changes.extend(item::join(about, before, after)),
                _ => comparison.not_compared.push(about),
            }
        }
        sorting::sort_by(&mut comparison.changes, |a, b| a.order().cmp(&b.order()));
        let changed: HashSet<ProcessIndex> = comparison
            .changes
            .iter()
            .filter(|change| change.about == About::Process && change.mark == Mark::Changed)
            .filter_map(|change| change.after)
            .collect();
        comparison.tree = tree::merge(&before, &after, &pairs, &changed);
        comparison
    }

    /// How many changes there are of a kind.
    #[must_use]
    pub fn count(&self, about: About, mark: Mark) -> usize {
        self.changes.iter().filter(|change| change.about == about && change.mark == mark).count()
    }

    /// What was compared, as sentences.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = match (self.relation, self.rule) {
            (Relation::SameBoot, Some(rule)) => format!("One system in one boot (by {rule})"),
            (Relation::SameSystem, Some(rule)) => {
                format!("One system, started again in between (by {rule})")
            }
            (Relation::SameBoot, None) => "Two systems of one kernel".to_owned(),
            _ => "Two systems, compared without process ids, names, addresses and ids that are their own"
                .to_owned(),
        };
        if let (Some(before), Some(after)) = self.times {
            text.push_str(&format!(": {} and {}", before.to_the_second(), after.to_the_second()));
        }
        text.push('.');
        if !self.not_compared.is_empty() {
            let words: Vec<_> = self.not_compared.iter().map(|about| about.word()).collect();
            text.push_str(&format!(" Not collected on both sides, so not compared: {}.", words.join(", ")));
        }
        text
    }
}

fn relation(before: &System, after: &System, same: bool) -> Relation {
    let boot = before.boot_id.is_some() && before.boot_id == after.boot_id;
    let namespace =
        before.pid_namespace.map(|(inode, _)| inode) == after.pid_namespace.map(|(inode, _)| inode);
    match (same, boot && namespace) {
        (true, true) => Relation::SameBoot,
        (true, false) => Relation::SameSystem,
        (false, _) => Relation::Different,
    }
}
