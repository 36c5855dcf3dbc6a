//! How long Chromium's main thread works for a frame of a report, by its own tracing:
//! `cargo run -p procglass-tests --bin frames -- REPORT`.
//!
//! A frame is what lies between two calls of `requestAnimationFrame`; its time is what the renderer's main thread spent on
//! tasks in it: script, style, layout, painting. The screen needs one every 16.7 milliseconds. Told twice: by the clock, and
//! by the thread's own CPU time, in which what else runs on a busy machine does not count.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use procglass_tests::browser::Browser;
use serde_json::Value;
use std::path::Path;

/// One script for each thing that is done, ended by `done()`.
const DEEDS: [(&str, &str); 5] = [
    ("scroll the tree", "each(240, () => { list.scrollTop += 180; });"),
    ("scroll back in leaps", "each(120, () => { list.scrollTop -= 2400; });"),
    (
        "collapse and expand rows",
        "each(60, () => { const row = [...list.querySelectorAll('[aria-expanded]')].pop(); if (row) row.querySelector('[data-act=toggle]').click(); });",
    ),
    (
        "select one row after the other",
        "list.focus(); each(120, () => { list.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown', bubbles: true})); });",
    ),
    (
        // A letter every eighth frame is 450 a minute; the filter waits a moment for the next one before it runs.
        "type a filter",
        "const box = document.querySelector('[data-testid=filter]'), text = 'sleep or user:www-data'; box.focus(); let n = 0;
         each(text.length * 8 + 30, () => { if (n++ % 8) return; box.value = text.slice(0, n / 8 + 1); box.dispatchEvent(new InputEvent('input', {bubbles: true})); });",
    ),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let report = Path::new(&std::env::args().nth(1).unwrap()).canonicalize().unwrap();
    let browser = Browser::start_traced(1440, 900).await;
    browser.open_file(&report, "#/processes").await;
    browser.wait_state("ready").await;
    browser.find("[data-testid=process-row]").await;
    println!(
        "rows {}",
        browser.script("return document.querySelector('[data-testid=process-grid]').ariaRowCount").await
    );
    for (name, deed) in DEEDS {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let script = format!(
            "const done = arguments[arguments.length - 1], list = document.querySelector('[data-testid=process-grid]');
             const each = (times, deed) => requestAnimationFrame(() => {{
                 if (!times) {{ console.timeStamp('end'); return done(true); }} deed(); each(times - 1, deed); }});
             console.timeStamp('begin {name}'); {deed}"
        );
        browser.client.execute_async(&script, vec![]).await.unwrap();
    }
    let trace = browser.into_trace().await;
    for (name, _) in DEEDS {
        let [wall, cpu] = ["dur", "tdur"].map(|clock| {
            let mut frames = frames(&trace, name, clock);
            frames.sort_by(f64::total_cmp);
            frames
        });
        let at = |frames: &[f64], share: usize| {
            let place = (frames.len() * share / 100).min(frames.len().saturating_sub(1));
            frames.get(place).copied().unwrap_or(f64::NAN)
        };
        let [median, most, all] = [50, 95, 100].map(|share| at(&wall, share));
        let (cpu_median, cpu_most) = (at(&cpu, 50), at(&cpu, 95));
        let count = wall.len();
        println!(
            "frames {name:32} {count:5} {median:8.1} {most:8.1} {all:8.1} {cpu_median:8.1} {cpu_most:8.1}"
        );
    }
}

/// Milliseconds of work in each frame of a deed, on the thread that did it, by one of the two clocks of the trace.
fn frames(trace: &[Value], deed: &str, clock: &str) -> Vec<f64> {
    let time = |event: &Value| event["ts"].as_f64().unwrap_or(0.0);
    let stamp = |event: &&Value, text: &str| {
        event["name"] == "TimeStamp" && event["args"]["data"]["message"] == *text
    };
    let Some(begin) = trace.iter().find(|event| stamp(event, &format!("begin {deed}"))) else {
        return Vec::new();
    };
    let ends = trace.iter().filter(|event| stamp(event, "end") && time(event) > time(begin)).map(time);
    let end = ends.fold(f64::INFINITY, f64::min);
    let own = |event: &&Value| {
        (&event["pid"], &event["tid"]) == (&begin["pid"], &begin["tid"])
            && (time(begin)..end).contains(&time(event))
    };
    let named = |name: &'static str| trace.iter().filter(own).filter(move |event| event["name"] == name);
    let mut begins: Vec<f64> = named("FireAnimationFrame").map(time).collect();
    begins.sort_by(f64::total_cmp);
    let mut work = vec![0.0; begins.len() + 1];
    for task in named("RunTask") {
        let length = |clock: &str| task[clock].as_f64().unwrap_or(0.0);
        // The task that fires a frame begins a moment before it, and belongs to it.
        let frame = begins.partition_point(|begin| *begin < time(task) + length("dur"));
        work[frame] += length(clock) / 1_000.0;
    }
    // What came before the first frame is not one.
    work.into_iter().skip(1).collect()
}
