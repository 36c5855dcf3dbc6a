//! Systems and who they talk to, as a picture in layers: who only calls on the left, who is only called on the right.

use super::links::{PICK, key, pair};
use crate::format::plural;
use crate::state::{Fleet, Here};
use procglass_model::systems::{Link, Party, Strength};
use procglass_model::text::decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use yew::prelude::*;

/// Parties with a place of their own.
const MOST: usize = 24;
const WIDTH: f64 = 1040.0;
const BOX: (f64, f64) = (190.0, 30.0);
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
    places: HashMap<Party, (f64, f64)>,
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
        Some(band(here, fleet, (*from, *layout.places.get(from)?), (*to, *layout.places.get(to)?), calls))
    });
    let mut parties: Vec<_> = layout.places.iter().collect();
    parties.sort_by_key(|(party, _)| **party);
    let frame = format!("0 0 {} {}", decimal(WIDTH), decimal(layout.height));
    html! {
        <section class="picture" aria-label="Picture of the systems">
            <header><p class="note">{ "Callers stand left of what they call; a dashed line was seen from one end only. Pick a system or a line to see its connections below." }
                if layout.left_out > 0 { { format!(" {} with few connections are in the table only.", plural(layout.left_out, "party", "parties")) } }</p></header>
            <div class="picture-scroll" tabindex="0" role="group" aria-label="Systems, and the lines between them">
                <svg class="flow nodes" viewBox={frame} width={decimal(WIDTH)} height={decimal(layout.height)} data-testid="systems-picture">
                    <g>{ for bands }</g>
                    <g>{ for parties.into_iter().map(|(party, place)| node(here, fleet, *party, *place)) }</g>
                </svg>
            </div>
        </section>
    }
}

/// Layers by the longest way from a caller; a ring is cut where it closes.
fn lay_out(calls: &BTreeMap<(Party, Party), Calls>) -> Layout {
    let mut weight: BTreeMap<Party, u32> = BTreeMap::new();
    for ((from, to), calls) in calls {
        for party in [from, to] {
            // Systems that are open matter more than addresses.
            let own = if matches!(party, Party::System(_)) { 1_000_000 } else { 1 };
            let entry = weight.entry(*party).or_default();
            *entry = (*entry).max(own).saturating_add(calls.count.min(10_000));
        }
    }
    let mut ranked: Vec<_> = weight.into_iter().collect();
    ranked.sort_by_key(|(party, weight)| (std::cmp::Reverse(*weight), *party));
    let left_out = ranked.len().saturating_sub(MOST);
    let kept: BTreeSet<Party> = ranked.into_iter().take(MOST).map(|(party, _)| party).collect();
    let edges: Vec<(Party, Party)> =
        calls.keys().copied().filter(|(from, to)| kept.contains(from) && kept.contains(to)).collect();
    let mut layer: BTreeMap<Party, usize> = kept.iter().map(|party| (*party, 0)).collect();
    // As many rounds as there are layers at most; what still moves then is a ring.
    for _ in 0..4 {
        for (from, to) in &edges {
            let after = layer.get(from).copied().unwrap_or_default() + 1;
            if let Some(at) = layer.get_mut(to).filter(|at| **at < after && after <= 4) {
                *at = after;
            }
        }
    }
    let used: BTreeSet<usize> = layer.values().copied().collect();
    let columns: Vec<usize> = used.into_iter().collect();
    let step =
        if columns.len() > 1 { (WIDTH - BOX.0) / crate::format::float(columns.len() - 1) } else { 0.0 };
    let mut rows: Vec<usize> = vec![0; columns.len()];
    let mut places = HashMap::new();
    for (party, of) in &layer {
        let column = columns.iter().position(|column| column == of).unwrap_or_default();
        let Some(row) = rows.get_mut(column) else { continue };
        places.insert(*party, (crate::format::float(column) * step, crate::format::float(*row) * ROW + 6.0));
        *row += 1;
    }
    let most = rows.iter().copied().max().unwrap_or_default();
    // A short column stands in the middle.
    for (party, (_, y)) in &mut places {
        let column = layer.get(party).and_then(|of| columns.iter().position(|column| column == of));
        let own = column.and_then(|column| rows.get(column)).copied().unwrap_or(most);
        *y += crate::format::float(most - own) * ROW / 2.0;
    }
    Layout { places, height: crate::format::float(most) * ROW, left_out }
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

fn node(here: &Here, fleet: &Fleet, party: Party, (x, y): (f64, f64)) -> Html {
    let own = matches!(party, Party::System(_));
    let severity = match party {
        Party::System(system) => {
            fleet.register.get(system).and_then(procglass_model::systems::System::severity)
        }
        Party::Address(_) => None,
    };
    let class = classes!(if own { "own" } else { "other" }, severity.map(|severity| severity.word()));
    let text = label(fleet, party);
    let inside = html! { <><rect {class} x={decimal(x)} y={decimal(y)} width={decimal(BOX.0)} height={decimal(BOX.1)} rx="5" />
    <text x={decimal(x + BOX.0 / 2.0)} y={decimal(y + 20.0)} text-anchor="middle">{ text.clone() }</text></> };
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
) -> Html {
    let (start, end) = ((x1 + BOX.0, y1 + BOX.1 / 2.0), (x2, y2 + BOX.1 / 2.0));
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
