//! On paper: printed to PDF in Chromium as a person would, and read back with poppler.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use procglass_tests::plant::{Planted, Scenario};
use std::path::Path;
use std::process::Command;

/// The text of each page.
fn pages(pdf: &Path) -> Vec<String> {
    let text = Command::new("pdftotext").args(["-layout", pdf.to_str().unwrap(), "-"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// Without the breaks of lines that paper makes.
fn flat(text: &str) -> String {
    text.split_whitespace().collect()
}

fn has_head(pages: &[String], host: &str, sha256: &str) {
    for (number, page) in pages.iter().enumerate() {
        let head = flat(&page.chars().take(700).collect::<String>());
        assert!(
            head.contains(&flat(host)) && head.contains("captured") && head.contains(sha256),
            "page {number}: {page:.500}"
        );
    }
}

#[tokio::test]
async fn summary_and_everything() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    // Many findings, where the scenarios are beside the project.
    let _scenario = Scenario::start();
    let bundle = Bundle::of_this_machine(&[]);
    let sha256 = dist::sha256(&bundle.path);
    let browser = Browser::start(Kind::Chromium, 1200, 900).await;
    browser.open_file(&bundle.report(), "#/").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    let host = browser.text(".system-name").await;
    // A headless browser has no panel to print with; what would be printed stays until it says that it has.
    browser.script("window.print = () => { window.asked = true; }").await;
    for (item, file) in [("print-summary", "summary.pdf"), ("print-full", "full.pdf")] {
        browser.click("[data-testid=save]").await;
        browser.click(&format!("[data-value={item}]")).await;
        browser.wait_for("return window.asked").await;
        let pdf = bundle.beside(file);
        browser.pdf(&pdf).await;
        browser.script("window.asked = false; dispatchEvent(new Event('afterprint'))").await;
        let pages = pages(&pdf);
        has_head(&pages, &host, &sha256);
        let all = flat(&pages.concat());
        assert!(all.contains("Whatwasfound"), "{item}");
        if item == "print-summary" {
            assert!(pages.len() <= 2, "{} pages", pages.len());
            continue;
        }
        // No process is missing, and no proof is folded.
        let rows = dist::procglass(&["show", bundle.path.to_str().unwrap(), "processes", "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_slice(&rows.stdout).unwrap();
        let rows = rows.as_array().unwrap();
        assert!(all.contains(&format!("Processes({})", rows.len())));
        let lines: Vec<Vec<&str>> = pages
            .iter()
            .flat_map(|page| page.lines())
            .map(|line| line.split_whitespace().take(2).collect())
            .collect();
        for row in rows {
            let wanted = [row["pid"].to_string(), row["ppid"].to_string()];
            assert!(
                lines.iter().any(|line| *line == wanted),
                "{wanted:?} is not on paper: {:?}",
                pages
                    .iter()
                    .flat_map(|page| page.lines())
                    .filter(|line| line.contains(&wanted[0]))
                    .collect::<Vec<_>>()
            );
        }
        assert!(all.contains(&planted.name) && all.contains("Proof:") && all.contains("Whatcouldnotberead"));
    }
}

/// The browser's own command: what the page is about, whole, whatever part of a list is in sight.
#[tokio::test]
async fn the_browsers_own_command() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let sha256 = dist::sha256(&bundle.path);
    let browser = Browser::start(Kind::Chromium, 1200, 400).await;
    browser.open_file(&bundle.report(), "#/processes?view=list").await;
    browser.wait_state("ready").await;
    let host = browser.text(".system-name").await;
    // The head is a row, too.
    let total =
        browser.script("return document.querySelector('.vlist').getAttribute('aria-rowcount') - 1").await;
    let pdf = bundle.beside("processes.pdf");
    browser.pdf(&pdf).await;
    let found = pages(&pdf);
    has_head(&found, &host, &sha256);
    assert!(flat(&found.concat()).contains(&format!("Processes({})", total)), "{}", found.concat());
    browser.wait_for("return !document.querySelector('.printing')").await;
    // A process: itself, with all that is folded on the screen.
    browser.script(&format!("location.hash = '#/process/{}'", planted.pid())).await;
    browser.wait_text("[data-testid=sentence]", &planted.name).await;
    browser.pdf(&pdf).await;
    let found = pages(&pdf);
    has_head(&found, &host, &sha256);
    let all = flat(&found.concat());
    assert!(
        all.contains("twowords") && all.contains("Memorymap") && all.contains("PLANTED_TOKEN"),
        "{all:.2000}"
    );
}

/// What is about several systems: every row, though the window shows a few, below a head that names each bundle.
#[tokio::test]
async fn systems_changes_and_logs() {
    let first = Bundle::of_this_machine(&[]);
    let _planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let second = Bundle::of_this_machine(&["--case", "second"]);
    let paths = [&first.path, &second.path].map(|path| path.to_str().unwrap());
    let report = first.beside("two.html");
    let made = dist::procglass(&["report", paths[0], paths[1], "-o", report.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // More records than a window has rows, from an address of this machine.
    let systems = first.show("systems", &[]);
    let mut addresses = systems[0]["addresses"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
    let address = addresses.find(|text| text.contains('.')).unwrap();
    let log = first.beside("flows.csv");
    let line = |number: u64| format!("1795500000,{address},{},203.0.113.7,443,6\n", 20_000 + number);
    let text: String = (0..150).map(line).collect();
    std::fs::write(&log, format!("time,source,source_port,destination,destination_port,protocol\n{text}"))
        .unwrap();
    let browser = Browser::start(Kind::Chromium, 1200, 400).await;
    browser.open_file(&report, "#/compare?show=all").await;
    browser.wait_state("ready").await;
    browser.find("[data-testid=changes-table]").await;
    let rows = "return document.querySelector('.vlist').getAttribute('aria-rowcount') - 1";
    let changes = browser.script(rows).await.as_u64().unwrap();
    let pdf = first.beside("together.pdf");
    let print = async || {
        browser.pdf(&pdf).await;
        browser.wait_for("return !document.querySelector('.left-over')").await;
        let found = pages(&pdf);
        for bundle in [&first, &second] {
            let sha256 = dist::sha256(&bundle.path);
            assert!(
                found.iter().all(|page| flat(page).contains(&sha256)),
                "each page names {sha256}: {found:?}"
            );
        }
        found
    };
    let found = print().await;
    let marks = |line: &&str| {
        ["+ added", "− gone", "~ changed"].iter().any(|mark| line.trim_start().starts_with(mark))
    };
    let lines: Vec<&str> = found.iter().flat_map(|page| page.lines()).filter(marks).collect();
    assert_eq!(lines.len() as u64, changes.min(2_000), "{found:#?}");
    assert!(
        found.iter().all(|page| page.contains("Before →")),
        "columns have their names on each page: {found:?}"
    );
    browser.script("location.hash = '#/systems'").await;
    browser.find("[data-testid=systems-table]").await;
    assert!(print().await.concat().contains("Account, region"));
    browser.script("location.hash = '#/logs'").await;
    browser.find("[data-testid=log-input]").await.send_keys(log.to_str().unwrap()).await.unwrap();
    browser.find("[data-testid=record-row]").await;
    let drawn = browser.script("return document.querySelectorAll('[data-testid=record-row]').length").await;
    assert!(drawn.as_u64().unwrap() < 100, "the window shows {drawn}");
    let all = print().await.concat();
    for number in 0..150 {
        assert!(
            all.contains(&format!("{address}:{}", 20_000 + number)),
            "record {number} is not on paper: {all}"
        );
    }
    // The screen is as it was.
    browser.wait_for("return document.querySelectorAll('[data-testid=record-row]').length < 100").await;
}

/// A reader whose policy runs no scripts prints the same summary.
#[tokio::test]
async fn without_scripts() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1000, 900).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await;
    browser.open_file(&bundle.report(), "").await;
    let host = browser.find("#summary h1").await.text().await.unwrap();
    let pdf = bundle.beside("static.pdf");
    browser.pdf(&pdf).await;
    let found = pages(&pdf);
    has_head(&found, &host, &dist::sha256(&bundle.path));
    assert!(found.len() <= 2, "{} pages", found.len());
    // The line that stands until the viewer runs.
    assert!(!found.concat().contains("opening…"), "{}", found.concat());
}
