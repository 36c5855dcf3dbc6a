//! Queries, applied to systems and to links between them.

use crate::Filter;
use crate::field::{Field, Flag};
use crate::matcher::Pattern;
use crate::parse::Test;
use procglass_snapshot::analysis::scope;
use procglass_systems::{Kind, Link, Party, Register, System};
use std::net::IpAddr;

impl Filter {
    /// Whether a system passes.
    #[must_use]
    pub fn system(&self, system: &System) -> bool {
        self.holds(|test| on_system(test, system))
    }

    /// Whether a link passes: by its own port and transport, or by the system or the address at either end.
    #[must_use]
    pub fn link(&self, register: &Register, link: &Link) -> bool {
        self.holds(|test| {
            let own = match test {
                Test::Text(Field::Protocol, pattern) => pattern.matches(link.protocol.word().as_bytes()),
                Test::Text(Field::State, pattern) | Test::Any(pattern)
                    if pattern.matches(link.strength.word().as_bytes()) =>
                {
                    true
                }
                Test::Number(Field::Port | Field::RemotePort | Field::LocalPort, range) => {
                    return range.contains(link.port.into());
                }
                _ => false,
            };
            own || [link.from, link.to].iter().any(|party| match party {
                Party::System(index) => register.get(*index).is_some_and(|system| on_system(test, system)),
                Party::Address(address) => on_address(test, *address),
            })
        })
    }
}

fn on_address(test: &Test, address: IpAddr) -> bool {
    match test {
        Test::Any(pattern) => pattern.matches(address.to_string().as_bytes()),
        Test::Address(Field::Address | Field::Remote, network) => network.contains(address),
        Test::Flag(Flag::Public) => scope::of(address).is_public(),
        _ => false,
    }
}

fn on_system(test: &Test, system: &System) -> bool {
    match test {
        Test::Any(pattern) => any(pattern, system),
        Test::Text(field, pattern) => text(*field, pattern, system),
        Test::Address(field, network) => match field {
            Field::Remote => {
                system.sockets.iter().any(|s| s.remote.is_some_and(|(address, _)| network.contains(address)))
            }
            _ => system.addresses.iter().any(|own| network.contains(own.address)),
        },
        Test::Number(field, range) => {
            let local = || system.sockets.iter().any(|s| s.local.1 != 0 && range.contains(s.local.1.into()));
            let remote = || {
                system.sockets.iter().any(|s| s.remote.is_some_and(|(_, port)| range.contains(port.into())))
            };
            match field {
                Field::Port => local() || remote(),
                Field::LocalPort => local(),
                Field::RemotePort => remote(),
                Field::Pid => system.processes.iter().any(|process| range.contains(process.pid.into())),
                Field::Netns => system.namespaces.iter().any(|row| range.contains(row.inode)),
                _ => false,
            }
        }
        Test::Time(Field::Captured, span) => system.captured.is_some_and(|time| span.contains(time)),
        Test::Time(_, span) => {
            system.processes.iter().any(|process| process.started.is_some_and(|time| span.contains(time)))
        }
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
            _ => false,
        },
    }
}

fn text(field: Field, pattern: &Pattern, system: &System) -> bool {
    let is = |text: &Option<String>| text.as_ref().is_some_and(|text| pattern.matches(text.as_bytes()));
    match field {
        Field::Name => {
            pattern.matches(system.name.as_bytes()) || pattern.matches(system.host_name.as_bytes())
        }
        Field::Kind => pattern.matches(system.kind.word().as_bytes()),
        Field::Provider => is(&system.provider),
        Field::Account => is(&system.account),
        Field::Region => is(&system.region),
        Field::Cluster => is(&system.cluster),
        Field::Service => is(&system.service) || is(&system.task_definition),
        Field::Task => is(&system.task) || system.containers.iter().any(|container| is(&container.task)),
        Field::Image => {
            system.containers.iter().any(|container| is(&container.image) || is(&container.image_digest))
        }
        Field::Pod => is(&system.pod) || system.containers.iter().any(|container| is(&container.pod)),
        Field::Namespace => is(&system.namespace),
        Field::Instance => is(&system.instance),
        Field::Kernel => is(&system.kernel),
        Field::Os => is(&system.os),
        Field::Container => {
            system.containers.iter().any(|container| pattern.matches(&container.id) || is(&container.name))
        }
        Field::Finding => system.findings.iter().any(|finding| {
            pattern.matches(finding.severity.word().as_bytes()) || pattern.matches(finding.id.as_bytes())
        }),
        Field::User => {
            system.processes.iter().any(|p| p.user.as_ref().is_some_and(|user| pattern.matches(user)))
        }
        Field::Exe => system.processes.iter().any(|p| p.exe.as_ref().is_some_and(|exe| pattern.matches(exe))),
        Field::Protocol => {
            system.sockets.iter().any(|socket| pattern.matches(socket.protocol.word().as_bytes()))
        }
        Field::State => system.sockets.iter().any(|socket| pattern.matches(socket.state.as_bytes())),
        _ => false,
    }
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
        || text(Field::Container, pattern, system)
        || text(Field::Image, pattern, system)
        || system.addresses.iter().any(|own| pattern.matches(own.address.to_string().as_bytes()))
        || system.processes.iter().any(|process| pattern.matches(&process.name))
        || text(Field::Exe, pattern, system)
}
