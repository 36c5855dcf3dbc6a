//! The pages: one folder each, and one line in [`PAGES`].

mod compare;
mod cut;
mod evidence;
mod export;
mod files;
mod findings;
mod frame;
mod glossary;
mod grouped;
mod help;
mod links;
mod logs;
mod network;
mod notes;
mod overview;
mod palette;
mod print;
mod process;
mod processes;
mod quick;
mod start;
mod systems;
mod timeline;
mod unlock;

pub(crate) use frame::Frame;
pub(crate) use start::{Failed, Loading, Pasted, Start, drop_anywhere};
pub(crate) use unlock::Unlock;

use crate::state::{Data, Route};
use crate::ui::icon::Icon;
use yew::prelude::*;

/// A page of the rail.
pub(crate) struct Page {
    /// Its name in links; empty for the first.
    pub(crate) name: &'static str,
    /// Its word.
    pub(crate) word: &'static str,
    /// Its icon.
    pub(crate) icon: Icon,
    /// What it has, for the rail: all, and those that pass the filter.
    pub(crate) count: Option<fn(&Data, &procglass_query::Filter) -> usize>,
    /// Its content.
    pub(crate) html: fn() -> Html,
}

/// Pages about several bundles: they stand apart.
pub(crate) const TOGETHER: &[Page] = &[systems::PAGE, compare::PAGE, logs::PAGE];

/// The pages of the rail, from top to bottom.
pub(crate) const PAGES: &[Page] = &[
    overview::PAGE,
    findings::PAGE,
    processes::PAGE,
    network::PAGE,
    files::PAGE,
    timeline::PAGE,
    notes::PAGE,
    evidence::PAGE,
];

/// The page of the rail that a place belongs to.
pub(crate) fn page_of(route: &Route) -> Option<&'static Page> {
    let name = if route.page == process::NAME { processes::PAGE.name } else { route.page.as_str() };
    PAGES.iter().chain(TOGETHER).find(|page| page.name == name)
}

/// The content for a place.
pub(crate) fn content(route: &Route) -> Html {
    if route.page == process::NAME {
        return process::page();
    }
    (page_of(route).unwrap_or(&overview::PAGE).html)()
}
