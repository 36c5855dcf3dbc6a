//! The members of the bundle, as a tree of folders.

use super::folders::{Entry, Folders, Row, Sum, last, split};
use super::member_keys::{Key, key};
use crate::format::{bytes, clip, count};
use crate::state::{Data, Here, QUERY, Route, use_data, use_filter, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::picks::{Picks, RowId};
use crate::ui::slot::{At, id};
use crate::ui::virtual_list::{RowEvent, VirtualList, Whole};
use crate::view::links::name;
use procglass_model::bundle::{Member, SUMS_NAME, hex};
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: the folders that are open; under a filter, which opens all, those that are closed.
const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// Whether a member is what its collector wrote, in a word and a class.
pub(super) fn state(data: &Data, name: &str, differing: &HashSet<String>) -> (&'static str, &'static str) {
    let integrity = &data.snapshot.integrity;
    if name == SUMS_NAME {
        ("the list itself", "note")
    } else if !integrity.has_sums {
        ("nothing to check against", "missing")
    } else if !differing.contains(name) {
        ("matches", "matches")
    } else if integrity.unlisted.iter().any(|unlisted| unlisted == name) {
        ("not listed", "bad")
    } else {
        ("differs", "bad")
    }
}

/// Names of members that are not as they should be.
pub(super) fn differing(data: &Data) -> HashSet<String> {
    let integrity = &data.snapshot.integrity;
    integrity.mismatched.iter().chain(&integrity.unlisted).cloned().collect()
}

/// What is shown. Compared by its rows.
struct Shown {
    tree: Rc<Folders>,
    sums: Vec<Sum>,
    rows: Rc<[Row]>,
    ids: Rc<[RowId]>,
    matches: usize,
    bad: HashSet<String>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.rows, &other.rows)
    }
}

/// The tree.
#[component]
pub(super) fn Members() -> Html {
    let (here, go, filter) = (use_here(), use_go(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let on_paper = use_context::<Whole>().unwrap_or_default().0;
    let tree = use_memo(data.clone(), |data| Folders::new(data.snapshot.members.iter()));
    let filtered = !filter.is_empty();
    let param = if filtered { CLOSED } else { OPEN };
    let turned = here.param(param).to_owned();
    let shown =
        use_memo((data.clone(), filter, turned.clone(), on_paper), |(data, filter, turned, on_paper)| {
            let turned: HashSet<&str> = turned.split(',').collect();
            let open = |path: &str| *on_paper || turned.contains(path) != filtered;
            shown(data, tree.clone(), |name| filter.is_empty() || filter.text(&[name.as_bytes()]), open)
        });
    let cursor = use_state_eq(|| None::<RowId>);
    let turn = {
        let (here, go, shown) = (here.clone(), go.clone(), shown.clone());
        Callback::from(move |folder: usize| {
            let Some(folder) = shown.tree.list.get(folder) else { return };
            go.replace((*here.0).clone().with(param, &toggled(&turned, &folder.path)));
        })
    };
    let all = |open: bool| {
        let (here, go, shown) = (here.clone(), go.clone(), shown.clone());
        Callback::from(move |_: MouseEvent| {
            let paths: Vec<&str> = shown.tree.list.iter().map(|folder| folder.path.as_str()).collect();
            let turned = if open == filtered { String::new() } else { paths.join(",") };
            go.replace((*here.0).clone().with(param, &turned));
        })
    };
    let row = use_callback((shown.clone(), here.clone(), data.clone()), |at: At, (shown, here, data)| {
        shown.rows.get(at.row).map_or_else(Html::default, |row| one(here, data, shown, *row, at))
    });
    let visit = {
        let (here, go, data) = (here.clone(), go.clone(), data.clone());
        move |member: usize| {
            if let Some(member) = data.snapshot.members.iter().nth(member) {
                go.to(target(&here, &member.name));
            }
        }
    };
    let onrow = {
        let (shown, turn, cursor) = (shown.clone(), turn.clone(), cursor.setter());
        Callback::from(move |event: RowEvent| {
            cursor.set(shown.ids.get(event.row).copied());
            if let Some(Row { entry: Entry::Folder(folder), .. }) = shown.rows.get(event.row)
                && !event.double
            {
                turn.emit(*folder);
            }
        })
    };
    let place = cursor.and_then(|cursor| shown.ids.iter().position(|id| *id == cursor));
    let onkey = {
        let (shown, cursor) = (shown.clone(), cursor.setter());
        Callback::from(move |(event, page): (KeyboardEvent, usize)| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let Some(done) = key(&event.key(), &shown.rows, place, page) else { return };
            event.prevent_default();
            match done {
                Key::To(row) => cursor.set(shown.ids.get(row).copied()),
                Key::Turn(folder) => turn.emit(folder),
                Key::Visit(member) => visit(member),
            }
        })
    };
    let total = data.snapshot.members.len();
    let hidden = total - shown.matches.min(total);
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">
            { for [("name", "Name"), ("size num", "Size"), ("check", "SHA-256 check"), ("hash", "SHA-256, or what is in it")].iter().map(|(class, word)| html! { <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span> }) }
        </div>
    };
    let picks = cursor.map_or_else(Picks::default, Picks::one);
    html! {
        <>
            <div class="toolbar">
                <button type="button" class="quiet" onclick={all(true)} data-testid="open-all">{ "expand all" }</button>
                <button type="button" class="quiet" onclick={all(false)} data-testid="close-all">{ "collapse all" }</button>
            </div>
            if hidden > 0 {
                <p class="tally under" data-testid="tally">{ format!("{} of {} match · ", count(shown.matches), count(total)) }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p>
            }
            <VirtualList count={shown.rows.len()} ids={shown.ids.clone()} {picks} {row} {onrow} {onkey} active={place.map(|at| AttrValue::from(id(at)))} reveal={place.map(|at| (at, at))}
                {head} class="grid members" role="treegrid" label="Members of the bundle" testid="members-table" />
        </>
    }
}

