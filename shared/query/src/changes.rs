//! Changes as tables, and queries over them.

use super::field::ChangeField;
use super::filter::{any, on_owner};
use super::parse::Test;
use super::{Filter, Table, Value};
use bstr::BString;
use procglass_opened::Opened;
use procglass_snapshot::ProcessIndex;
use procglass_systems::compare::{Change, Comparison, Difference, FieldChange, Mark};

/// Longer values are cut: both ends of a change stand in one row.
const LONGEST: usize = 4096;

impl Filter {
    /// Whether a change passes: by its own words, or by its process on either side. `snapshots` are the one before and the
    /// one after.
    #[must_use]
    pub fn change(&self, snapshots: (&Opened, &Opened), change: &Change) -> bool {
        self.holds_as_known(|test| {
            let own = match test {
                Test::Change(field, pattern) => {
                    return Some(match field {
                        ChangeField::Change => pattern.matches(change.mark.word().as_bytes()),
                        ChangeField::About => pattern.matches(change.about.word().as_bytes()),
                        ChangeField::Changed => {
                            change.fields.iter().any(|field| pattern.matches(field.field.as_bytes()))
                        }
                    });
                }
                Test::Any(pattern) => {
                    let values =
                        change.fields.iter().flat_map(|field| [&field.before, &field.after]).flatten();
                    pattern.matches(change.what.as_bytes())
                        || values.into_iter().any(|value| pattern.matches(value))
                }
                // Of the process on either side.
                _ => false,
            };
            let on = |snapshot, index: Option<ProcessIndex>| {
                index.map_or(Some(false), |index| on_owner(test, snapshot, index))
            };
            any([Some(own), on(snapshots.0, change.before), on(snapshots.1, change.after)])
        })
    }
}

impl Filter {
    /// Whether what sets a system apart from its siblings passes. What is missing in it has its process in a sibling, which is
    /// not at hand.
    #[must_use]
    pub fn difference(&self, one: &Opened, difference: &Difference) -> bool {
        let mut change = difference.change.clone();
        change.before = None;
        self.change((one, one), &change)
    }
}

fn cells<'a>(pid: Option<u32>, change: &'a Change, field: Option<&'a FieldChange>) -> Vec<Value<'a>> {
    let text = |text: &'a str| Value::Text(text.into());
    let value = |value: Option<&'a BString>| {
        value.map_or(Value::Null, |value| {
            Value::Bytes(value.get(..value.len().min(LONGEST)).unwrap_or_default())
        })
    };
    let members = (change.members.0.as_deref(), change.members.1.as_deref());
    vec![
        text(change.mark.word()),
        text(change.about.word()),
        text(&change.what),
        Value::number(pid),
        field.map_or(Value::Null, |field| text(&field.field)),
        value(field.and_then(|field| field.before.as_ref())),
        value(field.and_then(|field| field.after.as_ref())),
        text(members.1.or(members.0).unwrap_or_default()),
    ]
}

const COLUMNS: [&str; 8] = ["change", "about", "what", "pid", "field", "before", "after", "member"];

fn pid(snapshots: (&Opened, &Opened), change: &Change) -> Option<u32> {
    let of = |snapshot: &Opened, index: Option<ProcessIndex>| Some(snapshot.process(index?)?.pid);
    of(snapshots.1, change.after).or_else(|| of(snapshots.0, change.before))
}

impl<'a> Table<'a> {
    /// Changes that pass, one row each; of what changed one row a field.
    #[must_use]
    pub fn changes(
        before: &'a Opened,
        after: &'a Opened,
        comparison: &'a Comparison,
        filter: &Filter,
    ) -> Self {
        let snapshots = (before, after);
        if filter.asks_for_findings() {
            before.findings();
            after.findings();
        }
        let mut table = Self { columns: COLUMNS.to_vec(), rows: Vec::new() };
        for change in comparison.changes.iter().filter(|change| filter.change(snapshots, change)) {
            let pid = pid(snapshots, change);
            if change.fields.is_empty() {
                table.rows.push(cells(pid, change, None));
            }
            table.rows.extend(change.fields.iter().map(|field| cells(pid, change, Some(field))));
        }
        table
    }

    /// What sets a system apart from its siblings, with the number of those against which it holds.
    #[must_use]
    pub fn differences(
        one: &'a Opened,
        differences: &'a [Difference],
        compared: usize,
        filter: &Filter,
    ) -> Self {
        let passes = |difference: &&Difference| filter.difference(one, difference);
        let row = |difference: &'a Difference| {
            let change = &difference.change;
            let own = change.after.filter(|_| change.mark != Mark::Gone);
            let pid = own.and_then(|index| one.process(index)).map(|process| process.pid);
            let mut row = cells(pid, change, change.fields.first());
            row.push(Value::Text(format!("{} of {compared}", difference.siblings).into()));
            row
        };
        let columns = COLUMNS.iter().copied().chain(["siblings"]).collect();
        Self { columns, rows: differences.iter().filter(passes).map(row).collect() }
    }
}
