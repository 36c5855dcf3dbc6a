//! Sockets by what they have in common, with how many there are of each: to narrow a table down without knowing a word of
//! the query language.

use super::direction::{Direction, Listeners};
use super::scope;
use crate::{Snapshot, Socket, SocketIndex};
use std::collections::BTreeMap;

/// What sockets are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Transport.
    Protocol,
    /// State in the kernel's words.
    State,
    /// Who called.
    Direction,
    /// What the remote address means.
    Scope,
}

impl Facet {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Protocol, Self::State, Self::Direction, Self::Scope];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::State => "state",
            Self::Direction => "direction",
            Self::Scope => "scope",
        }
    }

    /// The value of a socket.
    #[must_use]
    pub fn of(self, listeners: &Listeners, socket: &Socket) -> &'static str {
        match self {
            Self::Protocol => socket.protocol.word(),
            Self::State => socket.state,
            Self::Direction => match listeners.direction(socket) {
                Some(Direction::Incoming) => "incoming",
                Some(Direction::Outgoing) => "outgoing",
                None if socket.listens() => "listening",
                None => "not connected",
            },
            Self::Scope => match socket.remote {
                Some((address, port)) if port != 0 || !address.is_unspecified() => scope::of(address).word(),
                _ => "not connected",
            },
        }
    }
}

/// The chosen values; an empty one lets everything pass.
pub type Chosen<'a> = [(Facet, &'a str); 4];

/// How many sockets have each value, by facet in the order of [`Facet::ALL`].
pub type Counts = [BTreeMap<&'static str, usize>; 4];

/// Whether a socket has every chosen value.
#[must_use]
pub fn passes(chosen: &Chosen<'_>, listeners: &Listeners, socket: &Socket) -> bool {
    chosen.iter().all(|(facet, value)| value.is_empty() || facet.of(listeners, socket) == *value)
}

/// Counts, each under what the other facets leave: the number says what choosing the value would show.
#[must_use]
pub fn counts(
    snapshot: &Snapshot,
    listeners: &Listeners,
    sockets: &[SocketIndex],
    chosen: &Chosen<'_>,
) -> Counts {
    let mut counts = Counts::default();
    for socket in sockets.iter().filter_map(|index| snapshot.socket(*index)) {
        let values = chosen.map(|(facet, _)| facet.of(listeners, socket));
        let differs = |at: usize| {
            let (wanted, value) = (chosen.get(at).map(|(_, wanted)| *wanted), values.get(at));
            wanted.zip(value).is_some_and(|(wanted, value)| !wanted.is_empty() && wanted != *value)
        };
        let wrong: Vec<usize> = (0..values.len()).filter(|at| differs(*at)).collect();
        for (at, (count, value)) in counts.iter_mut().zip(values).enumerate() {
            if wrong.is_empty() || wrong == [at] {
                *count.entry(value).or_default() += 1;
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn numbers_say_what_a_choice_would_show() {
        let snapshot = fixture::payments();
        let listeners = Listeners::of(&snapshot);
        let all: Vec<_> = (0..10).map(SocketIndex).collect();
        let chosen = |state, scope| {
            let [protocol, state_of, direction, scope_of] = Facet::ALL;
            [(protocol, ""), (state_of, state), (direction, ""), (scope_of, scope)]
        };
        let free = counts(&snapshot, &listeners, &all, &chosen("", ""));
        assert_eq!(free[0].values().sum::<usize>(), 10);
        let narrow = counts(&snapshot, &listeners, &all, &chosen("ESTABLISHED", "public"));
        // Its own choice does not narrow a facet down.
        assert!(narrow[1].contains_key("TIME_WAIT"), "{narrow:?}");
        assert!(narrow[3].contains_key("this machine"), "{narrow:?}");
        assert_eq!(narrow[2].get("outgoing"), Some(&1), "the shell");
        let shown = all.iter().filter_map(|index| snapshot.socket(*index));
        let shown =
            shown.filter(|socket| passes(&chosen("ESTABLISHED", "public"), &listeners, socket)).count();
        assert_eq!(narrow[1]["ESTABLISHED"], shown);
    }
}
