//! The grid itself.

use super::chooser::{address, chosen, moved, tracks};
use super::columns::Column;
use super::head::{Chosen, Head};
use super::keys::{Action, action, type_ahead};
use super::rows::{Row, Rows};
use super::{COLS, Fold, SORT, here_with};
use crate::format::count;
use crate::state::{Data, Route, use_data, use_go, use_here};
use crate::ui::banner::badge;
use crate::ui::dom::now;
use crate::ui::icon::Icon;
use crate::ui::picks::{How, Picks};
use crate::ui::slot::At;
use crate::ui::virtual_list::{RowEvent, VirtualList};
use crate::view::links::name;
use procglass_snapshot::{Process, ProcessIndex};
use yew::prelude::*;

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) rows: Rows,
    pub(super) selected: Option<ProcessIndex>,
    /// All that are selected, that one among them.
    pub(super) picks: Picks,
    pub(super) sort: String,
    /// Changes when the selected row has to come into view.
    pub(super) wish: usize,
    pub(super) fold: Callback<Fold>,
    /// Selects the row of that number.
    pub(super) pick: Callback<(usize, How)>,
    /// Selects all rows, or none.
    pub(super) all: Callback<bool>,
    /// The selected rows as text.
    pub(super) text: Callback<(), String>,
}

/// How long letters belong to one word of type-ahead, in milliseconds.
const WORD_MS: f64 = 900.0;

/// The grid.
#[component]
pub(super) fn Grid(props: &Props) -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let typed = use_mut_ref(|| (String::new(), 0.0_f64));
    let containers = data.as_ref().is_some_and(|data| data.overview.containers > 0);
    let columns = use_memo((here.param(COLS).to_owned(), containers), |(names, containers)| {
        Chosen(chosen(names, *containers))
    });
    let row = use_callback((props.rows.clone(), data.clone(), columns.clone()), {
        move |at: At, (rows, data, columns)| {
            let row = rows.get(at.row);
            row.zip(data.as_ref())
                .map_or_else(Html::default, |(row, data)| one_row(data, &columns.0, at, row))
        }
    });
    let (template, least) = tracks(&columns.0);
    let onsort = use_callback((here.clone(), go.clone(), props.sort.clone()), {
        |name: &'static str, (here, go, sort)| {
            // The third time it is as it was: the tree by start, the list by pid.
            let next = match sort.strip_prefix('-') {
                Some(turned) if turned == name => String::new(),
                _ if sort == name => format!("-{name}"),
                _ => name.to_owned(),
            };
            go.replace(here_with(here, SORT, &next));
        }
    });
    let onmove = use_callback((here.clone(), go.clone()), move |(from, to): (String, String), (here, go)| {
        let names = moved(&chosen(here.param(COLS), containers), &from, &to);
        go.replace(here_with(here, COLS, &address(names, containers)));
    });
    let Some(data) = data else { return Html::default() };
    let pid = {
        let data = data.clone();
        move |index: ProcessIndex| data.snapshot.process(index).map(|process| process.pid)
    };
    let open_page = move |index: ProcessIndex| {
        if let Some(pid) = pid(index) {
            go.to(here.going(Route::process(pid)));
        }
    };
    let onrow = {
        let (rows, fold, pick, open_page) =
            (props.rows.clone(), props.fold.clone(), props.pick.clone(), open_page.clone());
        Callback::from(move |event: RowEvent| {
            let Some(row) = rows.get(event.row) else { return };
            match event.act.as_str() {
                "toggle" if event.double => {}
                "toggle" => fold.emit(Fold::Toggle(row.process)),
                _ if event.double => open_page(row.process),
                _ => pick.emit((event.row, event.how)),
            }
        })
    };
    let onkey = {
        let (rows, selected, fold, pick, data) =
            (props.rows.clone(), props.selected, props.fold.clone(), props.pick.clone(), data.clone());
        let all = props.all.clone();
        Callback::from(move |(event, page): (KeyboardEvent, usize)| {
            let key = event.key();
            let every = match key.as_str() {
                "a" | "A" if event.ctrl_key() || event.meta_key() => Some(true),
                "Escape" => Some(false),
                _ => None,
            };
            if let Some(every) = every {
                event.prevent_default();
                return all.emit(every);
            }
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let done = match action(&key, &rows, selected, page, &data.snapshot) {
                Some(action) => Some(action),
                None => letter(&key, &mut typed.borrow_mut())
                    .and_then(|word| type_ahead(&word, &rows, selected, &data.snapshot))
                    .map(Action::Select),
            };
            let Some(done) = done else { return };
            event.prevent_default();
            match done {
                Action::Select(index) => {
                    let how = How::of(event.shift_key(), false);
                    if let Some(at) = rows.place(index) {
                        pick.emit((at, how));
                    }
                }
                Action::Toggle(index) => fold.emit(Fold::Toggle(index)),
                Action::Below(index) => fold.emit(Fold::Below(index)),
                Action::Page(index) => open_page(index),
            }
        })
    };
    let active =
        props.selected.filter(|index| props.rows.place(*index).is_some()).map(|index| row_id(&data, index));
    let reveal = props.selected.and_then(|index| props.rows.place(index)).map(|at| (at, props.wish));
    let head = html! { <Head columns={(*columns).clone()} sort={props.sort.clone()} {onsort} {onmove} /> };
    html! { <>
        if props.rows.list.is_empty() {
            <p class="empty" data-testid="nothing">{ "No process matches. The filter looks at names, users, arguments, paths, addresses and open files of what was collected." }</p>
        }
        <VirtualList count={props.rows.list.len()} {row} ids={props.rows.ids.clone()} picks={props.picks.clone()} text={props.text.clone()} {onrow} {onkey} {active} {reveal} {head} {template} {least}
            class="grid processes" role="treegrid" label="Processes" testid="process-grid" />
    </> }
}

