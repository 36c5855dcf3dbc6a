//! Records of logs, each with the systems and processes that it is about.

use crate::format::{bytes, clip, count, moment};
use crate::state::Rows;
use crate::state::{Correlated, Fleet, Here, QUERY, use_filter, use_fleet, use_here, use_logs};
use crate::ui::slot::At;
use crate::ui::virtual_list::VirtualList;
use crate::view::export::Export;
use crate::view::systems;
use procglass_correlate::{Match, Row, RowWriter, STRENGTHS, Side};
use procglass_logs::{End, protocol_name};
use procglass_query::write::Form;
use std::net::SocketAddr;
use std::rc::Rc;
use yew::prelude::*;

/// Parameter: the weakest match that is shown, by its name.
const LEAST: &str = "least";

/// The table.
#[component]
pub(super) fn Records() -> Html {
    let (here, fleet, logs, filter) = (use_here(), use_fleet(), use_logs(), use_filter());
    let least = here.param(LEAST).to_owned();
    let narrowed = !least.is_empty() || !filter.text.is_empty();
    let found = logs.found.clone();
    let rows = use_memo((logs.clone(), filter, least.clone()), |(logs, filter, least)| {
        let Some(found) = &logs.found else { return Rc::from([]) };
        let least = STRENGTHS.iter().find(|about| about.name == *least).map(|about| about.strength);
        let passes = |row: &Row| {
            least.is_none_or(|least| row.matches.iter().any(|found| found.strength >= least))
                && (filter.text.is_empty() || words_of(found, row).contains(&filter.text.to_lowercase()))
        };
        let rows = found.correlator.rows();
        (0..rows.len()).filter(|at| rows.get(*at).is_some_and(passes)).collect::<Rc<[usize]>>()
    });
    let row = use_callback(
        (logs.clone(), (*rows).clone(), here.clone(), fleet),
        |at: At, (logs, rows, here, fleet)| {
            let found = logs.found.as_ref();
            found
                .and_then(|found| {
                    let row = found.correlator.rows().get(*rows.get(at.row)?)?;
                    Some(one(here, fleet, found, row, at))
                })
                .unwrap_or_default()
        },
    );
    let write = use_callback((logs, (*rows).clone()), |form: Form, (logs, rows)| {
        let mut out = Vec::new();
        if let Some(found) = &logs.found {
            let mut writer = RowWriter::new(form, found.register.systems());
            for row in rows.iter().filter_map(|at| found.correlator.rows().get(*at)) {
                let name =
                    found.logs.get(row.log.0 as usize).map(|log| log.log.input.name()).unwrap_or_default();
                // Memory takes everything.
                let _ = writer.row(&name, &row.record, &row.matches, &mut out);
            }
            let _ = writer.finish(&mut out);
        }
        out
    });
    let Some(found) = found else { return Html::default() };
    let counts = found.correlator.counts();
    let chip = |(at, about): (usize, &procglass_correlate::AboutStrength)| {
        let number = counts.by_strength.get(at).copied().unwrap_or_default();
        let on = least == about.name;
        let href = (*here.0).clone().with(LEAST, if on { "" } else { about.name }).hash();
        html! { <a class={classes!("chip", on.then_some("on"))} {href} title={about.means}>{ format!("{} {}", about.words, count(usize::try_from(number).unwrap_or(usize::MAX))) }</a> }
    };
    let kept = found.correlator.rows().len();
    let matched = usize::try_from(counts.matched).unwrap_or(usize::MAX);
    let head = html! { <div class="vhead row" role="row" aria-rowindex="1">{ for [("when", "When"), ("from", "From"), ("to", "To"), ("proto", "Protocol"), ("action", "Action"), ("size num", "Bytes"), ("match", "Systems and processes"), ("strength", "How sure"), ("line", "Line")].iter().map(|(class, word)| html! {
        <span role="columnheader" class={format!("cell c-{class}")}>{ *word }</span>
    }) }</div> };
    html! {
        <>
            <div class="toolbar"><div class="quick" role="group" aria-label="At least this sure">{ for STRENGTHS.iter().enumerate().filter(|(at, _)| counts.by_strength.get(*at).is_some_and(|count| *count > 0)).map(chip) }</div>
                <Export rows={Rows { what: "records", write }} />
                if narrowed { <p class="tally" role="status" data-testid="records-match">{ format!("{} of {} match · ", count(rows.len()), count(kept)) }<a href={(*here.0).clone().with(LEAST, "").with(QUERY, "").hash()}>{ "clear the filter" }</a></p> }
                if matched > kept { <p class="tally">{ format!("the first {} of {} that matched are here: procglass correlate has no limit", count(kept), count(matched)) }</p> }
            </div>
            if rows.is_empty() && kept > 0 {
                <p class="empty" data-testid="nothing">{ "No record that is here passes the filter. It looks through addresses, names of systems, processes with their pids, and rules." }</p>
            } else if rows.is_empty() {
                <p class="empty" data-testid="nothing">{ "No record of these logs is about the systems that are open. Unknown talkers, and the log files with what was understood of them, are in the other tabs." }</p>
            }
            <VirtualList count={rows.len()} {row} {head} class="grid records-table" label="Records of logs" testid="records-table" />
        </>
    }
}

