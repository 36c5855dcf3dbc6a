//! Both process trees in one: what was added and what is gone in their places.

use super::rows::{mark, process};
use crate::state::{Data, Here};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use procglass_snapshot::Process;
use procglass_systems::compare::{Comparison, MergedRow};
use std::rc::Rc;
use yew::prelude::*;

/// Deeper rows are drawn at this depth, with the number.
const DEEPEST: u32 = 30;

/// The tree.
pub(super) fn tree(
    here: &Here,
    before: (usize, &Data),
    after: (usize, &Data),
    result: &Rc<Comparison>,
) -> Html {
    let row = {
        let (here, result) = (here.clone(), Rc::clone(result));
        let (before, after) = ((before.0, before.1.clone()), (after.0, after.1.clone()));
        Callback::from(move |at: At| {
            result
                .tree
                .get(at.row)
                .map(|row| one(&here, (before.0, &before.1), (after.0, &after.1), row, at))
                .unwrap_or_default()
        })
    };
    let head = html! { <div class="vhead row" role="row" aria-rowindex="1">{ for [("name", "Process"), ("mark", "Change"), ("user", "User"), ("command", "Command line")].iter().map(|(class, word)| html! {
        <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span>
    }) }</div> };
    html! { <VirtualList count={result.tree.len()} {row} {head} class="grid merged-table" label="Processes of both snapshots" testid="merged-tree" /> }
}

fn one(here: &Here, before: (usize, &Data), after: (usize, &Data), row: &MergedRow, at: At) -> Html {
    let (side, index) = match (row.after, row.before) {
        (Some(index), _) => (after, index),
        (None, Some(index)) => (before, index),
        (None, None) => return Html::default(),
    };
    let depth = row.depth.min(DEEPEST);
    let found = side.1.snapshot.process(index);
    let command = found.map(command).unwrap_or_default();
    html! {
        <div class={classes!("row", format!("d{depth}"), row.mark.word())} role="row" aria-rowindex={at.index()} data-row={at.number()} data-mark={row.mark.word()} data-testid="merged-row">
            <span role="cell" class="cell c-name">if row.depth > DEEPEST { <span class="deep">{ row.depth }</span> }{ process(here, side, index) }<span class="offscreen">{ format!(" level {}", row.depth + 1) }</span></span>
            <span role="cell" class="cell c-mark">{ mark(row.mark) }</span>
            <span role="cell" class="cell c-user">{ found.and_then(crate::state::System::user).unwrap_or_default() }</span>
            <span role="cell" class="cell c-command" title={command.clone()}><bdi>{ command }</bdi></span>
        </div>
    }
}

fn command(process: &Process) -> String {
    let words: Vec<String> =
        process.arguments().take(20).map(|word| crate::format::clip(word, 200).into_owned()).collect();
    words.join(" ")
}
