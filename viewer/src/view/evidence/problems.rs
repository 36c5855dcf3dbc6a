//! What could not be read, and why.

use crate::format::{clip, count};
use crate::state::{Data, Here, QUERY, Route, Rows, use_data, use_filter, use_here};
use crate::ui::picks::{Picking, RowId, use_picking};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::{Export, Picked, as_text, written};
use procglass_query::Table;
use procglass_query::write::Form;
use procglass_snapshot::{Problem, explain};
use std::rc::Rc;
use yew::prelude::*;

/// The list.
#[component]
pub(super) fn Problems() -> Html {
    let (here, filter) = (use_here(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let rows = use_memo((data.clone(), filter), |(data, filter)| {
        let all = data.problems().iter().enumerate();
        let texts = |problem: &Problem| {
            filter.text(&[
                problem.member.as_bytes(),
                problem.what.as_bytes(),
                explain(&problem.what).as_bytes(),
            ])
        };
        all.filter(|(_, problem)| filter.is_empty() || texts(problem))
            .map(|(at, _)| at)
            .collect::<Rc<[usize]>>()
    });
    let row = use_callback((rows.clone(), here.clone(), data.clone()), |at: At, (rows, here, data)| {
        let problem = rows.get(at.row).and_then(|at| data.problems().get(*at));
        problem.map(|problem| one(here, data, problem, at)).unwrap_or_default()
    });
    let write = use_callback((rows.clone(), data.clone()), |form: Form, (rows, data)| {
        let shown = rows.iter().filter_map(|at| data.problems().get(*at)).cloned();
        written(data, Table::problems(shown), false, form)
    });
    let ids = use_memo(rows.clone(), |rows| rows.iter().map(|at| *at as RowId).collect::<Rc<[RowId]>>());
    let Picking { picks, set } = use_picking();
    let write_picked =
        use_callback((rows.clone(), data.clone(), picks.clone()), |form: Form, (rows, data, picks)| {
            let picked = rows.iter().filter(|at| picks.has(**at as RowId));
            let picked = picked.filter_map(|at| data.problems().get(*at)).cloned();
            written(data, Table::problems(picked), false, form)
        });
    let text = as_text(&write_picked);
    let picked = Picked { number: picks.among(&ids), write: write_picked };
    let total = data.problems().len();
    let whole = data.snapshot.coverage().sentence().is_none();
    let hidden = total - rows.len().min(total);
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">
            { for [("member", "Evidence"), ("reason", "Reason"), ("words", "In words")].iter().map(|(class, word)| html! { <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span> }) }
        </div>
    };
    html! {
        <>
            <div class="toolbar"><Export rows={Rows { what: "problems", write }} {picked} /></div>
            if hidden > 0 {
                <p class="tally under" data-testid="tally">{ format!("{} of {} match · ", count(rows.len()), count(total)) }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p>
            }
            if total == 0 { <p class="empty">{ if whole { "Everything that was asked for was read and understood." } else { "What was read was understood. The bundle does not hold everything: see the first page." } }</p> }
            <VirtualList count={rows.len()} ids={(*ids).clone()} {picks} onpick={set} {text} {row} {head} class="grid problems" label="What could not be read" testid="problems-table" />
        </>
    }
}

fn one(here: &Here, data: &Data, problem: &Problem, at: At) -> Html {
    let (member, part) = problem.member.split_once('#').unwrap_or((&problem.member, ""));
    let shown = clip(problem.member.as_bytes(), 200).into_owned();
    let name = if data.snapshot.members.get(member).is_some() {
        // Where a file could not be read there are no bytes of it; the process's list of errors is the proof.
        let route = if part.is_empty() { Route::source(member, "") } else { Route::source(member, "errors") };
        html! { <a href={here.going(route).with(QUERY, "").hash()}>{ shown }</a> }
    } else {
        html! { { shown } }
    };
    html! {
        <div class={at.class()} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()} data-testid="problem-row">
            <span role="gridcell" class="cell c-member">{ name }</span>
            <span role="gridcell" class="cell c-reason" title={clip(problem.what.as_bytes(), 400).into_owned()}>{ clip(problem.what.as_bytes(), 200).into_owned() }</span>
            <span role="gridcell" class="cell c-words">{ explain(&problem.what) }</span>
        </div>
    }
}
