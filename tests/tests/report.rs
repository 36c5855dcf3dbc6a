//! The report: what is saved on the screen is what the command line makes, the bundle comes back bit for bit, and the
//! summary reads without scripts.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::Bundle;
use procglass_tests::plant::Planted;

async fn saves_a_report(kind: Kind) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(kind, 1400, 900).await;
    browser.open_file(&bundle.report(), "#/").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    browser.wait_text("[data-testid=normal]", "checks looked everywhere").await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=bundle]").await;
    browser.wait_text("[data-testid=saved]", "saved").await;
    let name = bundle.path.file_name().unwrap().to_str().unwrap();
    let original = std::fs::read(&bundle.path).unwrap();
    assert!(browser.saved(name).await == original, "the bundle is not what was collected");
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.click("[data-testid=save-report]").await;
    let host = browser.text(".system-name").await;
    let report = browser.saved(&format!("{host}-report.html")).await;
    let again = bundle.beside("again.html");
    std::fs::write(&again, &report).unwrap();
    // The saved page is a report like any other.
    browser.open_file(&again, &format!("#/processes?q={}", planted.name)).await;
    browser.wait_state("ready").await;
    browser.find(&format!("[data-testid=process-row][data-pid='{}']", planted.pid())).await;
    assert!(browser.text("[data-testid=integrity]").await.contains("intact"));
    let text = String::from_utf8(report).unwrap();
    assert!(text.contains("id=\"summary\"") && text.contains("<h2>What was found</h2>"), "{:.300}", text);
}

#[tokio::test]
async fn chromium_saves_a_report() {
    saves_a_report(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_saves_a_report() {
    saves_a_report(Kind::Firefox).await;
}

#[tokio::test]
async fn a_page_from_a_server_saves_the_same_single_file() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1400, 900).await;
    // Opened as files: scripts beside the page load from there too.
    browser.open_file(&procglass_tests::dist::path("site/index.html"), "").await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(bundle.path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.click("[data-testid=save-report]").await;
    let host = browser.text(".system-name").await;
    let again = bundle.beside("again.html");
    std::fs::write(&again, browser.saved(&format!("{host}-report.html")).await).unwrap();
    browser.open_file(&again, "#/").await;
    browser.wait_state("ready").await;
}

/// A mail program's preview runs nothing.
#[tokio::test]
async fn without_scripts_the_summary_is_there() {
    let bundle = Bundle::of_this_machine(&["--case", "<b>A-7</b>"]);
    let browser = Browser::start(Kind::Chromium, 1000, 900).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await;
    browser.open_file(&bundle.report(), "").await;
    let html = std::fs::read_to_string(bundle.report()).unwrap();
    let summary = html.split("id=\"summary\"").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(summary.contains("&lt;b&gt;A-7&lt;/b&gt;") && !summary.contains("<b>"), "evidence is text");
    assert!(summary.contains("SHA-256 of the bundle") && summary.contains("What looks normal"));
    assert!(!summary.contains("style=") && !summary.contains("<script"));
    let text = browser.find("#summary h1").await.text().await.unwrap();
    assert!(!text.is_empty());
}
