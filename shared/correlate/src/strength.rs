//! How sure a join is, and what it says.

use procglass_model::Timestamp;
use procglass_systems::{RowIndex, System, SystemIndex};

/// What a match rests on, the weakest first. No match is more certain than its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// The record's time is not known, or the bundle's is not; the system had the address when it was captured.
    NoTime,
    /// The system had the address when it was captured, but the record is of a time for which the bundle says nothing.
    OtherTime,
    /// The system had the address, and was up at the time of the record.
    Address,
    /// The log names the system itself: its task, container or instance.
    Named,
    /// As [`Strength::Address`], and it listened on that port when it was captured.
    Listener,
    /// The snapshot has a socket with the same protocol, addresses and ports.
    FiveTuple,
}

/// What people are told of a strength.
#[derive(Clone, Copy, Debug)]
pub struct AboutStrength {
    /// The strength.
    pub strength: Strength,
    /// The word in JSON and CSV: a contract.
    pub name: &'static str,
    /// The words on screens.
    pub words: &'static str,
    /// What it means and what it does not.
    pub means: &'static str,
}

/// All, the strongest first.
pub const STRENGTHS: [AboutStrength; 6] = [
    AboutStrength {
        strength: Strength::FiveTuple,
        name: "five-tuple",
        words: "same five-tuple in the snapshot",
        means: "the snapshot has a socket with this protocol, both addresses and both ports, and the record's time is not outside of what the bundle covers. Ports are used again in time, so it is nearly, not wholly, certain to be the same connection. The process is whoever held the socket when the bundle was taken",
    },
    AboutStrength {
        strength: Strength::Listener,
        name: "listener",
        words: "listener on that port",
        means: "the system had the address at that time, and when the bundle was taken a socket of it took connections (or datagrams) on this port. The connection itself is gone. Another process may have listened earlier",
    },
    AboutStrength {
        strength: Strength::Named,
        name: "named",
        words: "named by the log",
        means: "the log names the ECS task, the container or the instance that the bundle was taken in. It says which system, not which process",
    },
    AboutStrength {
        strength: Strength::Address,
        name: "address",
        words: "address only",
        means: "the system had the address and was up at that time. Which process it was, the snapshot does not tell",
    },
    AboutStrength {
        strength: Strength::OtherTime,
        name: "other-time",
        words: "address known, other time",
        means: "the system had the address when its bundle was taken, but the record is from before it was up or from long after. Addresses move: it may well have been another system",
    },
    AboutStrength {
        strength: Strength::NoTime,
        name: "no-time",
        words: "address known, time unknown",
        means: "the record has no time that could be read, or the bundle does not tell its own. Nothing says that the system had the address then",
    },
];

impl Strength {
    /// What people are told of it.
    #[must_use]
    pub fn about(self) -> AboutStrength {
        // The list has all: a test walks it.
        STRENGTHS.into_iter().find(|about| about.strength == self).unwrap_or(STRENGTHS[5])
    }

    /// Whether the match holds for the time of the record.
    #[must_use]
    pub fn is_then(self) -> bool {
        self >= Self::Address
    }
}

/// A time near to which times without a year are taken to be: that of the latest bundle.
#[must_use]
pub fn reference(systems: &[System]) -> Option<Timestamp> {
    systems.iter().filter_map(|system| system.captured).max()
}

/// An end of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Where it came from.
    Source,
    /// Where it went.
    Destination,
    /// The log names the system as its reporter; which end it is, is not known.
    Reporter,
}

impl Side {
    /// The word in tables, JSON and CSV.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Destination => "destination",
            Self::Reporter => "reporter",
        }
    }
}

/// One system that one end of a record may be, and the process there when the evidence names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The system.
    pub system: SystemIndex,
    /// Which end.
    pub side: Side,
    /// What it rests on.
    pub strength: Strength,
    /// Place in [`System::sockets`](procglass_systems::System::sockets) of the socket that matched.
    pub socket: Option<u32>,
    /// The process that held the socket. One that was started after the record's end is not named.
    pub process: Option<RowIndex>,
    /// Other systems fit this end as well, or other processes hold the socket, too.
    pub ambiguous: bool,
    /// Which network stack: the same for a host and a container of it that was captured by itself.
    pub(super) stack: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_strength_once() {
        for (at, about) in STRENGTHS.iter().enumerate() {
            assert_eq!(about.strength.about().name, about.name);
            assert!(
                STRENGTHS.get(at + 1).is_none_or(|next| next.strength < about.strength),
                "strongest first"
            );
        }
    }
}
