//! Systems and who they talk to, as a picture in layers: who only calls on the left, who is only called on the right.

use super::links::{PICK, key, pair};
use crate::format::{float, plural};
use crate::state::{Fleet, Here};
use procglass_model::sorting;
use procglass_model::text::decimal;
use procglass_systems::{Link, Party, Strength};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use yew::prelude::*;

/// Parties with a place of their own.
const MOST: usize = 24;
const WIDTH: f64 = 1040.0;
/// Height of a party's box, and its greatest width.
const BOX: (f64, f64) = (190.0, 30.0);
/// Room for the lines between two columns.
const GAP: f64 = 80.0;
const ROW: f64 = 46.0;

/// Calls between two parties.
#[derive(Default)]
struct Calls {
    count: u32,
    sure: bool,
    key: String,
}

/// Where each party stands.
struct Layout {
    places: HashMap<Node, (f64, f64)>,
    /// Width of a box.
    width: f64,
    height: f64,
    left_out: usize,
}

/// The picture of the strongest parties.
pub(super) fn picture(here: &Here, fleet: &Fleet, links: &[Link]) -> Html {
    let mut calls: BTreeMap<(Party, Party), Calls> = BTreeMap::new();
    for link in links.iter().filter(|link| link.from != link.to) {
        let entry = calls.entry((link.from, link.to)).or_default();
        entry.count += link.count;
        entry.sure |= link.strength <= Strength::BothEndsApart;
        entry.key = pair(link);
    }
    let layout = lay_out(&calls);
    if layout.places.len() < 2 {
        return Html::default();
    }
    let bands = calls.iter().filter_map(|((from, to), calls)| {
        Some(band(
            here,
            fleet,
            (*from, *layout.places.get(&near(*from))?),
            (*to, *layout.places.get(&far(*to))?),
            calls,
            layout.width,
        ))
    });
    let mut parties: Vec<_> = layout.places.iter().collect();
    sorting::sort_by_key(&mut parties, |(node, _)| **node);
    let frame = format!("0 0 {} {}", decimal(WIDTH), decimal(layout.height));
    html! {
        <section class="picture" aria-label="Picture of the systems">
            <header><p class="note">{ "Callers stand left of what they call; a dashed line was seen from one end only. Pick a system or a line to see its connections below." }
                if layout.left_out > 0 { { format!(" {} with few connections are in the table only.", plural(layout.left_out, "party", "parties")) } }</p></header>
            <div class="picture-scroll" tabindex="0" role="group" aria-label="Systems, and the lines between them">
                <svg class="flow nodes" viewBox={frame} width={decimal(WIDTH)} height={decimal(layout.height)} data-testid="systems-picture">
                    <g>{ for bands }</g>
                    <g>{ for parties.into_iter().map(|(at, place)| node(here, fleet, at.party, *place, layout.width)) }</g>
                </svg>
            </div>
        </section>
    }
}

/// A place in the picture. An address may stand on both sides: as one that called, and as one that was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Node {
    party: Party,
    /// Whether it is an address that was called.
    called: bool,
}

fn near(party: Party) -> Node {
    Node { party, called: false }
}

fn far(party: Party) -> Node {
    Node { party, called: matches!(party, Party::Address(_)) }
}

/// Addresses that call on the left, those that are called on the right, and systems in layers between them.
fn lay_out(calls: &BTreeMap<(Party, Party), Calls>) -> Layout {
    let mut weight: BTreeMap<Node, u32> = BTreeMap::new();
    for ((from, to), calls) in calls {
        for node in [near(*from), far(*to)] {
            // Systems that are open matter more than addresses.
            let own = if matches!(node.party, Party::System(_)) { 1_000_000 } else { 1 };
            let entry = weight.entry(node).or_default();
            *entry = (*entry).max(own).saturating_add(calls.count.min(10_000));
        }
    }
    let mut ranked: Vec<_> = weight.into_iter().collect();
    sorting::sort_by_key(&mut ranked, |(node, weight)| (std::cmp::Reverse(*weight), *node));
    let left_out = ranked.len().saturating_sub(MOST);
    let kept: BTreeSet<Node> = ranked.into_iter().take(MOST).map(|(node, _)| node).collect();
    let systems: BTreeSet<Party> =
        kept.iter().map(|node| node.party).filter(|party| matches!(party, Party::System(_))).collect();
    let between = calls.keys().copied().filter(|(from, to)| systems.contains(from) && systems.contains(to));
    let layers = layers(&systems, between.collect());
    let last = layers.values().copied().max().unwrap_or_default() + 1;
    let mut columns: BTreeMap<usize, Vec<Node>> = BTreeMap::new();
    for node in kept {
        let column = match node {
            Node { called: true, .. } => last + 1,
            Node { party: Party::Address(_), .. } => 0,
            Node { party, .. } => layers.get(&party).copied().unwrap_or_default() + 1,
        };
        columns.entry(column).or_default().push(node);
    }
    let most = columns.values().map(Vec::len).max().unwrap_or_default();
    let number = float(columns.len().max(1));
    let width = ((WIDTH - GAP * (number - 1.0)) / number).clamp(90.0, BOX.0);
    let step = if columns.len() > 1 { (WIDTH - width) / (number - 1.0) } else { 0.0 };
    let mut places = HashMap::new();
    for (column, nodes) in columns.into_values().enumerate() {
        // A short column stands in the middle.
        let above = float(most - nodes.len()) * ROW / 2.0 + 6.0;
        for (row, node) in nodes.into_iter().enumerate() {
            places.insert(node, (float(column) * step, above + float(row) * ROW));
        }
    }
    Layout { places, width, height: float(most) * ROW, left_out }
}

