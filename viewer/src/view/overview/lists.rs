//! What runs and what it talks to: numbers that lead to their proof, and short lists of what a reader asks first.

use crate::format::{clip, count, plural};
use crate::state::{Data, Here, QUERY, Route};
use crate::view::glossary::term;
use crate::view::links::{process, proof};
use crate::view::network::{endpoint, state_words};
use procglass_snapshot::analysis::scope::Scope;
use procglass_snapshot::{ProcessIndex, SocketIndex};
use std::collections::BTreeMap;
use yew::prelude::*;

fn line(number: Html, words: Html) -> Html {
    html! { <><dt class="num">{ number }</dt><dd>{ words }</dd></> }
}

/// How many processes, users and containers.
pub(super) fn runs(here: &Here, data: &Data) -> Html {
    let overview = &data.overview;
    let one = |number: usize, page: &str, query: &str, id: &'static str, words: Html| {
        line(proof(here, page, query, id, count(number)), words)
    };
    html! {
        <section><h2>{ "What runs" }</h2><dl class="counts">
            { one(data.snapshot.processes.len(), "processes", "", "count-processes", term("process", "processes")) }
            if overview.kernel_threads > 0 { { one(overview.kernel_threads, "processes", "is:kernel", "count-kernel", html! { <>{ "of them " }{ term("thread of the kernel", "threads of the kernel") }</> }) } }
            { one(overview.users, "processes", "-is:kernel", "count-users", html! { <>{ "different " }{ term("user", "users") }</> }) }
            { one(overview.containers, "processes", "is:container", "count-containers", html! { <>{ term("container", "containers") }{ " seen" }</> }) }
            { one(data.snapshot.files.len(), "files", "", "count-files", term("open file", "open files")) }
        </dl></section>
    }
}

/// How many sockets, listeners and remote addresses.
pub(super) fn talks(here: &Here, data: &Data) -> Html {
    let overview = &data.overview;
    let one = |number: usize, query: &str, id: &'static str, words: Html| {
        line(proof(here, "network", query, id, count(number)), words)
    };
    let public = overview.remotes_in(Scope::Public).count();
    let listeners =
        overview.open_to_all.len() + overview.open_on_one_address.len() + overview.open_to_this_machine.len();
    html! {
        <section><h2>{ "What it talks to" }</h2><dl class="counts">
            { one(overview.internet_sockets, "", "count-sockets", term("internet socket", "internet sockets")) }
            { one(listeners, "is:listening", "count-listeners", html! { <>{ "of them " }{ term("listen", "listen") }</> }) }
            { one(overview.open_to_all.len(), "is:listening", "count-open", html! { <>{ "of these on " }{ term("all interfaces", "all interfaces") }</> }) }
            { one(overview.established, "is:connected", "count-connected", term("established connection", "established connections")) }
            { one(overview.remotes.len(), "is:connected", "count-remotes", term("remote address", "remote addresses")) }
            { one(public, "is:public", "count-public", html! { <>{ "of these " }{ term("public", "public") }</> }) }
        </dl></section>
    }
}

/// Rows of a list on this page; the whole is behind a link.
const MOST: usize = 12;

fn more(here: &Here, left: usize, page: &str, query: &str) -> Html {
    if left == 0 {
        return Html::default();
    }
    let href = here.going(Route::to(page)).with(QUERY, query).hash();
    html! { <p><a {href}>{ format!("and {} more", count(left)) }</a></p> }
}

/// Listeners that every interface reaches.
pub(super) fn open_to_all(here: &Here, data: &Data) -> Html {
    let sockets = &data.overview.open_to_all;
    let row = |index: &SocketIndex| {
        let Some(socket) = data.snapshot.socket(*index) else { return Html::default() };
        let (address, port) = socket.local.unwrap_or((std::net::Ipv4Addr::UNSPECIFIED.into(), 0));
        let owner = match socket.owners.first() {
            Some(owner) => process(here, data, owner.process),
            None => html! { <span class="note">{ "owner not visible" }</span> },
        };
        let other =
            data.snapshot.manifest.collector.namespaces.get("net").is_some_and(|own| *own != socket.netns);
        html! { <tr><td>{ owner }</td><td>{ socket.protocol.word() }</td><td>{ endpoint(address, port) }</td>
        <td>{ if other { "in a network namespace of its own" } else { "" } }</td></tr> }
    };
    html! {
        <section class="list"><h2>{ "Open to all interfaces" }</h2>
            if sockets.is_empty() {
                <p class="empty">{ "Nothing listens on all interfaces in the network namespaces that could be seen." }</p>
            } else {
                <table class="mini"><thead><tr><th>{ "Process" }</th><th>{ "Protocol" }</th><th>{ "Address" }</th><th><span class="offscreen">{ "where" }</span></th></tr></thead><tbody>{ for sockets.iter().take(MOST).map(row) }</tbody></table>
                { more(here, sockets.len().saturating_sub(MOST), "network", "is:listening") }
            }
        </section>
    }
}

