//! What the present page can save, so that a command can do what the page's own button does.

use procglass_query::write::Form;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Rows that can be written in any form.
#[derive(Clone, PartialEq)]
pub(crate) struct Rows {
    /// What they are, in a word: `sockets`.
    pub(crate) what: &'static str,
    /// Writes them.
    pub(crate) write: Callback<Form, Vec<u8>>,
}

/// A memory that renders nobody when it changes.
#[derive(Clone, Default)]
pub(crate) struct Exports(Rc<RefCell<Option<Rows>>>);

impl PartialEq for Exports {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Exports {
    /// Of the page that is shown, if it has rows.
    pub(crate) fn get(&self) -> Option<Rows> {
        self.0.borrow().clone()
    }

    /// A page says what it has, or that it goes.
    pub(crate) fn set(&self, rows: Option<Rows>) {
        self.0.replace(rows);
    }
}
