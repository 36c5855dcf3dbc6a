//! A report of 100 MB in a browser, against 3 s and 600 MB.

use super::open::{in_browser, tool};
use crate::error::Result;
use crate::sh::Run;
use crate::{dist, setup};
use std::path::Path;

/// Size of the evidence.
const MEGABYTES: &str = "100";
const RUNS: &str = "5";

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_tests(root)?;
    dist::run(root)?;
    let bundle = std::env::temp_dir().join(format!("procglass-report-{}.tar.gz", std::process::id()));
    let large = bundle.with_extension("large");
    let outcome = Run::new(dist::folder(root).join("procglass-collect"), root)
        .args(["--quiet", "-o"])
        .arg(&bundle)
        .run()
        .and_then(|()| tool(root, "recovered").args([&bundle, &large]).arg(MEGABYTES).run())
        .and_then(|()| in_browser(root, &large, RUNS));
    println!("wanted: a report of {MEGABYTES} MB is ready within 3,000 ms and 600 MB");
    for file in [&bundle, &large] {
        let _ = std::fs::remove_file(file);
    }
    outcome
}
