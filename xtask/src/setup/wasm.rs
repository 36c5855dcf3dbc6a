//! Who compiles the viewer to WebAssembly.

use std::path::{Path, PathBuf};

use super::apt::Apt;
use super::{Forced, debian, stock};
use crate::error::{Result, failure};
use crate::sh::{Run, cargo};

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
const WHY: &str = "compile the viewer to WebAssembly";
const NEXT: &str = "Run `rustup target add wasm32-unknown-unknown` on a network that reaches rustup's server, \
                    or use a Debian system, whose packages rustc-web, cargo-web, rust-web-src and rust-web-llvm also serve.";

/// A compiler for [`TARGET`]. Never remembered: found anew in each run, so that nothing can go stale.
#[derive(Debug, Clone)]
pub(crate) enum WasmToolchain {
    /// The compiler in `PATH`, which has a standard library for the target.
    Rustup,
    /// Debian's compiler, which makes the standard library from source.
    Debian {
        /// The program that links WebAssembly.
        linker: PathBuf,
    },
}

impl WasmToolchain {
    /// Finds one, or installs one by the first route that works.
    pub(crate) fn ensure(root: &Path, apt: &mut Apt<'_>) -> Result<Self> {
        let forced = Forced::read()?;
        if forced != Some(Forced::Debian) {
            if stock::has_target(TARGET) {
                return Ok(Self::Rustup);
            }
            // What is installed already comes before what would have to be fetched.
            if forced.is_none()
                && let Some(found) = Self::debian()
            {
                return Ok(found);
            }
            if stock::add(root, &["target", "add", TARGET], WHY)? && stock::has_target(TARGET) {
                return Ok(Self::Rustup);
            }
        }
        if forced != Some(Forced::Stock) && (debian::present() || debian::install(apt, WHY)?) {
            if debian::wasm_linker().is_none()
                && let Some(lld) = apt.newest("lld-")?
            {
                apt.install(&[&lld], "link WebAssembly")?;
            }
            if let Some(found) = Self::debian() {
                return Ok(found);
            }
        }
        Err(failure("no compiler for WebAssembly could be found or installed", NEXT))
    }

    fn debian() -> Option<Self> {
        if !debian::present() {
            return None;
        }
        debian::wasm_linker().map(|linker| Self::Debian { linker })
    }

    /// `cargo rustc` for the target with the caller's compiler flags; the caller adds package and profile.
    pub(crate) fn rustc(&self, root: &Path, flags: &[String]) -> Run {
        match self {
            Self::Rustup => cargo(root).rustflags(flags).args(["rustc", "--target", TARGET]),
            Self::Debian { linker } => debian::cargo(root)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                .rustflags(flags)
                .args(["rustc", "--target", TARGET, "-Z", "build-std=std,panic_abort"]),
        }
    }

    /// Its name for the log, and for the build folder: two compilers must not share one.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Rustup => "stock",
            Self::Debian { .. } => "debian",
        }
    }
}
