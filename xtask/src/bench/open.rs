//! Opening a bundle on the command line against only decompressing it.

use super::load;
use super::timing::{FORMAT, Run, median};
use crate::error::{Result, failure};
use crate::{dist, setup};
use std::path::Path;
use std::process::Command;

const PROCESSES: u32 = 10_000;
const RUNS: usize = 5;

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_bench(root)?;
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
    let _ = std::fs::remove_file(&bundle);
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
    Ok(())
}

fn measure(program: &[&str]) -> Result<Run> {
    let output = Command::new("/usr/bin/time").args(["-f", FORMAT]).args(program).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    text.lines()
        .next_back()
        .and_then(Run::parse)
        .ok_or_else(|| failure(format!("{}: {text}", program.join(" ")), "Run it by hand to see why."))
}
