//! Puts the built viewer into the binary, so that `procglass report` needs nothing beside it.
//!
//! The viewer is wasm and built by `cargo xtask build`, with another toolchain. Where that has not run yet, the binary is
//! built without a viewer: everything but `report` works, and `report` says what to do.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let viewer = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../www/dist/viewer.html");
    println!("cargo::rerun-if-changed={}", viewer.display());
    let page = if viewer.exists() { fs::read(&viewer)? } else { Vec::new() };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("viewer.html"), page)?;
    Ok(())
}
