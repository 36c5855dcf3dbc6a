//! Opening a bundle: on the command line against only decompressing it, and in a browser.

use super::load;
use super::timing::{FORMAT, Run, median};
use crate::error::{Result, failure};
use crate::sh::{self, cargo};
use crate::{dist, setup};
use std::path::Path;
use std::process::Command;

const PROCESSES: u32 = 10_000;
const RUNS: usize = 5;

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_bench(root)?;
    setup::for_tests(root)?;
    dist::run(root)?;
    let bundle = std::env::temp_dir().join(format!("procglass-open-{}.tar.gz", std::process::id()));
    let collector = dist::folder(root).join("procglass-collect");
    load::with(
        root,
        PROCESSES,
        &format!("'{}' -o '{}' 2>&1 | tail -n 1", collector.display(), bundle.display()),
    )?;
    let path = bundle.to_string_lossy();
    let procglass = dist::folder(root).join("procglass");
    let show = procglass.to_string_lossy();
    let programs: [(&str, Vec<&str>); 3] = [
        ("gzip -dc", vec!["gzip", "-dc", &path]),
        ("show processes", vec![&show, "show", &path, "processes", "--format", "csv"]),
        ("show sockets", vec![&show, "show", &path, "sockets", "--format", "csv"]),
    ];
    let mut runs = vec![Vec::new(); programs.len()];
    for _ in 0..RUNS {
        for ((_, program), runs) in programs.iter().zip(&mut runs) {
            runs.push(measure(program)?);
        }
    }
    println!("\n{PROCESSES} processes     CPU s  ratio   wall s  peak MB");
    let base = runs.first().map_or(0.0, |runs| median(runs, |run| run.cpu));
    for ((name, _), runs) in programs.iter().zip(&runs) {
        let (cpu, wall) = (median(runs, |run| run.cpu), median(runs, |run| run.wall));
        println!(
            "{name:16} {cpu:6.2} {:6.2}  {wall:7.2}  {:7.1}",
            cpu / base,
            median(runs, |run| run.peak_kb) / 1024.0
        );
    }
    println!("medians of {RUNS} runs each, in turn; ratio: CPU seconds to those of gzip");
    let large = bundle.with_extension("large");
    let outcome = in_browser(root, &bundle, &RUNS.to_string()).and_then(|()| {
        // The same processes ten times: a machine of this size is not to be had here.
        tool(root, "multiply").args([&bundle, &large]).arg("10").run()?;
        in_browser(root, &large, "1")
    });
    for file in [&bundle, &large] {
        let _ = std::fs::remove_file(file);
    }
    outcome
}

/// A bundle in Chromium: dropped on the viewer, and inside a report.
pub(super) fn in_browser(root: &Path, bundle: &Path, runs: &str) -> Result<()> {
    let folder = dist::folder(root);
    let report = bundle.with_extension("html");
    let outcome = sh::Run::new(folder.join("procglass"), root)
        .arg("report")
        .arg(bundle)
        .arg("-o")
        .arg(&report)
        .quiet()
        .run()
        .and_then(|()| {
            println!("\nin Chromium, from file://, milliseconds after the file was chosen or the report was opened:");
            tool(root, "opening").arg(folder.join("viewer.html")).arg(&report).arg(bundle).arg(runs).run()
        });
    let _ = std::fs::remove_file(&report);
    outcome
}

/// A program of the tests.
pub(super) fn tool(root: &Path, name: &str) -> sh::Run {
    cargo(root).args(["run", "--quiet", "--package", "procglass-tests", "--bin", name, "--"])
}

fn measure(program: &[&str]) -> Result<Run> {
    let output = Command::new("/usr/bin/time").args(["-f", FORMAT]).args(program).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    text.lines()
        .next_back()
        .and_then(Run::parse)
        .ok_or_else(|| failure(format!("{}: {text}", program.join(" ")), "Run it by hand to see why."))
}
