//! Three systems, a firewall and an attacker: the questions that one bundle alone cannot answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist;
use procglass_tests::scene::{Case, Scene};
use tempfile::TempDir;

/// Plays it; the folder holds the evidence.
fn case() -> (TempDir, Case) {
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene::start(env!("CARGO_BIN_EXE_peer"));
    let case = scene.play(&dist::path("procglass-collect"), folder.path());
    (folder, case)
}

#[test]
fn the_scene_is_what_it_says() {
    let (_folder, case) = case();
    let log = std::fs::read_to_string(&case.log).unwrap();
    assert!(log.contains("SRC=10.20.1.10 DST=10.20.2.10"), "{log}");
    let sockets = dist::show(&case.bundles[1], "sockets", &["--filter", "is:connected"]);
    assert_eq!(sockets.len(), 3, "{sockets:#?}");
}
