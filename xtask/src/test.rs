//! Every check of the project, the quick ones first.

use std::path::Path;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use crate::build::WASM_BUDGET;
use crate::build::native::Collector;
use crate::dist::{self, COLLECTOR_BUDGET, FULL_BUDGET};
use crate::error::{Result, failure};
use crate::files::kilobytes;
use crate::sh::cargo;
use crate::skips::Skips;
use crate::{fuzz, setup, tidy};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Run this step only (may be given several times)
    #[arg(long, value_enum)]
    only: Vec<Step>,
}

impl Options {
    /// The steps that need no built program.
    pub(crate) fn quick() -> Self {
        Self { only: vec![Step::Tidy, Step::Fmt, Step::Clippy] }
    }
}

/// The steps, in the order in which they run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Step {
    /// Rules that no compiler knows: file lengths, machine paths, style attributes; Cargo.lock is complete
    Tidy,
    /// Formatting
    Fmt,
    /// Lints, none of them tolerated
    Clippy,
    /// Documentation, links included
    Doc,
    /// Find or install what is needed
    Setup,
    /// Build what is shipped, and check its size
    Dist,
    /// All tests, end to end ones in real browsers included
    Test,
}

/// Runs the steps and says how long each took.
pub(crate) fn run(root: &Path, options: &Options) -> Result<()> {
    let steps: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| options.only.is_empty() || options.only.contains(step))
        .collect();
    let mut done: Vec<(Step, Duration)> = Vec::new();
    for step in steps {
        println!("\n=== {} ===", name(step));
        let start = Instant::now();
        let outcome = step.run(root);
        done.push((step, start.elapsed()));
        if outcome.is_err() {
            summary(&done, Some(step));
        }
        outcome?;
    }
    summary(&done, None);
    Ok(())
}

impl Step {
    fn run(self, root: &Path) -> Result<()> {
        match self {
            Self::Tidy => {
                let lock = ["metadata", "--locked", "--quiet", "--format-version", "1"];
                tidy::run(root)?;
                cargo(root).args(lock).quiet().or("Run `cargo check` and commit Cargo.lock.").run()
            }
            Self::Fmt => cargo(root).args(["fmt", "--all", "--check"]).or("Run `cargo fmt --all`.").run(),
            Self::Clippy => {
                cargo(root).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
                fuzz::check(root)
            }
            Self::Doc => {
                cargo(root).env("RUSTDOCFLAGS", "-D warnings").args(["doc", "--workspace", "--no-deps"]).run()
            }
            Self::Setup => setup::for_tests(root),
            Self::Dist => within_budget(&dist::run(root)?),
            Self::Test => {
                let tools = setup::tools(root);
                let skips = Skips::new()?;
                // In the workspace the collector's choice of zlib-rs holds for all; those who read bundles unpack them with
                // miniz_oxide.
                let as_readers_have_it =
                    cargo(root).args(["test", "--package", "procglass-model", "--lib", "bundle"]).run();
                let all = cargo(root)
                    .env("PROCGLASS_DIST", dist::folder(root))
                    .env("PROCGLASS_TOOLS", &tools)
                    .env("PROCGLASS_SKIPS", skips.file())
                    .path_front(&tools)
                    // All failures in one run: the next one costs minutes.
                    .args(["test", "--workspace", "--no-fail-fast"])
                    .run();
                // Before a failure ends the step, since a missing test may explain it.
                let skipped = skips.report();
                as_readers_have_it.and(all).and(skipped)
            }
        }
    }
}

fn within_budget(sizes: &dist::Sizes) -> Result<()> {
    let next = "Find out what made it grow (`git log -p Cargo.lock` is a good start) and take it out again.";
    let viewer = ("the viewer's gzipped WebAssembly", sizes.wasm_gzipped, WASM_BUDGET);
    let budget = |which| if which == Collector::Full { FULL_BUDGET } else { COLLECTOR_BUDGET };
    let collectors =
        sizes.collectors.iter().map(|(which, name, size)| (name.as_str(), *size, budget(*which)));
    for (what, size, budget) in collectors.chain([viewer]) {
        if size > budget {
            let text = format!("{what} has {}, over its budget of {}", kilobytes(size), kilobytes(budget));
            return Err(failure(text, next));
        }
    }
    Ok(())
}

fn name(step: Step) -> String {
    format!("{step:?}").to_lowercase()
}

fn summary(done: &[(Step, Duration)], failed: Option<Step>) {
    println!("\nsummary:");
    for (step, time) in done {
        let outcome = if failed == Some(*step) { "FAILED" } else { "ok" };
        println!("  {:<8}{outcome:<8}{:>7.1} s", name(*step), time.as_secs_f64());
    }
}
