//! `?bundle=PATH`: opened from the same server when its host has allowed it, refused with a sentence otherwise.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::Bundle;
use procglass_tests::server::{self, Server};

const POLICY: &str = "procglass-policy.json";

/// A server that has a bundle in `bundles/`.
fn server_with(kind: server::Kind, bundle: &Bundle) -> Server {
    let server = Server::start(kind);
    let folder = server.site().join("bundles");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(&bundle.path, folder.join("web-1.procglass.tar.gz")).unwrap();
    server
}

fn allow(server: &Server, policy: &str) {
    std::fs::write(server.site().join(POLICY), policy).unwrap();
}

/// Requests for anything but the site's own files and the policy.
fn asked_for_evidence(server: &Server) -> Vec<String> {
    let site = server.site();
    let own = |request: &String| {
        let path = request.split(['?', ' ']).nth(1).unwrap();
        let name = path.strip_prefix("/procglass/").unwrap();
        !name.contains('/') && (name.is_empty() || name == POLICY || site.join(name).exists())
    };
    server.requests().into_iter().filter(|request| !own(request)).collect()
}

/// Waits until the bundle was asked for so many times: a server writes its log a moment after it answered.
async fn wait_asked(server: &Server, times: usize) {
    let asked = vec!["GET /procglass/bundles/web-1.procglass.tar.gz"; times];
    let begin = std::time::Instant::now();
    while asked_for_evidence(server) != asked {
        assert!(begin.elapsed().as_secs() < 30, "{:?}", server.requests());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn the_host_decides(kind: server::Kind, browser: Kind) {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let server = server_with(kind, &bundle);
    let browser = Browser::start(browser, 1440, 900).await;
    let address = server.url("?bundle=bundles/web-1.procglass.tar.gz#/processes?q=pid:1&sel=1");

    browser.open(&address).await;
    browser.wait_state("error").await;
    let said = browser.wait_text("[data-testid=error]", "has not allowed").await;
    assert!(said.contains(POLICY) && said.contains(r#"{"bundles": ["bundles/"]}"#), "{said}");
    assert_eq!(asked_for_evidence(&server), [""; 0]);
    assert_eq!(try_to_send(&browser).await, "refused: TypeError", "a refusal shuts the page too");

    allow(&server, r#"{"bundles": ["bundles/"]}"#);
    browser.open("about:blank").await;
    browser.open(&address).await;
    browser.wait_state("ready").await;
    browser.find("[data-testid=process-row][data-pid=\"1\"]").await;
    wait_asked(&server, 1).await;
    // From here on this page can ask nobody for anything, like every other page.
    assert_eq!(try_to_send(&browser).await, "refused: TypeError");

    // A reload asks the host again and comes back to the same place.
    let place = browser.wait_hash("sel=1").await;
    browser.reload().await;
    browser.wait_state("ready").await;
    browser.find("[data-testid=process-row][data-pid=\"1\"]").await;
    assert_eq!(browser.wait_hash("sel=1").await, place);
    wait_asked(&server, 2).await;
    browser.click("[data-testid=nav-network]").await;
    browser.find("[data-testid=network-table]").await;
    browser.click("[data-testid=nav-overview]").await;
    browser.wait_text("body", "web-1.procglass.tar.gz").await;
    assert_eq!(asked_for_evidence(&server).len(), 2, "nothing after the bundle");

    // The host takes it back.
    std::fs::remove_file(server.site().join(POLICY)).unwrap();
    browser.reload().await;
    browser.wait_text("[data-testid=error]", "has not allowed").await;
}

async fn try_to_send(browser: &Browser) -> serde_json::Value {
    browser
        .script("return fetch('index.html?evidence').then(() => 'sent', error => 'refused: ' + error.name)")
        .await
}

#[tokio::test]
async fn the_host_decides_with_nginx_and_chromium() {
    the_host_decides(server::Kind::Nginx, Kind::Chromium).await;
}

#[tokio::test]
async fn the_host_decides_with_nginx_and_firefox() {
    the_host_decides(server::Kind::Nginx, Kind::Firefox).await;
}

#[tokio::test]
async fn the_host_decides_with_caddy_and_chromium() {
    the_host_decides(server::Kind::Caddy, Kind::Chromium).await;
}

#[tokio::test]
async fn no_address_leads_out_of_the_allowed_folders() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let server = server_with(server::Kind::Nginx, &bundle);
    let other = server_with(server::Kind::Nginx, &bundle);
    std::fs::create_dir(server.site().join("secret")).unwrap();
    std::fs::copy(&bundle.path, server.site().join("secret/a.procglass.tar.gz")).unwrap();
    // A folder without its slash: nginx answers with a redirect.
    std::fs::create_dir(server.site().join("bundles/folder")).unwrap();
    allow(&server, r#"{"bundles": ["bundles/"]}"#);
    let elsewhere = other.url("bundles/web-1.procglass.tar.gz");
    let without_scheme = elsewhere.trim_start_matches("http:");
    let by_backslash = without_scheme.replace('/', "%5C");
    let itself = server.url("bundles/web-1.procglass.tar.gz");
    let refused = [
        ("secret/a.procglass.tar.gz", "has not allowed"),
        ("/procglass/bundles/web-1.procglass.tar.gz", "has not allowed"),
        ("bundles/../secret/a.procglass.tar.gz", "is not the path"),
        ("bundles/%2e%2e/secret/a.procglass.tar.gz", "is not the path"),
        ("bundles/%252e%252e/secret/a.procglass.tar.gz", "is not the path"),
        ("bundles%2F..%2Fsecret/a.procglass.tar.gz", "is not the path"),
        ("bundles/..%5Csecret/a.procglass.tar.gz", "is not the path"),
        ("bundles/web-1.procglass.tar.gz%3Fx", "is not the path"),
        (&elsewhere, "is not the path"),
        (without_scheme, "is not the path"),
        (&by_backslash, "is not the path"),
        (&itself, "is not the path"),
        ("javascript:alert(1)", "is not the path"),
        ("data:,x", "is not the path"),
        ("", "is not the path"),
    ];
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    for (path, sentence) in refused {
        browser.open("about:blank").await;
        browser.open(&server.url(&format!("?bundle={path}"))).await;
        browser.wait_text("[data-testid=error]", sentence).await;
        assert_eq!(asked_for_evidence(&server), [""; 0], "{path}");
    }
    // One that is allowed does not carry one that is not.
    let both = server.url("?bundle=bundles/web-1.procglass.tar.gz&bundle=secret/a.procglass.tar.gz");
    browser.open(&both).await;
    browser.wait_text("[data-testid=error]", "has not allowed").await;
    assert_eq!(asked_for_evidence(&server), [""; 0]);
    assert_eq!(other.requests(), [""; 0]);

    for (path, sentence) in [("bundles/folder", "redirect"), ("bundles/missing", "404")] {
        browser.open(&server.url(&format!("?bundle={path}"))).await;
        browser.wait_text("[data-testid=error]", sentence).await;
    }
    for policy in ["", "<!doctype html>", r#"{"bundles": "bundles/"}"#, r#"{"bundles": ["../"]}"#] {
        allow(&server, policy);
        browser.open("about:blank").await;
        browser.open(&server.url("?bundle=bundles/web-1.procglass.tar.gz")).await;
        browser.wait_text("[data-testid=error]", "has to mend procglass-policy.json").await;
    }
    // The page that opens bundles, asked for none, is the plain viewer.
    browser.open(&server.url("open.html")).await;
    browser.wait_state("empty").await;
    assert_eq!(try_to_send(&browser).await, "refused: TypeError");
}

/// Two bundles in one address are two systems.
#[tokio::test]
async fn an_address_may_name_several_bundles() {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let server = server_with(server::Kind::Caddy, &bundle);
    std::fs::copy(&bundle.path, server.site().join("bundles/web-2.procglass.tar.gz")).unwrap();
    allow(&server, r#"{"bundles": ["bundles/"]}"#);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    let path = "?bundle=bundles/web-1.procglass.tar.gz&bundle=bundles/web-2.procglass.tar.gz#/?in=1";
    browser.open(&server.url(path)).await;
    browser.wait_state("ready").await;
    browser.wait_text("body", "web-2.procglass.tar.gz").await;
}
