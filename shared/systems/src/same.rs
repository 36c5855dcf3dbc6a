//! Whether two snapshots are of one system.
//!
//! Containers of one host share its boot id and often its machine id; machines cloned from one image share the machine id.
//! So neither is enough by itself: each rule names what cannot be the same for two different systems.

use super::system::{Kind, System, SystemIndex};
use bstr::BString;
use std::collections::HashMap;

/// The first snapshot of a system, and how a later one was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Same {
    /// The first snapshot of the same system; itself, where there is none before.
    pub first: SystemIndex,
    /// What decided; `None` for the first.
    pub rule: Option<&'static str>,
}

/// What no two systems have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Snapshot(String),
    Container(BString),
    /// Several containers of a pod share the sandbox; the pid namespace and its first process do not repeat in one boot.
    Inside(String, u64, u64),
    Boot(String),
    Instance(String),
}

impl Key {
    fn rule(&self) -> &'static str {
        match self {
            Self::Snapshot(_) => "the same snapshot",
            Self::Container(_) => "container id",
            Self::Inside(..) => "boot id, pid namespace and start of its first process",
            Self::Boot(_) => "boot id",
            Self::Instance(_) => "instance id",
        }
    }
}

/// Rules at work.
#[derive(Debug, Default)]
pub(super) struct Recognition {
    keys: HashMap<Key, SystemIndex>,
    /// Hosts by machine id and host name, which a restart leaves as they are.
    machines: HashMap<(String, String), Vec<SystemIndex>>,
}

/// More clones of one name than this are not compared: their machine id says nothing.
const CLONES: usize = 64;

impl Recognition {
    pub(super) fn recognise(
        &mut self,
        systems: &[System],
        same: &[Same],
        system: &System,
        index: SystemIndex,
    ) -> Same {
        let first = |known: SystemIndex| same.get(known.0 as usize).map_or(known, |same| same.first);
        let keys = keys(system);
        let by_key = keys.iter().find_map(|key| Some((first(*self.keys.get(key)?), key.rule())));
        let found = by_key.or_else(|| {
            let known = self.after_restart(systems, system)?;
            Some((first(known), "machine id and host name, started again in between"))
        });
        for key in keys {
            self.keys.entry(key).or_insert(index);
        }
        if let Some(machine) = machine(system) {
            self.machines.entry(machine).or_default().push(index);
        }
        match found {
            Some((first, rule)) => Same { first, rule: Some(rule) },
            None => Same { first: index, rule: None },
        }
    }

    /// The host that this one was before it was started again. Clones run at the same time: two snapshots with different
    /// boot ids are of one machine only where the one ended before the other began.
    fn after_restart(&self, systems: &[System], system: &System) -> Option<SystemIndex> {
        let known = self.machines.get(&machine(system)?)?;
        if known.len() > CLONES {
            return None;
        }
        let others: Vec<_> =
            known.iter().filter_map(|index| Some((*index, systems.get(index.0 as usize)?))).collect();
        let apart = |other: &System| {
            let (a, b) = (system.booted.zip(system.captured)?, other.booted.zip(other.captured)?);
            Some(a.0 >= b.1 || b.0 >= a.1)
        };
        let candidates: Vec<_> = others.iter().filter(|(_, other)| apart(other) == Some(true)).collect();
        // One that ran at the same time is a clone, and which of the two this was before cannot be told.
        (candidates.len() == others.len()).then(|| candidates.first().map(|(index, _)| *index))?
    }
}

fn machine(system: &System) -> Option<(String, String)> {
    let machine = system.machine_id.clone().filter(|_| system.kind == Kind::Host)?;
    Some((machine, system.host_name.clone()))
}

/// What names a system, the surest first.
fn keys(system: &System) -> Vec<Key> {
    let mut keys: Vec<Key> = system.snapshot_id.iter().cloned().map(Key::Snapshot).collect();
    if system.kind == Kind::Host {
        keys.extend(system.boot_id.iter().cloned().map(Key::Boot));
        keys.extend(system.instance.iter().cloned().map(Key::Instance));
        return keys;
    }
    if !system.sandbox {
        keys.extend(system.container.iter().cloned().map(Key::Container));
    }
    if let (Some(boot), Some((namespace, start))) = (&system.boot_id, system.pid_namespace) {
        keys.push(Key::Inside(boot.clone(), namespace, start));
    }
    keys
}
