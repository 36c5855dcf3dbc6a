//! The filter in force.

use super::use_here;
use procglass_query::Filter;
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::*;

/// A parsed filter with the text that it came from, compared by the text.
#[derive(Clone)]
pub(crate) struct Filtering {
    /// As typed.
    pub(crate) text: String,
    filter: Rc<Filter>,
}

impl PartialEq for Filtering {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Deref for Filtering {
    type Target = Filter;
    fn deref(&self) -> &Filter {
        &self.filter
    }
}

/// The filter of the present place, or the last one that was understood: half a word must not empty a table.
#[hook]
pub(crate) fn use_filter() -> Filtering {
    let here = use_here();
    let last = use_mut_ref(String::new);
    if Filter::parse(here.query()).is_ok() {
        here.query().clone_into(&mut last.borrow_mut());
    }
    let text = last.borrow().clone();
    let filter = use_memo(text.clone(), |text| Rc::new(Filter::parse(text).unwrap_or_default()));
    Filtering { text, filter: (*filter).clone() }
}
