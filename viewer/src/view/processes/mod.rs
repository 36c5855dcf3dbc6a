//! The processes: one grid, as a tree or as a list, and the selected one beside it.

mod chooser;
mod columns;
mod grid;
mod head;
mod keys;
mod rows;
mod toolbar;

pub(super) use columns::command;

use super::export::{Picked, as_text, written};
use super::{Page, process};
use crate::state::{Folds, Route, Rows as Shown, use_data, use_filter, use_go, use_here};
use crate::ui::dom::window;
use crate::ui::icon::Icon;
use crate::ui::picks::Picks;
use crate::ui::separator::Separator;
use crate::ui::timer::use_settled;
use grid::Grid;
use procglass_query::Table;
use procglass_query::write::Form;
use procglass_snapshot::ProcessIndex;
use rows::{Marks, folded_at_first, list, parents, ranks, tree};
use std::collections::HashSet;
use std::rc::Rc;
use toolbar::Toolbar;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "processes",
    word: "Processes",
    icon: Icon::Tree,
    count: Some(|data, filter| {
        let passes = |index: &ProcessIndex| filter.process(&data.snapshot, *index);
        if filter.is_empty() {
            data.snapshot.processes.len()
        } else {
            data.snapshot.indices().filter(passes).count()
        }
    }),
    html: || html! { <Processes /> },
};

/// Parameter: `list` for the list.
const VIEW: &str = "view";
/// Parameter: the column to sort by.
const SORT: &str = "sort";
/// Parameter: pid of the only subtree to show.
const ROOT: &str = "root";
/// Parameter: names of the columns, in order.
const COLS: &str = "cols";
/// Parameter: `1` for showing what is below a match as well.
const BELOW: &str = "below";
/// Parameter: width of the pane in pixels.
const PANE: &str = "pane";
/// Parameter: pid of the selected process.
const SELECTED: &str = "sel";

/// What changes the set of open rows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fold {
    Toggle(ProcessIndex),
    Below(ProcessIndex),
    OpenAll,
    CloseAll,
}

