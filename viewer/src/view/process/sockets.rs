//! The sockets of a process.

use super::context::Context;
use super::section::Section;
use crate::state::Route;
use crate::ui::more::More;
use crate::view::links::source_of;
use crate::view::network::{arrow, local, remote_html, state_words};
use crate::view::notes::add_brief;
use procglass_notes::On;
use procglass_snapshot::analysis::overview::is_local;
use procglass_snapshot::{Socket, SocketIndex};
use yew::prelude::*;

/// The section.
pub(super) fn section(context: &Context) -> Html {
    let held = context.data.snapshot.sockets_of(context.index);
    let internet = |socket: &&Socket| !is_local(socket.protocol);
    let sockets = held.iter().filter_map(|index| context.data.snapshot.socket(*index));
    let unix = sockets.clone().filter(|socket| is_local(socket.protocol)).count();
    let number = sockets.filter(internet).count();
    let inner = context.clone();
    let lines = Callback::from(move |limit: usize| {
        let snapshot = &inner.data.snapshot;
        let held = snapshot.sockets_of(inner.index).iter();
        let held = held.filter_map(|index| Some((*index, snapshot.socket(*index)?)));
        table(&inner, held.filter(|(_, socket)| internet(socket)).take(limit))
    });
    let inner = context.clone();
    let unix_lines = Callback::from(move |limit: usize| {
        let snapshot = &inner.data.snapshot;
        let held = snapshot.sockets_of(inner.index).iter().filter_map(|index| snapshot.socket(*index));
        let line = |socket: &Socket| {
            let path = local(socket);
            let peer =
                socket.peer.and_then(|peer| snapshot.socket(peer)).and_then(|peer| peer.owners.first());
            html! { <li><code>{ path }</code>{ format!(" {} {} {}", socket.protocol.word(), socket.kind, state_words(socket)) }{ peer.map(|owner| html! { <>{ " ⇄ " }{ inner.link(owner.process) }</> }).unwrap_or_default() }</li> }
        };
        html! { <ul class="plain-list">{ for held.filter(|socket| is_local(socket.protocol)).take(limit).map(line) }</ul> }
    });
    html! {
        <Section id="sockets" title="Sockets" number={held.len()}>
            if held.is_empty() {
                { context.nothing("fd", "It holds none.") }
            }
            if number > 0 { <More count={number} first={30} {lines} what="sockets" /> }
            if unix > 0 {
                <details class="fold"><summary>{ format!("{unix} inside this system (unix and netlink)") }</summary><More count={unix} first={60} lines={unix_lines} what="sockets inside this system" /></details>
            }
        </Section>
    }
}

fn table<'a>(context: &Context, sockets: impl Iterator<Item = (SocketIndex, &'a Socket)>) -> Html {
    let said = context.data.snapshot.notes();
    let row = |(index, socket): (SocketIndex, &Socket)| {
        let member = format!("net/{}/{}", socket.netns, socket.source.0);
        let route = Route::to("evidence").about(&member).with("line", &socket.source.1.to_string());
        let fds = socket
            .owners
            .iter()
            .filter(|owner| owner.process == context.index)
            .map(|owner| owner.fd.to_string());
        let others = socket.owners.iter().filter(|owner| owner.process != context.index);
        html! {
            <tr data-testid="process-socket">
                <td>{ socket.protocol.word() }</td>
                <td class="address">{ local(socket) }</td>
                <td class="address">{ arrow(context.data.direction(socket)) }{ remote_html(&context.here, &context.data, socket) }</td>
                <td>{ state_words(socket) }</td>
                <td class="num">{ fds.collect::<Vec<_>>().join(" ") }
                    { for others.take(3).map(|owner| html! { <span class="note">{ " also " }{ context.link(owner.process) }</span> }) }</td>
                <td class="nowrap">{ add_brief(&On::socket(socket), said.of_socket(index)) }{ source_of(&context.here, route, &format!("line {} of {member}", socket.source.1)) }</td>
            </tr>
        }
    };
    html! {
        <div class="scroll-x"><table class="mini"><thead><tr><th>{ "Type" }</th><th>{ "Local" }</th><th>{ "Remote" }</th><th>{ "State" }</th><th class="num">{ "Descriptor" }</th><th><span class="offscreen">{ "note and source" }</span></th></tr></thead>
            <tbody>{ for sockets.map(row) }</tbody></table></div>
    }
}
