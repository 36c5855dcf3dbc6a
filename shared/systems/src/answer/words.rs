//! Answers as sentences, with their proof.

use super::find::{Hit, What};
use super::{Answer, AnswerKind, Holder, Question};
use crate::describe::AddressSource;
use crate::question::Asked;
use crate::register::Register;
use crate::system::{ContainerRow, Mention, Named, Place, RowIndex, SocketRow, System};
use procglass_findings::Proof;
use std::net::SocketAddr;

/// The answer of one hit.
pub(super) fn answer(register: &Register, asked: &Asked, hit: &Hit) -> Option<Answer> {
    let system = register.get(hit.system)?;
    let mut answer = Answer {
        kind: hit.kind,
        system: hit.system,
        when: system.captured,
        process: None,
        socket: None,
        sentence: String::new(),
        proof: Proof { member: String::new(), excerpt: String::new() },
    };
    let name = &system.name;
    match hit.what {
        What::Address(at) => {
            let own = system.addresses.get(at as usize)?;
            let address = own.address;
            let on = own.interface.as_ref().map(|interface| format!(" on {interface}")).unwrap_or_default();
            let inside = own.netns.map(|netns| inside(system, netns)).unwrap_or_default();
            answer.sentence = match own.source() {
                AddressSource::Interface => format!("{name} has {address}{on}{inside}."),
                AddressSource::Metadata => format!("{name} has {address}, by what its platform says."),
                AddressSource::Socket => format!("A socket of {name} is bound to {address}{inside}."),
            };
            answer.proof = own.proof.clone();
        }
        What::Socket(at) => {
            let socket = system.sockets.get(at as usize)?;
            answer.socket = Some(at);
            answer.process = socket.owners.first().copied();
            answer.sentence = of_socket(system, socket, hit.kind);
            answer.proof = socket.proof();
        }
        What::Container(at) => {
            let container = system.containers.get(at as usize)?;
            let what = container_words(container);
            let own = system.container.as_ref() == Some(&container.id);
            let pod = container.pod.as_ref().map(|pod| format!(" (pod {pod})")).unwrap_or_default();
            answer.sentence = match (own, container.processes) {
                (true, _) if container.named == Named::Sandbox => format!("{name} runs in {what}{pod}."),
                (true, _) => format!("{name} is {what}."),
                (false, 0) => format!("{name} knows of {what} without a process of it in sight."),
                (false, 1) => format!("{name} has one process in {what}."),
                (false, count) => format!("{name} has {count} processes in {what}."),
            };
            answer.process = first_in(system, at);
            answer.proof = container_proof(container, asked);
        }
        What::Image(at) => {
            let container = system.containers.get(at as usize)?;
            let image = container.image.as_deref().or(container.image_digest.as_deref()).unwrap_or_default();
            answer.sentence = format!("{name} has {} of image {image}.", container_words(container));
            answer.process = first_in(system, at);
            answer.proof = container.stated.clone().unwrap_or_else(|| container_proof(container, asked));
        }
        What::Process(at) => {
            let process = system.processes.get(at as usize)?;
            answer.process = Some(RowIndex(at));
            answer.sentence = format!("{} on {name} runs it.", process.label());
            let hash = process.sha256.as_deref().unwrap_or_default();
            answer.proof = Proof::new(format!("process/{}.json#executable", process.pid), hash.as_bytes());
        }
        What::Recovered(at) => {
            let (hash, member) = system.recovered.get(at as usize)?;
            answer.sentence = format!("The collector recovered it on {name}.");
            answer.proof = Proof::new(member.clone(), hash.as_bytes());
        }
        What::Mention(at) => {
            let mention = system.mentions.get(at as usize)?;
            answer.process = mention.process;
            answer.sentence = of_mention(system, mention);
            answer.proof = mention.proof.clone();
        }
        What::Field(field) => {
            answer.sentence = format!("{name} has it as its {}.", field.replace('_', " "));
            answer.proof = system.proof_of(field).cloned().unwrap_or_else(|| {
                Proof::new("manifest.json", format!("\"hostname\": \"{}\"", system.host_name).as_bytes())
            });
        }
    }
    Some(answer)
}

/// Who holds a socket, as the subject of a sentence.
fn owner(system: &System, owners: &[RowIndex]) -> String {
    match (owners.first().and_then(|index| system.process(*index)), owners.len()) {
        (Some(process), 1) => format!("{} on {}", process.label(), system.name),
        (Some(process), more) => format!("{} and {} more on {}", process.label(), more - 1, system.name),
        (None, _) => format!("{} (owner not visible)", system.name),
    }
}

