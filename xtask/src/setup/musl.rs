//! Who builds the collector: one static file that runs on any Linux of the architecture.
//!
//! The order is by size. A standard library compiled here with `immediate-abort` (no panic machinery) halves the
//! file, and the file often travels through a terminal.

use std::path::Path;

use super::apt::Apt;
use super::{Forced, debian, stock};
use crate::error::{Advise, Result};
use crate::sh::{Run, cargo, which};

const WHY: &str = "build the collector as one small static file";
/// The standard library's parts and features that the collector is built from.
const BUILD_STD: [&str; 4] = ["-Z", "build-std=std", "-Z", "build-std-features=optimize_for_size"];
/// What makes the file small. Panics end the process without a message: nearly a third of the file would be code for
/// that message. Then nothing unwinds, and the tables for it would be an eighth. Relocations, for a program that may
/// be loaded anywhere, would be a twentieth: little is gained by that in a safe program that lives for a second.
/// Inlining a third as much as usual takes more than a tenth, for a hundredth of the time.
const SMALL: [&str; 5] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Cforce-unwind-tables=no",
    "-Crelocation-model=static",
    "-Cllvm-args=--inline-threshold=20",
];

/// A compiler and C library for static programs. Found anew in each run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StaticToolchain {
    /// The compiler in `PATH` with its own musl, the standard library made from source: smallest.
    StockSources,
    /// Debian's compiler with its sources, and Debian's musl.
    DebianSources,
    /// The compiler in `PATH` with its own musl, as delivered: twice the size.
    StockMusl,
    /// The compiler in `PATH` with the static C library of this system: four times the size.
    Glibc,
}

/// The architectures that a collector is built for: what servers and containers run on.
const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// This machine's architecture.
pub(crate) const HOST: &str = std::env::consts::ARCH;

/// The architectures of [`ARCHITECTURES`] that are not this machine's.
pub(crate) fn foreign() -> impl Iterator<Item = &'static str> {
    ARCHITECTURES.into_iter().filter(|arch| *arch != HOST)
}

/// The musl target of an architecture.
fn musl(arch: &str) -> String {
    format!("{arch}-unknown-linux-musl")
}

impl StaticToolchain {
    /// Finds the best one that is there or can be installed. The last resort needs nothing.
    pub(crate) fn ensure(root: &Path, apt: &mut Apt<'_>) -> Result<Self> {
        let musl = musl(HOST);
        let forced = Forced::read()?;
        let stock_ready = || stock::has_target(&musl) && stock::has_sources();
        let debian_ready = || debian::present() && which("musl-gcc").is_some();

        if forced != Some(Forced::Debian) {
            if stock_ready() {
                return Ok(Self::StockSources);
            }
            if forced.is_none() && debian_ready() {
                return Ok(Self::DebianSources);
            }
            // Where Debian's compiler serves already, rustup has failed before.
            if !debian::present() || forced == Some(Forced::Stock) {
                Self::extend_stock(root, &musl)?;
            }
            if stock_ready() {
                return Ok(Self::StockSources);
            }
        }
        if forced != Some(Forced::Stock) {
            match Self::install_debian(apt) {
                Ok(true) if debian_ready() => return Ok(Self::DebianSources),
                Ok(_) => {}
                // Not the end: a larger collector is better than none.
                Err(error) => println!("setup: {error:#}\nsetup: going on without"),
            }
        }
        if stock::has_target(&musl) {
            println!("setup: no sources of the standard library: the collector will be twice as large");
            return Ok(Self::StockMusl);
        }
        println!(
            "setup: no musl: the collector will contain the C library of this system, at four times the size"
        );
        Ok(Self::Glibc)
    }

    fn extend_stock(root: &Path, musl: &str) -> Result<()> {
        let target = stock::has_target(musl) || stock::add(root, &["target", "add", musl], WHY)?;
        if target && !stock::has_sources() {
            stock::add(root, &["component", "add", "rust-src"], WHY)?;
        }
        Ok(())
    }

