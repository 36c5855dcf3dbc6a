//! The timeline: when processes started, as a histogram to choose from and as a list.

mod chart;
mod list;

use super::export::{Export, Picked, as_text, written};
use super::{Page, processes};
use crate::format::{count, plural};
use crate::state::{QUERY, Rows, use_data, use_filter, use_here};
use crate::ui::icon::Icon;
use crate::ui::picks::use_picking;
use chart::Chart;
use list::{List, ids};
use procglass_query::Table;
use procglass_query::write::Form;
use procglass_snapshot::ProcessIndex;
use std::rc::Rc;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "timeline",
    word: "Timeline",
    icon: Icon::Timeline,
    count: processes::PAGE.count,
    html: || html! { <Timeline /> },
};

/// Parameter: the part of time that the histogram shows, `FROM..TO` in nanoseconds since the epoch.
const ZOOM: &str = "zoom";

#[component]
fn Timeline() -> Html {
    let (here, filter, data) = (use_here(), use_filter(), use_data());
    let rows = use_memo((data.clone(), filter.clone()), |(data, filter)| {
        let Some(data) = data else { return Rc::default() };
        let starts = data.timeline.starts.iter().map(|(_, process)| *process);
        starts.filter(|process| filter.process(&data.snapshot, *process)).collect::<Rc<[ProcessIndex]>>()
    });
    let write = use_callback((data.clone(), rows.clone()), |form: Form, (data, rows)| {
        let Some(data) = data else { return Vec::new() };
        written(data, Table::of_processes(&data.snapshot, rows.iter().copied()), false, form)
    });
    let ids = use_memo(rows.clone(), |rows| ids(rows));
    let picking = use_picking();
    let write_picked = use_callback(
        (data.clone(), rows.clone(), picking.picks.clone()),
        |form: Form, (data, rows, picks)| {
            let Some(data) = data else { return Vec::new() };
            let picked = rows.iter().copied().filter(|index| picks.has(index.0.into()));
            written(data, Table::of_processes(&data.snapshot, picked), false, form)
        },
    );
    let text = as_text(&write_picked);
    let picked = Picked {
        number: rows.iter().filter(|index| picking.picks.has(index.0.into())).count(),
        write: write_picked,
    };
    let Some(data) = data else { return Html::default() };
    let total = data.snapshot.processes.len();
    let hidden = total - rows.len().min(total);
    html! {
        <div class="stack">
            if data.timeline.starts.is_empty() {
                <p class="empty">{ "No start of a process is known: the files that tell it were not collected, or the clock of this system is missing from the bundle." }</p>
            } else {
                <Chart />
            }
            <div class="toolbar">
                <Export rows={Rows { what: "timeline", write }} {picked} />
                <p class="tally" role="status" data-testid="tally">
                    if filter.is_empty() { { plural(rows.len(), "start", "starts") } } else { { format!("{} of {} match", count(rows.len()), count(total)) } }
                    if data.timeline.unknown > 0 { { format!(" · {} started at an unknown time", plural(data.timeline.unknown, "process", "processes")) } }
                    if hidden > 0 && !filter.is_empty() { { " · " }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a> }
                </p>
            </div>
            <List rows={(*rows).clone()} ids={(*ids).clone()} {picking} {text} />
        </div>
    }
}
