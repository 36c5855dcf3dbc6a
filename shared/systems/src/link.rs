//! Connections between systems: two sockets of two bundles that are the ends of one, and what can be said where only one
//! end was seen.

mod join;
mod words;

use super::register::Register;
use super::system::SystemIndex;
use procglass_snapshot::Protocol;
use std::net::IpAddr;

/// How sure it is that two systems talked, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Both ends were seen, in snapshots taken at about the same time.
    BothEnds,
    /// Both ends were seen, in snapshots taken at different times: ports may have been used anew in between.
    BothEndsApart,
    /// One end was seen; the other's address is that of a system which listens on that port.
    Listener,
    /// One end was seen; the other's address is that of a system.
    AddressOnly,
    /// One end was seen; a system had the other's address at another time.
    OtherTime,
    /// One end was seen; no bundle is of the other.
    Unknown,
}

impl Strength {
    /// All, the strongest first.
    pub const ALL: [Self; 6] = [
        Self::BothEnds,
        Self::BothEndsApart,
        Self::Listener,
        Self::AddressOnly,
        Self::OtherTime,
        Self::Unknown,
    ];

    /// For tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::BothEnds => "both ends",
            Self::BothEndsApart => "both ends, other time",
            Self::Listener => "listener on that port",
            Self::AddressOnly => "address only",
            Self::OtherTime => "address known, other time",
            Self::Unknown => "unknown remote",
        }
    }
}

/// One side of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// A system, by its first snapshot.
    System(SystemIndex),
    /// An address of which no bundle is known.
    Address(IpAddr),
}

/// One connection that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The end that was seen: a snapshot, and the place in [`System::sockets`](super::System::sockets).
    pub near: (SystemIndex, u32),
    /// The other end, or the listener that it probably went to.
    pub far: Option<(SystemIndex, u32)>,
    /// In how many bundles its near end was seen: a host sees the sockets of its containers too.
    pub views: u32,
    /// Nanoseconds between the two snapshots, where both have a time.
    pub apart: Option<u64>,
}

/// All connections from one party to another, to one port and of one strength.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Who called, as far as can be told.
    pub from: Party,
    /// Who was called.
    pub to: Party,
    /// Transport.
    pub protocol: Protocol,
    /// The port that was called.
    pub port: u16,
    /// How sure it is.
    pub strength: Strength,
    /// Whether a listener told who called whom; else the end with the higher port is taken for the caller.
    pub directed: bool,
    /// How many connections.
    pub count: u32,
    /// Some of them.
    pub samples: Vec<Connection>,
    /// How many further systems had the address as well: the one named is the nearest in time.
    pub others: u32,
    /// The other system was captured at about the same time and has no such socket: closed meanwhile, or the addresses were
    /// translated on the way.
    pub mirror_missing: bool,
}

impl Link {
    /// Connections that are kept as samples.
    pub const SAMPLES: usize = 8;

    /// The link as a sentence.
    #[must_use]
    pub fn sentence(&self, register: &Register) -> String {
        words::sentence(self, register)
    }

    /// The name of a party: of the system, or the address.
    #[must_use]
    pub fn party(register: &Register, party: Party) -> String {
        match party {
            Party::System(index) => {
                register.get(index).map_or_else(String::new, |system| system.name.clone())
            }
            Party::Address(address) => address.to_string(),
        }
    }
}

/// Snapshots within this time of each other are taken as of one time: five minutes, in nanoseconds.
const TOGETHER: u64 = 300 * 1_000_000_000;

/// Joining at work, in steps, so that a page stays alive meanwhile. The register must stay the same from the first to the
/// last step.
#[derive(Debug, Default)]
pub struct Linker {
    joiner: join::Joiner,
    next: usize,
    gathered: bool,
}

impl Linker {
    /// Ready to begin.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on by about `budget` sockets. False when everything has been looked at.
    pub fn step(&mut self, register: &Register, budget: usize) -> bool {
        let mut left = budget.max(1);
        while left > 0 {
            let cost = if self.gathered {
                self.joiner.join(register, self.next)
            } else {
                self.joiner.gather(register, self.next)
            };
            match cost {
                Some(cost) => {
                    self.next += 1;
                    left = left.saturating_sub(cost.max(1));
                }
                None if self.gathered => return false,
                None => (self.gathered, self.next) = (true, 0),
            }
        }
        true
    }

    /// The links, the surest first, of each strength the most frequent first.
    #[must_use]
    pub fn finish(self, register: &Register) -> Vec<Link> {
        self.joiner.links(register)
    }
}
