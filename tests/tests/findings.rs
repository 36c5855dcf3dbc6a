//! What is planted is found, what is harmless is not accused, and pipelines can act on it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist::{Bundle, procglass, show};
use procglass_tests::plant::Scenario;
use procglass_tests::skip::skipped;
use serde_json::Value;
use std::collections::HashMap;

/// The scenarios' hints, and the rules of which one must have found them.
const HINTS: &[(&str, &[&str])] = &[
    ("deleted-exe", &["deleted-program"]),
    ("memfd-exe", &["memory-program"]),
    ("reverse-shell", &["shell-on-socket"]),
    ("piped-shell", &["shell-on-pipe"]),
    ("fake-kernel-thread", &["fake-kernel-thread"]),
    ("wiped-cmdline", &["wiped-arguments"]),
    ("raw-socket", &["raw-socket"]),
    ("packet-socket", &["packet-socket"]),
    ("rwx-memory", &["writable-code"]),
    ("exe-in-temp", &["odd-place"]),
    ("exe-hidden", &["odd-place"]),
    ("ld-preload", &["preloaded-library"]),
    ("ptraced", &["traced-process"]),
    ("hidden-by-mount", &["hidden-process"]),
    ("saved-uid-root", &["saved-root"]),
    ("title-mismatch", &["false-title"]),
    ("web-server-shell", &["web-server-shell"]),
    ("miner", &["cryptominer"]),
    ("miner-port", &["cryptominer"]),
    ("deleted-open-file", &["deleted-open-file"]),
];

fn severity(finding: &Value) -> usize {
    let words = ["note", "low", "medium", "high", "critical"];
    words.iter().position(|word| finding["severity"] == *word).unwrap()
}

#[test]
fn every_planted_behaviour_is_found_and_no_control_is_accused() {
    let Some(scenario) = Scenario::start() else { return };
    let bundle = Bundle::of_this_machine(&[]);
    let mut by_pid: HashMap<u64, Vec<Value>> = HashMap::new();
    for finding in bundle.show("findings", &[]) {
        assert!(!finding["evidence"].as_array().unwrap().is_empty(), "{finding}");
        by_pid.entry(finding["pid"].as_u64().unwrap_or(0)).or_default().push(finding);
    }
    let mut found = 0;
    for (label, planted) in &scenario.labels {
        let children = planted["children"].as_array().unwrap().iter();
        let pids = children.chain([&planted["pid"]]).map(|pid| pid.as_u64().unwrap());
        // A process hidden by a mount may be told of the system.
        let told: Vec<&Value> = pids.chain([0]).filter_map(|pid| by_pid.get(&pid)).flatten().collect();
        let ids: Vec<&str> = told.iter().map(|finding| finding["id"].as_str().unwrap()).collect();
        let hint = planted["expect"]["finding"].as_str();
        if let Some((_, rules)) = hint.and_then(|hint| HINTS.iter().find(|(name, _)| *name == hint)) {
            assert!(
                rules.iter().any(|rule| ids.contains(rule)),
                "{label} was planted, but {ids:?} was found"
            );
            found += 1;
        } else if hint.is_some() {
            // A secret in the environment is redacted, and is no finding.
            assert_eq!(hint, Some("secret-to-redact"));
        }
        if label.starts_with("benign") || label == "node_jit_fp" {
            let own: Vec<&&Value> = told.iter().filter(|finding| !finding["pid"].is_null()).collect();
            assert!(own.iter().all(|finding| severity(finding) == 0), "{label} is harmless: {own:?}");
        }
    }
    println!("{found} planted behaviours found");
    assert!(found >= 20, "only {found}");
}

#[test]
fn this_machine_is_quiet() {
    // Other tests plant things here, so only what lives in a pid namespace of its own is looked at.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quiet.tar.gz");
    let script = format!(
        "sleep 600 & nginx=$!; node -e 'setTimeout(()=>{{}}, 600000)' & (sh -c 'sleep 600; :' &) ; sleep 1; '{}' --quiet -o '{}'; kill $nginx",
        procglass_tests::dist::path("procglass-collect").display(),
        path.display()
    );
    let status =
        std::process::Command::new("unshare").args(["-pfn", "--mount-proc", "sh", "-c", &script]).status();
    assert!(status.is_ok() && path.exists(), "this needs root and util-linux");
    let findings = show(&path, "findings", &[]);
    let serious: Vec<&Value> = findings.iter().filter(|finding| severity(finding) >= 3).collect();
    assert!(serious.is_empty(), "{serious:#?}");
}

#[test]
fn a_pipeline_can_fail_on_findings_and_bring_its_own_list() {
    let planted = procglass_tests::plant::Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let path = bundle.path.to_str().unwrap();
    let list = bundle.beside("list.csv");
    std::fs::write(&list, format!("# ours\n{},planted by a test\n", planted.exe.display())).unwrap();
    let output = procglass(&[
        "show",
        path,
        "findings",
        "--indicators",
        list.to_str().unwrap(),
        "--fail-on",
        "high",
        "--filter",
        "finding:indicator",
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["pid"], planted.pid());
    assert!(rows[0]["finding"].as_str().unwrap().contains("planted by a test"));
    std::fs::write(&list, "# nothing\n").unwrap();
    let output = procglass(&["show", path, "findings", "--indicators", list.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no indicator"));
}

/// Whole hosts that nobody here captured: ordinary ones, so nothing grave may be said of them.
#[test]
fn hosts_of_the_corpus_are_quiet() {
    let trees = [
        "pcp/procpid-2.6.32-root-001",
        "pcp/procpid-4.2.3-root-004",
        "live-s390x-6.1-A",
        "prometheus-procfs/fixtures",
    ];
    for tree in trees {
        let Some(root) = procglass_tests::plant::shared(&format!("corpus/{tree}")) else {
            skipped(format!("the corpus is not here ({tree})"));
            continue;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tree.tar.gz");
        let args = ["--quiet", "--root", root.to_str().unwrap(), "-o", path.to_str().unwrap()];
        let output = procglass_tests::dist::collect(&args);
        assert!(output.status.success(), "{tree}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!show(&path, "processes", &[]).is_empty(), "{tree} has processes");
        let grave: Vec<Value> =
            show(&path, "findings", &[]).into_iter().filter(|finding| severity(finding) >= 3).collect();
        assert!(grave.is_empty(), "{tree}: {grave:#?}");
    }
}