fn of_socket(system: &System, socket: &SocketRow, kind: AnswerKind) -> String {
    let (who, inside) = (owner(system, &socket.owners), inside(system, socket.netns));
    let (local, protocol) = (SocketAddr::new(socket.local.0, socket.local.1), socket.protocol.word());
    match (kind, socket.remote) {
        (AnswerKind::Listens, _) if local.ip().is_unspecified() => {
            format!("{who} listens on every address, port {} ({protocol}){inside}.", local.port())
        }
        (AnswerKind::Listens, _) => format!("{who} listens on {local} ({protocol}){inside}."),
        (_, Some((address, port))) => {
            let (remote, state) = (SocketAddr::new(address, port), socket.state);
            let verb =
                if matches!(state, "ESTABLISHED" | "UNCONN") { "is connected" } else { "has a connection" };
            format!("{who} {verb} to {remote} from {local} ({protocol}, {state}){inside}.")
        }
        (_, None) => format!("{who} has {local} ({protocol}){inside}."),
    }
}

/// In whose network a socket or an address is, where that is a container's.
fn inside(system: &System, netns: u64) -> String {
    let row = system.namespaces.iter().find(|row| row.inode == netns);
    let containers = row.map(|row| row.containers.as_slice()).unwrap_or_default();
    let named = containers.iter().filter_map(|at| system.containers.get(*at as usize)).find(|container| {
        // Of the system itself that goes without saying.
        system.container.as_ref() != Some(&container.id)
    });
    match named {
        // A network that others use as well is not the container's.
        Some(container)
            if system.container.is_none() && row.is_some_and(|row| row.processes <= container.processes) =>
        {
            format!(", in the network of {}", container_words(container))
        }
        _ => String::new(),
    }
}

fn container_words(container: &ContainerRow) -> String {
    let id = procglass_model::text::visible(&container.id);
    let short: String = id.chars().take(12).collect();
    match (container.named, &container.name) {
        (Named::Sandbox, _) => format!("the sandbox of its pod, {short}"),
        (Named::Pod, _) => format!("pod {id}"),
        (Named::Container, Some(name)) => format!("container {name} ({short})"),
        (Named::Container, None) => format!("container {short}"),
    }
}

fn first_in(system: &System, container: u32) -> Option<RowIndex> {
    let at = system.processes.iter().position(|process| process.container == Some(container))?;
    u32::try_from(at).ok().map(RowIndex)
}

/// What says that the container is there: of the pod, where that was asked for.
fn container_proof(container: &ContainerRow, asked: &Asked) -> Proof {
    let of_pod = matches!(asked, Asked::Word(word)
        if container.pod.as_ref().is_some_and(|pod| pod.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))));
    let pod = container.pod_proof.as_ref().filter(|_| of_pod);
    let proof = pod.or(container.proof.as_ref()).or(container.stated.as_ref()).cloned();
    proof.unwrap_or_else(|| Proof::new("manifest.json", b""))
}

fn of_mention(system: &System, mention: &Mention) -> String {
    let (name, address) = (&system.name, mention.address);
    let who = mention.process.and_then(|index| system.process(index)).map(|process| process.label());
    let who = who.unwrap_or_else(|| "A process".to_owned());
    match mention.place {
        Place::Argument => format!("{who} on {name} has {address} in an argument."),
        Place::Environment => format!("{who} on {name} has {address} in its environment."),
        Place::Hosts => format!("/etc/hosts on {name} gives {address} a name."),
        Place::Resolver => format!("{name} asks {address} for names (/etc/resolv.conf)."),
        Place::Route => format!("{name} has a route by way of or to {address}."),
        Place::Neighbour => {
            format!("{name} recently exchanged traffic with {address} on the local network (ARP).")
        }
    }
}

/// One address and several systems.
pub(super) fn several(register: &Register, question: &Question, holders: &[Holder]) -> String {
    const NAMED: usize = 6;
    let one = |holder: &Holder| {
        let name = register.get(holder.system).map_or("", |system| &system.name);
        let time = |index| register.get(index).and_then(|system| system.captured);
        let first = holder.snapshots.first().copied().and_then(time);
        let last = holder.snapshots.last().copied().and_then(time);
        match (first, last) {
            (Some(first), Some(last)) if first != last => {
                format!("{name} ({} to {})", first.to_the_second(), last.to_the_second())
            }
            (Some(first), _) => format!("{name} ({})", first.to_the_second()),
            _ => format!("{name} (at an unknown time)"),
        }
    };
    let mut names: Vec<_> = holders.iter().take(NAMED).map(one).collect();
    if holders.len() > NAMED {
        names.push(format!("{} more", holders.len() - NAMED));
    }
    format!(
        "{} different systems had {}: {}. Addresses pass on, and separate networks use the same ones: look at the times.",
        holders.len(),
        question.words(),
        names.join(", ")
    )
}
