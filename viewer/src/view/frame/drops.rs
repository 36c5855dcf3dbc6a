//! Files that are dropped on an opened system: lists of indicators are looked for, notes are imported, everything else
//! is opened.

use crate::load::Input;
use crate::state::{
    Actions, Data, Fleet, Go, Here, Notebook, Route, use_data, use_fleet, use_go, use_here, use_notebook,
};
use crate::ui::dom::document;
use crate::view::findings::read;
use crate::view::{Pasted, drop_anywhere};
use procglass_findings::Indicators;
use procglass_notes::{Limit, MAGIC};
use std::rc::Rc;
use yew::prelude::*;

/// Without this a dropped file would make the browser leave the page.
#[hook]
pub(super) fn use_drops() {
    let desk = Desk {
        actions: use_context::<Actions>(),
        data: use_data(),
        fleet: use_fleet(),
        notebook: use_notebook(),
        here: use_here(),
        go: use_go(),
    };
    use_effect_with(desk, |desk| {
        let listeners = desk.actions.clone().and_then(|actions| {
            let desk = desk.clone();
            let take = Callback::from(move |inputs| taken(inputs, &actions, &desk));
            Some(drop_anywhere(&document()?, take, &Callback::noop()))
        });
        move || drop(listeners)
    });
}

/// What a file may be for.
#[derive(Clone, PartialEq)]
struct Desk {
    actions: Option<Actions>,
    data: Option<Data>,
    fleet: Fleet,
    notebook: Option<Notebook>,
    here: Here,
    go: Go,
}

impl Desk {
    /// Imports a file of notes, and goes to where what came of it is said.
    fn import(&self, text: &str) {
        if let (Some(data), Some(notebook)) = (&self.data, &self.notebook) {
            let known: Vec<String> = self.fleet.slots.iter().map(|slot| slot.sha256.clone()).collect();
            notebook.import(data, &known, text);
            self.go.to(self.here.going(Route::to("notes")));
        }
    }
}

fn taken(inputs: Vec<Input>, actions: &Actions, desk: &Desk) {
    match inputs.as_slice() {
        [input @ Input::File(file)] if may_be_notes(&file.name(), input.length()) => {
            let (desk, open, input) = (desk.clone(), actions.open.clone(), input.clone());
            let then = Callback::from(move |text: String| match text.contains(MAGIC) {
                true => desk.import(&text),
                // Logs are JSON too.
                false => open.emit(vec![input.clone()]),
            });
            read(file.clone().into(), then);
        }
        [input @ Input::File(file)] if is_list(&file.name()) => {
            let (look, open, input) = (actions.look.clone(), actions.open.clone(), input.clone());
            let then = Callback::from(move |text: String| {
                let indicators = Indicators::parse(&text);
                // What holds a bundle is none, and opening says why a file is no list, either.
                if indicators.is_empty() || Pasted::of(&text).has_bundle() {
                    open.emit(vec![input.clone()]);
                } else {
                    look.emit(Rc::new(indicators));
                }
            });
            read(file.clone().into(), then);
        }
        _ => actions.open.emit(inputs),
    }
}

/// By name and size; what is inside decides.
fn may_be_notes(name: &str, bytes: usize) -> bool {
    name.to_ascii_lowercase().ends_with(".json") && bytes <= Limit::FILE
}

/// By name, since an armored bundle in a terminal's log is text too: those end in `.log` or have no end.
fn is_list(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".csv", ".txt", ".ioc", ".list"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_by_name_and_size() {
        assert!(may_be_notes("Notes.JSON", 100));
        assert!(!may_be_notes("eve.json", Limit::FILE + 1) && !may_be_notes("notes.log", 100));
    }

    #[test]
    fn lists_by_name() {
        assert!(is_list("IOC.CSV") && is_list("a.txt"));
        assert!(!is_list("web.procglass.tar.gz") && !is_list("session.log"));
    }
}
