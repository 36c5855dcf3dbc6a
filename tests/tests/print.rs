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
