//! The table of sockets.

use super::super::grouped::{Grouped, Line};
use super::group::{By, Key};
use super::words::{arrow, local, no_owner, protocol, remote_html, state_words};
use crate::format::{clip, count};
use crate::state::{Data, Here, Route, use_around, use_data};
use crate::ui::picks::Picking;
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::links;
use crate::view::notes::add_brief;
use procglass_notes::On;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::{Process, ProcessIndex, Socket, SocketIndex};
use std::collections::BTreeMap;
use yew::prelude::*;

/// Properties of [`SocketTable`].
#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) rows: Grouped<Key>,
    pub(super) inside: bool,
    pub(super) by: By,
    pub(super) picking: Picking,
    /// The chosen rows as text.
    pub(super) text: Callback<(), String>,
}

/// Column names with their classes; UNIX sockets have fewer.
const INTERNET: &[(&str, &str)] = &[
    ("proto", "Type"),
    ("local", "Local"),
    ("remote", "Remote"),
    ("state", "State"),
    ("owner", "Held by"),
    ("queues num", "Queues"),
    ("user", "User"),
    ("timer", "Timer"),
    ("inode num", "Inode"),
    ("netns num", "Namespace"),
    ("said", "Note"),
    ("source", "Source"),
];
const UNIX: &[(&str, &str)] = &[
    ("proto", "Kind"),
    ("local", "Name"),
    ("remote", "Other end"),
    ("state", "State"),
    ("owner", "Held by"),
    ("inode num", "Inode"),
    ("netns num", "Namespace"),
    ("said", "Note"),
    ("source", "Source"),
];

/// The table.
#[component]
pub(super) fn SocketTable(props: &Props) -> Html {
    let (here, data) = (use_around(), use_data());
    let row =
        use_callback((props.rows.clone(), here, data, props.inside), |at: At, (rows, here, data, inside)| {
            let Some(data) = data else { return Html::default() };
            match rows.lines.get(at.row) {
                Some(Line::Head(group)) => group_row(here, data, rows, *group as usize, at),
                Some(Line::Item(index)) => match data.snapshot.socket(SocketIndex(*index)) {
                    Some(socket) => socket_row(here, data, (SocketIndex(*index), socket), at, *inside),
                    None => Html::default(),
                },
                None => Html::default(),
            }
        });
    let columns = if props.inside { UNIX } else { INTERNET };
    let head = html! {
        <div class="vhead row" role="row" aria-rowindex="1">{ for columns.iter().map(|(class, word)| html! {
            <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span>
        }) }</div>
    };
    let class = if props.inside { "grid sockets inside" } else { "grid sockets" };
    html! {
        <>
            if props.rows.items == 0 {
                <p class="empty" data-testid="nothing">{ "No socket matches. Sockets are known for the network namespaces of the processes that could be seen." }</p>
            }
            <VirtualList count={props.rows.lines.len()} ids={props.rows.ids.clone()} picks={props.picking.picks.clone()} onpick={props.picking.set.clone()} text={props.text.clone()} {row} {head} {class} label="Sockets" testid="network-table" />
        </>
    }
}

fn group_row(here: &Here, data: &Data, rows: &Grouped<Key>, group: usize, at: At) -> Html {
    let Some((key, number)) = rows.groups.get(group) else { return Html::default() };
    let words = match key {
        Key::Process(index) => {
            let user = data.snapshot.process(*index).and_then(crate::state::System::user);
            html! { <>{ links::process(here, data, *index) }<span class="note">{ user.unwrap_or_default() }</span></> }
        }
        Key::Remote(address) => {
            html! { <><strong>{ address.to_string() }</strong><span class="note">{ scope::of(*address).word() }</span></> }
        }
        Key::Port(port, protocol) => {
            html! { <strong>{ if *port == 0 { format!("{} without a port", protocol.word()) } else { format!("{} port {port}", protocol.word()) } }</strong> }
        }
        Key::Container(id) => {
            html! { <><span class="note">{ "container " }</span><strong>{ clip(id, 80).into_owned() }</strong></> }
        }
        Key::Sandbox(id) => {
            html! { <><span class="note">{ "sandbox of its pod " }</span><strong>{ clip(id, 80).into_owned() }</strong></> }
        }
        Key::Contained => html! { <strong>{ "in a container without a known name" }</strong> },
        Key::Host => html! { <strong>{ "not in a container" }</strong> },
        Key::None => html! { <strong>{ "not connected" }</strong> },
        Key::Unowned => {
            html! { <><strong>{ "owner not visible" }</strong><span class="note">{ "no visible process holds these; the reason stands with each" }</span></> }
        }
    };
    html! { <div class={classes!(at.class(), "group")} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()}><span role="gridcell" class="cell c-group">{ words }<span class="number">{ count(*number) }</span></span></div> }
}

