//! The report in real browsers, from `file://`, as somebody who was sent it would open it.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use fantoccini::Locator;
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use procglass_tests::plant::{Planted, spawn};

/// From a report to a process by name, to its page, to its socket: what a responder does first.
async fn find_a_process_and_its_socket(browser: &Browser, planted: &Planted) {
    browser.find("[data-testid=nav-processes]").await.click().await.unwrap();
    let filter = browser.find("[data-testid=filter]").await;
    filter.send_keys(&planted.name).await.unwrap();
    // The grid draws its rows anew while one types, so the row is found afresh at each look.
    let row = format!("[data-testid=process-row][data-pid=\"{}\"]", planted.pid());
    browser.wait_text(&row, &planted.name).await;
    browser.click_until(&row, &format!("{row}[aria-selected=true]")).await;
    browser.click(&format!("a[href^=\"#/process/{}\"]", planted.pid())).await;
    let text = browser.wait_text("[data-testid=process-page]", &planted.name).await;
    assert!(text.contains("deleted"), "{text}");
    assert!(text.contains("two words"), "{text}");
    let sockets = browser.wait_text("[data-testid=section-sockets]", &planted.port.to_string()).await;
    assert!(sockets.contains("LISTEN") && sockets.contains(&planted.near_port.to_string()), "{sockets}");
}

#[tokio::test]
async fn a_report_opens_in_chromium_and_asks_nobody_anything() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let report = bundle.report();
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&report, "").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "intact").await;
    find_a_process_and_its_socket(&browser, &planted).await;

    // Every page once, since a request could hide in any of them.
    for page in ["overview", "processes", "network", "files", "timeline", "evidence"] {
        browser.find(&format!("[data-testid=nav-{page}]")).await.click().await.unwrap();
        browser.wait_text("body", "").await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let own = format!("file://{}", report.display());
    for url in browser.requests().await {
        let local = url.starts_with(&own) || url.starts_with("data:") || url.starts_with("blob:");
        assert!(local, "the page asked for {url}");
    }
    // And it could not if it wanted to.
    let blocked = browser
        .script("return fetch('http://127.0.0.1:9/').then(() => 'sent', error => 'refused: ' + error.name)")
        .await;
    assert_eq!(blocked, "refused: TypeError");
    let policy = browser
        .script("return document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
        .await;
    let policy = policy.as_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
}

#[tokio::test]
async fn a_report_opens_in_firefox() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let report_of = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Firefox, 1440, 900).await;
    browser.open_file(&report_of.report(), "").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "intact").await;
    find_a_process_and_its_socket(&browser, &planted).await;
}

#[tokio::test]
async fn the_network_page_groups_sockets_by_process() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let report_of = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&report_of.report(), "#/network").await;
    browser.wait_state("ready").await;
    let filter = browser.find("[data-testid=filter]").await;
    // Other network namespaces may use the same port.
    filter.send_keys(&format!("port:{} name:{}", planted.port, planted.name)).await.unwrap();
    let text = browser.wait_text("[data-testid=network-table]", &planted.name).await;
    assert!(text.contains("LISTEN") && text.contains("ESTABLISHED"), "{text}");
    let begin = std::time::Instant::now();
    loop {
        let rows = browser.client.find_all(Locator::Css("[data-testid=socket-row]")).await.unwrap().len();
        if rows == 3 {
            break;
        }
        assert!(
            begin.elapsed().as_secs() < 30,
            "{rows} rows: the listener and both ends of its connection are 3"
        );
    }
}

#[tokio::test]
async fn the_empty_viewer_opens_a_file_goes_back_and_forward_and_refuses_others() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;

    let wrong = bundle.beside("holiday.zip");
    std::fs::write(&wrong, b"PK\x03\x04 not a bundle").unwrap();
    browser.find("[data-testid=open-input]").await.send_keys(wrong.to_str().unwrap()).await.unwrap();
    browser.wait_text("body", "zip archive").await;

    browser.find("[data-testid=open-input]").await.send_keys(bundle.path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.find("[data-testid=nav-processes]").await.click().await.unwrap();
    browser.find("[data-testid=process-grid]").await;
    browser.find("[data-testid=nav-network]").await.click().await.unwrap();
    browser.find("[data-testid=network-table]").await;
    browser.client.back().await.unwrap();
    browser.find("[data-testid=process-grid]").await;
    browser.client.forward().await.unwrap();
    browser.find("[data-testid=network-table]").await;
}

#[tokio::test]
async fn the_counts_on_the_first_page_are_those_of_the_bundle() {
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&bundle.report(), "").await;
    browser.wait_state("ready").await;
    let count = bundle.show("processes", &[]).len();
    let shown = browser.wait_text("[data-testid=count-processes]", "").await;
    // Thousands are set apart by a narrow space.
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, count.to_string(), "{shown}");
}

/// Names that want to be markup, escapes or another line are shown as what they are.
#[tokio::test]
async fn hostile_names_stay_text() {
    let folder = tempfile::tempdir().unwrap();
    let exe = folder.path().join("<img src=x>");
    std::fs::copy("/bin/sleep", &exe).unwrap();
    let hostile = "<script>document.title='owned'</script>\u{202e}\x1b[2J";
    let mut child = spawn(std::process::Command::new(&exe).arg("60").env("HOSTILE", hostile));
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    child.kill().unwrap();
    child.wait().unwrap();
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&bundle.report(), &format!("#/process/{}", child.id())).await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=process-page]", "<img src=x>").await;
    let environment = browser.wait_text("[data-testid=section-environment]", "HOSTILE").await;
    assert!(
        environment.contains("<script>document.title='owned'</script>\\u{202e}\\x1b[2J"),
        "{environment}"
    );
    assert_ne!(browser.script("return document.title").await, "owned");
    assert_eq!(browser.script("return document.querySelectorAll('img').length").await, 0);
}

/// Dropping a file on the page, as people do; WebDriver has no command for it, so the events are made with a real file.
#[tokio::test]
async fn a_dropped_bundle_opens() {
    use base64::Engine as _;
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let bytes = base64::engine::general_purpose::STANDARD.encode(std::fs::read(&bundle.path).unwrap());
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;
    let script = "const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));
        const files = new DataTransfer();
        files.items.add(new File([bytes], 'dropped.procglass.tar.gz'));
        const zone = document.querySelector('[data-testid=open-input]').parentElement;
        for (const kind of ['dragenter', 'dragover', 'drop'])
            zone.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: files}));";
    browser.client.execute(script, vec![bytes.into()]).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("body", "dropped.procglass.tar.gz").await;
}
