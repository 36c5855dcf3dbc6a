//! `cargo xtask`: sets this project up, builds it, packs it and tests it, on a machine that nobody prepared.

// A program for a terminal: what it prints is what it is for.
#![allow(clippy::print_stdout)]

mod bench;
mod build;
mod check;
mod dist;
mod docs;
mod error;
mod files;
mod fuzz;
mod report;
mod setup;
mod sh;
mod skips;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use error::Result;

/// Sets up, builds, packs and tests procglass.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install everything that building and testing needs
    Setup,
    /// Build the viewer (www/dist/) and the command line that embeds it
    Build,
    /// Build everything and leave it in dist/, with checksums
    Dist,
    /// Take a snapshot of this machine and leave it as dist/report.html
    Report,
    /// Write the pages of docs/ that the program itself knows
    Docs,
    /// Check the format, the lints and the unit tests of what changed: in front of every commit
    Check(check::Options),
    /// Check and test everything
    Test(test::Options),
    /// Measure what the README quotes, against a floor or a peer in the same run
    Bench {
        /// One measurement instead of all
        what: Option<bench::What>,
    },
    /// Fuzz every parser
    Fuzz {
        /// One target of fuzz/targets/ instead of all
        target: Option<String>,
        /// Seconds for each target
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<()> {
    let root = root();
    match task {
        Task::Setup => setup::for_tests(&root),
        Task::Build => build::run(&root, &setup::for_build(&root)?).map(drop),
        Task::Dist => dist::run(&root).map(drop),
        Task::Report => report::run(&root),
        Task::Docs => docs::run(&root),
        Task::Check(options) => check::run(&root, options),
        Task::Test(options) => test::run(&root, options),
        Task::Bench { what } => bench::run(&root, *what),
        Task::Fuzz { target, seconds } => fuzz::run(&root, *seconds, target.as_deref()),
    }
}

/// The folder of the workspace: the parent of this package's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
