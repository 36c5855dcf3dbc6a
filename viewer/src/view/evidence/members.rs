//! The list of members.

use crate::format::{bytes, clip, count};
use crate::state::{Data, Here, QUERY, Route, use_data, use_filter, use_here};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use procglass_model::bundle::{Member, SUMS_NAME, hex};
use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// Whether a member is what its collector wrote, in a word and a class.
pub(super) fn state(data: &Data, name: &str, differing: &HashSet<String>) -> (&'static str, &'static str) {
    let integrity = &data.snapshot.integrity;
    if name == SUMS_NAME {
        ("the list itself", "note")
    } else if !integrity.has_sums {
        ("nothing to check against", "missing")
    } else if !differing.contains(name) {
        ("matches", "matches")
    } else if integrity.unlisted.iter().any(|unlisted| unlisted == name) {
        ("not listed", "bad")
    } else {
        ("differs", "bad")
    }
}

/// Names of members that are not as they should be.
pub(super) fn differing(data: &Data) -> HashSet<String> {
    let integrity = &data.snapshot.integrity;
    integrity.mismatched.iter().chain(&integrity.unlisted).cloned().collect()
}

/// The list.
#[component]
pub(super) fn Members() -> Html {
    let (here, filter) = (use_here(), use_filter());
    let Some(data) = use_data() else { return Html::default() };
    let rows = use_memo((data.clone(), filter), |(data, filter)| {
        let all = data.snapshot.members.iter().enumerate();
        let passing = all.filter(|(_, member)| filter.is_empty() || filter.text(&[member.name.as_bytes()]));
        passing.map(|(at, _)| at).collect::<Rc<[usize]>>()
    });
    let bad = use_memo(data.clone(), differing);
    // Members have no numbers in the model; the list of references makes each row one step.
    let list = use_memo(data.clone(), |data| {
        data.snapshot.members.iter().map(|member| member.name.clone()).collect::<Rc<[String]>>()
    });
    let row = use_callback((rows.clone(), here.clone(), data.clone()), move |at: At, (rows, here, data)| {
        let member =
            rows.get(at.row).and_then(|at| list.get(*at)).and_then(|name| data.snapshot.members.get(name));
        member.map(|member| one(here, data, member, at, &bad)).unwrap_or_default()
    });
    let total = data.snapshot.members.len();
    let hidden = total - rows.len().min(total);
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">
            { for [("member", "Name"), ("size num", "Size"), ("check", "SHA-256 check"), ("hash", "SHA-256")].iter().map(|(class, word)| html! { <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span> }) }
        </div>
    };
    html! {
        <>
            if hidden > 0 {
                <p class="tally under" data-testid="tally">{ format!("{} of {} match · ", count(rows.len()), count(total)) }<strong>{ format!("{} hidden", count(hidden)) }</strong>{ " · " }<a href={(*here.0).clone().with(QUERY, "").hash()}>{ "clear the filter" }</a></p>
            }
            <VirtualList count={rows.len()} {row} {head} class="grid members" label="Members of the bundle" testid="members-table" />
        </>
    }
}

fn one(here: &Here, data: &Data, member: &Member, at: At, bad: &HashSet<String>) -> Html {
    let href = here.going(Route::to("evidence").about(&member.name)).with(QUERY, "").hash();
    let (word, class) = state(data, &member.name, bad);
    html! {
        <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="member-row">
            <span role="cell" class="cell c-member"><a {href}>{ clip(member.name.as_bytes(), 200).into_owned() }</a></span>
            <span role="cell" class="cell c-size num">{ bytes(member.size) }</span>
            <span role="cell" class={classes!("cell", "c-check", class)}>{ word }</span>
            <span role="cell" class="cell c-hash"><code>{ hex(&member.sha256) }</code></span>
        </div>
    }
}
