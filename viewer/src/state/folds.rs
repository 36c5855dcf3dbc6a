//! Which rows of the process tree are closed, kept while other pages are looked at.

use super::Data;
use procglass_snapshot::ProcessIndex;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

type Set = Rc<HashSet<ProcessIndex>>;

/// A memory that renders nobody when it changes.
#[derive(Clone, Default)]
pub(crate) struct Folds(Rc<RefCell<Option<(Data, Set)>>>);

impl PartialEq for Folds {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Folds {
    /// What was left for this system.
    pub(crate) fn get(&self, data: &Data) -> Option<Set> {
        self.0.borrow().as_ref().filter(|(of, _)| of == data).map(|(_, set)| set.clone())
    }

    /// Keeps it.
    pub(crate) fn set(&self, data: &Data, set: Set) {
        self.0.replace(Some((data.clone(), set)));
    }
}
