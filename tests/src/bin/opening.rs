//! Measures how a browser opens evidence: `opening VIEWER REPORT BUNDLE RUNS`, a line for each of the two ways.
//!
//! A page of `dist/` is opened from `file://` in Chromium, as a person does. The clock runs inside the page: from the moment
//! the file is chosen (or, in a report, from the start of the navigation) to the first row of a process, and to the end of
//! loading, with every checksum checked. `cargo xtask bench open` calls it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::Browser;
use procglass_tests::proc::renderer;
use serde_json::{Value, json};
use std::path::Path;

/// Runs before the page's own scripts.
const WATCH: &str = r#"
    window.seen = {start: 0, rows: 0, ready: 0, longest: 0};
    const now = () => performance.now() - seen.start;
    addEventListener("change", () => { seen = {start: performance.now(), rows: 0, ready: 0, longest: 0}; }, true);
    // What the network thinks of as long: over 50 ms.
    new PerformanceObserver((list) => {
        for (const task of list.getEntries()) {
            if (task.startTime >= seen.start) seen.longest = Math.max(seen.longest, task.duration);
        }
    }).observe({type: "longtask", buffered: true});
    new MutationObserver(() => {
        if (!seen.rows && document.querySelector("[data-pid]")) {
            // Visible means painted.
            seen.rows = -1;
            requestAnimationFrame(() => setTimeout(() => { seen.rows = now(); }));
        }
        if (!seen.ready && document.documentElement.dataset.procglass === "ready") {
            seen.ready = -1;
            requestAnimationFrame(() => setTimeout(() => { seen.ready = now(); }));
        }
    }).observe(document, {subtree: true, childList: true, attributes: true});
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [viewer, report, bundle, runs] = args.as_slice() else { panic!("VIEWER REPORT BUNDLE RUNS") };
    println!(
        "{:10} {:>9} {:>9} {:>12} {:>9} {:>7}",
        "", "rows ms", "ready ms", "longest ms", "peak MB", "CPU s"
    );
    let mut all = [Vec::new(), Vec::new()];
    // One after the other, so that a change in the machine's speed meets both.
    for _ in 0..runs.parse().unwrap() {
        all[0].push(run(viewer, Some(bundle)).await);
        all[1].push(run(report, None).await);
    }
    for (name, runs) in ["dropped", "embedded"].iter().zip(&all) {
        let middle = |at: usize| {
            let mut figures: Vec<f64> = runs.iter().map(|run| run[at]).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        println!(
            "{name:10} {:9.0} {:9.0} {:12.0} {:9.0} {:7.2}",
            middle(0),
            middle(1),
            middle(2),
            middle(3) / 1024.0,
            middle(4)
        );
    }
}

/// First rows, all loaded, the longest task (milliseconds), peak memory of the page's process (kilobytes), CPU seconds of its
/// main thread until then.
async fn run(page: &str, bundle: Option<&str>) -> [f64; 5] {
    let browser = Browser::start_unwatched(1440, 900).await;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": WATCH})).await;
    browser.open_file(&Path::new(page).canonicalize().unwrap(), "#/processes").await;
    if let Some(bundle) = bundle {
        browser.wait_state("empty").await;
        let input = browser.find("[data-testid=open-input]").await;
        input.send_keys(Path::new(bundle).canonicalize().unwrap().to_str().unwrap()).await.unwrap();
    }
    browser.wait_state("ready").await;
    let (peak, cpu) = renderer(browser.driver_pid());
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let seen: Value = browser.script("return seen").await;
    let figure = |name: &str| seen[name].as_f64().unwrap();
    [figure("rows"), figure("ready"), figure("longest"), peak, cpu]
}
