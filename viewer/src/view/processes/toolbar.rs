//! Above the grid: tree or list, how much is shown and how much is not.

use super::chooser::Chooser;
use super::rows::Rows;
use super::{BELOW, Fold, ROOT, VIEW, here_with};
use crate::format::{count, plural};
use crate::state::{QUERY, Rows as Shown, use_data, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::tabs::Tabs;
use crate::view::export::{Export, Picked};
use crate::view::links::name;
use crate::view::quick::Quick;
use procglass_snapshot::ProcessIndex;
use yew::prelude::*;

/// Properties of [`Toolbar`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) rows: Rows,
    pub(super) root: Option<ProcessIndex>,
    pub(super) as_list: bool,
    pub(super) filtered: bool,
    pub(super) fold: Callback<Fold>,
    /// What can be saved.
    pub(super) shown: Shown,
    /// The selected ones of it.
    pub(super) picked: Picked,
}

const QUICK: &[(&str, &str)] = &[
    ("is:listening", "listening"),
    ("is:public", "public addresses"),
    ("is:deleted", "deleted"),
    ("is:root", "root"),
    ("is:refused", "not fully read"),
];

/// The bar.
#[component]
pub(super) fn Toolbar(props: &Props) -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let Some(data) = data else { return Html::default() };
    let total = data.snapshot.processes.len();
    let onchoose = {
        let (go, here) = (go, here.clone());
        Callback::from(move |value: AttrValue| {
            go.to(here_with(&here, VIEW, if value == "list" { "list" } else { "" }));
        })
    };
    let fold = |change: Fold| {
        let fold = props.fold.clone();
        Callback::from(move |_: MouseEvent| fold.emit(change.clone()))
    };
    let Rows { matches, hidden, .. } = props.rows;
    let words = if props.filtered {
        format!("{} of {} match", count(matches), count(total))
    } else {
        plural(matches, "process", "processes")
    };
    let hidden = (hidden > 0).then(|| format!("{} hidden", count(hidden)));
    let chip = props.root.and_then(|root| data.snapshot.process(root)).map(|process| {
        let href = here_with(&here, ROOT, "").hash();
        html! { <a class="chip" {href} title="show all processes again">{ "only below " }<bdi>{ name(process) }</bdi>{ format!(" {}", process.pid) }{ Icon::Close.html() }</a> }
    });
    let below = here.param(BELOW) == "1";
    let descendants = here_with(&here, BELOW, if below { "" } else { "1" }).hash();
    let clear = here_with(&here, QUERY, "").hash();
    html! {
        <div class="toolbar">
            <Tabs label="form" chosen={if props.as_list { "list" } else { "tree" }} {onchoose}
                choices={vec![("tree".into(), "Tree".into()), ("list".into(), "List".into())]} />
            if !props.as_list {
                <div class="pair">
                    <button type="button" class="quiet" onclick={fold(Fold::OpenAll)} data-testid="expand-all">{ "expand all" }</button>
                    <button type="button" class="quiet" onclick={fold(Fold::CloseAll)} data-testid="collapse-all">{ "collapse all" }</button>
                </div>
            }
            <Quick terms={QUICK} />
            if props.filtered && !props.as_list {
                <a class={classes!("chip", below.then_some("on"))} href={descendants} aria-current={below.then_some("true")} data-testid="with-below">{ "with what is below them" }</a>
            }
            { chip.unwrap_or_default() }
            <Chooser containers={data.overview.containers > 0} />
            <Export rows={props.shown.clone()} picked={props.picked.clone()} />
            <p class="tally" role="status" data-testid="tally">
                { words }
                if let Some(hidden) = hidden { { " · " }<strong>{ hidden }</strong> }
                if props.filtered { { " · " }<a href={clear}>{ "clear the filter" }</a> }
            </p>
        </div>
    }
}
