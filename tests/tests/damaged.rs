//! Bundles in unusual forms, opened in a browser: what the terminal makes of them, the page does too, whichever of its two
//! ways of reading a file it takes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The same bundle in other forms, and the word that is said of its state.
fn forms(bundle: &Bundle) -> Vec<(PathBuf, &'static str)> {
    let whole = std::fs::read(&bundle.path).unwrap();
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&whole[..]).read_to_end(&mut tar).unwrap();
    let mut repacked = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    repacked.write_all(&tar).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 0x55;
    let mut trailing = whole.clone();
    trailing.extend_from_slice(b"\r\nroot@host:/# exit\r\n");
    let cut_tail = whole.len() - 6;
    [
        ("as-it-was", whole.clone(), "intact"),
        ("unpacked.tar", tar.clone(), "intact"),
        ("repacked", repacked.finish().unwrap(), "intact"),
        ("cut-in-the-middle", whole[..whole.len() * 3 / 5].to_vec(), "incomplete"),
        ("cut-before-its-length", whole[..cut_tail].to_vec(), "incomplete"),
        ("one-byte-changed", changed, "damaged"),
        ("followed-by-a-shell", trailing, "damaged"),
    ]
    .into_iter()
    .map(|(name, bytes, word)| {
        let path = bundle.beside(name);
        std::fs::write(&path, bytes).unwrap();
        (path, word)
    })
    .collect()
}

fn processes(path: &Path) -> usize {
    let output = dist::procglass(&["show", path.to_str().unwrap(), "processes", "--format", "json"]);
    serde_json::from_slice::<Vec<serde_json::Value>>(&output.stdout).unwrap().len()
}

async fn opens_as_in_the_terminal(kind: Kind) {
    let bundle = Bundle::of_this_machine(&[]);
    for (path, word) in forms(&bundle) {
        let browser = Browser::start(kind, 1200, 900).await;
        browser.open_file(&dist::path("viewer.html"), "").await;
        browser.wait_state("empty").await;
        browser.find("[data-testid=open-input]").await.send_keys(path.to_str().unwrap()).await.unwrap();
        browser.wait_state("ready").await;
        println!("{}", path.display());
        browser.wait_text("[data-testid=integrity]", word).await;
        let shown = browser.wait_text("[data-testid=count-processes]", "").await;
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, processes(&path).to_string(), "{}", path.display());
    }
}

#[tokio::test]
async fn in_chromium() {
    opens_as_in_the_terminal(Kind::Chromium).await;
}

#[tokio::test]
async fn in_firefox() {
    opens_as_in_the_terminal(Kind::Firefox).await;
}

/// A collection that met a limit is whole as a file, and lacks processes: no page may say that all is well.
async fn an_incomplete_one_comforts_nobody(kind: Kind) {
    let bundle = Bundle::limited(&["--max-bytes", "20K", "--identity", "off"]);
    let path = bundle.path.to_str().unwrap();
    let shown = dist::procglass(&["show", path, "findings", "--format", "json"]);
    let said = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert_eq!(shown.status.code(), Some(3), "{said}");
    assert!(said.contains("processes were read"), "{said}");
    let failing = dist::procglass(&["show", path, "findings", "--fail-on", "critical"]);
    assert!(matches!(failing.status.code(), Some(3 | 4)), "{:?}", failing.status);
    let report = bundle.beside("report.html");
    let made = dist::procglass(&["report", path, "-o", report.to_str().unwrap()]);
    assert_eq!(made.status.code(), Some(3), "{}", String::from_utf8_lossy(&made.stderr));
    for (page, opens) in [(dist::path("viewer.html"), true), (report.clone(), false)] {
        let browser = Browser::start(kind, 1200, 900).await;
        browser.open_file(&page, "").await;
        if opens {
            browser.wait_state("empty").await;
            browser.find("[data-testid=open-input]").await.send_keys(path).await.unwrap();
        }
        browser.wait_state("ready").await;
        browser.wait_text("[data-testid=missing]", "processes were read").await;
        browser.wait_text("[data-testid=verdict]", "processes were read").await;
        let words = browser.wait_text("[data-testid=overview]", "What looks normal").await;
        for comfort in ["Nothing suspicious", "No hidden processes", "Nothing was refused: all"] {
            assert!(!words.contains(comfort), "{comfort}: {words}");
        }
    }
    let html = std::fs::read_to_string(&report).unwrap();
    let summary = html.split("id=\"summary\"").nth(1).unwrap();
    let summary = &summary[..summary.len().min(20_000)];
    assert!(summary.contains("processes were read") && !summary.contains("Nothing suspicious"));
}

#[tokio::test]
async fn an_incomplete_one_comforts_nobody_in_chromium() {
    an_incomplete_one_comforts_nobody(Kind::Chromium).await;
}

#[tokio::test]
async fn an_incomplete_one_comforts_nobody_in_firefox() {
    an_incomplete_one_comforts_nobody(Kind::Firefox).await;
}
