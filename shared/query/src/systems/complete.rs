//! What could come next in a query over systems.

use crate::complete::{Completions, Words};
use crate::field::{FIELDS, FLAGS, Field, SYSTEM_FIELDS};
use procglass_systems::{ContainerRow, Register, System};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Fields of processes and sockets that say something of a whole system, beside its own.
const OF_PARTS: [Field; 13] = [
    Field::Name,
    Field::Address,
    Field::Remote,
    Field::Port,
    Field::LocalPort,
    Field::RemotePort,
    Field::Protocol,
    Field::State,
    Field::Finding,
    Field::User,
    Field::Exe,
    Field::Container,
    Field::Is,
];
/// Properties that do.
const FLAGS_OF_PARTS: [&str; 5] = ["listening", "connected", "public", "container", "unowned"];

/// Completes the last word of `query` with fields, properties, and values of the systems.
#[must_use]
pub fn complete_systems(register: &Register, query: &str) -> Completions {
    let parts = FIELDS.iter().filter(|spec| OF_PARTS.contains(&spec.field));
    let words = Words {
        fields: SYSTEM_FIELDS.iter().chain(parts).collect(),
        flags: FLAGS.iter().filter(|(name, _)| FLAGS_OF_PARTS.contains(name)).copied().collect(),
    };
    words.complete(query, &|field, take| {
        for system in register.systems() {
            // A system counts once, however many of its processes have the value.
            values(field, system).into_iter().for_each(&mut *take);
        }
    })
}

fn values(field: Field, system: &System) -> BTreeSet<Cow<'_, [u8]>> {
    let text = |text: &'_ str| Cow::Owned(text.as_bytes().to_vec());
    let of = |own: &[&Option<String>]| -> BTreeSet<Cow<'_, [u8]>> {
        own.iter().filter_map(|own| own.as_deref()).map(text).collect()
    };
    let containers = |get: &dyn Fn(&ContainerRow) -> [Option<String>; 2]| {
        let all = system.containers.iter().flat_map(get).flatten();
        all.map(|own| Cow::Owned(own.into_bytes())).collect::<BTreeSet<_>>()
    };
    let both = |mut one: BTreeSet<_>, mut other| {
        one.append(&mut other);
        one
    };
    let (sockets, processes) = (&system.sockets, &system.processes);
    match field {
        Field::Name => [&system.name, &system.host_name].into_iter().map(|name| text(name)).collect(),
        Field::Kind => [text(system.kind.word())].into(),
        Field::Provider => of(&[&system.provider]),
        Field::Account => of(&[&system.account]),
        Field::Region => of(&[&system.region]),
        Field::Cluster => of(&[&system.cluster]),
        Field::Service => of(&[&system.service, &system.task_definition]),
        Field::Task => both(of(&[&system.task]), containers(&|own| [own.task.clone(), None])),
        Field::Image => containers(&|own| [own.image.clone(), own.image_digest.clone()]),
        Field::Pod => both(of(&[&system.pod]), containers(&|own| [own.pod.clone(), None])),
        Field::Namespace => of(&[&system.namespace]),
        Field::Instance => of(&[&system.instance]),
        Field::Kernel => of(&[&system.kernel]),
        Field::Os => of(&[&system.os]),
        Field::Container => {
            let names = containers(&|own| [own.name.clone(), None]);
            both(system.containers.iter().map(|own| Cow::Borrowed(own.id.as_slice())).collect(), names)
        }
        Field::Finding => {
            let all = system.findings.iter().flat_map(|own| [own.severity.word(), own.id]);
            all.map(|word| Cow::Borrowed(word.as_bytes())).collect()
        }
        Field::User => {
            processes.iter().filter_map(|p| p.user.as_ref()).map(|user| Cow::Borrowed(&***user)).collect()
        }
        Field::Exe => {
            processes.iter().filter_map(|p| p.exe.as_ref()).map(|exe| Cow::Borrowed(&***exe)).collect()
        }
        Field::Protocol => sockets.iter().map(|own| Cow::Borrowed(own.protocol.word().as_bytes())).collect(),
        Field::State => sockets.iter().map(|own| Cow::Borrowed(own.state.as_bytes())).collect(),
        Field::Port | Field::LocalPort | Field::RemotePort => {
            let local = sockets.iter().map(|own| own.local.1).filter(|_| field != Field::RemotePort);
            let remote = sockets.iter().filter_map(|own| Some(own.remote?.1));
            let ports: BTreeSet<u16> =
                local.chain(remote.filter(|_| field != Field::LocalPort)).filter(|port| *port != 0).collect();
            ports.into_iter().map(|port| text(&port.to_string())).collect()
        }
        Field::Address => system.addresses.iter().map(|own| text(&own.address.to_string())).collect(),
        Field::Remote => {
            let all: BTreeSet<_> = sockets.iter().filter_map(|own| Some(own.remote?.0)).collect();
            all.into_iter().map(|address| text(&address.to_string())).collect()
        }
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Filter;
    use procglass_fixture as fixture;

    fn register() -> Register {
        let mut register = Register::new();
        for (name, region) in [("a", "eu-west-1"), ("b", "eu-west-1"), ("c", "us-east-1")] {
            let mut system = System::of(&fixture::opened_payments(), name);
            (system.name, system.region) = (name.into(), Some(region.into()));
            register.add(system);
        }
        register
    }

    #[test]
    fn fields_of_systems_first_and_values_that_are_there() {
        let register = register();
        let words = |query: &str| -> Vec<String> {
            complete_systems(&register, query).list.into_iter().map(|one| one.word).collect()
        };
        assert_eq!(words("re"), ["region:", "remote:"]);
        assert_eq!(words("region:"), ["region:eu-west-1", "region:us-east-1"]);
        assert_eq!(complete_systems(&register, "region:").list[0].why, "2 times");
        assert_eq!(words("is:"), ["is:listening", "is:connected", "is:public", "is:container", "is:unowned"]);
        assert_eq!(words("x -name:c"), ["-name:c"]);
        assert_eq!(words("rport:44"), ["rport:4444"]);
        assert_eq!(words("threads:"), [""; 0]);
        // What is offered is understood, and finds something.
        for field in SYSTEM_FIELDS.iter().chain(FIELDS) {
            for word in words(&format!("{}:", field.name)) {
                let filter = Filter::parse(&word).unwrap();
                let found = register.systems().iter().any(|system| filter.system(system));
                assert!(found || word.starts_with("is:"), "{word}");
            }
        }
    }
}