fn end(end: &End) -> String {
    match (end.address, end.port) {
        (Some(address), Some(port)) => SocketAddr::new(address, port).to_string(),
        (Some(address), None) => address.to_string(),
        (None, port) => port.map(|port| format!("port {port}")).unwrap_or_default(),
    }
}

/// Several snapshots of one system say the same: one of them is enough.
fn once<'a>(found: &Correlated, matches: &'a [Match]) -> Vec<&'a Match> {
    let mut seen = Vec::new();
    let new = |of: &&Match| {
        let pid = of.process.and_then(|row| Some(found.register.get(of.system)?.process(row)?.pid));
        let key = (found.register.identity(of.system), of.side, pid);
        let new = !seen.contains(&key);
        seen.push(key);
        new
    };
    matches.iter().filter(new).collect()
}

/// What the filter looks through, in lower case.
fn words_of(found: &Correlated, row: &Row) -> String {
    let record = &row.record;
    let mut words = format!("{} {}", end(&record.source), end(&record.destination));
    for of in &row.matches {
        if let Some(system) = found.register.get(of.system) {
            words.push(' ');
            words.push_str(&system.name);
            if let Some(process) = of.process.and_then(|row| system.process(row)) {
                words.push_str(&format!(" {} {}", process.label(), process.pid));
            }
        }
    }
    if let Some(rule) = &record.rule {
        words.push_str(&String::from_utf8_lossy(rule));
    }
    words.to_lowercase()
}

fn one(here: &Here, fleet: &Fleet, found: &Correlated, row: &Row, at: At) -> Html {
    let record = &row.record;
    let action = match (record.action, &record.rule) {
        (Some(action), Some(rule)) => format!("{}: {}", action.word(), clip(rule, 80)),
        (Some(action), None) => action.word().to_owned(),
        (None, Some(rule)) => clip(rule, 80).into_owned(),
        (None, None) => String::new(),
    };
    let strongest = row.matches.iter().map(|of| of.strength).max();
    let log = found.logs.get(row.log.0 as usize).map(|log| log.log.input.name()).unwrap_or_default();
    let who = |of: &Match| {
        let side = match of.side {
            Side::Source => "from ",
            Side::Destination => "to ",
            Side::Reporter => "reported by ",
        };
        let process =
            of.process.map(|row| html! { <>{ " " }{ systems::process(here, fleet, of.system, row) }</> });
        html! { <span class="match" title={of.strength.about().means}><span class="note">{ side }</span>{ systems::name(here, fleet, of.system) }{ process }if of.ambiguous { <span class="note">{ " or another" }</span> }</span> }
    };
    let sent = [record.sent.bytes, record.received.bytes].into_iter().flatten().reduce(u64::saturating_add);
    html! {
        <div class="row" role="row" aria-rowindex={at.index()} data-row={at.number()} data-testid="record-row">
            <span role="cell" class="cell c-when">{ record.first().map(moment).unwrap_or_else(|| "no time".into()) }</span>
            <span role="cell" class="cell c-from">{ end(&record.source) }</span>
            <span role="cell" class="cell c-to">{ end(&record.destination) }</span>
            <span role="cell" class="cell c-proto">{ record.protocol.and_then(protocol_name).unwrap_or_default() }</span>
            <span role="cell" class="cell c-action" title={action.clone()}><bdi>{ action }</bdi></span>
            <span role="cell" class="cell c-size num">{ sent.map(bytes).unwrap_or_default() }</span>
            <span role="cell" class="cell c-match">{ for once(found, &row.matches).into_iter().take(4).map(who) }</span>
            <span role="cell" class="cell c-strength">{ strongest.map(|strength| strength.about().words).unwrap_or_default() }</span>
            <span role="cell" class="cell c-line" title={log.clone()}>{ format!("{log}:{}", record.line) }</span>
        </div>
    }
}