/// Adds a letter to the word being typed; another key is none.
fn letter(key: &str, (word, since): &mut (String, f64)) -> Option<String> {
    let mut chars = key.chars();
    let (Some(char), None) = (chars.next(), chars.next()) else { return None };
    if char.is_whitespace() || "/?[]".contains(char) {
        return None;
    }
    if now() - *since > WORD_MS {
        word.clear();
    }
    *since = now();
    word.push(char);
    Some(word.clone())
}

fn row_id(data: &Data, index: ProcessIndex) -> AttrValue {
    let pid = data.snapshot.process(index).map_or(0, |process| process.pid);
    format!("process-{pid}").into()
}

fn one_row(data: &Data, columns: &[&Column], at: At, row: Row) -> Html {
    let Some(process) = data.snapshot.process(row.process) else { return Html::default() };
    let class =
        classes!(at.class(), row.dimmed.then_some("dimmed"), process.is_kernel_thread().then_some("kernel"));
    let tree = row.siblings > 0;
    let number = |number: u32| tree.then(|| number.to_string());
    html! {
        <div {class} role="row" id={row_id(data, row.process)} data-row={at.number()} data-testid="process-row" data-pid={process.pid.to_string()}
            aria-rowindex={at.index()} aria-level={number(row.depth + 1)} aria-posinset={number(row.place)} aria-setsize={number(row.siblings)}
            aria-expanded={row.parent.then(|| row.open.to_string())} aria-selected={at.selected()}>
            { name_cell(data, row, process) }
            { for columns.iter().map(|column| {
                let title = Some((column.title)(data, process)).filter(|title| !title.is_empty());
                html! { <span role="gridcell" class={column.class} {title}>{ (column.text)(data, row.process, process) }</span> }
            }) }
        </div>
    }
}

/// Deeper rows are not indented further: they would leave the screen.
const MAX_INDENT: u32 = 30;

fn name_cell(data: &Data, row: Row, process: &Process) -> Html {
    let (depth, said) = (row.depth.min(MAX_INDENT), data.snapshot.notes());
    let below = data.below(row.process);
    let folded = (row.parent && !row.open).then(|| {
        let kernel = if process.is_kernel_thread() { " kernel threads" } else { "" };
        html! { <span class="folded" title={format!("{} processes below", count(below))}>{ format!("+{}{kernel}", count(below)) }</span> }
    });
    html! {
        <span role="gridcell" class={classes!("cell", "c-name", format!("d{depth}"))}>
            if row.parent {
                <span class="twist" data-act="toggle" aria-hidden="true">{ if row.open { Icon::Expand.html() } else { Icon::Collapse.html() } }</span>
            } else {
                <span class="twist" aria-hidden="true" />
            }
            if row.depth > MAX_INDENT { <span class="deep">{ format!("{}›", row.depth) }</span> }
            <bdi class="name">{ name(process) }</bdi>
            { for marks(process) }
            { crate::view::notes::badge_of(said.of_process(row.process).chain(said.of_findings(row.process))) }
            { folded.unwrap_or_default() }
        </span>
    }
}

/// What is special about a process, by plain fact.
fn marks(process: &Process) -> Vec<Html> {
    let mut marks = Vec::new();
    if process.exe.as_ref().is_some_and(|exe| exe.starts_with(b"/memfd:")) {
        marks.push(badge("notable", "in memory only"));
    } else if process.exe_deleted() == Some(true) {
        marks.push(badge("notable", "deleted"));
    }
    if process.state == Some('Z') {
        marks.push(badge("plain", "ended"));
    }
    if matches!(process.state, Some('T' | 't')) {
        marks.push(badge("plain", "stopped"));
    }
    if process.traced() == Some(true) {
        marks.push(badge("notable", "traced"));
    }
    marks
}
