//! Who talks to whom inside this system, and what the evidence does not say about it.

use crate::format::{clip, count, plural};
use crate::state::{Data, Here, QUERY, use_data, use_filter, use_here};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::links;
use procglass_snapshot::ProcessIndex;
use procglass_snapshot::analysis::talk::{Crowd, Served, Talks, Way};
use std::rc::Rc;
use yew::prelude::*;

/// A row by its place in [`Talks`].
#[derive(Clone, Copy, PartialEq, Eq)]
enum Row {
    Pair(usize),
    Crowd(usize),
    Served(usize),
}

/// Properties of [`Talk`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// The switch between kinds.
    pub(super) kinds: Html,
}

/// The view.
#[component]
pub(super) fn Talk(props: &Props) -> Html {
    let (here, filter, data) = (use_here(), use_filter(), use_data());
    let rows = use_memo((data.clone(), filter), |(data, filter)| {
        let Some(data) = data else { return Rc::default() };
        let talks = data.talks();
        let passes = |index: ProcessIndex| filter.is_empty() || filter.process(&data.snapshot, index);
        let pairs = talks.pairs.iter().enumerate().filter(|(_, talk)| passes(talk.from) || passes(talk.to));
        let crowds = talks.crowds.iter().enumerate().filter(|(_, crowd)| {
            filter.is_empty() || crowd.writers.iter().chain(&crowd.readers).any(|index| passes(*index))
        });
        let served = talks
            .served
            .iter()
            .enumerate()
            .filter(|(_, served)| filter.is_empty() || filter.socket(&data.snapshot, served.socket));
        let pairs = pairs.map(|(at, _)| Row::Pair(at));
        let rest = crowds.map(|(at, _)| Row::Crowd(at)).chain(served.map(|(at, _)| Row::Served(at)));
        pairs.chain(rest).collect::<Rc<[Row]>>()
    });
    let row = use_callback((rows.clone(), here.clone(), data.clone()), |at: At, (rows, here, data)| {
        let (Some(data), Some(row)) = (data, rows.get(at.row)) else { return Html::default() };
        let talks = data.talks();
        let cells = match *row {
            Row::Pair(at) => pair(here, data, talks, at),
            Row::Crowd(at) => talks.crowds.get(at).map(|crowd| crowd_cells(here, data, crowd)),
            Row::Served(at) => talks.served.get(at).map(|served| served_cells(here, data, served)),
        };
        let [from, arrow, to, way, number] = cells.unwrap_or_default();
        html! {
            <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="talk-row">
                <span role="cell" class="cell">{ from }</span><span role="cell" class="cell">{ arrow }</span><span role="cell" class="cell">{ to }</span>
                <span role="cell" class="cell">{ way }</span><span role="cell" class="cell num">{ number }</span>
            </div>
        }
    });
    let Some(data) = data else { return Html::default() };
    let talks = data.talks();
    let total = talks.pairs.len() + talks.crowds.len() + talks.served.len();
    let hidden = total - rows.len().min(total);
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">{ for ["Process", "Direction", "Process", "Through", "How many"].iter().zip(["", "c-way", "", "", "num"]).map(|(word, class)| html! {
            <span role="columnheader" class={classes!("cell", class)}>{ *word }</span>
        }) }</div>
    };
    html! {
        <div class="stack">
            <div class="toolbar">{ props.kinds.clone() }
                <p class="tally" role="status" data-testid="tally">{ plural(rows.len(), "row", "rows") }
                    if hidden > 0 { { " · " }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a> }</p>
            </div>
            if talks.unknown > 0 {
                <p class="under note" data-testid="talk-unknown">{ format!("The other ends of {} are not in the evidence: the kernel's table of UNIX sockets does not name them. They are not guessed.", plural(talks.unknown, "connected UNIX socket", "connected UNIX sockets")) }</p>
            }
            if rows.is_empty() { <p class="empty">{ "Nothing that talks inside this system passes: no pipe between two processes, no connection of which both ends are here, no name that is served." }</p> }
            <VirtualList count={rows.len()} {row} {head} class="grid talk" label="Who talks to whom" testid="talk-table" />
        </div>
    }
}

type Cells = [Html; 5];

fn pair(here: &Here, data: &Data, talks: &Talks, at: usize) -> Option<Cells> {
    let talk = talks.pairs.get(at)?;
    let (arrow, words) = if talk.directed { ("→", "to") } else { ("⇄", "with, direction not known") };
    Some([
        links::process(here, data, talk.from),
        html! { <><span class="arrow" aria-hidden="true">{ arrow }</span><span class="offscreen">{ words }</span></> },
        links::process(here, data, talk.to),
        html! { { way(talk.way) } },
        html! { { count(talk.count) } },
    ])
}

/// What two processes talk through, in words.
pub(crate) fn way(way: Way) -> String {
    match way {
        Way::Pipe(inode) => format!("pipe {inode}"),
        Way::Connection(protocol, port) => format!("{} port {port}", protocol.word()),
        Way::Unix => "UNIX socket".into(),
    }
}

/// Members of a crowd that are named.
const NAMED: usize = 3;

fn some(here: &Here, data: &Data, list: &[ProcessIndex]) -> Html {
    let more = list.len().saturating_sub(NAMED);
    html! { <>
        { for list.iter().take(NAMED).map(|index| html! { <span class="holder">{ links::process(here, data, *index) }</span> }) }
        if more > 0 { <span class="note">{ format!(" and {} more", count(more)) }</span> }
    </> }
}

fn crowd_cells(here: &Here, data: &Data, crowd: &Crowd) -> Cells {
    [
        some(here, data, &crowd.writers),
        html! { <><span class="arrow" aria-hidden="true">{ "→" }</span><span class="offscreen">{ "to" }</span></> },
        some(here, data, &crowd.readers),
        html! { { format!("pipe {}, shared by many", crowd.inode) } },
        html! { { count(1) } },
    ]
}

fn served_cells(here: &Here, data: &Data, served: &Served) -> Cells {
    let socket = data.snapshot.socket(served.socket);
    let mut owners: Vec<_> =
        socket.iter().flat_map(|socket| &socket.owners).map(|owner| owner.process).collect();
    owners.dedup();
    let path = socket.and_then(|socket| socket.path.as_ref()).map(|path| clip(path, 160).into_owned());
    [
        html! { <span class="note">{ if served.connections == 0 { "nobody at this moment" } else { "not in the evidence" } }</span> },
        html! { <><span class="arrow" aria-hidden="true">{ "→" }</span><span class="offscreen">{ "to" }</span></> },
        if owners.is_empty() {
            html! { <span class="note">{ "owner not visible" }</span> }
        } else {
            some(here, data, &owners)
        },
        html! { <code>{ path.unwrap_or_default() }</code> },
        html! { { count(served.connections) } },
    ]
}
