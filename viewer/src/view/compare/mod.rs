//! What differs: between two snapshots, or between a system and those that should be like it.

mod rows;
mod siblings;
mod tree;
mod two;

use super::Page;
use crate::format::moment;
use crate::state::{use_fleet, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::select::Select;
use crate::ui::tabs::Tabs;
use siblings::AgainstSiblings;
use two::Two;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page =
    Page { name: NAME, word: "Compare", icon: Icon::Compare, count: None, html: || html! { <Compare /> } };

/// Its name in links.
pub(super) const NAME: &str = "compare";
/// Parameters: the snapshots before and after, by place; the second is the one that is held against its siblings.
const BEFORE: &str = "a";
const AFTER: &str = "b";
/// Parameter: what is looked at; empty for the tree of two, or for all differences from siblings.
const SHOW: &str = "show";
/// Parameter: against what; empty for one other snapshot.
const AGAINST: &str = "against";
/// The value of [`AGAINST`] for siblings.
const SIBLINGS: &str = "siblings";

#[component]
fn Compare() -> Html {
    let (here, go, fleet) = (use_here(), use_go(), use_fleet());
    if fleet.slots.len() < 2 {
        return html! { <div class="stack"><h1 class="offscreen">{ "Compare" }</h1><p class="empty" data-testid="nothing">{ "Only one bundle is open. Drop a second one on this page, of the same system at another time or of another system of its kind, to see what differs." }</p></div> };
    }
    let choices: Vec<(AttrValue, AttrValue)> =
        vec![("".into(), "Two snapshots".into()), (SIBLINGS.into(), "One against its siblings".into())];
    let against = here.param(AGAINST).to_owned();
    let onchoose = Callback::from(move |value: AttrValue| {
        go.to((*here.0).clone().with(AGAINST, &value).with(SHOW, ""));
    });
    html! {
        <div class="stack compare-page"><h1 class="offscreen">{ "Compare" }</h1>
            <div class="toolbar"><Tabs {choices} chosen={against.clone()} label="What to compare with what" {onchoose} /></div>
            if against == SIBLINGS { <AgainstSiblings /> } else { <Two /> }
        </div>
    }
}

/// Properties of [`Snapshots`].
#[derive(Properties, PartialEq)]
struct SnapshotsProps {
    label: &'static str,
    /// The parameter that it sets.
    param: &'static str,
    /// The place of the chosen one.
    at: Option<usize>,
}

/// The choice of a snapshot.
#[component]
fn Snapshots(props: &SnapshotsProps) -> Html {
    let (here, go, fleet) = (use_here(), use_go(), use_fleet());
    let choices: Vec<(AttrValue, AttrValue)> = (0..)
        .zip(fleet.register.systems())
        .map(|(at, record): (usize, _)| {
            let when = record.captured.map(moment).unwrap_or_default();
            (at.to_string().into(), format!("{} · {when} · {}", record.name, record.bundle).into())
        })
        .collect();
    let param = props.param;
    let onchoose = Callback::from(move |value: AttrValue| go.to((*here.0).clone().with(param, &value)));
    html! { <Select label={props.label} {choices} chosen={props.at.map(|at| at.to_string()).unwrap_or_default()} {onchoose} testid={param} /> }
}
