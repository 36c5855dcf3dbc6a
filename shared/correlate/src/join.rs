//! One record against all systems.

use super::index::{Held, Index, Posting, Tuple};
use super::place::{identifies, key};
use super::strength::{Match, Side, Strength};
use procglass_logs::{Direction, End, Record, Status};
use procglass_systems::{RowIndex, SystemIndex};

/// Systems that are looked at for one end. An address like that of Docker's bridge is on every host, and then names none.
const CANDIDATES: usize = 16;
/// Processes that are named for one socket: servers share one among all of their workers.
const HOLDERS: usize = 8;

/// Puts all that a record matches into `out`.
pub(super) fn join(index: &Index, record: &Record<&[u8]>, out: &mut Vec<Match>) {
    out.clear();
    if record.status != Status::Flow {
        return;
    }
    let named = named(index, record);
    for side in [Side::Source, Side::Destination] {
        let from = out.len();
        one_side(index, record, side, named, out);
        settle(out, from);
    }
    let known = |system: &u32| out.iter().any(|each| each.system.0 == *system);
    // Its address is on neither end, as behind a NAT gateway, or the bundle does not have it.
    if let [only] = named
        && !known(only)
    {
        let side = match record.direction {
            Some(Direction::Out) => Side::Source,
            Some(Direction::In) => Side::Destination,
            None => Side::Reporter,
        };
        let strength = Strength::Named;
        let system = SystemIndex(*only);
        let found = Match { system, side, strength, socket: None, process: None, ambiguous: false, stack: 0 };
        out.push(found);
    }
}

/// The systems that the record names: by the most particular id.
fn named<'i>(index: &'i Index, record: &Record<&[u8]>) -> &'i [u32] {
    let of = &record.reporter;
    let [first, second] = of.containers;
    let ids = [first, second, of.task, of.instance].into_iter().flatten();
    ids.map(|id| index.named(id)).find(|systems| !systems.is_empty()).unwrap_or_default()
}

fn one_side(index: &Index, record: &Record<&[u8]>, side: Side, named: &[u32], out: &mut Vec<Match>) {
    let (own, other) = match side {
        Side::Source => (&record.source, &record.destination),
        _ => (&record.destination, &record.source),
    };
    // The packet's address is that of the system; the interface's may be a gateway's.
    let postings = [own.packet, own.address].into_iter().flatten().filter(|address| identifies(*address));
    let Some((address, postings)) =
        postings.map(|address| (address, index.at(address))).find(|(_, postings)| !postings.is_empty())
    else {
        return;
    };
    let tuples = tuple(record, End { address: Some(address), ..*own }, *other)
        .map(|tuple| index.tuple(&tuple))
        .unwrap_or_default();
    let (first, last) = (record.first(), record.last());
    let is_named = |posting: &Posting| named.contains(&posting.system);
    let only_named = postings.iter().any(is_named);
    for posting in postings.iter().filter(|posting| !only_named || is_named(posting)).take(CANDIDATES) {
        let was_up = index.was_up(posting.system, first, last);
        let mut add = |strength, held: Option<&Held>| {
            let found = Match {
                system: SystemIndex(posting.system),
                side,
                strength,
                socket: held.map(|held| held.socket),
                process: None,
                ambiguous: false,
                stack: posting.stack,
            };
            holders(index, held, found, last, out);
        };
        let same_stack = |held: &&Held| {
            held.system == posting.system && posting.netns.is_none_or(|netns| netns == held.netns)
        };
        let here = tuples.iter().find(same_stack);
        if let Some(held) = here.filter(|_| was_up != Some(false)) {
            add(Strength::FiveTuple, Some(held));
        } else if was_up == Some(true) {
            let listener = own.port.zip(record.protocol).and_then(|(port, protocol)| {
                let all = index.listeners(posting.system, port, protocol);
                let takes = |held: &&Held| held.local == address || takes_all(held, address);
                // One that is bound to the address itself is asked first, as the kernel does.
                let mut fitting = all.iter().filter(same_stack).filter(takes);
                fitting.clone().find(|held| held.local == address).or_else(|| fitting.next())
            });
            let alone = if only_named { Strength::Named } else { Strength::Address };
            add(listener.map_or(alone, |_| Strength::Listener), listener);
        } else if only_named {
            add(Strength::Named, None);
        } else {
            add(if was_up.is_none() { Strength::NoTime } else { Strength::OtherTime }, None);
        }
    }
}

/// A socket on the unspecified address takes every address of its family; one of IPv6 mostly those of IPv4, too.
fn takes_all(held: &Held, address: std::net::IpAddr) -> bool {
    held.local.is_unspecified() && (held.local.is_ipv6() || address.is_ipv4())
}

fn tuple(record: &Record<&[u8]>, own: End, other: End) -> Option<Tuple> {
    if record.proxied {
        return None;
    }
    let remote = other.packet.or(other.address)?;
    Some(Tuple(key(own.address?), key(remote), own.port?, other.port?, record.protocol?))
}

/// One match for each process that holds the socket, or one without.
fn holders(
    index: &Index,
    held: Option<&Held>,
    found: Match,
    last: Option<procglass_model::Timestamp>,
    out: &mut Vec<Match>,
) {
    let before = out.len();
    let owners = held.into_iter().flat_map(|held| index.owners(held, last)).take(HOLDERS);
    out.extend(owners.map(|process: RowIndex| Match { process: Some(process), ..found }));
    if out.len() == before {
        out.push(found);
    }
    if out.len() > before + 1 {
        out.iter_mut().skip(before).for_each(|each| each.ambiguous = true);
    }
}

/// Looks at all that fits one end, from `from` on: a socket settles it, and what is left of several systems is ambiguous.
fn settle(out: &mut Vec<Match>, from: usize) {
    let these = out.get(from..).unwrap_or_default();
    if these.len() < 2 {
        return;
    }
    if these.iter().any(|each| each.strength == Strength::FiveTuple) {
        let mut at = 0;
        out.retain(|each| {
            at += 1;
            at <= from || each.strength == Strength::FiveTuple
        });
    }
    let these = out.get_mut(from..).unwrap_or_default();
    for then in [true, false] {
        let mut stacks = these.iter().filter(|each| each.strength.is_then() == then).map(|each| each.stack);
        let first = stacks.next();
        if stacks.any(|stack| Some(stack) != first) {
            let those = these.iter_mut().filter(|each| each.strength.is_then() == then);
            those.for_each(|each| each.ambiguous = true);
        }
    }
}
