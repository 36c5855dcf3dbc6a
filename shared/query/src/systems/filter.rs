//! Queries, applied to systems and to links between them.

use crate::Filter;
use crate::field::{AddressField, Field, FieldSpec, Flag, NumberField, SystemField, TextField, TimeField};
use crate::filter::any as any_of;
use crate::matcher::Pattern;
use crate::parse::Test;
use procglass_snapshot::analysis::scope;
use procglass_systems::{Kind, Link, Party, Register, System};
use std::net::IpAddr;

impl Filter {
    /// Whether a system passes.
    #[must_use]
    pub fn system(&self, system: &System) -> bool {
        self.holds_as_known(|test| on_system(test, system))
    }

    /// Whether a link passes: by its own port and transport, or by the system or the address at either end.
    #[must_use]
    pub fn link(&self, register: &Register, link: &Link) -> bool {
        self.holds_as_known(|test| {
            let own = match test {
                Test::Text(TextField::Protocol, pattern) => pattern.matches(link.protocol.word().as_bytes()),
                Test::Text(TextField::State, pattern) | Test::Any(pattern)
                    if pattern.matches(link.strength.word().as_bytes()) =>
                {
                    true
                }
                Test::Number(NumberField::Port | NumberField::RemotePort | NumberField::LocalPort, range) => {
                    return Some(range.contains(link.port.into()));
                }
                // Of the system or the address at either end.
                _ => false,
            };
            let ends = [link.from, link.to].map(|party| match party {
                Party::System(index) => {
                    register.get(index).map_or(Some(false), |system| on_system(test, system))
                }
                Party::Address(address) => Some(on_address(test, address)),
            });
            any_of([Some(own)].into_iter().chain(ends))
        })
    }
}

/// An address alone has no processes and no identity.
fn on_address(test: &Test, address: IpAddr) -> bool {
    match test {
        Test::Any(pattern) => pattern.matches(address.to_string().as_bytes()),
        Test::Address(AddressField::Either | AddressField::Remote, network) => network.contains(address),
        Test::Flag(flag) => *flag == Flag::Public && scope::of(address).is_public(),
        Test::Address(AddressField::Local, _)
        | Test::Text(..)
        | Test::Number(..)
        | Test::Time(..)
        | Test::System(..)
        | Test::Change(..) => false,
    }
}

/// `None` for what a [`System`] does not keep of its processes: neither the term nor its opposite holds.
fn on_system(test: &Test, system: &System) -> Option<bool> {
    Some(match test {
        Test::Any(pattern) => any(pattern, system),
        Test::Text(field, pattern) => return text(*field, pattern, system),
        Test::System(field, pattern) => own_text(*field, pattern, system),
        Test::Address(field, network) => match field {
            AddressField::Remote => {
                system.sockets.iter().any(|s| s.remote.is_some_and(|(address, _)| network.contains(address)))
            }
            AddressField::Either | AddressField::Local => {
                system.addresses.iter().any(|own| network.contains(own.address))
            }
        },
        Test::Number(field, range) => {
            let local = || system.sockets.iter().any(|s| s.local.1 != 0 && range.contains(s.local.1.into()));
            let remote = || {
                system.sockets.iter().any(|s| s.remote.is_some_and(|(_, port)| range.contains(port.into())))
            };
            match field {
                NumberField::Port => local() || remote(),
                NumberField::LocalPort => local(),
                NumberField::RemotePort => remote(),
                NumberField::Pid => system.processes.iter().any(|process| range.contains(process.pid.into())),
                NumberField::Netns => system.namespaces.iter().any(|row| range.contains(row.inode)),
                NumberField::Ppid | NumberField::Uid | NumberField::Threads => return None,
            }
        }
        Test::Time(TimeField::Captured, span) => system.captured.is_some_and(|time| span.contains(time)),
        Test::Time(TimeField::Started, span) => {
            system.processes.iter().any(|process| process.started.is_some_and(|time| span.contains(time)))
        }
        Test::Change(..) => return None,
        Test::Flag(flag) => match flag {
            Flag::Container => {
                system.container.is_some() || matches!(system.kind, Kind::Container | Kind::Pod)
            }
            Flag::Listening => system.listeners().any(|socket| !socket.local.0.is_loopback()),
            Flag::Connected => system.sockets.iter().any(|socket| socket.state == "ESTABLISHED"),
            Flag::Public => system
                .sockets
                .iter()
                .any(|socket| socket.remote.is_some_and(|(address, _)| scope::of(address).is_public())),
            Flag::Unowned => system.sockets.iter().any(|socket| socket.owners.is_empty()),
            Flag::Deleted
            | Flag::Kernel
            | Flag::Root
            | Flag::Zombie
            | Flag::Traced
            | Flag::Refused
            | Flag::Noted => return None,
        },
    })
}

