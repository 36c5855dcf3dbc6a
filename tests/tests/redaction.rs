//! What is to be left out of a report is not in its bytes: not in the page, not in the bundle inside it, in no form that it
//! had when it was collected.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_model::bundle::Limits;
use procglass_snapshot::Snapshot;
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{Bundle, procglass};
use procglass_tests::plant::spawn;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const TOKEN: &str = "qz7-Token-of-the-test-4711";
const USER: &str = "qxkarlotta";
const FOLDER: &str = "qy-ledger-of-acme";
const ADDRESS: &str = "127.77.66.55";
/// The same as x86 prints it in `/proc/net/tcp`.
const HEX: &str = "37424D7F";
const ALL: [&str; 5] = [TOKEN, USER, FOLDER, ADDRESS, HEX];

/// A process that has all of them in many places, and a socket of this one.
struct Secrets {
    child: Child,
    listener: TcpListener,
    _folder: TempDir,
}

impl Secrets {
    fn plant() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join(FOLDER).join(USER);
        std::fs::create_dir_all(&place).unwrap();
        let program = place.join("tool");
        std::fs::copy(env!("CARGO_BIN_EXE_planted"), &program).unwrap();
        let mut command = Command::new(&program);
        command.args([
            "--token",
            TOKEN,
            &format!("--peer={ADDRESS}:80"),
            &format!("{USER}@db {}", place.display()),
        ]);
        command.env_clear().env("TOKEN", TOKEN).env("USER", USER).env("PEER", ADDRESS).env("PWD", &place);
        command.env("MIX", format!("\u{1}\"{TOKEN}\" {USER}: {ADDRESS}, {FOLDER}/x"));
        // Bytes that are no text put a whole environment into base64.
        command.env("BYTES", <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"\xff\xfe"));
        let mut child = spawn(command.current_dir(&place).stdin(Stdio::piped()).stdout(Stdio::piped()));
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let listener = TcpListener::bind((ADDRESS, 0)).unwrap();
        Self { child, listener, _folder: folder }
    }

    fn port(&self) -> u16 {
        self.listener.local_addr().unwrap().port()
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bundle inside a report, by nothing of ours.
fn inside(html: &str) -> Vec<u8> {
    let mut bundle = Vec::new();
    for piece in html.split("<script type=\"text/plain\" id=\"procglass-piece-").skip(1) {
        let text = piece.split_once('>').unwrap().1.split_once('<').unwrap().0;
        BASE64.decode_vec(text, &mut bundle).unwrap();
    }
    bundle
}

/// Every string of a JSON document, escapes undone and base64 read.
fn strings(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            out.extend(text.as_bytes());
            out.push(b'\n');
        }
        Value::Array(all) => all.iter().for_each(|value| strings(value, out)),
        Value::Object(all) => {
            for (key, value) in all {
                out.extend(key.as_bytes());
                out.push(b'\n');
                match value {
                    Value::String(text) if key == "base64" => out.extend(BASE64.decode(text).unwrap()),
                    value => strings(value, out),
                }
            }
        }
        _ => {}
    }
}

/// Everything that a report holds, in every form: the page, the compressed bundle, the archive, the documents in it.
fn everything(html: &[u8]) -> Vec<u8> {
    let mut all = html.to_vec();
    let bundle = inside(std::str::from_utf8(html).unwrap());
    all.extend(&bundle);
    let mut archive = Vec::new();
    flate2::read::GzDecoder::new(bundle.as_slice()).read_to_end(&mut archive).unwrap();
    all.extend(&archive);
    for member in Snapshot::read(&bundle, Limits::native()).unwrap().members.iter() {
        if let Ok(json) = serde_json::from_slice(&member.data) {
            strings(&json, &mut all);
        }
    }
    all
}

fn holds(all: &[u8], what: &str) -> bool {
    let (first, what) = (what.as_bytes()[0].to_ascii_lowercase(), what.as_bytes());
    (0..all.len().saturating_sub(what.len() - 1)).any(|at| {
        all[at].to_ascii_lowercase() == first && all[at..at + what.len()].eq_ignore_ascii_case(what)
    })
}

