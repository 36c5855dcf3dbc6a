//! Which columns the grid has, and in what order: chosen by ticking, moved by two buttons or by dragging their heads, kept
//! in the address.

use super::columns::{COLUMNS, Column};
use super::{COLS, here_with};
use crate::state::{use_go, use_here};
use crate::ui::dom::{document, focus};
use crate::ui::popup::Popup;
use yew::prelude::*;

/// The columns that an address names, in its order. Without one: all that say something here.
pub(super) fn chosen(names: &str, containers: bool) -> Vec<&'static Column> {
    if names.is_empty() {
        return COLUMNS.iter().filter(|column| containers || column.name != "container").collect();
    }
    let mut chosen: Vec<&'static Column> = Vec::new();
    for name in names.split(',') {
        let column = COLUMNS.iter().find(|column| column.name == name);
        if let Some(column) = column.filter(|_| chosen.iter().all(|known| known.name != name)) {
            chosen.push(column);
        }
    }
    chosen
}

/// The tracks of the grid, and the least width that they need beside the name.
pub(super) fn tracks(columns: &[&Column]) -> (String, usize) {
    const GAP: usize = 16;
    let mut template = "var(--name)".to_owned();
    let mut least = 2 * GAP;
    for column in columns {
        let (pixels, grows) = column.width;
        template.push_str(&if grows { format!(" minmax({pixels}px, 2fr)") } else { format!(" {pixels}px") });
        least += pixels + GAP;
    }
    (template, least)
}

/// What a change makes of the names.
fn changed(columns: &[&Column], name: &str, change: Change) -> String {
    let mut names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let at = names.iter().position(|known| *known == name);
    match (change, at) {
        (Change::Toggle, Some(at)) if names.len() > 1 => {
            names.remove(at);
        }
        (Change::Toggle, None) => names.push(name),
        (Change::Earlier, Some(at)) if at > 0 => names.swap(at, at - 1),
        (Change::Later, Some(at)) if at + 1 < names.len() => names.swap(at, at + 1),
        _ => {}
    }
    names.join(",")
}

/// The names after the column `from` was put to the place of `to`.
pub(super) fn moved(columns: &[&Column], from: &str, to: &str) -> String {
    let mut names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let place = |name| names.iter().position(|known| *known == name);
    if let (Some(at), Some(target)) = (place(from), place(to)) {
        let name = names.remove(at);
        names.insert(target, name);
    }
    names.join(",")
}

/// What stands in the address for these names: nothing for the usual ones.
pub(super) fn address(names: String, containers: bool) -> String {
    let usual = chosen("", containers).iter().map(|column| column.name).collect::<Vec<_>>().join(",");
    if names == usual { String::new() } else { names }
}

#[derive(Clone, Copy)]
enum Change {
    Toggle,
    Earlier,
    Later,
}

/// Properties of [`Chooser`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Whether there are containers.
    pub(super) containers: bool,
}

/// The button and its panel.
#[component]
pub(super) fn Chooser(props: &Props) -> Html {
    let (here, go) = (use_here(), use_go());
    let columns = chosen(here.param(COLS), props.containers);
    let set = {
        let (here, containers) = (here.clone(), props.containers);
        Callback::from(move |names: String| {
            go.replace(here_with(&here, COLS, &address(names, containers)));
        })
    };
    // Lines move when they are pressed, and what is moved loses the keyboard.
    let pressed = use_mut_ref(|| None::<String>);
    use_effect_with(here.param(COLS).to_owned(), {
        let pressed = pressed.clone();
        move |_| {
            let css = pressed.take().map(|name| format!("[data-testid={name}]:not(:disabled)"));
            let again = css.and_then(|css| document()?.query_selector(&css).ok().flatten());
            if let Some(again) = again {
                focus(&again);
            }
        }
    });
    let press = |name: &'static str, change: Change, id: String| {
        let next = changed(&columns, name, change);
        let pressed = pressed.clone();
        set.reform(move |()| {
            pressed.replace(Some(id.clone()));
            next.clone()
        })
    };
    let rest = COLUMNS.iter().filter(|column| columns.iter().all(|known| known.name != column.name));
    let line = |(at, column): (usize, &'static Column)| {
        let (name, shown) = (column.name, at < columns.len());
        let toggle = press(name, Change::Toggle, format!("col-{name}")).reform(|_: Event| ());
        let button = |change, word: &'static str, sign: &'static str, off: bool| {
            let testid = format!("col-{name}-{word}");
            let onclick = press(name, change, testid.clone()).reform(|_: MouseEvent| ());
            html! { <button type="button" class="quiet" {onclick} disabled={off} aria-label={format!("move {} {word}", column.head)} data-testid={testid}>{ sign }</button> }
        };
        html! {
            <li key={name}><label><input type="checkbox" checked={shown} onchange={toggle} data-testid={format!("col-{name}")} />{ column.head }</label>
                if shown { { button(Change::Earlier, "left", "↑", at == 0) }{ button(Change::Later, "right", "↓", at + 1 == columns.len()) } }</li>
        }
    };
    let all = columns.iter().copied().chain(rest).enumerate().map(line);
    let reset = set.reform(|_: MouseEvent| String::new());
    html! {
        <Popup word="columns" testid="columns">
            <ul class="chooser">{ for all }</ul>
            <button type="button" class="more" onclick={reset} data-testid="columns-reset">{ "the usual columns" }</button>
        </Popup>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &[&Column]) -> String {
        columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn addresses_name_columns() {
        assert!(names(&chosen("", true)).contains("container"));
        assert!(!names(&chosen("", false)).contains("container"));
        assert_eq!(names(&chosen("memory,pid,nonsense,pid", false)), "memory,pid");
        let (template, least) = tracks(&chosen("pid,command", false));
        assert!(template.starts_with("var(--name) ") && template.ends_with("2fr)"), "{template}");
        assert!(least > 60 + 170);
    }

    #[test]
    fn columns_come_go_and_move() {
        let three = chosen("pid,user,cpu", false);
        assert_eq!(changed(&three, "user", Change::Toggle), "pid,cpu");
        assert_eq!(changed(&three, "memory", Change::Toggle), "pid,user,cpu,memory");
        assert_eq!(changed(&three, "cpu", Change::Earlier), "pid,cpu,user");
        assert_eq!(changed(&three, "cpu", Change::Later), "pid,user,cpu");
        assert_eq!(changed(&chosen("pid", false), "pid", Change::Toggle), "pid", "one stays");
        assert_eq!(moved(&three, "cpu", "pid"), "cpu,pid,user");
        assert_eq!(moved(&three, "pid", "cpu"), "user,cpu,pid");
        assert_eq!(moved(&three, "memory", "cpu"), "pid,user,cpu");
    }
}
