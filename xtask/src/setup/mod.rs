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
use crate::sh;

/// The toolchains that a build needs.
#[derive(Debug)]
pub(crate) struct Toolchains {
    /// For the viewer.
    pub(crate) wasm: WasmToolchain,
    /// For the collector.
    pub(crate) fixed: StaticToolchain,
    /// Other architectures that it can build the collector for.
    pub(crate) foreign: Vec<&'static str>,
}

/// What building and collecting on this machine needs: two toolchains, no browser, no other architecture.
pub(crate) fn for_report(root: &Path) -> Result<Toolchains> {
    let mut apt = apt::Apt::new(root);
    let wasm = WasmToolchain::ensure(root, &mut apt)?;
    let fixed = StaticToolchain::ensure(root, &mut apt)?;
    println!("setup: toolchains: {} for WebAssembly, {} for the collector", wasm.name(), fixed.name());
    Ok(Toolchains { wasm, fixed, foreign: Vec::new() })
}

/// What building everything that is shipped needs: the same, and the other architectures that can be had.
pub(crate) fn for_build(root: &Path) -> Result<Toolchains> {
    let Toolchains { wasm, fixed, mut foreign } = for_report(root)?;
    let mut apt = apt::Apt::new(root);
    for arch in musl::foreign() {
        if fixed.reach(root, &mut apt, arch)? {
            foreign.push(arch);
        } else {
            println!("setup: no way to build the collector for {arch} here; going on without that one");
        }
    }
    Ok(Toolchains { wasm, fixed, foreign })
}

/// Everything, browsers and their drivers included.
pub(crate) fn for_tests(root: &Path) -> Result<()> {
    for_build(root)?;
    let mut apt = apt::Apt::new(root);
    browsers::ensure(root, &mut apt)?;
    println!("setup: browsers, drivers and web servers are there");
    emulator(&mut apt)?;
    apt.install(&["strace"], "watch what the collector does to a system")?;
    apt.install(
        &["age", "bsdutils"],
        "check that encrypted bundles open elsewhere, and the other way round",
    )?;
    Ok(())
}

/// Runs the collector of the other architecture.
fn emulator(apt: &mut apt::Apt<'_>) -> Result<()> {
    const WHY: &str = "run the collector that was built for another architecture";
    for arch in musl::foreign() {
        if [format!("qemu-{arch}-static"), format!("qemu-{arch}")]
            .iter()
            .any(|name| sh::which(name).is_some())
        {
            continue;
        }
        // Newer releases have one package for both.
        let package = if apt.offers("qemu-user-static")? { "qemu-user-static" } else { "qemu-user" };
        apt.install(&[package], WHY)?;
    }
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
