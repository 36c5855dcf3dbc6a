//! What the records come to, as tables.

use super::correlator::Correlator;
use super::seen::{Remote, Totals};
use super::strength::STRENGTHS;
use procglass_logs::protocol_name;
use procglass_model::Timestamp;
use procglass_query::{Table, Value};
use procglass_systems::{System, SystemIndex};

fn time(time: Option<Timestamp>) -> Value<'static> {
    time.map_or(Value::Null, Value::Time)
}

fn sums(totals: &Totals) -> Vec<(&'static str, Value<'static>)> {
    vec![
        ("records", Value::Number(totals.records)),
        ("bytes_out", Value::Number(totals.bytes_out)),
        ("bytes_in", Value::Number(totals.bytes_in)),
        ("packets", Value::Number(totals.packets)),
        ("accepted", Value::Number(totals.accepted)),
        ("rejected", Value::Number(totals.rejected)),
        ("alerts", Value::Number(totals.alerts)),
        ("first", time(totals.first)),
        ("last", time(totals.last)),
    ]
}

/// A table of rows that all have the same names.
fn table<'a>(rows: Vec<Vec<(&'static str, Value<'a>)>>, names: Vec<&'static str>) -> Table<'a> {
    let rows = rows.into_iter().map(|row| row.into_iter().map(|(_, value)| value).collect());
    Table { columns: names, rows: rows.collect() }
}

const SUMS: [&str; 9] =
    ["records", "bytes_out", "bytes_in", "packets", "accepted", "rejected", "alerts", "first", "last"];

/// One row for each process that the records name, and one for each system in records that name none of its processes.
#[must_use]
pub fn processes<'s>(correlator: &Correlator, systems: &'s [System]) -> Table<'s> {
    let rows = correlator.all_seen().filter_map(|(index, row, seen)| {
        let system = systems.get(usize::try_from(index.0).ok()?)?;
        let process = row.and_then(|row| system.processes.get(usize::try_from(row.0).ok()?));
        let strongest = STRENGTHS.iter().zip(seen.by_strength).find(|(_, count)| *count > 0);
        let (remotes, others) = seen.remotes();
        let mut fields = vec![
            ("system", Value::Bytes(system.name.as_bytes())),
            ("pid", process.map_or(Value::Null, |process| Value::Number(process.pid.into()))),
            ("process", process.map_or(Value::Null, |process| Value::Bytes(&process.name))),
            ("strength", strongest.map_or(Value::Null, |(about, _)| Value::Text(about.name.into()))),
            ("ambiguous", Value::Number(seen.ambiguous)),
        ];
        fields.extend(sums(&seen.totals));
        let ends = remotes.iter().map(|(remote, totals)| end(remote, totals)).collect();
        fields.push(("remote_ends", Value::List(ends)));
        fields.push(("other_ends", Value::Number(others.records)));
        Some(fields)
    });
    let names = ["system", "pid", "process", "strength", "ambiguous"].into_iter().chain(SUMS);
    table(rows.collect(), names.chain(["remote_ends", "other_ends"]).collect())
}

fn end(remote: &Remote, totals: &Totals) -> Value<'static> {
    let port = remote.port.map_or(Value::Null, |port| Value::Number(port.into()));
    let protocol =
        remote.protocol.and_then(protocol_name).map_or(Value::Null, |name| Value::Text(name.into()));
    let mut fields = vec![
        ("address", Value::Text(remote.address.to_string().into())),
        ("protocol", protocol),
        ("port", port),
        ("port_of", Value::Text(if remote.theirs { "remote" } else { "own" }.into())),
    ];
    fields.extend(sums(totals));
    Value::Object(fields)
}

/// One row for each address that no system explains, those that touch the most systems first; at most `limit`.
#[must_use]
pub fn talkers<'s>(correlator: &Correlator, systems: &'s [System], limit: usize) -> Table<'s> {
    let name = |index: &SystemIndex| {
        let system = usize::try_from(index.0).ok().and_then(|at| systems.get(at));
        system.map_or(Value::Null, |system| Value::Bytes(system.name.as_bytes()))
    };
    let rows = correlator.talkers(limit).into_iter().map(|talker| {
        let mut fields = vec![
            ("address", Value::Text(talker.address.to_string().into())),
            ("systems", Value::Number(talker.systems.len() as u64)),
            ("more_systems", Value::Bool(talker.more_systems)),
            ("names", Value::List(talker.systems.iter().map(name).collect())),
            ("ports", Value::List(talker.ports.iter().map(|port| Value::Number((*port).into())).collect())),
            ("more_ports", Value::Bool(talker.more_ports)),
            ("as_source", Value::Number(talker.as_source)),
        ];
        fields.extend(sums(&talker.totals));
        fields
    });
    let names = ["address", "systems", "more_systems", "names", "ports", "more_ports", "as_source"];
    table(rows.collect(), names.into_iter().chain(SUMS).collect())
}
