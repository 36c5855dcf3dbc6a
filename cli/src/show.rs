//! `procglass show`.

use crate::args::ShowArgs;
use crate::error::{Error, Exit};
use crate::open;
use crate::output;
use crate::unlock::Keys;
use procglass_model::finding::{Findings, Indicators};
use procglass_model::model::Snapshot;
use procglass_model::query::write::Answer;
use procglass_model::query::{Filter, Table, View};
use std::io::{BufWriter, Write as _};
use std::path::Path;

pub(crate) fn run(args: &ShowArgs) -> Result<Exit, Error> {
    let (view, bundles) = split(args)?;
    let filter =
        Filter::parse(&args.filter).map_err(|error| Error::Filter { query: args.filter.clone(), error })?;
    let indicators = args.indicators.as_deref().map(indicators).transpose()?.unwrap_or_default();
    let keys = Keys::try_from(&args.keys)?;
    let snapshots = bundles.iter().map(|path| open::bundle(path, &keys)).collect::<Result<Vec<_>, _>>()?;
    if !indicators.is_empty() {
        for snapshot in &snapshots {
            snapshot.set_findings(Findings::of(snapshot, &indicators));
        }
    }
    let table = if args.sources { Table::with_sources } else { Table::of };
    let answer = Answer {
        tables: snapshots.iter().map(|s| (s.host_name(), table(s, view, &filter))).collect(),
        with_system: snapshots.len() > 1,
        tree: view == View::Tree,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    output::print(&answer, args.format, &mut out).map_err(Error::Output)?;
    out.flush().map_err(Error::Output)?;
    let worst = |snapshot: &Snapshot| snapshot.findings().all.first().map(|finding| finding.severity);
    if args
        .fail_on
        .is_some_and(|limit| snapshots.iter().any(|snapshot| worst(snapshot) >= Some(limit.into())))
    {
        return Ok(Exit::Found);
    }
    Ok(if snapshots.iter().all(open::is_intact) { Exit::Done } else { Exit::Damaged })
}

/// The reader's own list. One that holds nothing is a mistake, not a clean result.
fn indicators(path: &Path) -> Result<Indicators, Error> {
    let text = std::fs::read(path).map_err(Error::file(path, "read"))?;
    let indicators = Indicators::parse(&String::from_utf8_lossy(&text));
    if indicators.is_empty() {
        return Err(Error::Usage(format!(
            "{}: there is no indicator in it. Write one a line: an address, a network, a SHA-256, a path or a name",
            path.display()
        )));
    }
    Ok(indicators)
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
        ("findings", View::Findings),
        ("problems", View::Problems),
    ]
    .into_iter()
    .find(|(name, _)| last.as_path() == Path::new(name));
    match view {
        Some((_, view)) => Ok((view, bundles)),
        None => Err(Error::Usage(format!(
            "`{}` is no view. Name one of processes, tree, sockets, files, findings, problems as the last word",
            last.display()
        ))),
    }
}