/// The layer of each system: behind all that call it. Of a ring the system that calls most is taken for its beginning.
fn layers(systems: &BTreeSet<Party>, mut edges: Vec<(Party, Party)>) -> BTreeMap<Party, usize> {
    let mut layers: BTreeMap<Party, usize> = BTreeMap::new();
    let mut left: BTreeSet<Party> = systems.clone();
    // There are at most as many as have a place in the picture.
    while !left.is_empty() {
        let called = |party: &Party| edges.iter().filter(|(_, to)| to == party).count();
        let calls = |party: &Party| edges.iter().filter(|(from, _)| from == party).count();
        let Some(next) =
            left.iter().copied().min_by_key(|party| (called(party), std::cmp::Reverse(calls(party)), *party))
        else {
            break;
        };
        left.remove(&next);
        let layer = *layers.entry(next).or_default();
        for (from, to) in &edges {
            if *from == next && left.contains(to) {
                let of = layers.entry(*to).or_default();
                *of = (*of).max(layer + 1);
            }
        }
        edges.retain(|(from, to)| *from != next && *to != next);
    }
    layers
}

/// A link that picks, or takes the pick back.
fn pick(here: &Here, key: &str, label: String, class: &'static str, inside: Html) -> Html {
    let picked = here.param(PICK);
    let on = picked == key;
    let pale = !picked.is_empty()
        && !on
        && !picked.split('>').any(|part| part == key)
        && !key.split('>').any(|part| part == picked);
    let href = (*here.0).clone().with(PICK, if on { "" } else { key }).hash();
    html! {
        <a {href} class={classes!(class, on.then_some("on"), pale.then_some("pale"))} aria-label={label.clone()} aria-current={on.then_some("true")} data-testid={class}><title>{ label }</title>{ inside }</a>
    }
}

fn label(fleet: &Fleet, party: Party) -> String {
    crate::format::clip(Link::party(&fleet.register, party).as_bytes(), 24).into_owned()
}

fn node(here: &Here, fleet: &Fleet, party: Party, (x, y): (f64, f64), wide: f64) -> Html {
    let own = matches!(party, Party::System(_));
    let severity = match party {
        Party::System(system) => fleet.register.get(system).and_then(procglass_systems::System::severity),
        Party::Address(_) => None,
    };
    let class = classes!(if own { "own" } else { "other" }, severity.map(|severity| severity.word()));
    let text = label(fleet, party);
    let inside = html! { <><rect {class} x={decimal(x)} y={decimal(y)} width={decimal(wide)} height={decimal(BOX.1)} rx="5" />
    <text x={decimal(x + wide / 2.0)} y={decimal(y + 20.0)} text-anchor="middle">{ text.clone() }</text></> };
    let words = match severity {
        Some(severity) => format!("{text}: {} findings", severity.word()),
        None if own => text,
        None => format!("{text}: no bundle of it is open"),
    };
    pick(here, &key(party), words, "node", inside)
}

fn band(
    here: &Here,
    fleet: &Fleet,
    (from, (x1, y1)): (Party, (f64, f64)),
    (to, (x2, y2)): (Party, (f64, f64)),
    calls: &Calls,
    wide: f64,
) -> Html {
    let (start, end) = ((x1 + wide, y1 + BOX.1 / 2.0), (x2, y2 + BOX.1 / 2.0));
    let bend = ((end.0 - start.0).abs() / 2.0).max(40.0);
    let path = format!(
        "M{} {}C{} {} {} {} {} {}",
        decimal(start.0),
        decimal(start.1),
        decimal(start.0 + bend),
        decimal(start.1),
        decimal(end.0 - bend),
        decimal(end.1),
        decimal(end.0),
        decimal(end.1)
    );
    let words = format!(
        "{} called {}: {}",
        label(fleet, from),
        label(fleet, to),
        plural(calls.count as usize, "connection", "connections")
    );
    let class = if calls.sure { "line" } else { "line one-sided" };
    let wide = match calls.count {
        0..=1 => "w1",
        2..=9 => "w2",
        _ => "w3",
    };
    pick(here, &calls.key, words, "call", html! { <path class={classes!(class, wide)} d={path} /> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_systems::SystemIndex;

    #[test]
    fn callers_stand_left_also_in_a_ring() {
        let party = |number| Party::System(SystemIndex(number));
        let systems = (0..4).map(party).collect();
        let found = layers(&systems, vec![(party(2), party(1)), (party(1), party(0))]);
        assert_eq!(found.values().copied().collect::<Vec<_>>(), [2, 1, 0, 0]);
        let ring = layers(&systems, vec![(party(0), party(1)), (party(1), party(0)), (party(1), party(2))]);
        assert_eq!(
            ring.values().copied().collect::<Vec<_>>(),
            [1, 0, 1, 0],
            "the one that calls most begins"
        );
    }
}
