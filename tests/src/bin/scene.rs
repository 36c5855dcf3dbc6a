//! Plays the scene of the systems, the firewall and the attacker, and leaves its evidence in a folder, for looking at:
//! `cargo run -p procglass-tests --bin scene -- FOLDER`. Needs root, and `peer` built beside it.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use procglass_tests::dist;
use procglass_tests::scene::Scene;
use std::path::PathBuf;

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let peer = std::env::current_exe().unwrap().with_file_name("peer");
    let case = Scene::start(peer.to_str().unwrap()).play(&dist::path("procglass-collect"), &folder);
    for file in case.bundles.iter().chain([&case.log]) {
        println!("{}", file.display());
    }
}
