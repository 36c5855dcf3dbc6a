//! What several systems have in common that most have not.

use super::{NAME, process};
use crate::format::{clip, count};
use crate::state::{Route, use_fleet, use_here};
use crate::view::findings::level;
use procglass_systems::{Common, CommonKind, SystemIndex};
use yew::prelude::*;

/// Names that are written out.
const MOST: usize = 6;

/// The lists.
#[component]
pub(super) fn Shared() -> Html {
    let (here, fleet) = (use_here(), use_fleet());
    let all = use_memo(fleet.clone(), |fleet| fleet.register.shared());
    let one = |common: &Common| {
        let href = here.going(Route::to(NAME)).with(super::SHOW, "").with(super::ASK, &common.value).hash();
        let names = |system: &SystemIndex| html! { <>{ super::name(&here, &fleet, *system) }{ " " }</> };
        html! {
            <tr data-testid="common" data-kind={common.kind.word()}>
                <td><a {href} title={common.value.clone()}><bdi>{ clip(common.label.as_bytes(), 90).into_owned() }</bdi></a>
                    if common.kind == CommonKind::Executable { <code class="hash">{ common.value.get(..12).unwrap_or_default().to_owned() }</code> }</td>
                <td class="num">{ format!("{} of {}", count(common.systems.len()), count(common.of)) }</td>
                <td>{ for common.systems.iter().take(MOST).map(names) }if common.systems.len() > MOST { <span class="note">{ format!("and {} more", count(common.systems.len() - MOST)) }</span> }</td>
                <td>{ common.severity.map(level).unwrap_or_default() }{ for common.processes.iter().take(2).map(|(system, row)| html! { <>{ " " }{ process(&here, &fleet, *system, *row) }</> }) }</td>
            </tr>
        }
    };
    let section = |(kind, title, none): &(CommonKind, &'static str, &'static str)| {
        let list: Vec<_> = all.iter().filter(|common| common.kind == *kind).collect();
        html! {
            <section class="list"><h2>{ *title }<span class="number">{ count(list.len()) }</span></h2>
                if list.is_empty() { <p class="empty">{ *none }</p> } else {
                    <table class="mini wide-table"><thead><tr><th>{ "What" }</th><th>{ "Systems" }</th><th>{ "Which" }</th><th>{ "Findings, processes" }</th></tr></thead>
                        <tbody>{ for list.iter().copied().map(one) }</tbody></table>
                }
            </section>
        }
    };
    let sections = [
        (
            CommonKind::Executable,
            "Programs that some run and most do not",
            "No program is shared by some of the systems only.",
        ),
        (
            CommonKind::Remote,
            "Addresses that several are connected to",
            "No address is connected to from more than one system.",
        ),
        (CommonKind::Image, "Images", "No image is named by more than one system."),
    ];
    html! { <article class="prose wide" data-testid="shared">{ for sections.iter().map(section) }</article> }
}