fn shown(
    data: &Data,
    tree: Rc<Folders>,
    matches: impl Fn(&str) -> bool,
    open: impl Fn(&str) -> bool,
) -> Shown {
    let bad = differing(data);
    let members: Vec<Option<Sum>> = data
        .snapshot
        .members
        .iter()
        .map(|member| {
            let sum = Sum { members: 1, bytes: member.size, bad: usize::from(bad.contains(&*member.name)) };
            matches(&member.name).then_some(sum)
        })
        .collect();
    let of = |member: usize| members.get(member).copied().flatten();
    let sums = tree.sums(of);
    let rows = tree.rows(&sums, |member| of(member).is_some(), open);
    let ids = rows.iter().map(|row| match row.entry {
        Entry::Folder(folder) => RowId::MAX - folder as RowId,
        Entry::Member(member) => member as RowId,
    });
    Shown { ids: ids.collect(), sums, rows, matches: members.iter().flatten().count(), bad, tree }
}

/// The list without a path that is in it, or with one that is not.
fn toggled(list: &str, path: &str) -> String {
    let mut paths: Vec<&str> = list.split(',').filter(|known| !known.is_empty() && *known != path).collect();
    if !list.split(',').any(|known| known == path) {
        paths.push(path);
    }
    paths.join(",")
}

fn target(here: &Here, member: &str) -> Route {
    here.going(Route::to("evidence").about(member)).with(QUERY, "")
}

