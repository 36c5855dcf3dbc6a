//! Three systems, a firewall and an attacker: the questions that one bundle alone cannot answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist;
use procglass_tests::scene::{Case, Scene};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// Plays it; the folder holds the evidence.
fn case() -> (TempDir, Case) {
    let folder = tempfile::tempdir().unwrap();
    let mut scene = Scene::start(env!("CARGO_BIN_EXE_peer"));
    let case = scene.play(&dist::path("procglass-collect"), folder.path());
    (folder, case)
}

/// The flows that the kernel logged, as AWS would have written them for the same network: one record for each five-tuple, of
/// the minute in which it was logged.
fn vpc(case: &Case, folder: &Path) -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut lines = BTreeSet::new();
    for line in std::fs::read_to_string(&case.log).unwrap().lines() {
        let of = |name: &str| line.split_once(name).and_then(|(_, rest)| rest.split(' ').next());
        if let (Some(from), Some(to), Some(sport), Some(dport), Some("TCP")) =
            (of(" SRC="), of(" DST="), of(" SPT="), of(" DPT="), of(" PROTO="))
        {
            lines.insert(format!("{from} {to} {sport} {dport} 6 8 1200 {} {now} ACCEPT OK", now - 60));
        }
    }
    assert!(lines.len() > 3, "{lines:?}");
    let interface = |at: usize| format!("2 123456789012 eni-{at:017x}");
    let text: String =
        lines.iter().enumerate().map(|(at, line)| format!("{} {line}\n", interface(at))).collect();
    let path = folder.join("vpc-flow.log");
    std::fs::write(&path, text).unwrap();
    path
}

/// What rows say of each flow: its ends, and the systems and processes they are, with how sure that is.
fn told(rows: &[Value]) -> BTreeSet<(String, String)> {
    let end = |record: &Value, name: &str| format!("{}:{}", record[name], record[format!("{name}_port")]);
    let flow =
        |row: &Value| format!("{} > {}", end(&row["record"], "source"), end(&row["record"], "destination"));
    let matches = |row: &Value| row["matches"].to_string();
    rows.iter()
        .filter(|row| row["record"]["protocol"] == "tcp")
        .map(|row| (flow(row), matches(row)))
        .collect()
}

#[test]
fn the_scene_is_what_it_says() {
    let (_folder, case) = case();
    let log = std::fs::read_to_string(&case.log).unwrap();
    assert!(log.contains("SRC=10.20.1.10 DST=10.20.2.10"), "{log}");
    let sockets = dist::show(&case.bundles[1], "sockets", &["--filter", "is:connected"]);
    assert_eq!(sockets.len(), 3, "{sockets:#?}");
}