#[component]
fn Processes() -> Html {
    let (here, go, filter) = (use_here(), use_go(), use_filter());
    let memory = use_context::<Folds>().unwrap_or_default();
    let Some(data) = use_data() else { return Html::default() };
    let pid = |name: &str| here.param(name).parse().ok().and_then(|pid| data.snapshot.by_pid(pid));
    let (root, selected) = (pid(ROOT), pid(SELECTED));
    let as_list = here.param(VIEW) == "list";
    let sort = here.param(SORT).to_owned();

    let below = here.param(BELOW) == "1" && !filter.is_empty();
    let marks = use_memo((data.clone(), filter.clone(), root, below), |(data, filter, root, below)| {
        let mut marks = Marks::new(&data.snapshot, *root, |index| filter.process(&data.snapshot, index));
        if *below {
            marks.keep_below(&data.snapshot);
        }
        marks
    });
    // While a filter is on, rows are opened and closed without touching how the whole tree was left.
    let folds = use_state(|| memory.get(&data));
    let filtered = use_state(|| (String::new(), Rc::new(HashSet::new())));
    let (first, none) =
        (use_memo(data.clone(), |data| folded_at_first(&data.snapshot)), use_memo((), |()| HashSet::new()));
    let collapsed: Rc<HashSet<ProcessIndex>> = match &*filtered {
        _ if filter.is_empty() => (*folds).clone().unwrap_or(first),
        (text, set) if *text == filter.text => set.clone(),
        _ => none,
    };
    let order = use_memo((data.clone(), sort.clone()), |(data, sort)| columns::order(data, sort));
    let ranked =
        use_memo(
            (data.clone(), sort.clone()),
            |(_, sort)| {
                if sort.is_empty() { Vec::new() } else { ranks(&order) }
            },
        );
    let rows = use_memo(
        (data.clone(), filter.text.clone(), (root, below), as_list, sort.clone(), Folded(collapsed.clone())),
        |(data, _, (root, _), as_list, _, folded)| {
            if *as_list {
                list(&data.snapshot, &order, &marks)
            } else {
                tree(&data.snapshot, *root, &marks, &folded.0, &ranked)
            }
        },
    );
    let fold = {
        let (data, text, empty, filtered) =
            (data.clone(), filter.text.clone(), filter.is_empty(), filtered.setter());
        let folds = folds.setter();
        Callback::from(move |change: Fold| {
            let mut set = (*collapsed).clone();
            match change {
                Fold::Toggle(index) => {
                    if !set.remove(&index) {
                        set.insert(index);
                    }
                }
                Fold::Below(index) => rows::expand_below(&data.snapshot, index, &mut set),
                Fold::OpenAll => set.clear(),
                Fold::CloseAll => set = parents(&data.snapshot),
            }
            let set = Rc::new(set);
            if empty {
                memory.set(&data, set.clone());
                folds.set(Some(set));
            } else {
                filtered.set((text.clone(), set));
            }
        })
    };
    // The selected process stands in the address; what is chosen beside it does not.
    let more = use_state_eq(Picks::default);
    let picks = match selected.map(|index| u64::from(index.0)) {
        Some(one) if more.has(one) => (*more).clone(),
        Some(one) => Picks::one(one),
        None => Picks::default(),
    };
    let select = use_callback(
        (go.clone(), here.clone(), data.clone()),
        |to: Option<ProcessIndex>, (go, here, data)| {
            let pid =
                to.and_then(|index| data.snapshot.process(index)).map(|process| process.pid.to_string());
            go.replace((*here.0).clone().with(SELECTED, &pid.unwrap_or_default()));
        },
    );
    let set = use_callback(select.clone(), {
        let more = more.setter();
        move |picks: Picks, select| {
            let cursor = picks.cursor.and_then(|row| u32::try_from(row).ok()).map(ProcessIndex);
            more.set(picks);
            select.emit(cursor);
        }
    });
    let pick = use_callback((set.clone(), rows.clone(), picks.clone()), |(row, how), (set, rows, picks)| {
        set.emit(picks.pick(row, how, &rows.ids));
    });
    let all = use_callback((set, rows.clone(), picks.clone()), |all, (set, rows, picks)| {
        set.emit(if all { picks.all(&rows.ids) } else { Picks::default() });
    });
    let write = use_callback(
        (data.clone(), rows.clone(), marks.clone(), ranked.clone(), (root, as_list)),
        |form: Form, (data, rows, marks, ranked, (root, as_list))| {
            if *as_list {
                let shown = rows.list.iter().map(|row| row.process);
                return written(data, Table::of_processes(&data.snapshot, shown), false, form);
            }
            // What is only folded away is shown as far as a file is concerned.
            let open = tree(&data.snapshot, *root, marks, &HashSet::new(), ranked);
            let shown = open.list.iter().map(|row| (row.process, row.depth));
            written(data, Table::of_tree(&data.snapshot, shown), true, form)
        },
    );
    let write_picked =
        use_callback((data.clone(), rows.clone(), picks.clone()), |form: Form, (data, rows, picks)| {
            let picked = rows.list.iter().map(|row| row.process).filter(|index| picks.has(index.0.into()));
            written(data, Table::of_processes(&data.snapshot, picked), false, form)
        });
    let text = as_text(&write_picked);
    let shown = Shown { what: "processes", write };
    let picked =
        Picked { number: if picks.len() == 1 { 1 } else { picks.among(&rows.ids) }, write: write_picked };
    let beside =
        window().and_then(|window| window.inner_width().ok()?.as_f64()).is_some_and(|width| width >= 1100.0);
    let onwidth = {
        let (go, here) = (go, here.clone());
        Callback::from(move |width: Option<usize>| {
            let width = width.map(|width| width.to_string()).unwrap_or_default();
            go.replace(here_with(&here, PANE, &width));
        })
    };
    let settled = use_settled(selected, 90);
    let close = select.reform(|()| None);
    html! {
        <div class={classes!("split", (beside && selected.is_some()).then_some("with-pane"))}>
            <div class="split-main">
                <Toolbar rows={(*rows).clone()} root={root} {as_list} filtered={!filter.is_empty()} fold={fold.clone()} {shown} {picked} />
                <Grid rows={(*rows).clone()} {selected} {picks} {sort} wish={wish(selected, &filter.text, as_list)} {fold} {pick} {all} {text} />
            </div>
            if let Some(index) = settled.filter(|_| beside && selected.is_some()) {
                <Separator width={here.param(PANE).parse::<usize>().ok()} {onwidth} label="width of the details" />
                <process::Pane {index} onclose={close} />
            }
        </div>
    }
}

/// Changes whenever the selected row has to be brought into view: it was selected, or the rows around it changed.
fn wish(selected: Option<ProcessIndex>, filter: &str, as_list: bool) -> usize {
    let text = filter
        .bytes()
        .fold(usize::from(as_list), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
    text.wrapping_mul(1_000_003).wrapping_add(selected.map_or(0, |index| index.0 as usize + 1))
}

/// A set behind a pointer, compared by it.
#[derive(Clone)]
struct Folded(Rc<HashSet<ProcessIndex>>);

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The place of the same page with another parameter.
fn here_with(here: &Route, name: &str, value: &str) -> Route {
    here.clone().with(name, value)
}
