//! What people drop, choose and paste: folders, terminal logs, reports; and servers that do not answer.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

const BEGIN: &str = "-----BEGIN PROCGLASS BUNDLE-----";
const END: &str = "-----END PROCGLASS BUNDLE-----";

async fn empty_viewer(kind: Kind) -> Browser {
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;
    browser
}

/// A bundle of one process, as text.
fn armored(pid: u32) -> String {
    let output = dist::collect(&["--pid", &pid.to_string(), "--armor", "-o", "-", "--quiet"]);
    String::from_utf8(output.stdout).unwrap()
}

async fn paste(browser: &Browser, text: &str) {
    let script = "const field = document.querySelector('[data-testid=open-text]');
        field.closest('details').open = true;
        field.value = arguments[0];
        field.dispatchEvent(new InputEvent('input', {bubbles: true, inputType: 'insertFromPaste'}));";
    browser.client.execute(script, vec![text.into()]).await.unwrap();
}

async fn drop_text(browser: &Browser, text: &str) {
    let script = "const data = new DataTransfer();
        data.setData('text/plain', arguments[0]);
        document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: data}));";
    browser.client.execute(script, vec![text.into()]).await.unwrap();
}

async fn systems(browser: &Browser, number: usize) {
    browser.wait_state("ready").await;
    browser.click("[data-testid=nav-systems]").await;
    let rows = format!("return document.querySelectorAll('[data-testid=system-row]').length === {number}");
    browser.wait_for(&rows).await;
}

#[tokio::test]
async fn a_dropped_folder_opens_from_the_disk_and_says_what_is_empty() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let other = Bundle::of_this_machine(&["--pid", &std::process::id().to_string()]);
    let folder = bundle.beside("case");
    fs::create_dir_all(folder.join("deep/none")).unwrap();
    fs::copy(&bundle.path, folder.join("deep/one.procglass.tar.gz")).unwrap();
    fs::write(folder.join("empty.procglass.tar.gz"), b"").unwrap();
    let browser = empty_viewer(Kind::Chromium).await;
    browser.drop_paths(&[&folder, &other.path]).await;
    browser.wait_state("ready").await;
    browser.wait_text("main", "empty.procglass.tar.gz: this is not a procglass bundle: it is empty").await;
    browser.wait_text("main", "case/deep/none: this folder is empty").await;
    systems(&browser, 2).await;
    let state = browser.wait_text("[data-testid=register-state]", "").await;
    assert!(!state.contains("damaged"), "{state}");
}

#[tokio::test]
async fn the_button_for_folders_opens_all_in_one() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let folder = bundle.beside("case");
    fs::create_dir(&folder).unwrap();
    fs::copy(&bundle.path, folder.join("one.procglass.tar.gz")).unwrap();
    let browser = empty_viewer(Kind::Chromium).await;
    browser.find("[data-testid=open-folder]").await.send_keys(folder.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("body", "one.procglass.tar.gz").await;
}

#[tokio::test]
async fn every_bundle_in_a_pasted_or_dropped_text_opens() {
    for kind in [Kind::Chromium, Kind::Firefox] {
        let log = format!("$ ssh one\n{}\n$ ssh two\n{}\n$ ", armored(1), armored(std::process::id()));
        let browser = empty_viewer(kind).await;
        paste(&browser, &log).await;
        systems(&browser, 2).await;

        let browser = empty_viewer(kind).await;
        drop_text(&browser, &log).await;
        systems(&browser, 2).await;
    }
}

#[tokio::test]
async fn cut_text_is_salvaged_and_text_without_a_bundle_is_told() {
    let browser = empty_viewer(Kind::Chromium).await;
    paste(&browser, "$ ls\nnothing here").await;
    browser.wait_text("[data-testid=paste-said]", BEGIN).await;
    drop_text(&browser, "nothing here").await;
    browser.wait_state("error").await;
    browser.wait_text("[data-testid=error]", BEGIN).await;

    let whole = armored(1);
    let cut = whole.split_once(END).unwrap().0;
    let cut = &cut[..cut.len() * 3 / 4];
    paste(&browser, cut).await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "").await;
}

#[tokio::test]
async fn the_terminal_reads_every_bundle_of_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.procglass.txt");
    fs::write(&path, format!("{}\n{}", armored(1), armored(std::process::id()))).unwrap();
    let output = dist::procglass(&["verify", path.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("#1: intact") && said.contains("#2: intact"), "{said}");
}

#[tokio::test]
async fn a_report_opens_in_a_viewer() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let report = bundle.report();
    let browser = empty_viewer(Kind::Chromium).await;
    browser.find("[data-testid=open-input]").await.send_keys(report.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "intact").await;

    let browser = empty_viewer(Kind::Firefox).await;
    let viewer = dist::path("viewer.html");
    browser.find("[data-testid=open-input]").await.send_keys(viewer.to_str().unwrap()).await.unwrap();
    browser.wait_text("[data-testid=error]", "a web page without a bundle").await;
}

#[tokio::test]
async fn an_unknown_page_is_told() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&bundle.report(), "#/future").await;
    browser.wait_text("[data-testid=no-page]", "future").await;
}

/// Answers for the site's own files, and begins an answer for every other one that it never ends.
fn stalling_server(missing: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream, missing));
        }
    });
    address
}

fn answer(mut stream: TcpStream, missing: &str) {
    let mut request = [0; 4096];
    let count = stream.read(&mut request).unwrap_or(0);
    let line = String::from_utf8_lossy(&request[..count]).into_owned();
    let path = line.split([' ', '?']).nth(1).unwrap_or_default().trim_start_matches('/').to_owned();
    let name = if path.is_empty() { "index.html" } else { &path };
    if !missing.is_empty() && name.starts_with(missing) {
        let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        return;
    }
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        _ => "text/html",
    };
    let body = if name == "procglass-policy.json" {
        br#"{"bundles": ["bundles/"]}"#.to_vec()
    } else if let Ok(body) = fs::read(dist::path("site").join(name)) {
        body
    } else {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc");
        std::thread::sleep(std::time::Duration::from_secs(120));
        return;
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

#[tokio::test]
async fn a_server_that_stalls_can_be_stopped_and_is_told() {
    for kind in [Kind::Chromium, Kind::Firefox] {
        let address = format!("{}open.html?bundle=bundles/a.procglass.tar.gz", stalling_server(""));
        let browser = Browser::start(kind, 1440, 900).await;
        browser.open(&address).await;
        browser.wait_state("loading").await;
        browser.click("[data-testid=cancel]").await;
        browser.wait_state("empty").await;

        browser.open("about:blank").await;
        browser.open(&address).await;
        browser.wait_state("error").await;
        browser
            .wait_text("[data-testid=error]", "sent nothing of bundles/a.procglass.tar.gz for 30 seconds")
            .await;
    }
}

#[tokio::test]
async fn a_script_that_is_missing_is_told() {
    for kind in [Kind::Chromium, Kind::Firefox] {
        for missing in ["viewer-", "start-"] {
            let browser = Browser::start(kind, 1440, 900).await;
            browser.open(&stalling_server(missing)).await;
            if missing == "viewer-" {
                browser.wait_text("#opening", "the server did not send a script of it (viewer-").await;
            } else {
                browser.wait_state("empty").await;
            }
        }
    }
}
