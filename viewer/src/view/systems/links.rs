//! Who talked to whom, joined across bundles.

use super::picture::picture;
use super::{name, process, source};
use crate::format::{count, plural};
use crate::state::{Fleet, Here, Route, Rows, use_filter, use_fleet, use_here};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::{Export, written_together};
use procglass_query::write::Form;
use procglass_query::{Filter, Table};
use procglass_systems::{Link, Party, Strength};
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: one pair of ends.
pub(super) const PICK: &str = "pick";

/// The picture and the table.
#[component]
pub(super) fn Links() -> Html {
    let (here, fleet, filter) = (use_here(), use_fleet(), use_filter());
    let links = use_memo(fleet.clone(), |fleet| fleet.register.links());
    let picked = here.param(PICK).to_owned();
    let rows =
        use_memo((fleet.clone(), links.clone(), picked.clone(), filter), |(fleet, links, picked, filter)| {
            let of = |link: &Link| {
                (filter.is_empty() || filter.link(&fleet.register, link))
                    && (picked.is_empty()
                        || key(link.from) == *picked
                        || key(link.to) == *picked
                        || pair(link) == *picked)
            };
            (0..links.len()).filter(|at| links.get(*at).is_some_and(of)).collect::<Rc<[usize]>>()
        });
    let row = use_callback(
        (fleet.clone(), links.clone(), (*rows).clone(), here.clone()),
        |at: At, (fleet, links, rows, here)| {
            rows.get(at.row)
                .and_then(|place| links.get(*place))
                .map(|link| one(here, fleet, link, at))
                .unwrap_or_default()
        },
    );
    let write = use_callback(
        (fleet.clone(), links.clone(), here.query().to_owned()),
        |form: Form, (fleet, links, query)| {
            let filter = Filter::parse(query).unwrap_or_default();
            written_together(Table::links(&fleet.register, links, &filter), form)
        },
    );
    if links.is_empty() {
        return html! { <p class="empty" data-testid="nothing">{ "No connection was open in any of these bundles." }</p> };
    }
    let between = links
        .iter()
        .filter(|link| matches!((link.from, link.to), (Party::System(_), Party::System(_))))
        .count();
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">{ for [("from", "From"), ("to", "To"), ("port", "Port"), ("count num", "Connections"), ("strength", "How sure"), ("who", "By"), ("what", "In words"), ("source", "Source")].iter().map(|(class, word)| html! {
            <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span>
        }) }</div>
    };
    html! {
        <>
            <p class="note lead-note">{ format!("{}, {} of them between systems that are open. An end that no bundle shows stays an address.", plural(links.len(), "kind of connection", "kinds of connections"), count(between)) }
                if !picked.is_empty() { { " " }<a class="chip on" href={(*here.0).clone().with(PICK, "").hash()} data-testid="picked">{ "show all again" }</a> }
                { " " }<Export rows={Rows { what: "connections", write }} /></p>
            { picture(&here, &fleet, &links) }
            <VirtualList count={rows.len()} {row} {head} class="grid links-table" label="Connections between systems" testid="links-table" />
        </>
    }
}

/// A name for a party in links: `s3`, or the address.
pub(super) fn key(party: Party) -> String {
    match party {
        Party::System(system) => format!("s{}", system.0),
        Party::Address(address) => address.to_string(),
    }
}

/// A name for a pair of parties.
pub(super) fn pair(link: &Link) -> String {
    format!("{}>{}", key(link.from), key(link.to))
}

fn party(here: &Here, fleet: &Fleet, party: Party) -> Html {
    match party {
        Party::System(system) => name(here, fleet, system),
        Party::Address(address) => {
            let href = here.going(Route::to(super::NAME)).with(super::ASK, &address.to_string()).hash();
            html! { <a {href}>{ address.to_string() }</a> }
        }
    }
}

fn one(here: &Here, fleet: &Fleet, link: &Link, at: At) -> Html {
    let sample = link.samples.first();
    let near = sample.and_then(|sample| {
        let (system, socket) = sample.near;
        let socket = fleet.register.get(system)?.sockets.get(socket as usize)?;
        Some((system, socket))
    });
    let who = near.map(|(system, socket)| match socket.owners.first() {
        Some(owner) => process(here, fleet, system, *owner),
        None => html! { <span class="note">{ "owner not visible" }</span> },
    });
    let class = if link.strength <= Strength::BothEndsApart { "sure" } else { "" };
    html! {
        <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="link-row">
            <span role="cell" class="cell c-from">{ party(here, fleet, link.from) }</span>
            <span role="cell" class="cell c-to">{ party(here, fleet, link.to) }</span>
            <span role="cell" class="cell c-port">{ format!("{} {}", link.protocol.word(), link.port) }</span>
            <span role="cell" class="cell c-count num">{ count(link.count as usize) }</span>
            <span role="cell" class={classes!("cell", "c-strength", class)}>{ link.strength.word() }</span>
            <span role="cell" class="cell c-who">{ who }</span>
            <span role="cell" class="cell c-what" title={link.sentence(&fleet.register)}>{ link.sentence(&fleet.register) }</span>
            <span role="cell" class="cell c-source">{ near.map(|(system, socket)| source(here, system, &socket.proof())) }</span>
        </div>
    }
}
