//! Tests that could not run on this machine: one count after all tests, and a failure where everything must run.
//!
//! The tests append one line for each of them to a file (`tests/src/skip.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::{Advise, Result, failure};
use crate::files;

/// The variable that makes a test that could not run a failure.
const MUST_RUN_ALL: &str = "CI_MUST_RUN_ALL";

/// The file for one run of the tests, in a folder that goes away with this value.
pub(crate) struct Skips {
    folder: tempfile::TempDir,
}

impl Skips {
    /// Makes the folder.
    pub(crate) fn new() -> Result<Self> {
        let folder = tempfile::tempdir();
        let next = "Check the rights and the free space of TMPDIR.";
        Ok(Self { folder: folder.advise("cannot make a folder for temporary files", next)? })
    }

    /// The value of `PROCGLASS_SKIPS` for the tests.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("skips")
    }

    /// Prints what could not run. It is a failure where the environment says that everything must run.
    pub(crate) fn report(&self) -> Result<()> {
        let skipped = Skipped::read(&self.file())?;
        if skipped.reasons.is_empty() {
            return Ok(());
        }
        println!("\n{skipped}");
        skipped.allowed(std::env::var(MUST_RUN_ALL).is_ok_and(|value| !value.is_empty()))
    }
}

/// Reasons, each with the tests that gave it.
struct Skipped {
    reasons: BTreeMap<String, BTreeSet<String>>,
}

impl Skipped {
    /// Without a file every test ran.
    fn read(file: &Path) -> Result<Self> {
        let text = if file.exists() { files::read_text(file)? } else { String::new() };
        Ok(Self::parse(&text))
    }

    /// Lines of a program, a test and a reason, with tabs between them.
    fn parse(text: &str) -> Self {
        let mut reasons: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines() {
            // A line that was written differently still counts.
            let (test, reason) = line.rsplit_once('\t').unwrap_or((line, "no reason given"));
            reasons.entry(reason.to_owned()).or_default().insert(test.replace('\t', "::"));
        }
        Self { reasons }
    }

    /// How many tests, each counted once whatever number of reasons it gave.
    fn count(&self) -> usize {
        self.reasons.values().flatten().collect::<BTreeSet<_>>().len()
    }

    fn allowed(&self, must_run_all: bool) -> Result<()> {
        if !must_run_all {
            return Ok(());
        }
        let what = format!("{} must run, and {MUST_RUN_ALL} is set", tests(self.count()));
        Err(failure(what, "Provide what the reasons above name, or unset the variable."))
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} could not run, or only in part:", tests(self.count()))?;
        for (reason, tests) in &self.reasons {
            write!(f, "\n  {reason}")?;
            for test in tests {
                write!(f, "\n    {test}")?;
            }
        }
        Ok(())
    }
}

fn tests(count: usize) -> String {
    if count == 1 { "1 test".to_owned() } else { format!("{count} tests") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "places\tone\tno prlimit\nplaces\ttwo\tthis needs root\nplaces\tone\tno prlimit\nplaces\tone\tthis needs root\n";

    #[test]
    fn each_test_counts_once_and_stands_under_each_of_its_reasons() {
        let skipped = Skipped::parse(LINES);
        assert_eq!(skipped.count(), 2);
        assert_eq!(
            skipped.to_string(),
            "2 tests could not run, or only in part:\n  no prlimit\n    places::one\n  this needs root\n    places::one\n    places::two"
        );
        assert_eq!(
            Skipped::parse("a\tb\tc\n").to_string().lines().next(),
            Some("1 test could not run, or only in part:")
        );
    }

    #[test]
    fn they_fail_only_where_all_must_run() {
        let skipped = Skipped::parse(LINES);
        assert!(skipped.allowed(false).is_ok());
        assert!(skipped.allowed(true).unwrap_err().to_string().contains("2 tests must run"));
    }

    #[test]
    fn without_a_file_every_test_ran() {
        let skips = Skips::new().unwrap();
        assert!(skips.report().is_ok());
        std::fs::write(skips.file(), LINES).unwrap();
        assert_eq!(Skipped::read(&skips.file()).unwrap().count(), 2);
    }

    #[test]
    fn a_line_without_its_parts_counts() {
        assert_eq!(Skipped::parse("odd\n").count(), 1);
    }
}
