//! The model on real `/proc` files that other people captured. They lie beside the project, not in it: where they are
//! absent, every test here says so and passes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod containers;
mod flow;
mod hosts;
mod oracles;
#[path = "../../../../tests/src/skip.rs"]
#[allow(unreachable_pub, reason = "written for a library of tests")]
mod skip;
mod systems;
mod tables;
mod tree;

use skip::skipped;
use std::path::{Path, PathBuf};

/// A folder of the corpus, when it is there.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if !path.exists() {
        skipped(format!("the corpus is not beside the project ({name})"));
        return None;
    }
    Some(path)
}

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut all, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                all.push(entry.path());
            }
        }
    }
    all.sort();
    all
}
