//! `procglass show`.

use crate::args::ShowArgs;
use crate::error::{Error, Exit};
use crate::notes::{self, Target};
use crate::unlock::{Keys, Source};
use crate::view::{self, What};
use crate::{changes, open, output, parts, systems};
use procglass_findings::{Findings, Indicators, Severity};
use procglass_model::bundle::{hex, sha256};
use procglass_opened::Opened;
use procglass_query::write::Answer;
use procglass_query::{Extra, Filter, Table, View};
use std::io::{BufWriter, Write as _};
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

pub(crate) fn run(args: &ShowArgs) -> Result<Exit, Error> {
    let (view, bundles) = view::split(&args.view, &args.bundles).map_err(Error::Usage)?;
    let parts = parts::of_all(&bundles);
    let bundles: Vec<&Path> = parts.iter().map(PathBuf::as_path).collect();
    let bundles = bundles.as_slice();
    refuse(args, &view)?;
    let filter =
        Filter::parse(&args.filter).map_err(|error| Error::Filter { query: args.filter.clone(), error })?;
    let view = match view {
        What::Snapshot(view) => view,
        What::Systems(view) => return systems::show(args, view, bundles, &filter),
        What::Changes => return changes::show(args, bundles, &filter),
    };
    let indicators = args.indicators.as_deref().map(indicators).transpose()?.unwrap_or_default();
    let keys = Keys::try_from(&args.keys)?;
    let snapshots = bundles.iter().map(|path| open::bundle(path, &keys)).collect::<Result<Vec<_>, _>>()?;
    // The program ends when they are shown, which frees them at once. One by one, a million pieces take a tenth of the time.
    let snapshots = ManuallyDrop::new(snapshots);
    if !indicators.is_empty() {
        for snapshot in snapshots.iter() {
            snapshot.set_findings(Findings::of(snapshot, &indicators));
        }
    }
    read_notes(args, bundles, &snapshots, &keys)?;
    let extra = Extra { sources: args.sources, notes: !args.notes.is_empty() };
    let answer = ManuallyDrop::new(Answer {
        tables: snapshots.iter().map(|s| (s.host_name(), Table::with(s, view, &filter, extra))).collect(),
        with_system: snapshots.len() > 1,
        tree: view == View::Tree,
    });
    let mut out = BufWriter::new(std::io::stdout().lock());
    output::print(&answer, args.format, &mut out).map_err(Error::Output)?;
    out.flush().map_err(Error::Output)?;
    if args.fail_on.is_some_and(|limit| fails(&snapshots, limit.into())) {
        return Ok(Exit::Found);
    }
    Ok(if snapshots.iter().all(open::is_whole) { Exit::Done } else { Exit::Damaged })
}

/// An option that means nothing for the view would be a wrong answer if it was passed over.
fn refuse(args: &ShowArgs, view: &What) -> Result<(), Error> {
    let of = |view: &str, what: &str| {
        Err(Error::Usage(format!(
            "{what} belongs to the view `{view}`. Write `procglass show {view} BUNDLE...`, or leave {what} out"
        )))
    };
    if args.group.is_some() && !matches!(view, What::Systems(systems::View::Systems)) {
        return of("systems", "--group");
    }
    if args.siblings && !matches!(view, What::Changes) {
        return of("changes", "--siblings");
    }
    Ok(())
}

/// The notes say by a checksum which bundle they are for: that of what is inside, where it is encrypted.
fn read_notes(args: &ShowArgs, bundles: &[&Path], snapshots: &[Opened], keys: &Keys) -> Result<(), Error> {
    if args.notes.is_empty() {
        return Ok(());
    }
    let hash = |path: &&Path| Ok(hex(&sha256(&Source::open(path, keys)?.all()?)));
    let hashes = bundles.iter().map(hash).collect::<Result<Vec<_>, Error>>()?;
    let names: Vec<String> = bundles.iter().map(|path| path.display().to_string()).collect();
    let all = hashes.iter().zip(&names).zip(snapshots);
    let targets: Vec<_> = all.map(|((sha256, name), snapshot)| Target { sha256, name, snapshot }).collect();
    notes::attach(&args.notes, &targets)
}

/// Whether something as serious was found. What an analyst explained does not count, and is named.
fn fails(snapshots: &[Opened], limit: Severity) -> bool {
    let mut fails = false;
    for snapshot in snapshots {
        let notes = snapshot.notes();
        let all = snapshot.findings().all.iter().filter(|finding| finding.severity >= limit);
        let (explained, open): (Vec<_>, Vec<_>) = all.partition(|finding| notes.explains(finding));
        for finding in explained {
            eprintln!(
                "procglass: explained by a note, so not counted for --fail-on: {}: {}",
                finding.rule.id,
                finding.sentence(snapshot)
            );
        }
        fails |= !open.is_empty();
    }
    fails
}

/// The reader's own list. One that holds nothing is a mistake, not a clean result.
pub(crate) fn indicators(path: &Path) -> Result<Indicators, Error> {
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
