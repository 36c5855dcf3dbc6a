//! Encrypted reports and bundles in real browsers: nothing is readable without the key, and with it all is there.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_tests::age::Key;
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle, procglass};
use procglass_tests::plant::Planted;
use std::path::Path;
use std::process::Command;

/// Stands in the manifest and in the summary.
const CASE: &str = "case-4711-of-the-test";
const PASSPHRASE: &str = "pferd korrekt batterie klammer";

/// The bytes of a page, and what its blocks of base64 hold.
fn all_bytes(html: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(html).unwrap();
    let mut all = html.to_vec();
    for piece in text.split("<script type=\"text/plain\" id=\"procglass-piece-").skip(1) {
        let text = piece.split_once('>').unwrap().1.split_once('<').unwrap().0;
        BASE64.decode_vec(text, &mut all).unwrap();
    }
    all
}

fn holds(all: &[u8], what: &[u8]) -> bool {
    all.windows(what.len()).any(|window| window == what)
}

/// Nothing of the evidence is in a protected report: no name in clear, and no run of bytes of the bundle.
fn shows_nothing(html: &[u8], bundle: &Bundle, planted: &Planted) {
    let all = all_bytes(html);
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    for what in [planted.name.as_str(), host.trim(), CASE, "machine.procglass"] {
        // A short name of this machine is a part of other words.
        assert!(what.len() > 7 || what == host.trim());
        assert!(what.len() < 8 || !holds(&all, what.as_bytes()), "{what} stands in a protected report");
    }
    let evidence = std::fs::read(&bundle.path).unwrap();
    for part in evidence.chunks(evidence.len() / 9 + 1) {
        let run = &part[..part.len().min(24)];
        assert!(run.len() < 16 || !holds(&all, run), "bytes of the bundle stand in a protected report");
    }
}

async fn opens(browser: &Browser, report: &Path, planted: &Planted) {
    browser.open_file(report, &format!("#/processes?q={}", planted.name)).await;
    browser.wait_state("locked").await;
    assert_eq!(browser.script("return document.title").await, "procglass");
    browser.wait_for("return document.activeElement.id === 'passphrase'").await;
    browser.press("not this one\u{e007}").await;
    browser.wait_text("[data-testid=unlock-wrong]", "does not open it").await;
    // The keyboard is back where one types.
    browser.wait_for("return document.activeElement.id === 'passphrase'").await;
    browser.press(&format!("{PASSPHRASE}\u{e007}")).await;
    browser.wait_state("ready").await;
    browser.find(&format!("[data-testid=process-row][data-pid='{}']", planted.pid())).await;
    assert!(browser.text("[data-testid=integrity]").await.contains("intact"));
}

async fn a_protected_report(kind: Kind) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&["--case", CASE]);
    let (report, passphrase) = (bundle.beside("protected.html"), bundle.beside("passphrase"));
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
    let [from, to, file] = [&bundle.path, &report, &passphrase].map(|path| path.to_str().unwrap());
    let output = procglass(&["report", from, "-o", to, "--passphrase-file", file]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    shows_nothing(&std::fs::read(&report).unwrap(), &bundle, &planted);
    let browser = Browser::start(kind, 1400, 900).await;
    opens(&browser, &report, &planted).await;
    // What was inside comes out bit for bit.
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=bundle]").await;
    browser.wait_text("[data-testid=saved]", "saved").await;
    let original = std::fs::read(&bundle.path).unwrap();
    assert!(browser.saved("machine.procglass.tar.gz").await == original, "not what was collected");
    // And the page makes a protected one itself.
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.click("[data-testid=protect]").await;
    browser.find("[data-testid=protect-first]").await.send_keys(PASSPHRASE).await.unwrap();
    browser.find("[data-testid=protect-again]").await.send_keys("another").await.unwrap();
    browser.wait_text("#protect-said", "not the same").await;
    browser.wait_for("return document.querySelector('[data-testid=save-report]').disabled").await;
    browser.find("[data-testid=protect-again]").await.clear().await.unwrap();
    browser.find("[data-testid=protect-again]").await.send_keys(PASSPHRASE).await.unwrap();
    browser.wait_text("#protect-said", "Without it nobody").await;
    browser.click("[data-testid=save-report]").await;
    let html = browser.saved("procglass-report.html").await;
    shows_nothing(&html, &bundle, &planted);
    let again = bundle.beside("again.html");
    std::fs::write(&again, &html).unwrap();
    opens(&browser, &again, &planted).await;
}

