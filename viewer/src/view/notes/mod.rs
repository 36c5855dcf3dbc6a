//! What people say of the evidence: a page with all of it, the marks on every other page, and the panel to write in.

mod editor;
mod list;
mod mark;
mod summary;
mod transfer;

pub(crate) use editor::Editor;
pub(crate) use mark::{add, add_brief, badge_of, said};
pub(crate) use summary::section as summary;

use super::Page;
use crate::ui::icon::Icon;
use procglass_query::Filter;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "notes",
    word: "Notes",
    icon: Icon::Note,
    count: Some(|data, filter: &Filter| {
        let notes = data.snapshot.notes();
        notes
            .all()
            .iter()
            .filter(|note| filter.is_empty() || list::passes(&data.snapshot, filter, note))
            .count()
    }),
    html: || html! { <list::NotesPage /> },
};

/// Parameter: the key of what a note is being written on.
pub(crate) const NOTE: &str = "note";
