//! Several bundles side by side: which systems there are, who has an address, who talked to whom, what they share.

mod ask;
mod links;
mod picture;
mod register;
mod shared;
mod stories;

use super::Page;
use crate::format::clip;
use crate::state::{Actions, Fleet, Here, QUERY, Route, SYSTEM, use_fleet, use_go, use_here, use_offers};
use crate::ui::icon::Icon;
use crate::ui::tabs::Tabs;
use ask::{AskBox, Reply};
use procglass_query::complete_systems;
use procglass_systems::{Proof, RowIndex, SystemIndex};
use yew::prelude::*;

/// Its line in the list of pages.
pub(super) const PAGE: Page =
    Page { name: NAME, word: "Systems", icon: Icon::Systems, count: None, html: || html! { <Systems /> } };

/// Its name in links.
pub(super) const NAME: &str = "systems";
/// Parameter: the question.
const ASK: &str = "ask";
/// Parameter: which of the tables.
const SHOW: &str = "show";

#[component]
fn Systems() -> Html {
    let (here, go, fleet) = (use_here(), use_go(), use_fleet());
    let actions = use_context::<Actions>();
    use_effect_with(fleet.complete, move |complete| {
        if let Some(actions) = actions.filter(|_| !complete) {
            actions.complete.emit(());
        }
    });
    use_offers(fleet.clone(), |fleet, query| complete_systems(&fleet.register, query));
    let choices: Vec<(AttrValue, AttrValue)> =
        [("", "Register"), ("links", "Connections"), ("shared", "In common"), ("findings", "Findings")]
            .map(|(value, word)| (value.into(), word.into()))
            .to_vec();
    let onchoose = {
        let here = here.clone();
        Callback::from(move |value: AttrValue| {
            go.to((*here.0).clone().with(SHOW, &value).with(ASK, ""));
        })
    };
    let asked = here.param(ASK).to_owned();
    html! {
        <div class="stack systems-page"><h1 class="offscreen">{ "Systems" }</h1>
            <AskBox key={asked.clone()} />
            if asked.is_empty() {
                <div class="toolbar"><Tabs {choices} chosen={here.param(SHOW).to_owned()} label="What to show" {onchoose} />
                    <p class="tally" role="status" data-testid="systems-tally">{ tally(&fleet) }</p></div>
                { match here.param(SHOW) {
                    "links" => html! { <links::Links /> },
                    "shared" => html! { <shared::Shared /> },
                    "findings" => html! { <stories::Stories /> },
                    _ => html! { <register::RegisterTable /> },
                } }
            } else {
                <Reply question={asked} />
            }
        </div>
    }
}

/// How many bundles of how many systems.
fn tally(fleet: &Fleet) -> String {
    let (bundles, different) = (fleet.slots.len(), fleet.register.different());
    let of = |number, one: &str, many: &str| crate::format::plural(number, one, many);
    if bundles == different {
        of(bundles, "system", "systems")
    } else {
        format!("{} of {}", of(bundles, "snapshot", "snapshots"), of(different, "system", "systems"))
    }
}

/// Another system's page.
fn going(here: &Here, system: SystemIndex, route: Route) -> Route {
    here.going(route).with(SYSTEM, &system.0.to_string()).with(QUERY, "").with(ASK, "")
}

/// A system by its name, leading to its first page.
pub(super) fn name(here: &Here, fleet: &Fleet, system: SystemIndex) -> Html {
    let Some(record) = fleet.register.get(system) else { return Html::default() };
    let href = going(here, system, Route::to("")).hash();
    html! { <a class="process" {href} title={format!("open {}", record.bundle)} data-testid="system-link"><bdi>{ clip(record.name.as_bytes(), 60).into_owned() }</bdi></a> }
}

/// A process of a system, leading to its page there.
pub(super) fn process(here: &Here, fleet: &Fleet, system: SystemIndex, row: RowIndex) -> Html {
    let Some(process) = fleet.register.get(system).and_then(|record| record.process(row)) else {
        return Html::default();
    };
    let href = going(here, system, Route::process(process.pid)).hash();
    let name = if process.name.is_empty() { "(no name)".into() } else { clip(&process.name, 40) };
    html! { <a class="process" {href} data-testid="process-link"><bdi>{ name.into_owned() }</bdi><span class="pid">{ format!(" {}", process.pid) }</span></a> }
}

/// The way to the bytes of a proof in the bundle of a system.
fn source(here: &Here, system: SystemIndex, proof: &Proof) -> Html {
    super::links::source_in(here, system.0 as usize, &proof.member)
}
