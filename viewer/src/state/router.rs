//! The address bar as the place of all state: back, forward, reload and links work because of it.

use super::Route;
use crate::ui::dom::{Listener, hash, push_hash, replace_hash, window};
use crate::ui::timer::Later;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Where the reader is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Here(pub(crate) Rc<Route>);

impl std::ops::Deref for Here {
    type Target = Route;
    fn deref(&self) -> &Route {
        &self.0
    }
}

/// How to go elsewhere: stable, so that it renders nobody.
#[derive(Clone, PartialEq)]
pub(crate) struct Go(Callback<(Route, bool)>);

impl Go {
    /// Goes to a place; `back` returns from there.
    pub(crate) fn to(&self, route: Route) {
        self.0.emit((route, true));
    }

    /// Changes the present place without a step in the history: typing, sorting, moving a selection.
    pub(crate) fn replace(&self, route: Route) {
        self.0.emit((route, false));
    }
}

/// Properties of [`Router`].
#[derive(Properties, PartialEq)]
pub(crate) struct RouterProps {
    pub(crate) children: Html,
}

/// Keeps the route and the address bar the same.
#[component]
pub(crate) fn Router(props: &RouterProps) -> Html {
    let here = use_state_eq(|| Here(Rc::new(Route::parse(&hash()))));
    let set = here.setter();
    let pending = use_memo((), |()| Pending::default());
    use_effect_with((), {
        let (set, pending) = (set.clone(), pending.clone());
        move |()| {
            let read = move |_| {
                // A link was followed: an address that still waits is that of the place before.
                pending.forget();
                set.set(Here(Rc::new(Route::parse(&hash()))));
            };
            let read = Rc::new(read);
            let (on_hash, on_pop) = (read.clone(), read);
            let kept = window().map(|window| {
                (
                    Listener::new(&window, "hashchange", move |event| on_hash(event)),
                    Listener::new(&window, "popstate", move |event| on_pop(event)),
                )
            });
            move || drop(kept)
        }
    });
    let go = use_callback((), move |(route, step): (Route, bool), ()| {
        let text = route.hash();
        if step {
            pending.write();
        }
        match text == hash() {
            true => pending.forget(),
            false if step => push_hash(&text),
            false => pending.later(text),
        }
        set.set(Here(Rc::new(route)));
    });
    let around = Here(Rc::new(here.going(Route::to(""))));
    html! {
        <ContextProvider<Go> context={Go(go)}>
            <ContextProvider<Around> context={Around(around)}>
                <ContextProvider<Here> context={(*here).clone()}>
                    { props.children.clone() }
                </ContextProvider<Here>>
            </ContextProvider<Around>>
        </ContextProvider<Go>>
    }
}

/// The present place; renders the component anew when it changes.
#[hook]
pub(crate) fn use_here() -> Here {
    use_context::<Here>().unwrap_or_else(|| Here(Rc::default()))
}

/// What goes along to every place: the opened system, the filter, the zone.
#[derive(Clone, PartialEq)]
struct Around(Here);

/// The present place without what concerns one page only. Whoever needs it for links alone is not drawn anew when a row is
/// selected.
#[hook]
pub(crate) fn use_around() -> Here {
    use_context::<Around>().map_or_else(|| Here(Rc::default()), |around| around.0)
}

/// The way to other places.
#[hook]
pub(crate) fn use_go() -> Go {
    use_context::<Go>().unwrap_or_else(|| Go(Callback::noop()))
}

/// How long an address waits to be written, in milliseconds: browsers refuse more than some hundred changes in ten seconds,
/// and a held arrow key makes more.
const QUIET_MS: i32 = 120;

/// An address that is not yet written.
#[derive(Default)]
struct Pending {
    text: Rc<RefCell<Option<String>>>,
    timer: Later,
}

impl Pending {
    fn later(&self, text: String) {
        self.text.replace(Some(text));
        let waiting = self.text.clone();
        self.timer.call(QUIET_MS, move || {
            if let Some(text) = waiting.take() {
                replace_hash(&text);
            }
        });
    }

    /// Writes nothing of what waits.
    fn forget(&self) {
        self.timer.off();
        self.text.take();
    }

    /// Writes at once what waits, so that a step back leads to it.
    fn write(&self) {
        self.timer.off();
        if let Some(text) = self.text.take() {
            replace_hash(&text);
        }
    }
}
