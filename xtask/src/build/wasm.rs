//! Compiling the viewer.

use std::path::{Path, PathBuf};

use super::flags::without_machine_paths;
use crate::error::Result;
use crate::setup::wasm::{TARGET, WasmToolchain};

/// Compiles the viewer and gives the module as the compiler made it.
pub(crate) fn compile(root: &Path, toolchain: &WasmToolchain) -> Result<PathBuf> {
    let target = root.join("target/wasm").join(toolchain.name());
    toolchain
        .rustc(root, &without_machine_paths(root))
        .args(["--package", "procglass-viewer", "--lib", "--profile", "wasm", "--target-dir"])
        .arg(&target)
        // Only this kind of library: link-time optimisation is left out for a package that is also an rlib.
        .args(["--crate-type", "cdylib"])
        .run()?;
    Ok(target.join(TARGET).join("wasm/procglass_viewer.wasm"))
}
