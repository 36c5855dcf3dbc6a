//! Compiler flags for what is shipped.

use std::path::{Path, PathBuf};

use crate::sh::ask;

/// Replaces this machine's folders in panic messages: they say nothing to a reader, and a good deal about the
/// machine. It also makes the output the same wherever it is built.
pub(crate) fn without_machine_paths(root: &Path) -> Vec<String> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo_home = std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let mut folders = vec![(cargo_home, "/cargo"), (root.to_path_buf(), "/procglass")];
    for rustc in ["rustc", "/usr/bin/rustc"] {
        if let Some(sysroot) = ask(rustc, &["--print", "sysroot"]) {
            folders.push((PathBuf::from(sysroot).join("lib/rustlib/src/rust"), "/rust"));
        }
    }
    folders.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect()
}
