//! The second toolchain: Debian's `rustc-web`, a recent compiler that comes with its sources.
//!
//! It needs nothing but a Debian mirror. Its standard library is compiled here for the target in question
//! (`-Z build-std`, which a released compiler only does under `RUSTC_BOOTSTRAP=1`).

use std::path::{Path, PathBuf};

use super::apt::Apt;
use super::stock;
use crate::error::Result;
use crate::sh::{Run, ask, which};

const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// Whether the compiler and its sources are there.
pub(crate) fn present() -> bool {
    Path::new(CARGO).is_file()
        && ask(RUSTC, &["--print", "sysroot"]).is_some_and(|sysroot| stock::sources_under(&sysroot).is_file())
}

/// Installs the compiler and its sources; false where this system does not offer them.
pub(crate) fn install(apt: &mut Apt<'_>, why: &str) -> Result<bool> {
    if !apt.offers("rustc-web")? {
        return Ok(false);
    }
    apt.install(&PACKAGES, why)?;
    Ok(present())
}

/// The WebAssembly linker: any will do, so a stock toolchain's own serves before a package is installed.
pub(crate) fn wasm_linker() -> Option<PathBuf> {
    if let Some(linker) = which("rust-lld").filter(|file| file.exists()) {
        return Some(linker);
    }
    let sysroot = ask("rustc", &["--print", "sysroot"])?;
    let host = format!("lib/rustlib/{}-unknown-linux-gnu/bin/rust-lld", std::env::consts::ARCH);
    Some(Path::new(&sysroot).join(host)).filter(|file| file.is_file()).or_else(newest_wasm_ld)
}

fn newest_wasm_ld() -> Option<PathBuf> {
    let number = |name: &str| name.strip_prefix("wasm-ld-")?.parse::<u32>().ok();
    let entries = std::fs::read_dir("/usr/bin").ok()?;
    let named = entries.flatten().filter_map(|entry| {
        let number = number(&entry.file_name().to_string_lossy())?;
        Some((number, entry.path()))
    });
    named.max().map(|(_, file)| file)
}

/// This compiler's cargo, whatever stands first in `PATH` and whatever rustup set.
pub(crate) fn cargo(root: &Path) -> Run {
    Run::new(CARGO, root)
        .path_front(Path::new("/usr/bin"))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("CARGO")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTUP_HOME")
        .or("Read the compiler's messages above; `cargo xtask setup` shows what was installed.")
}
