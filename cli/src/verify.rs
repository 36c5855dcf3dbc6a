//! `procglass verify`.

use crate::args::VerifyArgs;
use crate::error::{Error, Exit};
use crate::open;
use crate::parts;
use crate::unlock::Keys;
use procglass_model::bundle::{Integrity, Verdict};
use std::io::Write as _;

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Error> {
    let (mut exit, mut out) = (Exit::Done, std::io::stdout().lock());
    let keys = Keys::try_from(&args.keys)?;
    for path in &parts::of_all(&args.bundles) {
        // One bad file must not hide the state of the others.
        let snapshot = match open::bundle(path, &keys) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                eprintln!("procglass: {error}");
                exit = Exit::Damaged;
                continue;
            }
        };
        let Integrity { mismatched, missing, unlisted, .. } = &snapshot.integrity;
        let mut say = |line: String| writeln!(out, "{line}").map_err(Error::Output);
        say(format!("{}: {}", path.display(), snapshot.integrity.sentence()))?;
        for (names, what) in
            [(mismatched, "does not match"), (missing, "is missing"), (unlisted, "is not listed")]
        {
            for name in names {
                say(format!("  {} {what}", name.escape_debug()))?;
            }
        }
        for what in snapshot.integrity.remarks() {
            say(format!("  {what}"))?;
        }
        if snapshot.integrity.verdict() != Verdict::Intact {
            exit = Exit::Damaged;
        }
    }
    Ok(exit)
}
