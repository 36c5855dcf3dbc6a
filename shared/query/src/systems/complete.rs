//! What could come next in a query over systems.

use super::filter::{keeps, keeps_flag};
use crate::complete::{Completions, Words};
use crate::field::{AddressField, FIELDS, FLAGS, Field, NumberField, SYSTEM_FIELDS, SystemField, TextField};
use procglass_systems::{ContainerRow, Register, System};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Completes the last word of `query` with fields, properties, and values of the systems.
#[must_use]
pub fn complete_systems(register: &Register, query: &str) -> Completions {
    let parts = FIELDS.iter().filter(|spec| keeps(spec));
    let words = Words {
        fields: SYSTEM_FIELDS.iter().chain(parts).collect(),
        flags: FLAGS.iter().filter(|spec| keeps_flag(spec.flag)).collect(),
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
        Field::System(field) => match field {
            SystemField::Kind => [text(system.kind.word())].into(),
            SystemField::Provider => of(&[&system.provider]),
            SystemField::Account => of(&[&system.account]),
            SystemField::Region => of(&[&system.region]),
            SystemField::Cluster => of(&[&system.cluster]),
            SystemField::Service => of(&[&system.service, &system.task_definition]),
            SystemField::Task => both(of(&[&system.task]), containers(&|own| [own.task.clone(), None])),
            SystemField::Image => containers(&|own| [own.image.clone(), own.image_digest.clone()]),
            SystemField::Pod => both(of(&[&system.pod]), containers(&|own| [own.pod.clone(), None])),
            SystemField::Namespace => of(&[&system.namespace]),
            SystemField::Instance => of(&[&system.instance]),
            SystemField::Kernel => of(&[&system.kernel]),
            SystemField::Os => of(&[&system.os]),
        },
        Field::Text(field) => match field {
            TextField::Name => [&system.name, &system.host_name].into_iter().map(|name| text(name)).collect(),
            TextField::Container => {
                let names = containers(&|own| [own.name.clone(), None]);
                both(system.containers.iter().map(|own| Cow::Borrowed(own.id.as_slice())).collect(), names)
            }
            TextField::Finding => {
                let all = system.findings.iter().flat_map(|own| [own.severity.word(), own.id]);
                all.map(|word| Cow::Borrowed(word.as_bytes())).collect()
            }
            TextField::User => {
                processes.iter().filter_map(|p| p.user.as_ref()).map(|user| Cow::Borrowed(&***user)).collect()
            }
            TextField::Exe => {
                processes.iter().filter_map(|p| p.exe.as_ref()).map(|exe| Cow::Borrowed(&***exe)).collect()
            }
            TextField::Protocol => {
                sockets.iter().map(|own| Cow::Borrowed(own.protocol.word().as_bytes())).collect()
            }
            TextField::State => sockets.iter().map(|own| Cow::Borrowed(own.state.as_bytes())).collect(),
            TextField::Cmdline | TextField::Cwd | TextField::Path | TextField::File | TextField::Note => {
                BTreeSet::new()
            }
        },
        Field::Number(field) => {
            let local = || sockets.iter().map(|own| u64::from(own.local.1)).filter(|port| *port != 0);
            let remote = || sockets.iter().filter_map(|own| Some(u64::from(own.remote?.1)));
            let all: BTreeSet<u64> = match field {
                NumberField::Port => local().chain(remote()).collect(),
                NumberField::LocalPort => local().collect(),
                NumberField::RemotePort => remote().collect(),
                NumberField::Pid => processes.iter().map(|own| u64::from(own.pid)).collect(),
                NumberField::Netns => system.namespaces.iter().map(|own| own.inode).collect(),
                NumberField::Ppid | NumberField::Uid | NumberField::Threads => BTreeSet::new(),
            };
            all.into_iter().map(|number| text(&number.to_string())).collect()
        }
        Field::Address(AddressField::Either | AddressField::Local) => {
            system.addresses.iter().map(|own| text(&own.address.to_string())).collect()
        }
        Field::Address(AddressField::Remote) => {
            let all: BTreeSet<_> = sockets.iter().filter_map(|own| Some(own.remote?.0)).collect();
            all.into_iter().map(|address| text(&address.to_string())).collect()
        }
        Field::Time(_) | Field::Change(_) | Field::Is => BTreeSet::new(),
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
