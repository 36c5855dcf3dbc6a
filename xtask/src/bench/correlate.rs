//! Correlating 10 million flow records with 100 bundles, against only counting the lines of the same log.

use super::timing::{FORMAT, Run, median};
use crate::error::{Result, failure};
use crate::sh::cargo;
use crate::{dist, setup};
use std::path::Path;
use std::process::Command;

const BUNDLES: u32 = 100;
const RECORDS: u32 = 10_000_000;
/// For the page, which has a tenth of it.
const RECORDS_IN_PAGE: u32 = 1_000_000;
const RUNS: usize = 3;

pub(super) fn run(root: &Path) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("procglass-correlate-{}", std::process::id()));
    let outcome = measure(root, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn measure(root: &Path, folder: &Path) -> Result<()> {
    setup::for_bench(root)?;
    dist::run(root)?;
    cargo(root).args(["build", "--quiet", "--release", "--package", "procglass"]).run()?;
    let make = ["run", "--quiet", "--release", "--package", "procglass-tests", "--bin", "flows", "--"];
    cargo(root).args(make).arg(folder).args([BUNDLES.to_string(), RECORDS.to_string()]).run()?;
    let (program, log) = (root.join("target/release/procglass"), folder.join("vpc-flow.log"));
    let bundles = format!("{}/*.tar.gz", folder.display());
    let correlate = |log: &str, rest: &str| {
        format!("'{}' correlate {bundles} {log} {rest} 2>&1 >/dev/null | tail -n 1", program.display())
    };
    let log = log.display().to_string();
    // What the bundles cost is taken off: a log of one line, in the same format.
    let none = folder.join("one-line.log");
    let first = "2 1 eni-1 10.1.0.1 10.1.0.2 1 2 6 1 1 1795500000 1795500001 ACCEPT OK\n";
    std::fs::write(&none, first).map_err(|error| {
        failure(format!("{}: {error}", none.display()), "Make room in the folder for temporary files.")
    })?;
    let programs = [
        ("wc -l", format!("wc -l '{log}'")),
        ("grep -c ACCEPT", format!("grep -c ACCEPT '{log}'")),
        ("the bundles alone", correlate(&none.display().to_string(), "--summary processes")),
        ("correlate --summary processes", correlate(&log, "--summary processes")),
        ("correlate --format csv", correlate(&log, "--format csv")),
        ("correlate --format json", correlate(&log, "--format json")),
    ];
    let mut runs = vec![Vec::new(); programs.len()];
    for _ in 0..RUNS {
        for ((_, program), runs) in programs.iter().zip(&mut runs) {
            runs.push(one(program)?);
        }
    }
    let cpu = |at: usize| runs.get(at).map_or(0.0, |runs| median(runs, |run| run.cpu));
    println!("\n{RECORDS} records, {BUNDLES} bundles   CPU s   wall s  peak MB  records/s");
    for (at, ((name, _), runs)) in programs.iter().zip(&runs).enumerate() {
        let own = if at > 2 { cpu(at) - cpu(2) } else { cpu(at) };
        let rate = if at == 2 { 0.0 } else { f64::from(RECORDS) / own };
        let (wall, peak) = (median(runs, |run| run.wall), median(runs, |run| run.peak_kb) / 1024.0);
        println!("{name:32} {:6.2}  {wall:7.2}  {peak:7.1}  {rate:10.0}", cpu(at));
    }
    let small = folder.join("page");
    cargo(root).args(make).arg(&small).args([BUNDLES.to_string(), RECORDS_IN_PAGE.to_string()]).run()?;
    cargo(root)
        .args(["run", "--quiet", "--package", "procglass-tests", "--bin", "together", "--"])
        .args([&dist::folder(root).join("viewer.html"), &small, &small.join("vpc-flow.log")])
        .run()?;
    println!("medians of {RUNS} runs each, in turn; records/s of CPU time, without what the bundles cost");
    Ok(())
}

fn one(program: &str) -> Result<Run> {
    let output = Command::new("/usr/bin/time").args(["-f", FORMAT, "sh", "-c", program]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    text.lines()
        .next_back()
        .and_then(Run::parse)
        .ok_or_else(|| failure(format!("{program}: {text}"), "Run it by hand to see why."))
}
