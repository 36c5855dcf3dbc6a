//! What could come next in the filter, where the present page knows better than the system that is shown.

use procglass_query::Completions;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// A memory that renders nobody when it changes.
#[derive(Clone, Default)]
pub(crate) struct Offers(Rc<RefCell<Option<Callback<String, Completions>>>>);

impl PartialEq for Offers {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Offers {
    /// Completions of the page that is shown, if it has its own.
    pub(crate) fn of(&self, query: &str) -> Option<Completions> {
        self.0.borrow().as_ref().map(|complete| complete.emit(query.to_owned()))
    }
}

/// Says how a query is gone on from while the component is shown, and says it anew when `of` changes.
#[hook]
pub(crate) fn use_offers<T: Clone + PartialEq + 'static>(
    of: T,
    complete: impl Fn(&T, &str) -> Completions + 'static,
) {
    let offers = use_context::<Offers>().unwrap_or_default();
    use_effect_with(of, move |of| {
        let of = of.clone();
        offers.0.replace(Some(Callback::from(move |query: String| complete(&of, &query))));
        move || drop(offers.0.take())
    });
}