fn socket_row(
    here: &Here,
    data: &Data,
    (index, socket): (SocketIndex, &Socket),
    at: At,
    inside: bool,
) -> Html {
    let cell = |name: &'static str, content: Html| html! { <span role="gridcell" class={format!("cell c-{name}")}>{ content }</span> };
    let text = |name, text: String| cell(name, html! { { text } });
    let member = format!("net/{}/{}", socket.netns, socket.source.0);
    let route = Route::to("evidence").about(&member).with("line", &socket.source.1.to_string());
    let source = links::source_of(here, route, &format!("line {} of {member}", socket.source.1));
    let other_end =
        match socket.peer.and_then(|peer| data.snapshot.socket(peer)).and_then(|peer| peer.owners.first()) {
            Some(owner) if inside => links::process(here, data, owner.process),
            _ => html! { <>{ arrow(data.direction(socket)) }{ remote_html(here, data, socket) }</> },
        };
    html! {
        <div class={at.class()} role="row" id={at.id()} aria-rowindex={at.index()} aria-selected={at.selected()} data-row={at.number()} data-testid="socket-row" data-inode={socket.inode.to_string()}>
            { text("proto", protocol(socket)) }
            { text("local", local(socket)) }
            { cell("remote", other_end) }
            { text("state", state_words(socket).to_owned()) }
            { cell("owner", owners(here, data, socket)) }
            if !inside {
                { text("queues num", queues(socket)) }
                { text("user", user(data, socket)) }
                { text("timer", timer(data, socket)) }
            }
            { text("inode num", if socket.inode == 0 { "—".into() } else { socket.inode.to_string() }) }
            { text("netns num", socket.netns.to_string()) }
            { cell("said", add_brief(&On::socket(socket), data.snapshot.notes().of_socket(index))) }
            { cell("source", source) }
        </div>
    }
}

/// Owners that are named; a socket may be shared by hundreds of workers.
const OWNERS: usize = 3;

fn owners(here: &Here, data: &Data, socket: &Socket) -> Html {
    if socket.owners.is_empty() {
        return html! { <span class="note" title={no_owner(socket)}>{ no_owner(socket) }</span> };
    }
    let mut holders: BTreeMap<ProcessIndex, Vec<String>> = BTreeMap::new();
    for owner in &socket.owners {
        holders.entry(owner.process).or_default().push(owner.fd.to_string());
    }
    let more = holders.len().saturating_sub(OWNERS);
    let holder = |(index, fds): (&ProcessIndex, &Vec<String>)| {
        html! { <span class="holder">{ links::process(here, data, *index) }<span class="note">{ format!(" fd {}", fds.join(" ")) }</span></span> }
    };
    html! {
        <>{ for holders.iter().take(OWNERS).map(holder) }
        if more > 0 { <span class="note">{ format!("and {more} more") }</span> }</>
    }
}

fn queues(socket: &Socket) -> String {
    match socket.queues {
        (0, 0) => "0 / 0".into(),
        (send, receive) => format!("{send} / {receive}"),
    }
}

fn user(data: &Data, socket: &Socket) -> String {
    let Some(uid) = socket.uid else { return String::new() };
    let owner = socket.owners.first().and_then(|owner| data.snapshot.process(owner.process));
    let namespaces = owner.map(|process| process.namespaces).unwrap_or_default();
    let user = data.snapshot.users.user(&namespaces, owner.is_some_and(Process::in_container), uid);
    clip(user.to_string().as_bytes(), 100).into_owned()
}

/// The timer in words, tcp(7) and the kernel's Documentation/networking/proc_net_tcp.rst.
fn timer(data: &Data, socket: &Socket) -> String {
    let (kind, ticks, retransmits) = socket.timer;
    let word = match kind {
        1 => "retransmit",
        2 => "keep-alive",
        3 => "time-wait",
        4 => "zero window",
        _ => return String::new(),
    };
    let left = crate::format::cpu_time(ticks, data.snapshot.manifest.clock_ticks);
    if retransmits > 0 {
        format!("{word} {left}, {retransmits} sent again")
    } else {
        format!("{word} {left}")
    }
}