fn one(here: &Here, data: &Data, shown: &Shown, row: Row, at: At) -> Html {
    let class = format!("cell c-name d{}", row.depth);
    let (place, siblings) = row.place;
    let cells = match row.entry {
        Entry::Folder(folder) => {
            let path = shown.tree.list.get(folder).map_or("", |folder| &folder.path);
            let sum = shown.sums.get(folder).copied().unwrap_or_default();
            html! { <>
                <span role="gridcell" {class}>
                    <span class="twist" aria-hidden="true">{ if row.open { Icon::Expand.html() } else { Icon::Collapse.html() } }</span>
                    <span class="name">{ clip(last(path).as_bytes(), 200).into_owned() }{ "/" }</span>
                    <span class="folded" title={format!("{} members below", count(sum.members))}>{ count(sum.members) }</span>
                </span>
                <span role="gridcell" class="cell c-size num">{ bytes(sum.bytes) }</span>
                { check_of(data, sum) }
                <span role="gridcell" class="cell c-words">{ what(path) }</span>
            </> }
        }
        Entry::Member(member) => data
            .snapshot
            .members
            .iter()
            .nth(member)
            .map_or_else(Html::default, |member| cells(here, data, shown, member, class)),
    };
    let open = matches!(row.entry, Entry::Folder(_)).then(|| row.open.to_string());
    html! {
        <div class={at.class()} role="row" id={at.id()} data-row={at.number()} data-testid="member-row" aria-rowindex={at.index()} aria-level={(row.depth + 1).to_string()}
            aria-posinset={place.to_string()} aria-setsize={siblings.to_string()} aria-expanded={open} aria-selected={at.selected()}>{ cells }</div>
    }
}

fn cells(here: &Here, data: &Data, shown: &Shown, member: &Member, class: String) -> Html {
    let (word, check) = state(data, &member.name, &shown.bad);
    let called = clip(split(&member.name).1.as_bytes(), 200).into_owned();
    html! { <>
        <span role="gridcell" {class}>
            <span class="twist" aria-hidden="true" />
            <a href={target(here, &member.name).hash()}>{ called }</a>
            { whose(data, &member.name) }
        </span>
        <span role="gridcell" class="cell c-size num">{ bytes(member.size) }</span>
        <span role="gridcell" class={classes!("cell", "c-check", check)}>{ word }</span>
        <span role="gridcell" class="cell c-hash"><code>{ member.sha256.map_or_else(|| "not known".to_owned(), |hash| hex(&hash)) }</code></span>
    </> }
}

/// The process that a record is of.
fn whose(data: &Data, member: &str) -> Html {
    let pid = member.strip_prefix("process/").and_then(|name| name.strip_suffix(".json")?.parse().ok());
    let process = pid.and_then(|pid| data.snapshot.process(data.snapshot.by_pid(pid)?));
    process.map_or_else(Html::default, |process| html! { <bdi class="note">{ name(process) }</bdi> })
}

/// The worst that is said of what is in a folder.
fn check_of(data: &Data, sum: Sum) -> Html {
    let (word, class) = match sum.bad {
        _ if !data.snapshot.integrity.has_sums => ("nothing to check against".to_owned(), "missing"),
        0 if sum.members == 1 => ("matches".to_owned(), "matches"),
        0 => ("all match".to_owned(), "matches"),
        bad => (format!("{} of {} differ", count(bad), count(sum.members)), "bad"),
    };
    html! { <span role="gridcell" class={classes!("cell", "c-check", class)}>{ word }</span> }
}

/// What a folder of the format holds, in words.
fn what(path: &str) -> &'static str {
    let mut parts = path.split('/');
    match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        ("process", None, _) => "A record of each process, by its number",
        ("host", None, _) => "Files of the system itself",
        ("net", None, _) => "Socket tables, routes and neighbours",
        ("net", Some(_), None) => "of the network namespace with this number",
        ("mount", None, _) => "Users and names as containers have them",
        ("mount", Some(_), None) => "of the mount namespace with this number",
        ("text", None, _) => "What several processes share, stored once",
        ("executable", None, _) => "Programs recovered from running processes",
        ("file", None, _) => "Recovered files that have no name left",
        ("identity", None, _) => "What metadata services answered",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_turned_one_by_one() {
        assert_eq!(toggled("", "host"), "host");
        assert_eq!(toggled("host", "host/proc"), "host,host/proc");
        assert_eq!(toggled("host,host/proc", "host"), "host/proc");
        assert_eq!(toggled("host", "host"), "");
    }
}
