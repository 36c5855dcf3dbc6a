//! The starts one below the other, with boot and capture around them.

use crate::format::{clip, date_time, duration, zone_word};
use crate::state::{Data, Here, System, use_around, use_data};
use crate::ui::picks::{Picking, RowId};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::links;
use crate::view::processes::command;
use procglass_model::Timestamp;
use procglass_snapshot::ProcessIndex;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`List`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// Processes by start.
    pub(super) rows: Rc<[ProcessIndex]>,
    /// What they, and the two lines around them, stand for.
    pub(super) ids: Rc<[RowId]>,
    pub(super) picking: Picking,
    /// The chosen rows as text.
    pub(super) text: Callback<(), String>,
}

/// What the rows stand for: a process by its number, the two events by numbers from the end.
pub(super) fn ids(rows: &[ProcessIndex]) -> Rc<[RowId]> {
    let starts = rows.iter().map(|index| RowId::from(index.0));
    std::iter::once(RowId::MAX).chain(starts).chain([RowId::MAX - 1]).collect()
}

/// Characters of a command line that fit into a row.
const COMMAND: usize = 200;

/// The list.
#[component]
pub(super) fn List(props: &Props) -> Html {
    let (here, data) = (use_around(), use_data());
    let row = use_callback((props.rows.clone(), here, data), |at: At, (rows, here, data)| {
        let Some(data) = data else { return Html::default() };
        match at.row.checked_sub(1) {
            None => event(at, data.timeline.boot, "The system booted"),
            Some(place) => match rows.get(place) {
                Some(index) => start(here, data, *index, at),
                None => event(at, data.timeline.captured, "The snapshot was taken"),
            },
        }
    });
    let started = format!("Started ({})", zone_word());
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">
            { for [("started num", &*started), ("after num", "After boot"), ("process", "Process"), ("user", "User"), ("parent", "Started by"), ("command", "Command line")].iter().map(|(class, word)| html! {
                <span role="columnheader" class={format!("cell c-{class}")}>{ (*word).to_owned() }</span>
            }) }
        </div>
    };
    html! { <VirtualList count={props.rows.len() + 2} ids={props.ids.clone()} picks={props.picking.picks.clone()} onpick={props.picking.set.clone()} text={props.text.clone()} {row} {head} class="grid starts-list" label="Starts of processes" testid="timeline-list" /> }
}

fn event(at: At, time: Option<Timestamp>, words: &'static str) -> Html {
    let time = time.map_or_else(|| "unknown".into(), date_time);
    html! {
        <div class={classes!(at.class(), "group")} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()}>
            <span role="gridcell" class="cell c-started num">{ time }</span><span role="gridcell" class="cell c-event">{ words }</span>
        </div>
    }
}

fn start(here: &Here, data: &Data, index: ProcessIndex, at: At) -> Html {
    let Some(process) = data.snapshot.process(index) else { return Html::default() };
    let after = data.timeline.boot.zip(process.started).map(|(boot, start)| start.seconds() - boot.seconds());
    let after = after.and_then(|seconds| u64::try_from(seconds).ok()).map(duration).unwrap_or_default();
    let parent = process.parent.map(|parent| links::process(here, data, parent));
    html! {
        <div class={at.class()} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()} data-testid="start-row" data-pid={process.pid.to_string()}>
            <span role="gridcell" class="cell c-started num">{ process.started.map(date_time).unwrap_or_default() }</span>
            <span role="gridcell" class="cell c-after num">{ after }</span>
            <span role="gridcell" class="cell c-process">{ links::process(here, data, index) }</span>
            <span role="gridcell" class="cell c-user">{ System::user(process).unwrap_or_default() }</span>
            <span role="gridcell" class="cell c-parent">{ parent.unwrap_or_default() }</span>
            <span role="gridcell" class="cell c-command" title={clip(command(process, COMMAND).as_bytes(), 300).into_owned()}>{ command(process, COMMAND) }</span>
        </div>
    }
}
