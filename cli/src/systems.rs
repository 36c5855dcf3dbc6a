//! `procglass show systems|connections|shared|stories BUNDLE...` and `procglass ask`.

use crate::args::{AskArgs, Format, ShowArgs};
use crate::error::{Error, Exit};
use crate::load::{self, Loaded};
use crate::output;
use crate::show;
use crate::unlock::Keys;
use procglass_findings::Indicators;
use procglass_query::write::Answer;
use procglass_query::{Filter, GROUPS, Table, Value};
use procglass_systems::{Question, Reply};
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// What is shown of many systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// One row a system, or a group of them.
    Systems,
    /// Who talks to whom.
    Connections,
    /// What several have in common.
    Shared,
    /// Findings that belong together.
    Stories,
}

pub(crate) fn show(args: &ShowArgs, view: View, bundles: &[&Path], filter: &Filter) -> Result<Exit, Error> {
    if let Some(by) = args.group.as_deref().filter(|by| !GROUPS.contains(by)) {
        let what = format!("systems cannot be grouped by `{by}`. Name one of {}", GROUPS.join(", "));
        return Err(Error::Usage(what));
    }
    let indicators = args.indicators.as_deref().map(show::indicators).transpose()?.unwrap_or_default();
    let loaded = load::systems(bundles, &Keys::try_from(&args.keys)?, &indicators)?;
    let register = &loaded.register;
    let table = match (view, &args.group) {
        (View::Systems, Some(by)) => Table::groups(register, filter, by).unwrap_or_default(),
        (View::Systems, None) => Table::systems(register, filter, output::form(args.format)),
        (View::Connections, _) => {
            let columns = ["from", "to", "protocol", "port", "strength", "count", "connection"];
            for_people(Table::links(register, &register.links(), filter), args.format, &columns)
        }
        (View::Shared, _) => Table::shared(register, &register.shared(), filter),
        (View::Stories, _) => {
            let columns = ["severity", "system", "captured", "pid", "story"];
            for_people(Table::stories(register, &register.stories(), filter), args.format, &columns)
        }
    };
    print(table, args.format)?;
    let worst = register.systems().iter().filter_map(|system| system.severity()).max();
    if args.fail_on.is_some_and(|limit| worst >= Some(limit.into())) {
        return Ok(Exit::Found);
    }
    Ok(exit(&loaded))
}

pub(crate) fn ask(args: &AskArgs) -> Result<Exit, Error> {
    let Some((question, bundles)) = args.words.split_last().filter(|(_, bundles)| !bundles.is_empty()) else {
        return Err(Error::Usage("name at least one bundle and then what to ask for".into()));
    };
    let question =
        Question::parse(&question.to_string_lossy()).map_err(|error| Error::Usage(error.to_string()))?;
    let loaded = load::systems(bundles, &Keys::try_from(&args.keys)?, &Indicators::default())?;
    let reply = loaded.register.ask(&question);
    let columns = ["kind", "system", "captured", "evidence", "answer"];
    let table = for_people(Table::answers(&loaded.register, &reply), args.format, &columns);
    print(table, args.format)?;
    say(&question, &reply, loaded.register.systems().len());
    Ok(exit(&loaded))
}

/// What is no row: to stderr, so that the data stays data.
fn say(question: &Question, reply: &Reply, systems: usize) {
    if reply.answers.is_empty() {
        eprintln!(
            "procglass: none of {systems} snapshot(s) has, listens on, is connected to or mentions {}. A system of which there is no bundle was not asked. {}",
            question.words(),
            question.searched()
        );
    }
    for note in &reply.notes {
        eprintln!("procglass: {note}");
    }
    if reply.left_out() > 0 {
        eprintln!("procglass: {} more answers are not shown: ask more narrowly", reply.left_out());
    }
}

/// For people these columns only, in this order: what is longest stands last, where it is not cut. JSON and CSV have
/// everything.
fn for_people<'a>(mut table: Table<'a>, format: Format, columns: &[&'static str]) -> Table<'a> {
    if format != Format::Table {
        return table;
    }
    let places: Vec<_> =
        columns.iter().map(|name| table.columns.iter().position(|own| own == name)).collect();
    let cell = |row: &mut Vec<Value<'a>>, place: Option<usize>| {
        let cell = place
            .and_then(|at| row.get_mut(at))
            .map_or(Value::Null, |cell| std::mem::replace(cell, Value::Null));
        match cell {
            // Of a proof the place; its bytes are one command away.
            Value::Object(entries) => entries.into_iter().next().map_or(Value::Null, |(_, member)| member),
            cell => cell,
        }
    };
    let rows =
        table.rows.iter_mut().map(|row| places.iter().map(|place| cell(row, *place)).collect()).collect();
    Table { columns: columns.to_vec(), rows }
}

fn exit(loaded: &Loaded) -> Exit {
    if loaded.register.systems().is_empty() {
        Exit::Nothing
    } else if loaded.skipped + loaded.damaged > 0 {
        Exit::Damaged
    } else {
        Exit::Done
    }
}

/// One table to standard output.
pub(crate) fn print(table: Table<'_>, format: Format) -> Result<(), Error> {
    let answer = Answer { tables: vec![(String::new(), table)], with_system: false, tree: false };
    let mut out = BufWriter::new(std::io::stdout().lock());
    output::print(&answer, format, &mut out).map_err(Error::Output)?;
    out.flush().map_err(Error::Output)
}
