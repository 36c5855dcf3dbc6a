//! The strip of what listens, by how far it can be reached.

use super::words::protocol;
use crate::format::{count, plural};
use crate::state::{Data, Here, QUERY, Route, use_data, use_here};
use crate::view::links;
use procglass_snapshot::{Exposure, ProcessIndex, Socket};
use std::collections::{BTreeMap, BTreeSet};
use yew::prelude::*;

/// Groups of the strip, with what each means.
const GROUPS: [(&str, &str, &str); 4] = [
    ("all", "all interfaces", "anything that reaches this system reaches these"),
    ("one", "one address", "only what reaches that address"),
    ("local", "this machine only", "only programs on this system"),
    ("other", "another network namespace", "listening in a network of their own, as containers do"),
];

/// Entries shown in a group; the rest is in the table.
const MOST: usize = 14;

/// Listeners of one group by process; `None` where the owner is not visible.
type Entries = BTreeMap<Option<ProcessIndex>, BTreeSet<(u16, String)>>;

fn group(data: &Data, socket: &Socket) -> Option<usize> {
    let exposure = socket.exposure()?;
    let own = data.snapshot.manifest.collector.namespaces.get("net");
    if own.is_some_and(|own| *own != socket.netns) {
        return Some(3);
    }
    Some(match exposure {
        Exposure::AllInterfaces => 0,
        Exposure::OneAddress => 1,
        Exposure::ThisMachine => 2,
    })
}

/// The strip.
#[component]
pub(super) fn Listening() -> Html {
    let (here, data) = (use_here(), use_data());
    let groups = use_memo(data.clone(), |data| {
        let mut groups: [Entries; 4] = Default::default();
        let Some(data) = data else { return groups };
        for socket in &data.snapshot.sockets {
            let Some(entries) = group(data, socket).and_then(|at| groups.get_mut(at)) else { continue };
            let owner = socket.owners.iter().map(|owner| owner.process).min();
            if let Some((_, port)) = socket.local {
                entries.entry(owner).or_default().insert((port, protocol(socket)));
            }
        }
        groups
    });
    let Some(data) = data else { return Html::default() };
    let block = |(entries, (id, title, why)): (&Entries, (&'static str, &'static str, &'static str))| {
        if entries.is_empty() && id == "other" {
            return Html::default();
        }
        let more = entries.len().saturating_sub(MOST);
        html! {
            <div class={classes!("listen", id)} data-testid={format!("listening-{id}")}>
                <h2 title={why}>{ title }<span class="number">{ count(entries.len()) }</span></h2>
                if entries.is_empty() { <p class="note">{ "nothing" }</p> }
                <ul>{ for entries.iter().take(MOST).map(|(owner, ports)| entry(&here, &data, *owner, ports)) }
                if more > 0 { <li><a href={(*here.0).clone().with(QUERY, "is:listening").hash()}>{ plural(more, "more process", "more processes") }</a></li> }</ul>
            </div>
        }
    };
    html! { <section class="listening" aria-label="Listening">{ for groups.iter().zip(GROUPS).map(block) }</section> }
}

/// Ports of one entry that are shown.
const PORTS: usize = 6;

fn entry(here: &Here, data: &Data, owner: Option<ProcessIndex>, ports: &BTreeSet<(u16, String)>) -> Html {
    let name = match owner {
        Some(index) => links::process(here, data, index),
        None => html! { <span class="note">{ "owner not visible" }</span> },
    };
    let port = |(port, protocol): &(u16, String)| {
        let href = (*here.0).clone().with(QUERY, &format!("lport:{port} is:listening")).hash();
        html! { <a class="port" {href} title={format!("{protocol} port {port}")}>{ format!(":{port}") }if !protocol.starts_with("tcp") { <small>{ protocol.clone() }</small> }</a> }
    };
    let more = ports.len().saturating_sub(PORTS);
    let all = owner
        .and_then(|index| data.snapshot.process(index))
        .map(|process| here.going(Route::process(process.pid).with("tab", "sockets")).hash());
    html! {
        <li>{ name }{ " " }{ for ports.iter().take(PORTS).map(port) }
            if let Some(all) = all.filter(|_| more > 0) { <a href={all}>{ format!("+{more}") }</a> }</li>
    }
}
