//! Every page against the rules of axe-core, in light and dark colours.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use procglass_tests::plant::Planted;
use serde_json::Value;

/// Every page and every state of one that has parts of its own; `PID` is that of the planted process.
const PAGES: &[&str] = &[
    "#/",
    "#/findings",
    "#/findings?q=finding:nothing-is-called-so",
    "#/processes?sel=PID",
    "#/processes?view=list&sort=memory&q=pid:PID",
    "#/processes?q=nothing-is-called-so",
    "#/network",
    "#/network?show=picture&q=pid:PID",
    "#/network?kind=local",
    "#/network?kind=talk",
    "#/files?q=pid:PID",
    "#/notes",
    "#/notes?note=summary",
    "#/network?note=socket%201%202%20tcp%20-%20-",
    "#/timeline",
    "#/timeline?q=started:>2020-01-01&time=local",
    "#/evidence",
    "#/evidence?show=members&open=host,host/proc,process",
    "#/evidence?show=problems",
    "#/evidence/process/PID.json?part=files/stat",
    "#/evidence/process/PID.json?part=files/stat&as=hex",
    "#/process/PID",
    "#/process/999999999",
    "#/systems",
    "#/systems?by=kind&sort=captured",
    "#/systems?show=links",
    "#/systems?show=shared",
    "#/systems?show=findings",
    "#/systems?ask=:22",
    "#/systems?ask=10.0.0.300",
    "#/compare",
    "#/compare?show=all",
    "#/compare?against=siblings",
    "#/compare?against=siblings&like=all",
    "#/logs",
    "#/logs?show=seen",
    "#/logs?show=talkers",
    "#/logs?show=files",
];

/// What axe says of the page as it is, one line for each rule that is broken.
async fn violations(browser: &Browser) -> Vec<String> {
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(
            found => done(found.violations.map(v => v.id + ': ' + v.help + ' | ' +
                v.nodes.slice(0, 3).map(n => n.html.slice(0, 300) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message).join(' || '))),
            error => done(['axe itself: ' + error]))";
    let found = browser.client.execute_async(script, vec![]).await.unwrap();
    found.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
}

async fn check(browser: &Browser, what: &str, broken: &mut Vec<String>) {
    // Transitions of colours would be measured half way.
    tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    broken.extend(violations(browser).await.iter().map(|line| format!("{what}: {line}")));
}

#[tokio::test]
async fn no_page_breaks_a_rule() {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    // Two snapshots of one machine, and a log of a table whose columns a person may have to name.
    let (again, report, log) =
        (bundle.beside("again.tar.gz"), bundle.beside("two.html"), bundle.beside("flows.csv"));
    assert!(dist::collect(&["-o", again.to_str().unwrap(), "--quiet"]).status.success());
    let files = [&bundle.path, &again, &report].map(|path| path.to_str().unwrap());
    assert!(dist::procglass(&["report", files[0], files[1], "-o", files[2]]).status.success());
    std::fs::write(
        &log,
        "time,source ip,destination ip,destination port\n1795500000,203.0.113.9,203.0.113.10,22\nnonsense\n",
    )
    .unwrap();
    let (protected, passphrase) = (bundle.beside("protected.html"), bundle.beside("passphrase"));
    std::fs::write(&passphrase, "four random words here").unwrap();
    let [from, to, file] = [&bundle.path, &protected, &passphrase].map(|path| path.to_str().unwrap());
    assert!(dist::procglass(&["report", from, "-o", to, "--passphrase-file", file]).status.success());
    let axe = std::fs::read_to_string(dist::tool("axe/node_modules/axe-core/axe.min.js")).unwrap();
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    let mut broken = Vec::new();
    for dark in [false, true] {
        let scheme = if dark { "dark" } else { "light" };
        browser.open("about:blank").await;
        browser.window(1440, 900, dark).await;
        browser.open_file(&dist::path("viewer.html"), "").await;
        browser.wait_state("empty").await;
        browser.client.execute(&axe, vec![]).await.unwrap();
        assert_eq!(browser.script("return typeof axe.run").await, "function");
        check(&browser, &format!("{scheme} start"), &mut broken).await;
        browser.open_file(&protected, "").await;
        browser.wait_state("locked").await;
        browser.client.execute(&axe, vec![]).await.unwrap();
        check(&browser, &format!("{scheme} lock"), &mut broken).await;
        browser.open_file(&report, "").await;
        browser.wait_state("ready").await;
        browser.client.execute(&axe, vec![]).await.unwrap();
        browser.client.execute("location.hash = '#/logs'", vec![]).await.unwrap();
        check(&browser, &format!("{scheme} no logs"), &mut broken).await;
        browser.find("[data-testid=log-input]").await.send_keys(log.to_str().unwrap()).await.unwrap();
        browser.find("[data-testid=logs-tally]").await;
        for page in PAGES {
            let page = page.replace("PID", &planted.pid().to_string());
            let go = "location.hash = arguments[0]";
            browser.client.execute(go, vec![Value::from(page.as_str())]).await.unwrap();
            check(&browser, &format!("{scheme} {page}"), &mut broken).await;
        }
        // What lies above a page.
        browser.click("[data-testid=save]").await;
        browser.click("[data-value=report]").await;
        browser.click("[data-testid=protect]").await;
        browser.find("[data-testid=protect-first]").await.send_keys("short").await.unwrap();
        check(&browser, &format!("{scheme} save a report"), &mut broken).await;
        browser.press("\u{e00c}").await;
        browser.click("[data-testid=help-open]").await;
        browser.find("[data-testid=help]").await;
        check(&browser, &format!("{scheme} help"), &mut broken).await;
        browser.press("\u{e00c}").await;
        browser.click("[data-testid=palette-open]").await;
        browser.find("[data-testid=palette-input]").await.send_keys(&planted.name).await.unwrap();
        browser.wait_text("[data-testid=palette-said]", "result").await;
        check(&browser, &format!("{scheme} palette"), &mut broken).await;
        browser.press("\u{e00c}").await;
        browser.click("[data-testid=nav-processes]").await;
        browser.click("[data-testid=columns]").await;
        check(&browser, &format!("{scheme} columns"), &mut broken).await;
        browser.click("[data-testid=export]").await;
        check(&browser, &format!("{scheme} export"), &mut broken).await;
    }
    assert!(broken.is_empty(), "{} violations:\n{}", broken.len(), broken.join("\n"));
}
