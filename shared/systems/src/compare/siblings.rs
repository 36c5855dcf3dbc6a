//! One against several: what sets a system apart from those that should be like it.

use super::Comparison;
use super::item::{About, Change, Mark};
use bstr::BString;
use procglass_model::sorting;
use procglass_opened::Opened;
use std::collections::HashMap;

/// A change that holds against several siblings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The change from a sibling to the system: `Added` is only here, `Gone` is missing here.
    pub change: Change,
    /// Against how many siblings it holds.
    pub siblings: usize,
}

/// Siblings are compared one after the other, so that only one of them need be in memory.
pub struct Siblings<'a> {
    one: &'a Opened,
    compared: usize,
    found: HashMap<(About, Mark, BString, String), Difference>,
}

impl<'a> Siblings<'a> {
    /// For the system that is to be told apart.
    #[must_use]
    pub fn new(one: &'a Opened) -> Self {
        Self { one, compared: 0, found: HashMap::new() }
    }

    /// Compares a sibling.
    pub fn add(&mut self, sibling: &Opened) {
        self.compared += 1;
        let mut seen = std::collections::HashSet::new();
        for mut change in Comparison::of(sibling, self.one).changes {
            let fields = std::mem::take(&mut change.fields);
            // A field a time: siblings may differ from each other in the others.
            let each = if fields.is_empty() { vec![None] } else { fields.into_iter().map(Some).collect() };
            for field in each {
                let name = field.as_ref().map_or_else(String::new, |field| field.field.to_string());
                let key = (change.about, change.mark, change.key.clone(), name);
                if !seen.insert(key.clone()) {
                    continue;
                }
                let difference = self.found.entry(key).or_insert_with(|| {
                    let change = Change { fields: field.into_iter().collect(), ..change.clone() };
                    Difference { change, siblings: 0 }
                });
                difference.siblings += 1;
            }
        }
    }

    /// How many were compared.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.compared
    }

    /// What holds against more than half of them, in the order of [`Comparison::changes`]. Places of processes are those of
    /// the system; of what is missing, those of the first sibling that has it.
    #[must_use]
    pub fn finish(self) -> Vec<Difference> {
        let compared = self.compared;
        let mut all: Vec<_> =
            self.found.into_values().filter(|found| found.siblings * 2 > compared).collect();
        sorting::sort_by(&mut all, |a, b| {
            let field = |found: &Difference| found.change.fields.first().map(|field| field.field.clone());
            a.change.order().cmp(&b.change.order()).then_with(|| field(a).cmp(&field(b)))
        });
        all
    }
}
