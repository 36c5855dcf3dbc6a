//! Many systems in the terminal and in the page: 1,000 bundles of 100 processes.

use super::load;
use super::timing::{FORMAT, Run, median};
use crate::error::{Result, failure};
use crate::sh::cargo;
use crate::{dist, setup};
use std::path::Path;
use std::process::Command;

const SYSTEMS: u32 = 1_000;
const PROCESSES: u32 = 100;
const RUNS: usize = 3;
/// What opening them may cost, seconds and megabytes.
const BUDGET: (f64, f64) = (20.0, 2048.0);

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_bench(root)?;
    dist::run(root)?;
    let folder = tempfile::tempdir().map_err(|error| {
        failure(format!("a temporary folder: {error}"), "Make room in the temporary folder.")
    })?;
    let (bundle, many) = (folder.path().join("one.tar.gz"), folder.path().join("many"));
    let collector = dist::folder(root).join("procglass-collect");
    load::with(
        root,
        PROCESSES,
        &format!("'{}' -o '{}' 2>&1 | tail -n 1", collector.display(), bundle.display()),
    )?;
    cargo(root)
        .args(["run", "--quiet", "--release", "--package", "procglass-tests", "--bin", "many", "--"])
        .arg(&bundle)
        .arg(&many)
        .arg(SYSTEMS.to_string())
        .run()?;
    let (procglass, many) = (dist::folder(root).join("procglass"), many.to_string_lossy().into_owned());
    let procglass = procglass.to_string_lossy().into_owned();
    println!("\n{SYSTEMS} systems of {PROCESSES} processes     CPU s   wall s  peak MB");
    let mut over = Vec::new();
    let questions: [(&str, &[&str]); 3] = [
        ("show systems", &["show", &many, "systems", "--format", "csv"]),
        ("show connections", &["show", &many, "connections", "--format", "csv"]),
        ("ask 10.0.0.7", &["ask", &many, "10.0.0.7", "--format", "csv"]),
    ];
    for (name, words) in questions {
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            runs.push(measure(&procglass, words)?);
        }
        let (cpu, wall) = (median(&runs, |run| run.cpu), median(&runs, |run| run.wall));
        let peak = median(&runs, |run| run.peak_kb) / 1024.0;
        println!("{name:38} {cpu:6.2}  {wall:7.2}  {peak:7.1}");
        if wall > BUDGET.0 || peak > BUDGET.1 {
            over.push(name);
        }
    }
    cargo(root)
        .args(["run", "--quiet", "--package", "procglass-tests", "--bin", "together", "--"])
        .arg(dist::folder(root).join("viewer.html"))
        .arg(&many)
        .run()?;
    println!("medians of {RUNS} runs; at most {} s and {} MB", BUDGET.0, BUDGET.1);
    if over.is_empty() {
        return Ok(());
    }
    Err(failure(
        format!("more than that: {}", over.join(", ")),
        "Run it on a quiet machine, and profile `System::of`.",
    ))
}

fn measure(program: &str, words: &[&str]) -> Result<Run> {
    let output = Command::new("/usr/bin/time").args(["-f", FORMAT, program]).args(words).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    let run = text.lines().next_back().and_then(Run::parse);
    run.ok_or_else(|| failure(format!("{program} {}: {text}", words.join(" ")), "Run it by hand to see why."))
}
