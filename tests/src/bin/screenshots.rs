//! Takes pictures of a report's pages, for the documentation and for looking at:
//! `cargo run -p procglass-tests --bin screenshots -- REPORT FOLDER NAME=HASH...`, such as `processes=#/processes`.
//!
//! `--log=FILE` in front of the pictures gives the page a log to read first.
//!
//! A name that ends in `-narrow` is taken at a width of 400 pixels, one that ends in `-dark` in the dark scheme, one that ends
//! in `-paper` is printed to a PDF; one that begins with `locked` is of a protected report.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use std::path::Path;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut args = std::env::args().skip(1);
    let (report, folder) = (args.next().unwrap(), args.next().unwrap());
    let report = Path::new(&report).canonicalize().unwrap();
    let mut log = None;
    for picture in args {
        if let Some(file) = picture.strip_prefix("--log=") {
            log = Some(Path::new(file).canonicalize().unwrap().display().to_string());
            continue;
        }
        let (name, hash) = picture.split_once('=').unwrap();
        let (width, height) = if name.ends_with("-narrow") { (400, 860) } else { (1440, 900) };
        let browser = Browser::start(Kind::Chromium, width, height).await;
        browser.window(width, height, name.ends_with("-dark")).await;
        browser.open_file(&report, hash).await;
        browser.wait_state(if name.starts_with("locked") { "locked" } else { "ready" }).await;
        if let Some(log) = &log {
            browser.client.execute("location.hash = '#/logs'", vec![]).await.unwrap();
            browser.find("[data-testid=log-input]").await.send_keys(log).await.unwrap();
            browser.find("[data-testid=logs-tally]").await;
            browser.client.execute("location.hash = arguments[0]", vec![hash.into()]).await.unwrap();
        }
        // Fonts and the first layout settle.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let paper = name.ends_with("-paper");
        let file = Path::new(&folder).join(format!("{name}.{}", if paper { "pdf" } else { "png" }));
        match paper {
            true => browser.pdf(&file).await,
            false => browser.screenshot(&file).await,
        }
        println!("{}", file.display());
    }
}
