//! A snapshot of this machine as one page: the quickest way to see what procglass does.

use std::path::{Path, PathBuf};

use crate::dist;
use crate::error::{Advise, Result, failure};
use crate::files;
use crate::sh::Run;

/// Builds what is needed, collects, and writes `dist/report.html`.
pub(crate) fn run(root: &Path) -> Result<()> {
    dist::for_report(root)?;
    let folder = dist::folder(root);
    // It names the bundle itself, after this machine and the time.
    step(Run::new(folder.join("procglass-collect"), &folder))?;
    let bundle = newest_bundle(&folder)?;
    let report = folder.join("report.html");
    step(Run::new(folder.join("procglass"), root).arg("report").arg(&bundle).arg("-o").arg(&report))?;
    println!("\nbundle: {}\nreport: {}", bundle.display(), report.display());
    println!("Open the report by double click, or with `xdg-open dist/report.html`. It needs no network.");
    Ok(())
}

/// Runs one of our programs. Exit code 3 says that the output is there, with something to read about it.
fn step(run: Run) -> Result<()> {
    match run.code()? {
        0 | 3 => Ok(()),
        code => Err(failure(
            format!("it ended with exit code {code}"),
            "Read its message above; root sees most (`sudo -E cargo xtask report`).",
        )),
    }
}

fn newest_bundle(folder: &Path) -> Result<PathBuf> {
    let bundles =
        files::list(folder)?.into_iter().filter(|file| file.to_string_lossy().ends_with(".procglass.tar.gz"));
    bundles
        .max_by_key(|file| file.metadata().and_then(|data| data.modified()).ok())
        .ok_or_else(|| anyhow::anyhow!("no *.procglass.tar.gz in {}", folder.display()))
        .advise("the collector left no bundle", "Read its message above.")
}