fn report(bundle: &Bundle, redact: &[&str]) -> Vec<u8> {
    let file = bundle.beside("out.html");
    let mut args = vec!["report", bundle.path.to_str().unwrap(), "-o", file.to_str().unwrap()];
    args.extend(redact);
    let output = procglass(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read(file).unwrap()
}

fn sha256sum(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn what_is_left_out_is_in_no_byte() {
    let secrets = Secrets::plant();
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    let plain = everything(&report(&bundle, &[]));
    for what in ALL {
        assert!(holds(&plain, what), "{what} was not even collected");
    }
    let html = report(&bundle, &["--redact", "environment,arguments,users,addresses,paths"]);
    let all = everything(&html);
    for what in ALL {
        assert!(!holds(&all, what), "{what} is still there");
    }
    // What is left still fits together.
    let snapshot = Snapshot::read(&inside(std::str::from_utf8(&html).unwrap()), Limits::native()).unwrap();
    let is_it = |address: &(std::net::IpAddr, u16)| address.1 == secrets.port() && address.0.is_loopback();
    let socket = snapshot.sockets.iter().find(|socket| socket.local.as_ref().is_some_and(is_it)).unwrap();
    let owner = snapshot.process(socket.owners[0].process).unwrap();
    assert_eq!(owner.pid, std::process::id());
    let child = snapshot.process(snapshot.by_pid(secrets.child.id()).unwrap()).unwrap();
    assert_eq!(child.ppid, Some(std::process::id()));
    let exe = child.exe.clone().unwrap().to_string();
    assert!(exe.starts_with("/tmp/") && exe.ends_with("/user-1/tool") || exe.contains("/user-"), "{exe}");
    // And says what it is.
    let text = String::from_utf8(html).unwrap();
    let summary = text.split("id=\"summary\"").nth(1).unwrap().split("</article>").next().unwrap();
    assert!(
        summary.contains("What was left out") && summary.contains(&sha256sum(&bundle.path)),
        "{summary:.2000}"
    );
}

/// The list of systems that a report of several bundles begins with is made of what is left.
#[test]
fn the_list_of_systems_leaves_out_too() {
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    let again = Bundle::of_this_machine(&["--environ", "full"]);
    let (one, two) = (bundle.beside("one.tar.gz"), bundle.beside("two.tar.gz"));
    std::fs::copy(&bundle.path, &one).unwrap();
    std::fs::copy(&again.path, &two).unwrap();
    let systems = procglass(&["show", one.to_str().unwrap(), "systems", "--format", "json"]);
    let systems: Vec<Value> = serde_json::from_slice(&systems.stdout).unwrap();
    let name = systems[0]["name"].as_str().unwrap();
    let addresses: Vec<&str> =
        systems[0]["addresses"].as_array().unwrap().iter().map(|address| address.as_str().unwrap()).collect();
    let list = |redact: &[&str]| {
        let file = bundle.beside("out.html");
        let mut args =
            vec!["report", one.to_str().unwrap(), two.to_str().unwrap(), "-o", file.to_str().unwrap()];
        args.extend(redact);
        let output = procglass(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let html = std::fs::read_to_string(file).unwrap();
        html.split("<table class=\"mini register\">")
            .nth(1)
            .unwrap()
            .split("</table>")
            .next()
            .unwrap()
            .to_owned()
    };
    let plain = list(&[]);
    assert!(
        plain.contains(name) && plain.contains("two.tar.gz") && plain.matches("<tr>").count() == 3,
        "{plain}"
    );
    assert!(addresses.iter().all(|address| plain.contains(address)), "{addresses:?}: {plain}");
    let left = list(&["--redact", "addresses,host"]);
    assert!(!left.contains(name), "{name} is still there: {left}");
    for address in addresses {
        assert!(!left.contains(address), "{address} is still there: {left}");
    }
    assert_eq!(left.matches("<tr>").count(), 3, "{left}");
}

#[test]
fn a_single_choice_takes_only_that() {
    let _secrets = Secrets::plant();
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    for (choice, gone, stays) in [
        ("environment", &[TOKEN][..], &[FOLDER, HEX][..]),
        ("addresses", &[ADDRESS, HEX], &[TOKEN, USER, FOLDER]),
        ("users", &[USER], &[TOKEN, FOLDER, HEX]),
        ("paths", &[FOLDER], &[TOKEN, HEX]),
    ] {
        let all = everything(&report(&bundle, &["--redact", choice]));
        for what in gone {
            assert!(!holds(&all, what), "{choice}: {what} is still there");
        }
        for what in stays {
            assert!(holds(&all, what), "{choice}: {what} is gone");
        }
    }
}

#[test]
fn words_that_name_nothing_are_refused() {
    let output = procglass(&["report", "x", "--redact", "everything"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("choose from environment, arguments"));
}

async fn on_the_screen(kind: Kind) {
    let _secrets = Secrets::plant();
    let bundle = Bundle::of_this_machine(&["--environ", "full"]);
    let browser = Browser::start(kind, 1400, 900).await;
    browser.open_file(&bundle.report(), "#/").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=verdict]", "How sure").await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    // By keyboard: Escape closes it, and the first choice has the keyboard.
    browser.press("\u{e00c}").await;
    browser.wait_for("return document.querySelector('[data-testid=report-choices]') === null || null").await;
    browser.click("[data-testid=save]").await;
    browser.click("[data-value=report]").await;
    browser.wait_for("return document.activeElement.id === 'leave-out-environment' || null").await;
    browser.press(" ").await;
    for word in ["arguments", "users", "addresses", "paths"] {
        browser.click(&format!("[data-testid=leave-out-{word}]")).await;
    }
    let host = browser.text(".system-name").await;
    browser.click("[data-testid=save-report]").await;
    browser.wait_text("[data-testid=saved]", "saved").await;
    let html = browser.saved(&format!("{host}-report.html")).await;
    let all = everything(&html);
    for what in ALL {
        assert!(!holds(&all, what), "{what} is still there");
    }
    let again = bundle.beside("again.html");
    std::fs::write(&again, &html).unwrap();
    browser.open_file(&again, "#/").await;
    browser.wait_state("ready").await;
    let said = browser.wait_text("[data-testid=left-out]", "environment, arguments").await;
    assert!(said.contains(&sha256sum(&bundle.path)), "{said}");
    browser.click("[data-testid=save]").await;
    assert!(browser.text("[data-value=bundle]").await.contains("without what was left out"));
}

#[tokio::test]
async fn chromium_leaves_out() {
    on_the_screen(Kind::Chromium).await;
}

#[tokio::test]
async fn firefox_leaves_out() {
    on_the_screen(Kind::Firefox).await;
}