#[tokio::test]
async fn chromium_opens_and_makes_a_protected_report() {
    a_protected_report(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_opens_and_makes_a_protected_report() {
    a_protected_report(Kind::Firefox).await;
}

/// Notes stand with the evidence: not in clear, there again with the passphrase, and in what the page protects itself.
async fn notes_in_a_protected_report(kind: Kind) {
    const TEXT: &str = "started by the attacker, says the test";
    const OWN: &str = "and another thing, written in the page";
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let (report, passphrase) = (bundle.beside("protected.html"), bundle.beside("passphrase"));
    std::fs::write(&passphrase, PASSPHRASE).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", planted.pid())).unwrap();
    let start = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().to_owned();
    let note = |on: &str, text: &str| serde_json::json!({"on": on, "tag": "bad", "text": text, "author": "Ada", "time": "2026-11-24T07:00:12Z"});
    let notes = [
        note(&format!("process {} {start}", planted.pid()), TEXT),
        note("summary", "All of this is a test."),
    ];
    let section = serde_json::json!({"sha256": dist::sha256(&bundle.path), "notes": notes});
    let file = bundle.beside("notes.json");
    std::fs::write(&file, serde_json::json!({"procglass_notes": 1, "bundles": [section]}).to_string())
        .unwrap();
    let [from, to, pass, notes] =
        [&bundle.path, &report, &passphrase, &file].map(|path| path.to_str().unwrap());
    let output = procglass(&["report", from, "-o", to, "--passphrase-file", pass, "--notes", notes]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let hides = |html: &[u8]| {
        let all = all_bytes(html);
        for words in [TEXT, OWN, "All of this is a test.", "procglass_notes\":", "2026-11-24 07:00:12"] {
            assert!(!holds(&all, words.as_bytes()), "{words} stands in a protected report");
        }
    };
    hides(&std::fs::read(&report).unwrap());
    let browser = Browser::start(kind, 1400, 900).await;
    opens(&browser, &report, &planted).await;
    let process = format!("location.hash = '#/process/{}'", planted.pid());
    browser.script(&process).await;
    browser.wait_text("[data-testid=section-notes]", TEXT).await;
    browser.script("location.hash = '#/'").await;
    let analyst = browser.wait_text("[data-testid=analyst]", "All of this is a test.").await;
    assert!(analyst.contains("Ada, 2026-11-24 07:00:12 UTC"), "{analyst}");
    // What is written here goes into a protected report of the page's own.
    browser.script(&process).await;
    browser.click("[data-testid=section-notes] [data-testid=add-note]").await;
    browser.find("[data-testid=note-text]").await.send_keys(OWN).await.unwrap();
    browser.find("[data-testid=note-author]").await.send_keys("Bob").await.unwrap();
    browser.click("[data-testid=note-save]").await;
    browser.wait_text("[data-testid=section-notes]", OWN).await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.wait_text("[data-testid=report-choices]", "3 notes go along").await;
    browser.click("[data-testid=protect]").await;
    for field in ["first", "again"] {
        browser.find(&format!("[data-testid=protect-{field}]")).await.send_keys(PASSPHRASE).await.unwrap();
    }
    browser.click("[data-testid=save-report]").await;
    let html = browser.saved("procglass-report.html").await;
    hides(&html);
    let again = bundle.beside("again.html");
    std::fs::write(&again, &html).unwrap();
    // A browser that has none of these notes itself.
    let other = Browser::start(kind, 1400, 900).await;
    opens(&other, &again, &planted).await;
    other.script(&process).await;
    let all = other.wait_text("[data-testid=section-notes]", OWN).await;
    assert!(all.contains(TEXT) && all.contains("Bob, 20"), "{all}");
}

#[tokio::test]
async fn chromium_notes_in_a_protected_report() {
    notes_in_a_protected_report(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_notes_in_a_protected_report() {
    notes_in_a_protected_report(Kind::Firefox).await;
}

async fn an_encrypted_bundle(kind: Kind) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let folder = tempfile::tempdir().unwrap();
    let Some(key) = Key::new(folder.path(), "key.txt") else { return };
    let other = Key::new(folder.path(), "other.txt").unwrap();
    let bundle = folder.path().join("web1.procglass.tar.gz.age");
    let mut collect = Command::new(dist::path("procglass-collect-full"));
    collect.args(["-q", "--recipient", &key.recipient, "-o"]).arg(&bundle);
    assert!(collect.status().unwrap().success());
    let browser = Browser::start(kind, 1400, 900).await;
    // The hosted form runs the same thread in another way.
    let page = if kind == Kind::Chromium { "viewer.html" } else { "site/index.html" };
    browser.open_file(&dist::path(page), &format!("#/processes?q={}", planted.name)).await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(bundle.to_str().unwrap()).await.unwrap();
    browser.wait_state("locked").await;
    browser.wait_text("[data-testid=locked]", "web1.procglass.tar.gz.age").await;
    browser.find("[data-testid=identity-input]").await.send_keys(other.file.to_str().unwrap()).await.unwrap();
    browser.wait_text("[data-testid=unlock-wrong]", "for other recipients").await;
    browser.find("[data-testid=identity-input]").await.send_keys(bundle.to_str().unwrap()).await.unwrap();
    browser.wait_text("[data-testid=unlock-wrong]", "no identity").await;
    browser.find("[data-testid=identity-input]").await.send_keys(key.file.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.find(&format!("[data-testid=process-row][data-pid='{}']", planted.pid())).await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=bundle]").await;
    let saved = browser.saved("web1.procglass.tar.gz").await;
    assert_eq!(saved, procglass_tests::age::age(&["-d", "-i", key.file.to_str().unwrap()], &bundle));
}

#[tokio::test]
async fn chromium_opens_an_encrypted_bundle_with_an_identity() {
    an_encrypted_bundle(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_opens_an_encrypted_bundle_with_an_identity() {
    an_encrypted_bundle(Kind::Firefox).await;
}

/// The page that a server gives has its program elsewhere, and makes keys all the same.
#[tokio::test]
async fn a_passphrase_in_the_hosted_form_and_giving_up() {
    let bundle = Bundle::of_this_machine(&[]);
    let (path, passphrase) = (bundle.beside("p.age"), bundle.beside("passphrase"));
    std::fs::write(&passphrase, PASSPHRASE).unwrap();
    let mut collect = Command::new(dist::path("procglass-collect-full"));
    collect.args(["-q", "--passphrase-file"]).arg(&passphrase).arg("-o").arg(&path);
    assert!(collect.status().unwrap().success());
    let browser = Browser::start(Kind::Chromium, 1400, 900).await;
    browser.open_file(&dist::path("site/index.html"), "").await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.wait_state("locked").await;
    browser.click("[data-testid=unlock-cancel]").await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.find("[data-testid=passphrase]").await.send_keys(PASSPHRASE).await.unwrap();
    browser.click("[data-testid=unlock]").await;
    browser.wait_state("ready").await;
}
