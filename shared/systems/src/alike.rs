//! Which systems should be like one: those of its image, its service or its kind.

use super::{Register, System, SystemIndex};
use std::collections::BTreeMap;

/// What makes siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alike {
    /// Started from the same image: its digest, or where one of the two has none, its name.
    Image,
    /// The same service (or, without one, task definition) in one cluster and account.
    Service,
    /// The same kind of system.
    Kind,
    /// All of them.
    Any,
}

/// All, the narrowest first.
pub const ALIKE: [Alike; 4] = [Alike::Image, Alike::Service, Alike::Kind, Alike::Any];

impl Alike {
    /// The word in links.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Service => "service",
            Self::Kind => "kind",
            Self::Any => "all",
        }
    }

    fn holds(self, one: &System, other: &System) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| one.is_some() && one == other;
        match self {
            Self::Image => match (one.image_digest(), other.image_digest()) {
                (Some(one), Some(other)) => one == other,
                _ => same(one.image(), other.image()),
            },
            Self::Service => {
                let name =
                    |system: &System| system.service.clone().or_else(|| system.task_definition.clone());
                (&one.account, &one.cluster) == (&other.account, &other.cluster)
                    && same(name(one).as_deref(), name(other).as_deref())
            }
            Self::Kind => one.kind == other.kind,
            Self::Any => true,
        }
    }
}

impl Register {
    /// The siblings of a system, without its own other snapshots. Of a sibling with several snapshots the one that was taken
    /// nearest in time is taken, so that none counts twice.
    #[must_use]
    pub fn siblings(&self, index: SystemIndex, alike: Alike) -> Vec<SystemIndex> {
        let Some(one) = self.get(index) else { return Vec::new() };
        let distance = |system: &System| {
            let times = one.captured.zip(system.captured);
            times.map_or(u64::MAX, |(one, other)| one.0.abs_diff(other.0))
        };
        let mut nearest: BTreeMap<SystemIndex, (u64, SystemIndex)> = BTreeMap::new();
        for (other, system) in self.indices().zip(self.systems()) {
            let identity = self.identity(other);
            if identity != self.identity(index) && alike.holds(one, system) {
                let this = (distance(system), other);
                nearest.entry(identity).and_modify(|known| *known = this.min(*known)).or_insert(this);
            }
        }
        nearest.into_values().map(|(_, index)| index).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ContainerRow, Kind};
    use procglass_model::Timestamp;

    fn system(name: &str, second: i64, image: &str, digest: Option<&str>, service: &str) -> System {
        let own = ContainerRow {
            id: name.into(),
            image: Some(image.into()),
            image_digest: digest.map(Into::into),
            ..ContainerRow::default()
        };
        System {
            name: name.into(),
            kind: if service.is_empty() { Kind::Container } else { Kind::EcsOnFargate },
            captured: Some(Timestamp::from_seconds(second)),
            container: Some(name.into()),
            containers: vec![own],
            service: (!service.is_empty()).then(|| service.into()),
            ..System::default()
        }
    }

    #[test]
    fn by_image_service_and_kind() {
        let mut register = Register::new();
        for one in [
            system("a", 10, "shop:7", Some("sha256:1"), "api"),
            system("b", 20, "shop:7", Some("sha256:1"), "api"),
            system("c", 30, "shop:7", Some("sha256:2"), "api"),
            system("d", 40, "shop:7", None, "other"),
            system("e", 50, "tool", None, ""),
            // The first again, and the second again, both later.
            system("a", 90, "shop:7", Some("sha256:1"), "api"),
            system("b", 91, "shop:7", Some("sha256:1"), "api"),
        ] {
            register.add(one);
        }
        let of = |at, alike| {
            let all = register.siblings(SystemIndex(at), alike);
            all.into_iter().map(|index| index.0).collect::<Vec<_>>()
        };
        assert_eq!(register.identity(SystemIndex(5)), SystemIndex(0), "one container at two times");
        assert_eq!(
            of(0, Alike::Image),
            [1, 3],
            "another digest is another image; without one the name counts"
        );
        assert_eq!(of(5, Alike::Image), [6, 3], "of b the snapshot that was taken with it");
        assert_eq!(of(0, Alike::Service), [1, 2]);
        assert_eq!(of(4, Alike::Service), [0; 0], "no service is not the same as no service");
        assert_eq!(of(0, Alike::Kind), [1, 2, 3]);
        assert_eq!(of(4, Alike::Any), [0, 1, 2, 3]);
        assert_eq!(of(9, Alike::Any), [0; 0]);
    }
}
