//! Finds what the project needs on this machine, and installs what is missing. Safe to run again at any time.

mod apt;
mod browsers;
mod debian;
pub(crate) mod musl;
mod stock;
pub(crate) mod wasm;

use std::path::Path;

pub(crate) use browsers::tools;
use musl::StaticToolchain;
use wasm::WasmToolchain;

use crate::error::{Result, failure};

/// The toolchains that a build needs.
#[derive(Debug)]
pub(crate) struct Toolchains {
    /// For the viewer.
    pub(crate) wasm: WasmToolchain,
    /// For the collector.
    pub(crate) fixed: StaticToolchain,
}

/// What building and collecting needs: two toolchains, no browser.
pub(crate) fn for_build(root: &Path) -> Result<Toolchains> {
    let mut apt = apt::Apt::new(root);
    let wasm = WasmToolchain::ensure(root, &mut apt)?;
    let fixed = StaticToolchain::ensure(root, &mut apt)?;
    println!("setup: toolchains: {} for WebAssembly, {} for the collector", wasm.name(), fixed.name());
    Ok(Toolchains { wasm, fixed })
}

/// Everything, browsers and their drivers included.
pub(crate) fn for_tests(root: &Path) -> Result<()> {
    for_build(root)?;
    browsers::ensure(root, &mut apt::Apt::new(root))?;
    println!("setup: browsers, drivers and web server are there");
    Ok(())
}

/// What the benchmarks need beyond a build: time(1), which asks the kernel for a process's figures.
pub(crate) fn for_bench(root: &Path) -> Result<()> {
    apt::Apt::new(root).install(&["time", "python3", "iproute2"], "measure programs under load")
}

/// A route that the person at the terminal insists on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Forced {
    /// The toolchain in `PATH`.
    Stock,
    /// Debian's.
    Debian,
}

impl Forced {
    /// Reads `PROCGLASS_TOOLCHAIN`, which exists so that both routes can be tried on one machine.
    fn read() -> Result<Option<Self>> {
        match std::env::var("PROCGLASS_TOOLCHAIN").as_deref() {
            Err(_) | Ok("") => Ok(None),
            Ok("stock") => Ok(Some(Self::Stock)),
            Ok("debian") => Ok(Some(Self::Debian)),
            Ok(other) => Err(failure(
                format!("PROCGLASS_TOOLCHAIN={other} names no toolchain"),
                "Set it to `stock` or `debian`, or leave it unset.",
            )),
        }
    }
}
