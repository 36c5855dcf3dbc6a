//! The viewer: how long a frame takes while somebody scrolls, folds and selects in a tree of many processes.

use super::load;
use crate::error::{Result, failure};
use crate::sh::{Run, cargo};
use crate::{dist, setup};
use std::path::Path;
use std::process::Command;

const PROCESSES: u32 = 10_000;
/// Sixty frames a second.
const FRAME_MS: f64 = 16.7;
/// A letter of the filter, which looks at every process and its sockets and files.
const LETTER_MS: f64 = 30.0;

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_bench(root)?;
    setup::for_tests(root)?;
    dist::run(root)?;
    let folder = dist::folder(root);
    let (bundle, report) = (folder.join("bench-view.tar.gz"), folder.join("bench-view.html"));
    let collect = format!(
        "'{}' -o '{}' 2>&1 | tail -n 1",
        folder.join("procglass-collect").display(),
        bundle.display()
    );
    load::with(root, PROCESSES, &collect)?;
    Run::new(folder.join("procglass"), root).arg("report").arg(&bundle).arg("-o").arg(&report).run()?;
    let measured = measure(root, &report);
    for file in [&bundle, &report] {
        let _ = std::fs::remove_file(file);
    }
    let text = measured?;
    println!("\nmain thread, ms a frame            frames   median      95 %  longest  CPU med.  CPU 95 %");
    let mut slow = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("frames ")) {
        println!("{line}");
        let mut figures = line.split_whitespace().rev().filter_map(|figure| figure.parse::<f64>().ok());
        let budget = if line.starts_with("type ") { LETTER_MS } else { FRAME_MS };
        // By the clock, at the 95th percentile.
        if figures.nth(3).is_none_or(|figure| figure > budget) {
            slow.push(line.split("  ").next().unwrap_or_default().to_owned());
        }
    }
    println!(
        "what the page's main thread works for one frame (script, style, layout, painting), not the time between two frames;\n\
         by Chromium's tracing, by the clock and by the thread's CPU time; a frame may take {FRAME_MS}, one with a letter of the filter {LETTER_MS}"
    );
    if !slow.is_empty() {
        let what = format!("frames take longer than that at the 95th percentile: {}", slow.join(", "));
        return Err(failure(
            what,
            "Run it on a quiet machine; `tests/src/bin/frames.rs` says what is measured.",
        ));
    }
    Ok(())
}

fn measure(root: &Path, report: &Path) -> Result<String> {
    cargo(root).args(["build", "--package", "procglass-tests", "--bin", "frames"]).run()?;
    let output = Command::new(root.join("target/debug/frames")).arg(report).output();
    let output =
        output.map_err(|error| failure(format!("frames: {error}"), "Build it by hand to see why."))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() && text.contains("frames ") {
        return Ok(text);
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(failure(format!("no figures came back: {error}"), "`cargo xtask setup` installs Chromium."))
}
