//! Facets: what the sockets that pass the filter have in common, each value with its number.

use super::picture::PICK;
use crate::format::count;
use crate::state::{Route, use_data, use_go, use_here};
use crate::ui::select::Select;
use procglass_snapshot::SocketIndex;
use procglass_snapshot::analysis::facet::{Chosen, Facet, counts};
use std::rc::Rc;
use yew::prelude::*;

/// The values in the address; parameters have the names of the facets.
pub(super) fn chosen(here: &Route) -> Chosen<'_> {
    Facet::ALL.map(|facet| (facet, here.param(facet.word())))
}

/// A place without any of them.
pub(super) fn without(here: Route) -> Route {
    Facet::ALL.iter().fold(here, |here, facet| here.with(facet.word(), ""))
}

/// Properties of [`Facets`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What passes the filter.
    pub(super) sockets: Rc<[SocketIndex]>,
}

/// One choice for each facet that tells these sockets apart.
#[component]
pub(super) fn Facets(props: &Props) -> Html {
    let (here, go, data) = (use_here(), use_go(), use_data());
    let counted = use_memo((data, props.sockets.clone(), here.clone()), |(data, sockets, here)| {
        let count =
            |data: &crate::state::Data| counts(&data.snapshot, data.listeners(), sockets, &chosen(here));
        data.as_ref().map(count).unwrap_or_default()
    });
    let one = |(facet, values): (Facet, &std::collections::BTreeMap<&'static str, usize>)| {
        let name = facet.word();
        let now = here.param(name).to_owned();
        if values.len() < 2 && now.is_empty() {
            return Html::default();
        }
        let choice = |(value, number): (&&'static str, &usize)| {
            (AttrValue::from(*value), AttrValue::from(format!("{value} {}", count(*number))))
        };
        let mut choices: Vec<(AttrValue, AttrValue)> = vec![("".into(), "all".into())];
        choices.extend(values.iter().map(choice));
        if !now.is_empty() && !values.contains_key(now.as_str()) {
            choices.push((now.clone().into(), format!("{now} 0").into()));
        }
        let (go, here) = (go.clone(), here.clone());
        let onchoose = Callback::from(move |value: AttrValue| {
            go.to((*here.0).clone().with(name, &value).with(PICK, ""));
        });
        html! { <Select label={name} {choices} chosen={now} {onchoose} testid={format!("facet-{name}")} /> }
    };
    html! { <div class="facets" role="group" aria-label="narrow down">{ for Facet::ALL.into_iter().zip(counted.iter()).map(one) }</div> }
}
