//! The grid itself.

use super::chooser::{chosen, tracks};
use super::columns::Column;
use super::keys::{Action, action, type_ahead};
use super::rows::{Row, Rows};
use super::{COLS, Fold, SORT, here_with};
use crate::format::{count, zone_word};
use crate::state::{Data, Route, use_data, use_go, use_here};
use crate::ui::banner::badge;
use crate::ui::dom::now;
use crate::ui::icon::Icon;
use crate::ui::virtual_list::{RowEvent, VirtualList};
use crate::view::links::name;
use procglass_model::model::{Process, ProcessIndex};
use yew::prelude::*;

/// Properties of [`Grid`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) rows: Rows,
    pub(super) selected: Option<ProcessIndex>,
    pub(super) sort: String,
    /// Changes when the selected row has to come into view.
    pub(super) wish: usize,
    pub(super) fold: Callback<Fold>,
    pub(super) select: Callback<Option<u32>>,
}

/// How long letters belong to one word of type-ahead, in milliseconds.
const WORD_MS: f64 = 900.0;

/// The grid.
#[component]
pub(super) fn Grid(props: &Props) -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let typed = use_mut_ref(|| (String::new(), 0.0_f64));
    let containers = data.as_ref().is_some_and(|data| data.overview.containers > 0);
    let columns =
        use_memo((here.param(COLS).to_owned(), containers), |(names, containers)| chosen(names, *containers));
    let row =
        use_callback((props.rows.clone(), props.selected, data.clone(), here.param(COLS).to_owned()), {
            let columns = columns.clone();
            move |at: usize, (rows, selected, data, _)| {
                let row = rows.get(at);
                row.zip(data.as_ref()).map_or_else(Html::default, |(row, data)| {
                    one_row(data, &columns, at, row, *selected == Some(row.process))
                })
            }
        });
    let (template, least) = tracks(&columns);
    let Some(data) = data else { return Html::default() };
    let pid = {
        let data = data.clone();
        move |index: ProcessIndex| data.snapshot.process(index).map(|process| process.pid)
    };
    let open_page = {
        let (go, here, pid) = (go.clone(), here.clone(), pid.clone());
        move |index: ProcessIndex| {
            if let Some(pid) = pid(index) {
                go.to(here.going(Route::process(pid)));
            }
        }
    };
    let onrow = {
        let (rows, fold, select, pid, open_page) =
            (props.rows.clone(), props.fold.clone(), props.select.clone(), pid.clone(), open_page.clone());
        Callback::from(move |event: RowEvent| {
            let Some(row) = rows.get(event.row) else { return };
            match event.act.as_str() {
                "toggle" if event.double => {}
                "toggle" => fold.emit(Fold::Toggle(row.process)),
                _ if event.double => open_page(row.process),
                _ => select.emit(pid(row.process)),
            }
        })
    };
    let onkey = {
        let (rows, selected, fold, select, data) =
            (props.rows.clone(), props.selected, props.fold.clone(), props.select.clone(), data.clone());
        Callback::from(move |(event, page): (KeyboardEvent, usize)| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let key = event.key();
            let done = match action(&key, &rows, selected, page, &data.snapshot) {
                Some(action) => Some(action),
                None => letter(&key, &mut typed.borrow_mut())
                    .and_then(|word| type_ahead(&word, &rows, selected, &data.snapshot))
                    .map(Action::Select),
            };
            let Some(done) = done else { return };
            event.prevent_default();
            match done {
                Action::Select(index) => select.emit(pid(index)),
                Action::Toggle(index) => fold.emit(Fold::Toggle(index)),
                Action::Below(index) => fold.emit(Fold::Below(index)),
                Action::Page(index) => open_page(index),
            }
        })
    };
    let onsort = {
        let (here, sort) = (here, props.sort.clone());
        Callback::from(move |name: &'static str| {
            // The third time it is as it was: the tree by start, the list by pid.
            let next = match sort.strip_prefix('-') {
                Some(turned) if turned == name => String::new(),
                _ if sort == name => format!("-{name}"),
                _ => name.to_owned(),
            };
            go.replace(here_with(&here, SORT, &next));
        })
    };
    let active =
        props.selected.filter(|index| props.rows.place(*index).is_some()).map(|index| row_id(&data, index));
    let reveal = props.selected.and_then(|index| props.rows.place(index)).map(|at| (at, props.wish));
    html! { <>
        if props.rows.list.is_empty() {
            <p class="empty" data-testid="nothing">{ "No process matches. The filter looks at names, users, arguments, paths, addresses and open files of what was collected." }</p>
        }
        <VirtualList count={props.rows.list.len()} {row} {onrow} {onkey} {active} {reveal} head={head(&columns, &props.sort, &onsort)} {template} {least}
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

fn head(columns: &[&Column], sort: &str, onsort: &Callback<&'static str>) -> Html {
    let (by, turned) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
    let cell = |name: &'static str, word: String, why: &'static str, class: &'static str, down: bool| {
        let sorted = by == name;
        let order = match () {
            () if !sorted => "none",
            () if down != turned => "descending",
            () => "ascending",
        };
        let arrow = if sorted { Icon::Expand.html() } else { Html::default() };
        let onclick = onsort.reform(move |_: MouseEvent| name);
        let class_of = classes!("sort", (order == "ascending").then_some("turned"));
        html! {
            <span role="columnheader" {class} aria-sort={order}>
                <button type="button" class={class_of} {onclick} title={format!("{why}: sort")} data-testid={format!("sort-{name}")}>{ word }{ arrow }</button>
            </span>
        }
    };
    let word = |column: &Column| match column.name {
        "started" => format!("{} ({})", column.head, zone_word()),
        _ => column.head.to_owned(),
    };
    html! {
        <div class="vhead row" role="row">
            { cell("name", "Name".to_owned(), "Name of the process: it can choose it", "cell c-name", false) }
            { for columns.iter().map(|column| cell(column.name, word(column), column.why, column.class, column.down)) }
        </div>
    }
}

fn one_row(data: &Data, columns: &[&Column], at: usize, row: Row, selected: bool) -> Html {
    let Some(process) = data.snapshot.process(row.process) else { return Html::default() };
    let class = classes!(
        "row",
        row.dimmed.then_some("dimmed"),
        selected.then_some("selected"),
        process.kernel_thread.then_some("kernel")
    );
    let tree = row.siblings > 0;
    let number = |number: u32| tree.then(|| number.to_string());
    html! {
        <div {class} role="row" id={row_id(data, row.process)} data-row={at.to_string()} data-testid="process-row" data-pid={process.pid.to_string()}
            aria-rowindex={(at + 2).to_string()} aria-level={number(row.depth + 1)} aria-posinset={number(row.place)} aria-setsize={number(row.siblings)}
            aria-expanded={row.parent.then(|| row.open.to_string())} aria-selected={selected.to_string()}>
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
        let kernel = if process.kernel_thread { " kernel threads" } else { "" };
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
    if process.state == 'Z' {
        marks.push(badge("plain", "ended"));
    }
    if matches!(process.state, 'T' | 't') {
        marks.push(badge("plain", "stopped"));
    }
    if process.tracer_pid != 0 {
        marks.push(badge("notable", "traced"));
    }
    marks
}
