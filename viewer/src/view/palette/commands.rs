//! What can be done from anywhere.

use crate::state::{Here, Route, TIME};
use crate::view::{PAGES, TOGETHER};
use procglass_query::write::Form;

/// What a choice does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Act {
    /// Goes there.
    Go(Box<Route>),
    /// `light`, `dark`, or nothing for what the reader's system says.
    Theme(&'static str),
    /// Saves what is shown.
    Save(Form),
    /// Opens the help.
    Help,
    /// Opens another bundle.
    Other,
}

/// A command with its words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) words: String,
    pub(super) act: Act,
}

fn command(words: &str, act: Act) -> Command {
    Command { words: words.to_owned(), act }
}

/// The commands that have all words of what was typed.
pub(super) fn matching(here: &Here, typed: &str, can_save: bool) -> Vec<Command> {
    let lower = typed.to_lowercase();
    let fits = |command: &Command| {
        let words = command.words.to_lowercase();
        lower.split_whitespace().all(|word| words.contains(word))
    };
    all(here, can_save).into_iter().filter(fits).collect()
}

fn all(here: &Here, can_save: bool) -> Vec<Command> {
    let go = |words: &str, route: Route| command(words, Act::Go(Box::new(here.going(route))));
    let mut all: Vec<Command> = PAGES
        .iter()
        .chain(TOGETHER)
        .map(|page| go(&format!("Go to {}", page.word), Route::to(page.name)))
        .collect();
    all.push(go("Processes as a tree", Route::to("processes")));
    all.push(go("Processes as a list", Route::to("processes").with("view", "list")));
    all.push(go("Network as a picture", Route::to("network").with("show", "picture")));
    all.push(go("Who talks to whom inside this system", Route::to("network").with("kind", "talk")));
    all.push(go("What could not be read", Route::to("evidence").with("show", "problems")));
    let local = here.param(TIME) == "local";
    let words = if local { "Show times in UTC" } else { "Show times in local time" };
    let same = (*here.0).clone().with(TIME, if local { "" } else { "local" });
    all.push(command(words, Act::Go(Box::new(same))));
    if !here.query().is_empty() {
        let same = (*here.0).clone().with(crate::state::QUERY, "");
        all.push(command("Clear the filter", Act::Go(Box::new(same))));
    }
    if can_save {
        all.push(command("Export what is shown as CSV", Act::Save(Form::Csv)));
        all.push(command("Export what is shown as JSON", Act::Save(Form::Json)));
    }
    all.push(command("Theme: light", Act::Theme("light")));
    all.push(command("Theme: dark", Act::Theme("dark")));
    all.push(command("Theme: as the system has it", Act::Theme("")));
    all.push(command("Help: keys and filters", Act::Help));
    all.push(command("Open another bundle", Act::Other));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;

    #[test]
    fn words_in_any_order() {
        let here = Here(Rc::new(Route::parse("#/network?q=ssh")));
        let words = |typed: &str, save| {
            matching(&here, typed, save).into_iter().map(|command| command.words).collect::<Vec<_>>()
        };
        assert_eq!(words("dark", false), ["Theme: dark"]);
        assert_eq!(words("csv export", true), ["Export what is shown as CSV"]);
        assert!(words("export", false).is_empty(), "nothing to save on this page");
        assert_eq!(words("clear", false), ["Clear the filter"]);
        let Act::Go(route) = &matching(&here, "go files", false)[0].act else { panic!() };
        assert_eq!(route.hash(), "#/files?q=ssh", "the filter goes along");
    }
}
