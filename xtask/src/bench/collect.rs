//! The collector against its floor: a program that reads the same files with the same calls and throws the bytes away.

use super::load;
use super::timing::{Run, median};
use crate::error::{Result, failure};
use crate::sh::cargo;
use crate::{dist, setup};
use std::path::Path;

/// Processes, and how often: short runs differ more.
const SIZES: [(u32, usize); 3] = [(500, 15), (2_000, 9), (10_000, 5)];

/// Runs a program and prints its name and the figures of `timing::FORMAT`. Processor time to the millisecond, as bash has it:
/// time(1) has hundredths of a second, which is a twentieth of what 500 processes take.
const RUN: &str = r#"T=/tmp/procglass-bench.$$
run() {
  name=$1; shift
  bash -c 'TIMEFORMAT="%3U %3S"; { time /usr/bin/time -o "$0.rest" -f "%e %M" "$@" >/dev/null 2>&1; } 2>"$0.cpu"' $T "$@"
  echo "$name $(cat $T.cpu) $(cat $T.rest)"
}"#;

pub(super) fn run(root: &Path) -> Result<()> {
    setup::for_bench(root)?;
    dist::run(root)?;
    cargo(root).args(["build", "--release", "--package", "procglass-collect", "--example", "floor"]).run()?;
    let floor = root.join("target/release/examples/floor");
    let collector = dist::folder(root).join("procglass-collect");
    println!("\nprocesses  program     CPU s  ratio   wall s  peak MB   bundle  bytes/process");
    for (size, count) in SIZES {
        let bundle = std::env::temp_dir().join(format!("procglass-bench-{}.tar.gz", std::process::id()));
        // One after the other, so that a change in the machine's speed meets both.
        let inside = format!(
            "{RUN}\nfor n in $(seq {count}); do run floor '{}'; run collector '{}' --quiet -o '{bundle}'; done\n\
             rm -f $T.*; stat -c 'bytes %s' '{bundle}'; rm -f '{bundle}'",
            floor.display(),
            collector.display(),
            bundle = bundle.display(),
        );
        let text = load::with(root, size, &inside)?;
        let of = |name: &str| -> Vec<Run> {
            text.lines().filter_map(|line| Run::parse(line.strip_prefix(name)?)).collect()
        };
        let (floor, collector) = (of("floor "), of("collector "));
        if floor.len() != count || collector.len() != count {
            return Err(failure(format!("not every run gave figures: {text}"), "Run both programs by hand."));
        }
        let bytes: f64 =
            text.lines().find_map(|line| line.strip_prefix("bytes ")?.parse().ok()).unwrap_or(0.0);
        // Each run against the one beside it: where the machine's speed changes, it changes both.
        let pairs: Vec<(&Run, &Run)> = collector.iter().zip(&floor).collect();
        let ratio = median(&pairs, |(run, base)| run.cpu / base.cpu);
        for (name, runs) in [("floor", &floor), ("collector", &collector)] {
            let (cpu, wall) = (median(runs, |run| run.cpu), median(runs, |run| run.wall));
            let peak = median(runs, |run| run.peak_kb) / 1024.0;
            let ratio = if name == "floor" { 1.0 } else { ratio };
            let size_columns = if name == "floor" {
                String::new()
            } else {
                format!("{:6.0} KB  {:13.0}", bytes / 1e3, bytes / f64::from(size))
            };
            println!("{size:9}  {name:10} {cpu:6.3} {ratio:6.3}  {wall:7.2}  {peak:7.1}  {size_columns}");
        }
    }
    let runs = SIZES.map(|(_, runs)| runs.to_string()).join(", ");
    println!("medians of {runs} runs, in turn; ratio: of CPU seconds to those of the floor's run before it");
    Ok(())
}
