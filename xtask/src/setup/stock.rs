//! The toolchain that `cargo` and `rustc` in `PATH` belong to, and what rustup can add to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::Result;
use crate::sh::{Run, ask, which};

/// rustup without a way out can hang on a dead route for minutes; the other routes are quicker than that.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether the toolchain has a ready-made standard library for `target`.
pub(crate) fn has_target(target: &str) -> bool {
    let Some(folder) = ask("rustc", &["--print", "target-libdir", "--target", target]) else {
        return false;
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Whether the toolchain has the sources of the standard library, which `-Z build-std` compiles.
pub(crate) fn has_sources() -> bool {
    ask("rustc", &["--print", "sysroot"]).is_some_and(|sysroot| sources_under(&sysroot).is_file())
}

/// The file that shows that a sysroot holds the standard library's sources.
pub(crate) fn sources_under(sysroot: &str) -> PathBuf {
    Path::new(sysroot).join("lib/rustlib/src/rust/library/Cargo.toml")
}

/// Lets rustup add something, for at most [`PATIENCE`]. False where that does not work.
pub(crate) fn add(root: &Path, what: &[&str], why: &str) -> Result<bool> {
    if which("rustup").is_none() {
        return Ok(false);
    }
    println!("setup: trying rustup: needed to {why}");
    let added = Run::new("rustup", root)
        .env_remove("RUST_BACKTRACE")
        .env("RUSTUP_MAX_RETRIES", "1")
        .args(what)
        .succeeds_within(PATIENCE)?;
    if !added {
        println!("setup: rustup could not add it (no network?); taking the next route");
    }
    Ok(added)
}
