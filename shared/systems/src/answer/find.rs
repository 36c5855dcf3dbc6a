//! Where in the register something is, without a word about it yet.

use super::AnswerKind;
use crate::address::identifies;
use crate::question::Asked;
use crate::register::Register;
use crate::system::{SocketRow, System, SystemIndex};
use procglass_model::network::Network;
use std::collections::HashSet;
use std::net::IpAddr;

/// One place. The order is that of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub(crate) kind: AnswerKind,
    /// Among its kind: 0 is the strongest.
    rank: u8,
    pub(crate) system: SystemIndex,
    pub(super) what: What,
}

/// What was found, by its place in the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Address(u32),
    Socket(u32),
    Container(u32),
    Image(u32),
    Process(u32),
    Recovered(u32),
    Mention(u32),
    /// A field of the system, by its name.
    Field(&'static str),
}

/// Every place, in no order.
pub(crate) fn hits(register: &Register, asked: &Asked) -> Vec<Hit> {
    let mut hits = Vec::new();
    for (system, index) in register.systems().iter().zip(register.indices()) {
        let mut add = |kind, rank, what| hits.push(Hit { kind, rank, system: index, what });
        match asked {
            Asked::Address(address, port) => {
                match Network::new(*address, if address.is_ipv4() { 32 } else { 128 }) {
                    Some(network) if identifies(*address) => of_network(system, network, *port, &mut add),
                    _ => {}
                }
            }
            Asked::Network(network) => of_network(system, *network, None, &mut add),
            Asked::Port(port) => of_port(system, *port, &mut add),
            Asked::Hash(hash) => of_hash(system, hash, &mut add),
            Asked::Word(word) => of_word(system, word, &mut add),
        }
    }
    hits
}

type Add<'a> = dyn FnMut(AnswerKind, u8, What) + 'a;

fn of_network(system: &System, network: Network, port: Option<u16>, add: &mut Add<'_>) {
    let mut namespaces = HashSet::new();
    for (at, own) in (0..).zip(&system.addresses) {
        if network.contains(own.address) {
            add(AnswerKind::Has, own.source() as u8, What::Address(at));
            // An address of which the namespace is not known is that of the only one.
            let only = (system.namespaces.len() == 1)
                .then(|| system.namespaces.first().map(|row| row.inode))
                .flatten();
            namespaces.extend(own.netns.or(only).map(|netns| (netns, own.address.is_ipv4())));
        }
    }
    let fits = |own: u16| port.is_none_or(|port| port == own);
    for (at, socket) in (0..).zip(&system.sockets) {
        let (local, local_port) = socket.local;
        if socket.listens && fits(local_port) {
            let here = |four| namespaces.contains(&(socket.netns, four));
            // A listener on :: takes IPv4 as well, unless it was told not to, which no table says.
            if identifies(local) && network.contains(local) {
                add(AnswerKind::Listens, 0, What::Socket(at));
            } else if local.is_unspecified() && (here(local.is_ipv4()) || here(true)) {
                add(AnswerKind::Listens, 1, What::Socket(at));
            }
        }
        if let Some((remote, remote_port)) = socket.remote {
            if identifies(remote) && network.contains(remote) && fits(remote_port) {
                add(AnswerKind::Connected, state(socket), What::Socket(at));
            } else if port == Some(local_port) && network.contains(local) {
                add(AnswerKind::Connected, 3 + state(socket), What::Socket(at));
            }
        }
    }
    for (at, mention) in (0..).zip(&system.mentions) {
        if network.contains(mention.address) {
            add(AnswerKind::Mentions, mention.place as u8, What::Mention(at));
        }
    }
}

/// A connection that is open and whose owner is known says the most.
fn state(socket: &SocketRow) -> u8 {
    match (socket.state == "ESTABLISHED", socket.owners.is_empty()) {
        (true, false) => 0,
        (true, true) => 1,
        _ => 2,
    }
}

fn of_port(system: &System, port: u16, add: &mut Add<'_>) {
    for (at, socket) in (0..).zip(&system.sockets) {
        let reach = |address: IpAddr| if address.is_loopback() { 1 } else { 0 };
        if socket.listens && socket.local.1 == port {
            add(AnswerKind::Listens, reach(socket.local.0), What::Socket(at));
        } else if let Some((remote, remote_port)) = socket.remote {
            if remote_port == port {
                add(AnswerKind::Connected, state(socket) + 6 * reach(remote), What::Socket(at));
            } else if socket.local.1 == port {
                add(AnswerKind::Connected, 3 + state(socket) + 6 * reach(remote), What::Socket(at));
            }
        }
    }
}

fn of_hash(system: &System, hash: &str, add: &mut Add<'_>) {
    for (at, process) in (0..).zip(&system.processes) {
        if process.sha256.as_deref() == Some(hash) {
            add(AnswerKind::Has, 0, What::Process(at));
        }
    }
    for (at, (own, _)) in (0..).zip(&system.recovered) {
        if &**own == hash {
            add(AnswerKind::Has, 1, What::Recovered(at));
        }
    }
    for (at, container) in (0..).zip(&system.containers) {
        let digest =
            container.image_digest.as_deref().map(|digest| digest.strip_prefix("sha256:").unwrap_or(digest));
        // An image may be asked for by its digest: `shop/api@sha256:...`.
        let pinned =
            container.image.as_deref().and_then(|image| image.rsplit_once("@sha256:")).map(|(_, hash)| hash);
        if digest == Some(hash) || pinned == Some(hash) {
            add(AnswerKind::Has, 0, What::Image(at));
        }
        if container.id == hash {
            add(AnswerKind::Has, 0, What::Container(at));
        }
    }
}

fn of_word(system: &System, word: &str, add: &mut Add<'_>) {
    let begins = |text: &str| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    let has = |text: &str| procglass_model::text::find(text.as_bytes(), word.as_bytes()).is_some();
    for (at, container) in (0..).zip(&system.containers) {
        let name = container.name.as_deref().is_some_and(has);
        if container.id.get(..word.len()).is_some_and(|head| head == word.as_bytes())
            || container.pod.as_deref().is_some_and(begins)
            || container.task.as_deref().is_some_and(begins)
            || name
        {
            let own = system.container.as_ref() == Some(&container.id);
            add(AnswerKind::Has, if own { 0 } else { 1 } + 2 * u8::from(name), What::Container(at));
        }
        let digest =
            container.image_digest.as_deref().map(|digest| digest.strip_prefix("sha256:").unwrap_or(digest));
        if container.image.as_deref().is_some_and(has) || digest.is_some_and(begins) {
            add(AnswerKind::Has, 3, What::Image(at));
        }
    }
    for (at, process) in (0..).zip(&system.processes) {
        // Few characters of a hash are in many.
        if word.len() >= 8 && process.sha256.as_deref().is_some_and(begins) {
            add(AnswerKind::Has, 2, What::Process(at));
        }
    }
    let ids = [("task", &system.task), ("instance", &system.instance), ("account", &system.account)];
    for (field, _) in ids.iter().filter(|(_, value)| value.as_deref().is_some_and(begins)) {
        add(AnswerKind::Has, 0, What::Field(field));
    }
    let names = [
        ("service", system.service.as_deref()),
        ("pod", system.pod.as_deref()),
        ("task_definition", system.task_definition.as_deref()),
        ("cluster", system.cluster.as_deref()),
        ("host_name", Some(system.host_name.as_str())),
    ];
    for (field, _) in names.iter().filter(|(_, value)| value.is_some_and(has)) {
        add(AnswerKind::Has, 4, What::Field(field));
    }
}
