//! The evidence itself: every member, its bytes, whether they are what was written, and what is missing.

mod about;
mod bytes;
mod folders;
mod member;
mod member_keys;
mod members;
mod problems;

use super::Page;
use crate::format::{count, plural};
use crate::state::{use_data, use_go, use_here};
use crate::ui::icon::Icon;
use crate::ui::tabs::Tabs;
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page = Page {
    name: "evidence",
    word: "Evidence",
    icon: Icon::Evidence,
    count: Some(|data, filter| {
        data.snapshot
            .members
            .iter()
            .filter(|member| filter.is_empty() || filter.text(&[member.name.as_bytes()]))
            .count()
    }),
    html: || html! { <Evidence /> },
};

/// Parameter: which of the lists.
const SHOW: &str = "show";

#[component]
fn Evidence() -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let Some(data) = data else { return Html::default() };
    if !here.id.is_empty() {
        return html! { <member::MemberPage /> };
    }
    let chosen = here.param(SHOW).to_owned();
    let onchoose = {
        let here = here.clone();
        Callback::from(move |value: AttrValue| go.to((*here.0).clone().with(SHOW, &value)))
    };
    let choices: Vec<(AttrValue, AttrValue)> = vec![
        ("".into(), "Integrity and origin".into()),
        ("members".into(), format!("Members {}", count(data.snapshot.members.len())).into()),
        (
            "problems".into(),
            format!("Not read {}", plural(data.snapshot.count_problems(), "entry", "entries")).into(),
        ),
    ];
    // A filter is about rows, which the first list has not.
    let filtered_members = chosen.is_empty() && !here.query().is_empty();
    html! {
        <div class="stack">
            <div class="toolbar"><Tabs label="which list" chosen={if filtered_members { "members".to_owned() } else { chosen.clone() }} {onchoose} {choices} /></div>
            { match chosen.as_str() {
                "problems" => html! { <problems::Problems /> },
                "" if !filtered_members => html! { <about::About /> },
                _ => html! { <members::Members /> },
            } }
        </div>
    }
}
