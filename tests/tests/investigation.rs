//! Three systems, a firewall and an attacker: the questions that one bundle alone cannot answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist;
use procglass_tests::scene::Scene;
use std::path::PathBuf;

/// What an analyst has afterwards.
struct Case {
    bundles: Vec<PathBuf>,
    log: PathBuf,
    scene: Scene,
}

/// The story: somebody outside uses the web server, which starts a program that calls api-1; there something runs out of
/// memory-backed storage, is unlinked, and calls home.
fn case() -> Case {
    let mut scene = Scene::start(env!("CARGO_BIN_EXE_peer"));
    let collector = dist::path("procglass-collect");
    let file = |scene: &Scene, name: &str| scene.file(&format!("{name}.procglass.tar.gz"));
    let before = file(&scene, "api-1-before");
    scene.api.as_ref().unwrap().collect(&collector, &before);
    let near = scene.outside.as_mut().unwrap().order("connect 10.20.1.10:8080");
    assert!(near.starts_with("203.0.113.7:"), "{near}");
    let shell = scene.program(&scene.file("sh"));
    let near = scene.web.as_mut().unwrap().order(&format!("run {shell} connect 10.20.2.10:9000"));
    assert!(near.starts_with("10.20.1.10:"), "{near}");
    let hidden =
        scene.program(&std::path::Path::new("/dev/shm").join(format!(".{}/kworker", std::process::id())));
    let near = scene.api.as_mut().unwrap().order(&format!("run {hidden} connect 203.0.113.7:4444"));
    assert!(near.starts_with("10.20.2.10:"), "{near}");
    assert_eq!(scene.api.as_mut().unwrap().order(&format!("unlink {hidden}")), "gone");
    std::fs::remove_dir(std::path::Path::new(&hidden).parent().unwrap()).unwrap();
    let mut bundles = vec![before];
    for (name, system) in [("web-1", &scene.web), ("api-1", &scene.api), ("db-1", &scene.db)] {
        let bundle = file(&scene, name);
        system.as_ref().unwrap().collect(&collector, &bundle);
        bundles.push(bundle);
    }
    let log = scene.file("firewall.log");
    std::fs::write(&log, scene.log()).unwrap();
    Case { bundles, log, scene }
}

#[test]
fn the_scene_is_what_it_says() {
    let case = case();
    let log = std::fs::read_to_string(&case.log).unwrap();
    assert!(log.lines().count() >= 5, "{log}");
    let sockets = dist::show(&case.bundles[1], "sockets", &["--filter", "is:connected"]);
    println!("{sockets:#?}");
    drop(case.scene);
}
