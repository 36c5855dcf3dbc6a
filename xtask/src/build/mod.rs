//! From sources to the viewer's pages and the two programs.

mod bindgen;
mod csp;
mod elf;
mod flags;
mod inline;
pub(crate) mod native;
mod pack;
mod page;
mod site;
mod wasm;

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::files::{self, kilobytes};
use crate::setup::Toolchains;
use crate::setup::wasm::WasmToolchain;

/// What the gzipped module of the viewer may weigh, in bytes.
pub(crate) const WASM_BUDGET: usize = 1320 * 1024;

/// What a build made.
#[derive(Debug)]
pub(crate) struct Built {
    /// The analyst's command line.
    pub(crate) procglass: PathBuf,
    /// Length of the viewer's module after gzip.
    pub(crate) wasm_gzipped: usize,
}

/// Where the viewer's pages are put.
pub(crate) fn pages(root: &Path) -> PathBuf {
    root.join("www/dist")
}

/// Builds the viewer in both forms, then the command line that embeds it.
pub(crate) fn run(root: &Path, toolchains: &Toolchains) -> Result<Built> {
    let texts = viewer(root, &toolchains.wasm)?;
    let site = site::with_packed(site::files(&texts)?, &root.join("target/wasm/site"))?;
    files::write_folder(&pages(root).join("site"), &site)?;
    println!("build: wrote www/dist/viewer.html and www/dist/site/");
    let procglass = native::command_line(root)?;
    Ok(Built { procglass, wasm_gzipped: texts.gzipped })
}

/// Builds the command line with the viewer in it, and no hosted form: all that a report is made with.
pub(crate) fn for_report(root: &Path, toolchain: &WasmToolchain) -> Result<PathBuf> {
    viewer(root, toolchain)?;
    native::command_line(root)
}

/// Builds the viewer and writes it as the page that is one file.
fn viewer(root: &Path, toolchain: &WasmToolchain) -> Result<page::Texts> {
    let module = wasm::compile(root, toolchain)?;
    let program = bindgen::run(&module)?;
    let texts = page::Texts::gather(&root.join("www"), &program, &root.join("target/wasm/packed"))?;
    files::write(&pages(root).join("viewer.html"), texts.single_file()?)?;
    println!(
        "build: viewer: {} of WebAssembly, {} gzipped (budget {})",
        kilobytes(program.wasm.len()),
        kilobytes(texts.gzipped),
        kilobytes(WASM_BUDGET)
    );
    if texts.gzipped > WASM_BUDGET {
        println!("build: WARNING: the viewer is over its budget; `cargo xtask test` will fail");
    }
    Ok(texts)
}
