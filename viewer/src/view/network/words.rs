//! Sockets in words.

use crate::format::clip;
use crate::state::{Data, Here};
use crate::view::links;
use procglass_snapshot::analysis::direction::Direction;
use procglass_snapshot::analysis::scope;
use procglass_snapshot::analysis::scope::Scope;
use procglass_snapshot::{Protocol, Socket};
use std::net::IpAddr;
use yew::prelude::*;

/// Address and port as they are written; IPv6 in brackets.
pub(crate) fn endpoint(address: IpAddr, port: u16) -> String {
    match (address, port) {
        (IpAddr::V4(address), 0) => format!("{address}:*"),
        (IpAddr::V6(address), 0) => format!("[{address}]:*"),
        (IpAddr::V4(address), port) => format!("{address}:{port}"),
        (IpAddr::V6(address), port) => format!("[{address}]:{port}"),
    }
}

/// The local end; for a UNIX socket its name.
pub(crate) fn local(socket: &Socket) -> String {
    match (&socket.path, socket.local, &socket.detail) {
        (Some(path), ..) => clip(path, 200).into_owned(),
        (None, Some((address, port)), _) => endpoint(address, port),
        (None, None, Some(detail)) => clip(detail.as_bytes(), 200).into_owned(),
        (None, None, None) if socket.protocol == Protocol::Unix => "(no name)".into(),
        (None, None, None) => String::new(),
    }
}

/// The remote end where there is one.
pub(super) fn remote(socket: &Socket) -> Option<(IpAddr, u16)> {
    socket.remote.filter(|(address, port)| *port != 0 || !address.is_unspecified())
}

/// Which way the connection was made.
pub(crate) fn arrow(direction: Option<Direction>) -> Html {
    match direction {
        Some(Direction::Incoming) => {
            html! { <span class="arrow" title="the remote end called">{ "⇠ " }<span class="offscreen">{ "from " }</span></span> }
        }
        Some(Direction::Outgoing) => {
            html! { <span class="arrow" title="this end called, as far as can be told">{ "⇢ " }<span class="offscreen">{ "to " }</span></span> }
        }
        None => Html::default(),
    }
}

/// The remote end with its scope, and whose it is when it is on this system.
pub(crate) fn remote_html(here: &Here, data: &Data, socket: &Socket) -> Html {
    let Some((address, port)) = remote(socket) else { return Html::default() };
    let scope = scope::of(address);
    let class = match scope {
        Scope::Public => "scope public",
        Scope::Metadata => "scope notable",
        _ => "scope",
    };
    let peer = socket.peer.and_then(|peer| data.snapshot.socket(peer)).and_then(|peer| peer.owners.first());
    html! {
        <>{ endpoint(address, port) }
        { match peer {
            Some(owner) => html! { <span class="peer">{ " is " }{ links::process(here, data, owner.process) }</span> },
            None => html! { <span {class}>{ scope.word() }</span> },
        } }</>
    }
}

/// The state under the name that the kernel, ss and netstat use: what a responder searches for.
pub(crate) fn state_words(socket: &Socket) -> &'static str {
    socket.state
}

/// `tcp`, or `tcp6` on a socket of the IPv6 family.
pub(super) fn protocol(socket: &Socket) -> String {
    if socket.protocol == Protocol::Unix {
        return format!("unix {}", socket.kind);
    }
    format!("{}{}", socket.protocol.word(), if socket.inet6 { "6" } else { "" })
}

/// A socket in a few words, for a list of open files.
pub(crate) fn brief(socket: &Socket) -> String {
    let mut text = format!("{} {}", socket.protocol.word(), local(socket));
    if let Some((address, port)) = remote(socket) {
        text.push_str(&format!(" ⇄ {}", endpoint(address, port)));
    }
    if socket.state != "UNCONN" {
        text.push_str(&format!(" {}", state_words(socket)));
    }
    text
}

/// Why a socket has no owner here.
pub(super) fn no_owner(socket: &Socket) -> &'static str {
    match (socket.state, socket.inode) {
        ("TIME_WAIT", _) => "the kernel keeps no owner in this state",
        ("NEW_SYN_RECV" | "SYN_RECV", _) => "not yet accepted by anybody",
        (_, 0) => "no process holds it any more, or it is not yet accepted",
        _ => "held by the kernel, or by a process whose descriptors could not be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        let at = |text: &str| text.parse().unwrap();
        assert_eq!(endpoint(at("203.0.113.7"), 4444), "203.0.113.7:4444");
        assert_eq!(endpoint(at("2001:db8::1"), 443), "[2001:db8::1]:443");
        assert_eq!(endpoint(at("0.0.0.0"), 0), "0.0.0.0:*");
    }
}