/// Whether a [`System`] keeps what the example of a field asks for. Some properties are kept always.
pub(super) fn keeps(spec: &FieldSpec) -> bool {
    let nothing = System::default();
    let known = |filter: Filter| filter.asks(|test| on_system(test, &nothing).is_some());
    spec.field == Field::Is || Filter::parse(spec.example).is_ok_and(known)
}

/// Whether a [`System`] keeps what a property asks for.
pub(super) fn keeps_flag(flag: Flag) -> bool {
    on_system(&Test::Flag(flag), &System::default()).is_some()
}

fn matches(pattern: &Pattern, text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| pattern.matches(text.as_bytes()))
}

/// What a system is.
fn own_text(field: SystemField, pattern: &Pattern, system: &System) -> bool {
    let is = |text: &Option<String>| matches(pattern, text);
    match field {
        SystemField::Kind => pattern.matches(system.kind.word().as_bytes()),
        SystemField::Provider => is(&system.provider),
        SystemField::Account => is(&system.account),
        SystemField::Region => is(&system.region),
        SystemField::Cluster => is(&system.cluster),
        SystemField::Service => is(&system.service) || is(&system.task_definition),
        SystemField::Task => {
            is(&system.task) || system.containers.iter().any(|container| is(&container.task))
        }
        SystemField::Image => {
            system.containers.iter().any(|container| is(&container.image) || is(&container.image_digest))
        }
        SystemField::Pod => is(&system.pod) || system.containers.iter().any(|container| is(&container.pod)),
        SystemField::Namespace => is(&system.namespace),
        SystemField::Instance => is(&system.instance),
        SystemField::Kernel => is(&system.kernel),
        SystemField::Os => is(&system.os),
    }
}

/// What is in a system. `None` where a [`System`] does not keep it.
fn text(field: TextField, pattern: &Pattern, system: &System) -> Option<bool> {
    Some(match field {
        TextField::Name => {
            pattern.matches(system.name.as_bytes()) || pattern.matches(system.host_name.as_bytes())
        }
        TextField::Container => system
            .containers
            .iter()
            .any(|container| pattern.matches(&container.id) || matches(pattern, &container.name)),
        TextField::Finding => system.findings.iter().any(|finding| {
            pattern.matches(finding.severity.word().as_bytes()) || pattern.matches(finding.id.as_bytes())
        }),
        TextField::User => {
            system.processes.iter().any(|p| p.user.as_ref().is_some_and(|user| pattern.matches(user)))
        }
        TextField::Exe => {
            system.processes.iter().any(|p| p.exe.as_ref().is_some_and(|exe| pattern.matches(exe)))
        }
        TextField::Protocol => {
            system.sockets.iter().any(|socket| pattern.matches(socket.protocol.word().as_bytes()))
        }
        // One letter is the state of a process, which is not kept.
        TextField::State if pattern.is_letter() => return None,
        TextField::State => system.sockets.iter().any(|socket| pattern.matches(socket.state.as_bytes())),
        TextField::Cmdline | TextField::Cwd | TextField::Path | TextField::File | TextField::Note => {
            return None;
        }
    })
}

/// Everything that names a system, its addresses, and the names and programs of its processes.
fn any(pattern: &Pattern, system: &System) -> bool {
    let System {
        provider,
        account,
        region,
        cluster,
        service,
        task_definition,
        task,
        pod,
        namespace,
        instance,
        ..
    } = system;
    let named =
        [provider, account, region, cluster, service, task_definition, task, pod, namespace, instance];
    let own = [&system.name, &system.host_name, &system.bundle];
    own.iter().any(|text| pattern.matches(text.as_bytes()))
        || pattern.matches(system.kind.word().as_bytes())
        || named.iter().any(|text| text.as_ref().is_some_and(|text| pattern.matches(text.as_bytes())))
        || [&system.kernel, &system.os]
            .iter()
            .any(|t| t.as_ref().is_some_and(|t| pattern.matches(t.as_bytes())))
        || text(TextField::Container, pattern, system) == Some(true)
        || own_text(SystemField::Image, pattern, system)
        || system.addresses.iter().any(|own| pattern.matches(own.address.to_string().as_bytes()))
        || system.processes.iter().any(|process| pattern.matches(&process.name))
        || text(TextField::Exe, pattern, system) == Some(true)
}
