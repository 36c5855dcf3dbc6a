//! Findings on the screen: the proof is one click away, and a list of the reader's own marks what matches.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::Bundle;
use procglass_tests::plant::Planted;

/// The planted process runs a deleted file from a temporary folder and listens.
async fn a_finding_leads_to_its_bytes(kind: Kind) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&bundle.report(), "#/").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    browser.click("[data-testid=nav-findings]").await;
    browser
        .find("[data-testid=filter]")
        .await
        .send_keys(&format!("pid:{}\u{e007}", planted.pid()))
        .await
        .unwrap();
    browser.wait_text("[data-testid=story]", "runs a deleted file").await;
    browser.click("[data-testid=finding][data-rule=deleted-program] summary").await;
    browser.wait_text("[data-testid=finding][data-rule=deleted-program]", "Proof").await;
    browser.click("[data-testid=finding][data-rule=deleted-program] .proofs .source").await;
    browser.find("main .crumbs").await;
    browser.wait_text("main", &planted.name).await;
    let hash = browser.script("return location.hash").await;
    assert!(hash.as_str().unwrap().contains("links"), "{hash}");
}

#[tokio::test]
async fn chromium_leads_to_the_bytes() {
    a_finding_leads_to_its_bytes(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_leads_to_the_bytes() {
    a_finding_leads_to_its_bytes(Kind::Firefox).await;
}

#[tokio::test]
async fn a_list_of_the_readers_own_marks_what_matches() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&bundle.report(), "#/findings").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    browser.click("[data-testid=own-list] summary").await;
    browser.click("[data-testid=own-list-look]").await;
    browser.wait_text("[data-testid=own-list-said]", "There is no indicator").await;
    let list = bundle.beside("list.csv");
    std::fs::write(&list, format!("{},planted by a test\n", planted.exe.display())).unwrap();
    browser.find("[data-testid=own-list-file]").await.send_keys(list.to_str().unwrap()).await.unwrap();
    browser.wait_text("[data-testid=own-list-matches]", "1 match").await;
    // And everywhere else.
    browser.script("location.hash = '#/processes?q=finding:indicator'").await;
    browser.find(&format!("[data-testid=process-row][data-pid='{}']", planted.pid())).await;
}
