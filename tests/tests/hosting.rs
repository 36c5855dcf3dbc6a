//! The static site behind real web servers with the documented configurations, below a path, in real browsers.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use procglass_tests::server::{self, Server};
use serde_json::Value;
use std::collections::BTreeSet;

/// Names of the files of the site, without the packed ones.
fn files() -> BTreeSet<String> {
    let names = std::fs::read_dir(dist::path("site")).unwrap();
    names
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with(".gz") && !name.ends_with(".br"))
        .collect()
}

/// Opens the viewer and waits until the browser has kept it and is done with asking for it.
async fn visit(browser: &Browser, url: &str) {
    browser.open(url).await;
    browser.wait_state("empty").await;
    wait_kept(browser).await;
}

async fn wait_kept(browser: &Browser) {
    let script = "const done = arguments[arguments.length - 1];
        navigator.serviceWorker.ready.then(() => done('ready'), (error) => done(String(error)))";
    assert_eq!(browser.client.execute_async(script, vec![]).await.unwrap(), "ready");
    browser.wait_for("return navigator.serviceWorker.controller !== null").await;
}

/// What the browser keeps for this server: the names of caches and the addresses in them.
async fn kept(browser: &Browser) -> Vec<(String, BTreeSet<String>)> {
    let script = "const done = arguments[arguments.length - 1];
        (async () => {
          const all = [];
          for (const name of await caches.keys())
            all.push([name, (await (await caches.open(name)).keys()).map((request) => request.url)]);
          return all;
        })().then(done, (error) => done(String(error)))";
    let value: Value = browser.client.execute_async(script, vec![]).await.unwrap();
    serde_json::from_value(value).unwrap()
}

