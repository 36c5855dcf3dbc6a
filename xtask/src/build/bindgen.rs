//! wasm-bindgen, called as a library: its command line tool would be one more thing to install, at the exact
//! version that Cargo.lock names.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::error::{Advise, Result};

/// What a page needs to run the viewer.
pub(crate) struct Program {
    /// A classic script that defines `wasm_bindgen`.
    pub(crate) glue: String,
    /// The module for it.
    pub(crate) wasm: Vec<u8>,
}

/// Makes the script and the module out of the compiler's output.
pub(crate) fn run(module: &Path) -> Result<Program> {
    let next = "If it speaks of versions: give wasm-bindgen and wasm-bindgen-cli-support the same one in Cargo.toml.";
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(module)
        // Module scripts do not load from file:// pages.
        .no_modules(true)
        .advise("wasm-bindgen refused its options", next)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().advise("wasm-bindgen failed", next)?;
    Ok(Program { glue: output.js().to_owned(), wasm: output.wasm_mut().emit_wasm() })
}