/// Public addresses, each with the processes that talk to it.
pub(super) fn remotes(here: &Here, data: &Data) -> Html {
    let remotes: Vec<_> =
        data.overview.remotes_in(Scope::Public).chain(data.overview.remotes_in(Scope::Metadata)).collect();
    let row = |(address, sockets): &(std::net::IpAddr, &[SocketIndex])| {
        let mut owners: BTreeMap<Option<ProcessIndex>, usize> = BTreeMap::new();
        let mut states: BTreeMap<&str, usize> = BTreeMap::new();
        for socket in sockets.iter().filter_map(|index| data.snapshot.socket(*index)) {
            *owners.entry(socket.owners.first().map(|owner| owner.process)).or_default() += 1;
            *states.entry(state_words(socket)).or_default() += 1;
        }
        let query = format!("remote:{address}");
        let names = owners.keys().take(4).map(|owner| match owner {
            Some(index) => html! { <>{ process(here, data, *index) }{ " " }</> },
            None => html! { <span class="note">{ "owner not visible " }</span> },
        });
        let states =
            states.iter().map(
                |(state, number)| {
                    if *number == 1 { (*state).to_owned() } else { format!("{number} {state}") }
                },
            );
        html! { <tr><td>{ proof(here, "network", &query, "remote", address.to_string()) }</td><td>{ for names }</td><td>{ states.collect::<Vec<_>>().join(", ") }</td></tr> }
    };
    html! {
        <section class="list"><h2>{ "Remote addresses on the Internet" }</h2>
            if remotes.is_empty() {
                <p class="empty">{ "No connection to a public address was open at this moment." }</p>
            } else {
                <table class="mini"><thead><tr><th>{ "Address" }</th><th>{ "Process" }</th><th>{ "State" }</th></tr></thead><tbody>{ for remotes.iter().take(MOST).map(row) }</tbody></table>
                { more(here, remotes.len().saturating_sub(MOST), "network", "is:public") }
            }
        </section>
    }
}

/// Processes with a plain fact worth knowing.
pub(super) fn programs(here: &Here, data: &Data) -> Html {
    let overview = &data.overview;
    let groups: [(&str, &str, &[ProcessIndex]); 4] = [
        (
            "Program file deleted while it runs",
            "An update does this too: the old file goes, the old program still runs.",
            &overview.deleted_programs,
        ),
        (
            "Program in memory only",
            "Its program was never a file in a file system.",
            &overview.memory_programs,
        ),
        (
            "Traced by another process",
            "A debugger does this; so does code that is injected.",
            &overview.traced,
        ),
        ("Ended, but not collected by the parent", "A few are ordinary.", &overview.zombies),
    ];
    let row = |index: &ProcessIndex| {
        let exe = data.snapshot.process(*index).and_then(|process| process.exe.as_ref());
        html! { <tr><td>{ process(here, data, *index) }</td><td class="path"><code>{ exe.map(|exe| clip(exe, 160).into_owned()).unwrap_or_default() }</code></td></tr> }
    };
    let group = |(title, why, list): &(&'static str, &'static str, &[ProcessIndex])| {
        if list.is_empty() {
            return Html::default();
        }
        html! {
            <section class="list"><h2>{ *title }<span class="number">{ plural(list.len(), "process", "processes") }</span></h2><p class="note">{ *why }</p>
                <table class="mini"><tbody>{ for list.iter().take(MOST).map(row) }</tbody></table>
                if list.len() > MOST { <p class="note">{ format!("and {} more", count(list.len() - MOST)) }</p> }
            </section>
        }
    };
    html! { <>{ for groups.iter().map(group) }</> }
}