async fn open_by_hand(browser: &Browser, bundle: &Bundle) {
    browser.find("[data-testid=open-input]").await.send_keys(bundle.path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
}

#[test]
fn every_file_comes_with_the_documented_headers_packed_or_plain() {
    for kind in [server::Kind::Nginx, server::Kind::Caddy] {
        let server = Server::start(kind);
        for name in files() {
            for (accepted, sent, extension) in
                [("identity", "", ""), ("gzip", "gzip", ".gz"), ("gzip, br", "br", ".br")]
            {
                let what = format!("{kind:?} {name} {accepted}");
                let answer = server.get(&name, accepted);
                assert_eq!(answer.status, 200, "{what}");
                assert_eq!(answer.header("content-encoding"), sent, "{what}");
                assert!(
                    answer.body == std::fs::read(dist::path("site").join(name.clone() + extension)).unwrap(),
                    "{what}"
                );
                let types = match name.rsplit_once('.').unwrap().1 {
                    "html" => vec!["text/html"],
                    "css" => vec!["text/css"],
                    _ => vec!["text/javascript", "application/javascript"],
                };
                let sent = answer.header("content-type").split(';').next().unwrap();
                assert!(types.contains(&sent), "{what}: {sent}");
                assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
                assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
                let forever = !["index.html", "open.html", "service-worker.js"].contains(&name.as_str());
                let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
                assert_eq!(answer.header("cache-control"), cache, "{what}");
                let connect =
                    if name == "open.html" || name == "service-worker.js" { "'self'" } else { "'none'" };
                let policy = answer.header("content-security-policy");
                assert!(policy.contains(&format!("connect-src {connect}")), "{what}: {policy}");
                assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
            }
        }
        assert_eq!(server.get("", "br").body, server.get("index.html", "br").body, "{kind:?}");
        let outside = server.get("../config", "");
        assert!(outside.status != 200 || outside.body.is_empty(), "{kind:?}: {outside:?}");
        assert_eq!(server.get("nothing.js", "").status, 404, "{kind:?}");
    }
}

async fn a_viewer_asks_for_itself_and_for_nothing_else(kind: server::Kind, browser: Kind) {
    let server = Server::start(kind);
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(browser, 1440, 900).await;
    visit(&browser, &server.url("")).await;
    let before = server.requests();
    let mut own: BTreeSet<_> = files().iter().map(|name| format!("GET /procglass/{name}")).collect();
    own.insert("GET /procglass/".into());
    for request in &before {
        // Browsers ask for a site's icon by themselves; the page names its own.
        assert!(own.contains(request), "{request}");
    }

    open_by_hand(&browser, &bundle).await;
    for page in ["overview", "processes", "network", "files", "timeline", "evidence", "findings"] {
        browser.click(&format!("[data-testid=nav-{page}]")).await;
    }
    browser.click("[data-testid=nav-network]").await;
    browser.find("[data-testid=network-table]").await;
    assert_eq!(server.requests(), before, "no request after the start");
    let asked =
        browser.script("return performance.getEntriesByType('resource').map((entry) => entry.name)").await;
    for url in asked.as_array().unwrap() {
        let url = url.as_str().unwrap();
        assert!(url.starts_with(&server.url("")) || url.starts_with("blob:"), "asked for {url}");
    }
    if browser.kind() == Kind::Chromium {
        for url in browser.requests().await {
            let own =
                url.starts_with(&server.url("")) || url.starts_with("data:") || url.starts_with("blob:");
            assert!(own, "asked for {url}");
        }
    }
    // And it could not if it wanted to, not even its own server.
    assert_eq!(try_to_send(&browser).await, "refused: TypeError");
    let kept = kept(&browser).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    let own = files()
        .into_iter()
        .filter(|name| name != "service-worker.js")
        .map(|name| server.url(&name))
        .collect();
    assert_eq!(kept[0].1, own, "the files of the site and nothing else");
    assert_eq!(server.requests(), before, "no request after the start");
}

async fn try_to_send(browser: &Browser) -> Value {
    browser
        .script("return fetch('index.html?evidence').then(() => 'sent', error => 'refused: ' + error.name)")
        .await
}

#[tokio::test]
async fn nothing_is_sent_to_nginx_from_chromium() {
    a_viewer_asks_for_itself_and_for_nothing_else(server::Kind::Nginx, Kind::Chromium).await;
}

#[tokio::test]
async fn nothing_is_sent_to_nginx_from_firefox() {
    a_viewer_asks_for_itself_and_for_nothing_else(server::Kind::Nginx, Kind::Firefox).await;
}

#[tokio::test]
async fn nothing_is_sent_to_caddy_from_chromium() {
    a_viewer_asks_for_itself_and_for_nothing_else(server::Kind::Caddy, Kind::Chromium).await;
}

#[tokio::test]
async fn nothing_is_sent_to_caddy_from_firefox() {
    a_viewer_asks_for_itself_and_for_nothing_else(server::Kind::Caddy, Kind::Firefox).await;
}

/// A reload asks for the bundle again, and comes back to the same place: with the server, and without it.
async fn a_second_visit_needs_no_server(browser: Kind) {
    let mut server = Server::start(server::Kind::Nginx);
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let browser = Browser::start(browser, 1440, 900).await;
    visit(&browser, &server.url("#/processes?q=pid:1&sel=1")).await;
    open_by_hand(&browser, &bundle).await;
    browser.find("[data-testid=process-row][data-pid=\"1\"]").await;
    browser.reload().await;
    browser.wait_state("empty").await;
    open_by_hand(&browser, &bundle).await;
    browser.find("[data-testid=process-row][data-pid=\"1\"]").await;
    let place = browser.wait_hash("sel=1").await;

    server.stop();
    browser.reload().await;
    browser.wait_state("empty").await;
    open_by_hand(&browser, &bundle).await;
    browser.find("[data-testid=process-row][data-pid=\"1\"]").await;
    assert_eq!(browser.wait_hash("sel=1").await, place);
    // By its folder, by its name, and with something behind it.
    for address in ["", "index.html", "?x=y"] {
        browser.open("about:blank").await;
        browser.open(&server.url(address)).await;
        browser.wait_state("empty").await;
    }
}

#[tokio::test]
async fn a_second_visit_needs_no_server_in_chromium() {
    a_second_visit_needs_no_server(Kind::Chromium).await;
}

#[tokio::test]
async fn a_second_visit_needs_no_server_in_firefox() {
    a_second_visit_needs_no_server(Kind::Firefox).await;
}

/// Changes a file of the site and the service worker's list with it, as another build does.
fn next_build(server: &Server, list_too: bool) {
    use base64::Engine as _;
    let hash = |bytes: &[u8]| {
        base64::engine::general_purpose::STANDARD.encode(procglass_model::bundle::sha256(bytes))
    };
    let page = std::fs::read_to_string(server.site().join("index.html")).unwrap();
    let worker = std::fs::read_to_string(server.site().join("service-worker.js")).unwrap();
    let next = page.replace("<title>procglass</title>", "<title>the next build</title>");
    assert_ne!(page, next);
    let mut next_worker = worker.replace("const CACHE = OWN + \"", "const CACHE = OWN + \"next ");
    assert_ne!(worker, next_worker);
    if list_too {
        next_worker = next_worker.replace(&hash(page.as_bytes()), &hash(next.as_bytes()));
    }
    for (name, content) in [("index.html", next), ("service-worker.js", next_worker)] {
        std::fs::write(server.site().join(name), content).unwrap();
        for packed in ["gz", "br"] {
            std::fs::remove_file(server.site().join(format!("{name}.{packed}"))).unwrap();
        }
    }
}

async fn title(browser: &Browser) -> Value {
    browser.script("return document.title").await
}

async fn a_new_build_takes_the_place_of_the_old(browser: Kind) {
    let server = Server::start(server::Kind::Nginx);
    let browser = Browser::start(browser, 1440, 900).await;
    visit(&browser, &server.url("")).await;
    let first = kept(&browser).await;
    next_build(&server, true);
    // This visit still shows the old one, and fetches the new.
    visit(&browser, &server.url("")).await;
    // Only the names: to open a cache that is just being dropped makes it anew.
    let script = "const done = arguments[arguments.length - 1]; caches.keys().then(done, () => done([]))";
    let begin = std::time::Instant::now();
    loop {
        let now = browser.client.execute_async(script, vec![]).await.unwrap();
        let names = now.as_array().unwrap();
        if names.len() == 1 && names[0] != first[0].0.as_str() {
            break;
        }
        assert!(begin.elapsed().as_secs() < 60, "{now}");
    }
    let second = kept(&browser).await;
    assert!(second[0].0.contains("next"), "{second:?}");
    assert_eq!(second[0].1, first[0].1, "the same files");
    visit(&browser, &server.url("")).await;
    assert_eq!(title(&browser).await, "the next build");
}

#[tokio::test]
async fn a_new_build_takes_the_place_of_the_old_in_chromium() {
    a_new_build_takes_the_place_of_the_old(Kind::Chromium).await;
}

#[tokio::test]
async fn a_new_build_takes_the_place_of_the_old_in_firefox() {
    a_new_build_takes_the_place_of_the_old(Kind::Firefox).await;
}

/// A copy that was cut, or changed on the way, is not kept; what was kept before stays.
#[tokio::test]
async fn a_build_that_is_not_whole_is_not_kept() {
    let server = Server::start(server::Kind::Nginx);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    visit(&browser, &server.url("")).await;
    let first = kept(&browser).await;
    next_build(&server, false);
    visit(&browser, &server.url("")).await;
    let script = "const done = arguments[arguments.length - 1];
        navigator.serviceWorker.getRegistration().then((own) => own.update()).then(
          (own) => { const next = own.installing; if (!next) return done('none');
            next.onstatechange = () => next.state === 'redundant' && done('redundant') },
          (error) => done('failed'))";
    let outcome = browser.client.execute_async(script, vec![]).await.unwrap();
    assert!(outcome == "redundant" || outcome == "none" || outcome == "failed", "{outcome}");
    assert_eq!(kept(&browser).await, first);
    assert_ne!(title(&browser).await, "the next build");
}

/// The service worker that the documentation gives to whoever takes the viewer down.
#[tokio::test]
async fn a_viewer_that_was_taken_down_is_forgotten() {
    let server = Server::start(server::Kind::Nginx);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    visit(&browser, &server.url("")).await;
    let documentation = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/hosting.md");
    let documentation = std::fs::read_to_string(documentation).unwrap();
    let script = documentation.split_once("```js\n").unwrap().1.split_once("```").unwrap().0;
    for file in std::fs::read_dir(server.site()).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    std::fs::write(server.site().join("service-worker.js"), script).unwrap();
    // Still shown from what was kept; the browser looks for a new service worker meanwhile.
    browser.open(&server.url("")).await;
    browser.wait_state("empty").await;
    let gone = "const done = arguments[arguments.length - 1];
        (async () => !(await navigator.serviceWorker.getRegistration()) && !(await caches.keys()).length)().then(done)";
    let begin = std::time::Instant::now();
    while browser.client.execute_async(gone, vec![]).await.unwrap() != true {
        assert!(begin.elapsed().as_secs() < 60, "still there");
    }
    browser.open("about:blank").await;
    browser.open(&server.url("index.html")).await;
    browser.wait_text("body", "404").await;
}
