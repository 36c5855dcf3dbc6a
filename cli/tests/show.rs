//! `procglass show` as typed, on a bundle that is kept in this repository.
#![allow(missing_docs, clippy::unwrap_used)]

use std::process::{Command, Output};

const BUNDLE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/snapshot/tests/bundles/plain-content.procglass.tar.gz");

fn procglass(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_procglass")).args(args).output().unwrap()
}

#[test]
fn the_view_in_front_and_behind_gives_the_same_answer() {
    for view in ["processes", "tree", "sockets", "files", "findings", "problems", "systems", "stories"] {
        let (front, behind) = (procglass(&["show", view, BUNDLE]), procglass(&["show", BUNDLE, view]));
        assert_eq!(front.status.code(), Some(0), "{view}");
        assert_eq!(front, behind, "{view}");
    }
    let options = procglass(&["show", "--format", "json", "tree", BUNDLE, "--filter", "name:sleep"]);
    assert_eq!(options, procglass(&["show", BUNDLE, "--filter", "name:sleep", "tree", "--format", "json"]));
    assert!(String::from_utf8_lossy(&options.stdout).contains("sleep"));
}

#[test]
fn a_wrong_command_is_answered_by_the_right_one() {
    for (args, part) in [
        (&["show", BUNDLE][..], "procglass show <VIEW> <BUNDLE>..."),
        (&["show", "tree"], "procglass show <VIEW> <BUNDLE>..."),
        (&["show", BUNDLE, "trees"], "`trees` is no view. Write `procglass show VIEW "),
        (
            &["show", BUNDLE, "tree", "--group", "kind"],
            "--group belongs to the view `systems`. Write `procglass show systems",
        ),
        (&["completions", "tcsh"], "[possible values: bash, zsh, fish]"),
        (&["man", "shwo"], "`shwo` is no command. Name one of show, ask, "),
    ] {
        let output = procglass(args);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(part), "{args:?}: {said}");
        assert!(output.stdout.is_empty());
    }
}

/// What bash offers for the word at the cursor.
#[test]
fn bash_completes_views() {
    let script = procglass(&["completions", "bash"]);
    let script = String::from_utf8(script.stdout).unwrap();
    let offer =
        "COMP_WORDS=(procglass show t); COMP_CWORD=2; _procglass procglass t show; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["--norc", "-c", &format!("{script}\n{offer}")]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "tree", "{output:?}");
}

#[test]
fn man_pages_are_written_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let output = procglass(&["man", "--output", folder.path().to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    let page = std::fs::read(folder.path().join("procglass-show.1")).unwrap();
    assert_eq!(procglass(&["man", "show"]).stdout, page);
    assert!(folder.path().join("procglass.1").exists());
}