/// What the terminal says of the same: systems, a question, connections, changes, and lines of the firewall's log.
#[test]
fn the_terminal_answers_across_systems() {
    let (folder, case) = case();
    let bundles: Vec<&str> = case.bundles.iter().map(|path| path.to_str().unwrap()).collect();
    let json = |args: &[&str]| -> Vec<Value> {
        let output = dist::procglass(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let with = |front: &[&str], back: &[&str]| json(&[front, &bundles, back].concat());
    let systems = with(&["show"], &["systems", "--format", "json"]);
    assert_eq!(systems.len(), 4);
    assert_eq!(systems[2]["same_as"], "api-1-before.procglass.tar.gz", "{systems:#?}");
    // 7. Which of my systems has the address, and which did it talk to?
    let answers = with(&["ask", "--format", "json"], &["10.20.1.10"]);
    let has: Vec<_> =
        answers.iter().filter(|answer| answer["answer"] == "has" || answer["kind"] == "has").collect();
    assert!(!has.is_empty() && has.iter().all(|answer| answer["system"] == "web-1"), "{answers:#?}");
    assert!(answers.iter().any(|answer| answer["system"] == "api-1"), "{answers:#?}");
    let links = with(&["show"], &["connections", "--format", "json"]);
    assert!(links.iter().any(|link| link["from"] == "web-1" && link["to"] == "api-1"), "{links:#?}");
    // 9. What changed?
    let changes = json(&["show", bundles[0], bundles[2], "changes", "--format", "json"]);
    let added = |change: &&Value| change["change"] == "added" && change.to_string().contains("kworker");
    assert!(changes.iter().any(|change| added(&change)), "{changes:#?}");
    // 8. Which process on which system was this line of the log?
    let log = case.log.to_str().unwrap();
    let rows = with(&["correlate", "--format", "json"], &[log]);
    let of = |pid: u64, name: &str, port: u64| {
        rows.iter().any(|row| {
            let matches = row["matches"].as_array().unwrap();
            row["record"].to_string().contains(&port.to_string())
                && matches.iter().any(|each| {
                    each["pid"] == pid && each["process"] == name && each["strength"] == "five-tuple"
                })
        })
    };
    assert!(of(1, "nginx", 8080), "{rows:#?}");
    assert!(rows.iter().any(|row| row.to_string().contains("\"sh\"")), "{rows:#?}");
    assert!(rows.iter().any(|row| row.to_string().contains("kworker")), "{rows:#?}");
    // The same flows out of the cloud's own log lead to the same processes, with the same certainty.
    let cloud = vpc(&case, folder.path());
    let cloud = with(&["correlate", "--format", "json"], &[cloud.to_str().unwrap()]);
    assert_eq!(told(&cloud), told(&rows), "{rows:#?}");
    assert!(
        told(&cloud).iter().any(|(_, matches)| matches.contains("kworker") && matches.contains("five-tuple"))
    );
    let talkers = with(&["correlate", "--summary", "talkers", "--format", "json"], &[log]);
    assert_eq!(talkers[0]["address"], "203.0.113.7", "{talkers:#?}");
    assert_eq!(talkers[0]["systems"], 2);
}

/// The same in the page: each in at most two interactions.
async fn answers(kind: Kind, case: &Case, folder: &Path) {
    let report = folder.join("report.html");
    let bundles = case.bundles.iter().map(|path| path.to_str().unwrap());
    let args: Vec<&str> =
        ["report"].into_iter().chain(bundles).chain(["-o", report.to_str().unwrap()]).collect();
    let output = dist::procglass(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&report, "#/").await;
    browser.wait_state("ready").await;
    // 7. Systems, then the question: typed at once, since the field has the keyboard.
    browser.click("[data-testid=nav-systems]").await;
    browser.find("[data-testid=systems-table]").await;
    browser.press("10.20.1.10\u{e007}").await;
    let reply = browser.wait_text("[data-testid=reply]", "Is connected to it").await;
    assert!(reply.contains("web-1 has 10.20.1.10 on eth0"), "{reply}");
    assert!(reply.contains("api-server (1) on api-1 is connected to 10.20.1.10"), "{reply}");
    // Its proof is one click away: the bytes in the other system's bundle.
    browser.click("[data-kind=has] .source").await;
    browser.wait_text("main", "fib_trie").await;
    // 9. Compare: the two snapshots of one system are what is compared, unless somebody chooses others.
    browser.click("[data-testid=nav-compare]").await;
    let tree = browser.wait_text("[data-testid=merged-tree]", "kworker").await;
    assert!(tree.contains("added") && tree.contains("same"), "{tree}");
    let gone = browser
        .script("return document.querySelectorAll('[data-testid=merged-row][data-mark=gone]').length")
        .await;
    assert_eq!(gone, 0);
    // 8. The log is given to the page, which tells it from a bundle by its content; the line is looked for.
    browser.click("[data-testid=nav-logs]").await;
    browser.find("[data-testid=log-input]").await.send_keys(case.log.to_str().unwrap()).await.unwrap();
    let table = browser.wait_text("[data-testid=records-table]", "sh 3").await;
    assert!(
        table.contains("same five-tuple in the snapshot") && table.contains("10.20.2.10:9000"),
        "{table}"
    );
    assert!(table.contains("kworker") && table.contains("203.0.113.7:4444"), "{table}");
    // And back: the process's page says what the logs saw of it.
    browser
        .script(
            "[...document.querySelectorAll('[data-testid=record-row] [data-testid=process-link]')]\
             .find((link) => link.innerText.includes('kworker')).click()",
        )
        .await;
    let seen = browser.wait_text("[data-testid=section-logs]", "203.0.113.7 tcp port 4444").await;
    assert!(seen.contains("same five-tuple in the snapshot"), "{seen}");
    browser.open_file(&report, "#/systems?show=links").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=links-table]", "both ends").await;
    browser.find("[data-testid=systems-picture]").await;
    // Whom nobody knows.
    browser.click("[data-testid=nav-logs]").await;
    browser.find("[data-testid=log-input]").await.send_keys(case.log.to_str().unwrap()).await.unwrap();
    browser.find("[data-testid=records-table]").await;
    browser.click("[data-testid=choose-talkers]").await;
    let talkers = browser.wait_text("[data-testid=talkers]", "203.0.113.7").await;
    assert!(talkers.contains("web-1") && talkers.contains("api-1"), "{talkers}");
    // The cloud's log of the same flows, dropped beside the firewall's: both lead to one process.
    let of = |text: &str| text.split(' ').next().unwrap().parse::<u64>().unwrap();
    let alone = of(&browser.text("[data-testid=logs-tally]").await);
    let cloud = vpc(case, folder);
    browser.find("[data-testid=log-input]").await.send_keys(cloud.to_str().unwrap()).await.unwrap();
    let lines = std::fs::read_to_string(&cloud).unwrap().lines().count() as u64;
    browser.wait_text("[data-testid=logs-tally]", &format!("{} records", alone + lines)).await;
    browser.script("location.hash = '#/logs?q=kworker'").await;
    let both = browser
        .wait_for(
            "const rows = [...document.querySelectorAll('[data-testid=record-row]')].map((row) => row.innerText)
                .filter((row) => row.includes('kworker') && row.includes('203.0.113.7:4444'));
             const of = (name) => rows.some((row) => row.includes(name) && row.includes('same five-tuple'));
             return of('firewall.log') && of('vpc-flow.log') || null",
        )
        .await;
    assert_eq!(both, true);
}

#[tokio::test(flavor = "current_thread")]
async fn the_page_answers_across_systems_in_chromium() {
    let (folder, case) = case();
    answers(Kind::Chromium, &case, folder.path()).await;
}

#[tokio::test(flavor = "current_thread")]
async fn the_page_answers_across_systems_in_firefox() {
    let (folder, case) = case();
    answers(Kind::Firefox, &case, folder.path()).await;
}
