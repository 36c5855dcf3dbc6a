//! `procglass show`.

use crate::args::ShowArgs;
use crate::error::{Error, Exit};
use crate::open;
use crate::output;
use procglass_model::query::write::Answer;
use procglass_model::query::{Filter, Table, View};
use std::io::{BufWriter, Write as _};
use std::path::Path;

pub(crate) fn run(args: &ShowArgs) -> Result<Exit, Error> {
    let (view, bundles) = split(args)?;
    let filter =
        Filter::parse(&args.filter).map_err(|error| Error::Filter { query: args.filter.clone(), error })?;
    let snapshots = bundles.iter().map(|path| open::bundle(path)).collect::<Result<Vec<_>, _>>()?;
    let table = if args.sources { Table::with_sources } else { Table::of };
    let answer = Answer {
        tables: snapshots.iter().map(|s| (s.host_name(), table(s, view, &filter))).collect(),
        with_system: snapshots.len() > 1,
        tree: view == View::Tree,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    output::print(&answer, args.format, &mut out).map_err(Error::Output)?;
    out.flush().map_err(Error::Output)?;
    Ok(if snapshots.iter().all(open::is_intact) { Exit::Done } else { Exit::Damaged })
}

/// The view is the last word, so that a shell's `*.tar.gz` can stand before it.
fn split(args: &ShowArgs) -> Result<(View, &[std::path::PathBuf]), Error> {
    let Some((last, bundles)) = args.words.split_last().filter(|(_, bundles)| !bundles.is_empty()) else {
        return Err(Error::Usage("name at least one bundle and then a view".into()));
    };
    let view = [
        ("processes", View::Processes),
        ("tree", View::Tree),
        ("sockets", View::Sockets),
        ("files", View::Files),
        ("problems", View::Problems),
    ]
    .into_iter()
    .find(|(name, _)| last.as_path() == Path::new(name));
    match view {
        Some((_, view)) => Ok((view, bundles)),
        None => Err(Error::Usage(format!(
            "`{}` is no view. Name one of processes, tree, sockets, files, problems as the last word",
            last.display()
        ))),
    }
}
