//! Fuzzing every parser for a while, from seeds that real systems gave.

mod seeds;

use crate::error::{Advise as _, Result, failure};
use crate::files;
use crate::sh::{Run, ask, cargo};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What cargo-fuzz builds for: its sanitizers need the GNU libc.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Seconds for one input, memory in megabytes, and the longest input: what passes them is a finding.
const LIMITS: [&str; 3] = ["-timeout=20", "-rss_limit_mb=3000", "-max_len=65536"];

/// Runs each target for `seconds`, or only the one that is named.
pub(crate) fn run(root: &Path, seconds: u32, only: Option<&str>) -> Result<()> {
    let targets = targets(root, only)?;
    let binaries = build(root)?;
    seeds::write(root)?;
    println!("\n{:<10} {:>10} {:>9} {:>7} {:>7}", "target", "inputs", "a second", "edges", "corpus");
    let mut found = Vec::new();
    for target in &targets {
        let folder = |kind: &str| files::folder(&root.join("target/fuzz").join(kind).join(target));
        let (corpus, artifacts) = (folder("corpus")?, folder("found")?);
        let mut command = Command::new(binaries.join(target));
        command.args(LIMITS).args([
            format!("-max_total_time={seconds}"),
            format!("-artifact_prefix={}/", artifacts.display()),
            "-print_final_stats=1".into(),
        ]);
        let next = "Run `cargo xtask fuzz` again: it builds what is missing.";
        let output = command.arg(&corpus).output().advise(format!("cannot start {target}"), next)?;
        let log = String::from_utf8_lossy(&output.stderr);
        let path = root.join("target/fuzz/log").join(target);
        files::write(&path, log.as_bytes())?;
        println!("{}", summary(target, &log));
        if !output.status.success() {
            let said = log.lines().find(|line| line.contains("panicked") || line.starts_with("SUMMARY"));
            println!("{:10} {}", "", said.unwrap_or_default());
            found.push(format!("{target} ({})", path.display()));
        }
    }
    if !found.is_empty() {
        return Err(failure(
            format!("found something: {}", found.join(", ")),
            "The log names the file that did it: make that a unit test, and mend the parser.",
        ));
    }
    println!("\nfuzz: {} targets, {seconds} s each, nothing found", targets.len());
    Ok(())
}

/// Whether the targets still fit to the parsers: they are a workspace of their own, which nothing else builds.
pub(crate) fn check(root: &Path) -> Result<()> {
    cargo(root)
        // To check needs no library to link with, and so no compiler of C++.
        .env("CUSTOM_LIBFUZZER_PATH", root.join("target/fuzz/not-linked.a"))
        .args(["check", "--manifest-path", "fuzz/Cargo.toml", "--locked", "--target-dir", "target/fuzz/check"])
        .or("Mend the target that it names in fuzz/targets/; after a change of dependencies run `cargo update --workspace` in fuzz/.")
        .run()
}

/// One line from what libFuzzer told: how many inputs, and what they reached.
fn summary(target: &str, log: &str) -> String {
    let after = |line: &str, mark: &str| {
        let rest = line.split_once(mark)?.1.trim_start();
        rest.split([' ', '/']).next().map(str::to_owned)
    };
    let last =
        |mark: &str| log.lines().rev().find_map(|line| after(line, mark)).unwrap_or_else(|| "?".into());
    let [inputs, rate] = ["number_of_executed_units:", "average_exec_per_sec:"].map(last);
    format!("{target:<10} {inputs:>10} {rate:>9} {:>7} {:>7}", last(" cov: "), last(" corp: "))
}

/// The targets: the files of `fuzz/targets/`.
fn targets(root: &Path, only: Option<&str>) -> Result<Vec<String>> {
    let files = files::list(&root.join("fuzz/targets"))?;
    let names = files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    let all: Vec<String> = names.collect();
    match only {
        Some(only) if !all.iter().any(|name| name == only) => {
            Err(failure(format!("there is no target {only}"), format!("There are: {}.", all.join(", "))))
        }
        Some(only) => Ok(vec![only.to_owned()]),
        None => Ok(all),
    }
}

/// Builds all targets and gives the folder that they are in. They are run from there: cargo would keep its lock while one
/// fuzzes.
fn build(root: &Path) -> Result<PathBuf> {
    let tools = root.join("target/tools");
    if !tools.join("bin/cargo-fuzz").exists() {
        println!("fuzz: installing cargo-fuzz, which builds with the sanitizers");
        let install = ["install", "cargo-fuzz", "--locked", "--root"];
        cargo(root)
            .args(install)
            .arg(&tools)
            .or("It needs the registry of crates and a C++ compiler.")
            .run()?;
    }
    if ask("rustup", &["run", "nightly", "rustc", "--version"]).is_none() {
        println!("fuzz: installing a nightly toolchain, which the sanitizers need");
        Run::new("rustup", root)
            .args(["toolchain", "install", "nightly", "--profile", "minimal"])
            .or("The sanitizers need a nightly toolchain, and rustup (https://rustup.rs) brings one.")
            .run()?;
    }
    let place = "target/fuzz/build";
    // The toolchain of this run would stand in the way of the nightly one.
    Run::new("rustup", root)
        .path_front(&tools.join("bin"))
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .args(["run", "nightly", "cargo", "fuzz", "build", "--fuzz-dir", "fuzz", "--target-dir", place])
        .args(["--target", TRIPLE])
        .run()?;
    Ok(root.join(place).join(TRIPLE).join("release"))
}
