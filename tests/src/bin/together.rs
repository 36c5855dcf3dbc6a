//! Measures how the page takes many files at once: `together VIEWER FOLDER [LOG]`. Every bundle of the folder is chosen in
//! one go, and then, where one is named, a log; the clock runs until the register, and then the records, are there.
//! `cargo xtask bench systems` and `cargo xtask bench correlate` call it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::proc::renderer;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// Long enough for a busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Keeps the longest task of the page's main thread, in milliseconds.
const WATCH: &str = "window.longest = 0; new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({type: 'longtask', buffered: true});";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (viewer, folder, log) = match args.as_slice() {
        [viewer, folder] => (viewer, folder, None),
        [viewer, folder, log] => (viewer, folder, Some(log)),
        _ => panic!("VIEWER FOLDER [LOG]"),
    };
    let mut bundles: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().canonicalize().unwrap().display().to_string())
        .filter(|path| path.ends_with(".tar.gz"))
        .collect();
    bundles.sort();
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await;
    browser.open_file(&Path::new(viewer).canonicalize().unwrap(), "#/systems").await;
    browser.wait_state("empty").await;
    let begin = Instant::now();
    browser.find("[data-testid=open-input]").await.send_keys(&bundles.join("\n")).await.unwrap();
    until(&browser, "return document.documentElement.dataset.procglass === 'ready'").await;
    let opened = begin.elapsed().as_secs_f64();
    until(&browser, "return !!document.querySelector('[data-testid=systems-table]')").await;
    let seen = browser.text("[data-testid=systems-tally]").await;
    say(&browser, &format!("{} bundles ({seen})", bundles.len()), opened).await;
    let Some(log) = log else { return };
    browser.script("window.longest = 0; location.hash = '#/logs'").await;
    let begin = Instant::now();
    let log = Path::new(log).canonicalize().unwrap();
    browser.find("[data-testid=log-input]").await.send_keys(log.to_str().unwrap()).await.unwrap();
    until(&browser, "return !!document.querySelector('[data-testid=logs-tally]')").await;
    let read = begin.elapsed().as_secs_f64();
    let seen = browser.text("[data-testid=logs-tally]").await;
    say(&browser, &seen, read).await;
}

async fn until(browser: &Browser, script: &str) {
    let begin = Instant::now();
    while browser.script(script).await != true {
        assert!(begin.elapsed() < PATIENCE, "never: {script}: {}", browser.text("body").await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn say(browser: &Browser, what: &str, seconds: f64) {
    let longest = browser.script("return window.longest").await.as_f64().unwrap_or_default();
    let (peak, _) = renderer(browser.driver_pid());
    println!(
        "in the page: {what}: {seconds:.1} s, longest task {longest:.0} ms, peak {:.0} MB",
        peak / 1024.0
    );
}
