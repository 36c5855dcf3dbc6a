//! `procglass show changes BEFORE AFTER`, and one bundle against its siblings.

use crate::args::ShowArgs;
use crate::error::{Error, Exit};
use crate::unlock::Keys;
use crate::{load, open, systems};
use procglass_query::{Filter, Table};
use procglass_systems::compare::{Comparison, Siblings};
use std::path::{Path, PathBuf};

pub(crate) fn show(args: &ShowArgs, bundles: &[&Path], filter: &Filter) -> Result<Exit, Error> {
    let bundles = load::bundles(bundles)?;
    let keys = Keys::try_from(&args.keys)?;
    match (bundles.as_slice(), args.siblings) {
        ([before, after], false) => {
            let (before, after) = (open::bundle(before, &keys)?, open::bundle(after, &keys)?);
            let comparison = Comparison::of(&before, &after);
            eprintln!("procglass: {}", comparison.sentence());
            systems::print(Table::changes(&before, &after, &comparison, filter), args.format)?;
            Ok(if open::is_whole(&before) && open::is_whole(&after) { Exit::Done } else { Exit::Damaged })
        }
        ([one, others @ ..], true) if !others.is_empty() => siblings(args, &keys, one, others, filter),
        (_, true) => Err(Error::Usage("--siblings takes one bundle and then those that it should be like".into())),
        _ => Err(Error::Usage(
            "`changes` takes two bundles, the earlier one first; with --siblings one and those that it should be like"
                .into(),
        )),
    }
}

/// One sibling is in memory at a time.
fn siblings(
    args: &ShowArgs,
    keys: &Keys,
    one: &Path,
    others: &[PathBuf],
    filter: &Filter,
) -> Result<Exit, Error> {
    let one = open::bundle(one, keys)?;
    let (mut siblings, mut whole) = (Siblings::new(&one), open::is_whole(&one));
    for path in others {
        match open::bundle(path, keys) {
            Ok(sibling) => {
                whole &= open::is_whole(&sibling);
                siblings.add(&sibling);
            }
            Err(error) => {
                eprintln!("procglass: {error}: skipped");
                whole = false;
            }
        }
    }
    let compared = siblings.compared();
    let differences = siblings.finish();
    eprintln!(
        "procglass: compared with {compared} sibling(s): what sets it apart from more than half of them"
    );
    systems::print(Table::differences(&one, &differences, compared, filter), args.format)?;
    Ok(if whole { Exit::Done } else { Exit::Damaged })
}