    /// Sees to it that this toolchain can build for another architecture as well. False: it cannot.
    pub(crate) fn reach(self, root: &Path, apt: &mut Apt<'_>, arch: &str) -> Result<bool> {
        let musl = musl(arch);
        match self {
            Self::StockSources | Self::StockMusl => {
                Ok(stock::has_target(&musl) || stock::add(root, &["target", "add", &musl], WHY)?)
            }
            Self::DebianSources => {
                if which(&linker(arch)).is_none()
                    && let Err(error) = apt.install_foreign(debian_name(arch), "musl-dev", WHY)
                {
                    println!("setup: {error:#}\nsetup: going on without");
                }
                Ok(which(&linker(arch)).is_some())
            }
            Self::Glibc => Ok(false),
        }
    }

    fn install_debian(apt: &mut Apt<'_>) -> Result<bool> {
        let there = debian::present() || debian::install(apt, WHY)?;
        if there {
            apt.install(&["musl-tools"], WHY)?;
        }
        Ok(there)
    }

    /// The target that it builds for.
    pub(crate) fn target(self, arch: &str) -> String {
        match self {
            Self::Glibc => format!("{arch}-unknown-linux-gnu"),
            _ => musl(arch),
        }
    }

    /// `cargo build` for static programs; `flags` are the caller's compiler flags, `scratch` a folder that it may fill.
    pub(crate) fn build(
        self,
        root: &Path,
        arch: &str,
        mut flags: Vec<String>,
        scratch: &Path,
    ) -> Result<Run> {
        let target = self.target(arch);
        flags.push("-Cstrip=symbols".into());
        let linked_by = format!("CARGO_TARGET_{}_LINKER", target.to_uppercase().replace('-', "_"));
        let (cargo, sources) = match self {
            Self::StockSources => (cargo(root).env("RUSTC_BOOTSTRAP", "1"), true),
            Self::DebianSources => {
                // Debian's compiler brings no start files of its own: musl-gcc adds musl's. It does so for programs
                // without position independence only: asked for more, it makes a dynamic program without a warning.
                flags.push("-Clink-self-contained=no".into());
                flags.push(format!("-Lnative={}", empty_unwinder(scratch)?.display()));
                let linker = if arch == HOST { "musl-gcc".into() } else { linker(arch) };
                (debian::cargo(root).env(&linked_by, linker), true)
            }
            Self::StockMusl => (cargo(root), false),
            Self::Glibc => {
                flags.push("-Ctarget-feature=+crt-static".into());
                (cargo(root), false)
            }
        };
        let cargo = match self {
            // The compiler brings a linker for every architecture, and the target its own start files.
            Self::StockSources | Self::StockMusl if arch != HOST => {
                flags.push("-Clink-self-contained=yes".into());
                cargo.env(&linked_by, "rust-lld")
            }
            _ => cargo,
        };
        if sources {
            flags.extend(SMALL.map(String::from));
        }
        let run = cargo.rustflags(&flags).args(["build", "--target", &target]);
        Ok(if sources { run.args(BUILD_STD) } else { run })
    }

    /// Its name for the log, and for the build folder: two compilers must not share one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::StockSources => "stock-sources",
            Self::DebianSources => "debian",
            Self::StockMusl => "stock",
            Self::Glibc => "glibc",
        }
    }
}

/// Debian's linker for musl programs of another architecture, which comes with that architecture's `musl-dev`.
fn linker(arch: &str) -> String {
    format!("{arch}-linux-musl-gcc")
}

/// What Debian calls an architecture.
fn debian_name(arch: &str) -> &str {
    match arch {
        "aarch64" => "arm64",
        "x86_64" => "amd64",
        other => other,
    }
}

/// std for musl asks the linker for libunwind. Nothing unwinds here, so an archive without members will do.
fn empty_unwinder(scratch: &Path) -> Result<std::path::PathBuf> {
    let folder = scratch.join("empty");
    let next = "Check the rights and the free space of the folder target/.";
    std::fs::create_dir_all(&folder).advise("cannot make a folder in target/", next)?;
    std::fs::write(folder.join("libunwind.a"), b"!<arch>\n").advise("cannot write to target/", next)?;
    Ok(folder)
}
