//! Takes the comments out of the second thread's program: they are for whoever reads it here, and not for every page.
#![allow(clippy::expect_used)]

use std::path::Path;

fn main() {
    const FROM: &str = "src/load/second.js";
    println!("cargo::rerun-if-changed={FROM}");
    let text = std::fs::read_to_string(FROM).expect("the second thread's program is beside the sources");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let folder = std::env::var_os("OUT_DIR").expect("cargo names a folder for what is built");
    let short = lines.collect::<Vec<_>>().join("\n");
    std::fs::write(Path::new(&folder).join("second.js"), short).expect("cargo's folder can be written to");
}
