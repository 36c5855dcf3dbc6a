//! Compiling the two programs.

use std::path::{Path, PathBuf};

use super::elf;
use super::flags::without_machine_paths;
use crate::error::{Result, failure};
use crate::files;
use crate::setup::musl::StaticToolchain;
use crate::sh::cargo;

/// Compiles the analyst's command line. It embeds the viewer, which has to be there by now.
pub(crate) fn command_line(root: &Path) -> Result<PathBuf> {
    cargo(root).args(["build", "--release", "--package", "procglass", "--target-dir", "target"]).run()?;
    Ok(root.join("target/release/procglass"))
}

/// Which collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collector {
    /// As small as can be.
    Small,
    /// The one that encrypts.
    Full,
}

impl Collector {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Small, Self::Full];

    /// What the file is called that is built for this machine.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Small => "procglass-collect",
            Self::Full => "procglass-collect-full",
        }
    }
}

/// Compiles a collector for an architecture, alone: in one build with the rest, cargo would unite the features of shared packages
/// and pull every parser in.
pub(crate) fn collector(
    root: &Path,
    toolchain: StaticToolchain,
    arch: &str,
    which: Collector,
) -> Result<PathBuf> {
    let target = root.join("target/collector").join(toolchain.name());
    let features: &[&str] = if which == Collector::Full { &["--features", "encrypt"] } else { &[] };
    toolchain
        .build(root, arch, without_machine_paths(root), &target)?
        .args(["--package", "procglass-collect", "--profile", "collector", "--target-dir"])
        .arg(&target)
        .args(features)
        .run()?;
    let program = target.join(toolchain.target(arch)).join("collector/procglass-collect");
    if !elf::is_static(&files::read(&program)?) {
        return Err(failure(
            format!("{} is not static: it would not start in a small container", program.display()),
            "Try the other toolchain: PROCGLASS_TOOLCHAIN=stock or PROCGLASS_TOOLCHAIN=debian.",
        ));
    }
    Ok(program)
}
