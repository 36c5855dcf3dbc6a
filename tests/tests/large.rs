//! Large bundles in a browser: what of recovered files stays in the bundle until somebody looks at it, what the second
//! thread makes of members of any size, and a report whose page comes slowly.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use procglass_model::bundle::{Limits, Reader, Writer, hex, sha256};
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes that hardly compress, the same each time.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    })
    .take(length)
    .collect()
}

/// This machine's bundle with recovered files of many sizes in it: nothing, around blocks, parcels and windows of the
/// reading thread, and larger than those.
fn with_recovered(bundle: &Bundle, name: &str) -> PathBuf {
    let mut writer = Writer::new(Vec::new(), 0, 1).unwrap();
    for (name, data) in members(&std::fs::read(&bundle.path).unwrap()) {
        if name == "outcomes.json" {
            let sizes = [0, 1, 65_535, 65_536, 65_537, 300_000, 1 << 20, 2_097_151, 5 << 20, 9 << 20, 70_000];
            for (size, seed) in sizes.into_iter().zip(1..) {
                let data = noise(size, seed);
                writer.member(&format!("file/{}", hex(&sha256(&data))), &data).unwrap();
            }
        }
        if name != "SHA256SUMS" {
            writer.member(&name, &data).unwrap();
        }
    }
    let path = bundle.beside(name);
    std::fs::write(&path, writer.finish().unwrap()).unwrap();
    path
}

fn report_of(bundle: &Bundle, path: &Path) -> PathBuf {
    let report = bundle.beside("report.html");
    let output = dist::procglass(&["report", path.to_str().unwrap(), "-o", report.to_str().unwrap()]);
    assert!(output.status.success());
    report
}

fn members(bundle: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut all, mut reader) = (Vec::new(), Reader::new(Limits { recovered: u64::MAX, ..Limits::native() }));
    reader.push(bundle, |member| all.push((member.name.to_string(), member.data))).unwrap();
    reader.finish(|member| all.push((member.name.to_string(), member.data))).unwrap();
    all
}

/// Runs the second thread's program on a file, `keep` bytes of each recovered one; as one file or in pieces. Gives the digest
/// of the file, lengths and digests of the members, and what was handed over: a number is so many bytes left out.
const RUN: &str = r#"
    const [program, base64, keep, pieces, done] = arguments;
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const worker = new Worker(URL.createObjectURL(new Blob([program], {type: "text/javascript"})));
    const parts = [];
    const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    worker.onmessage = ({data}) => {
        if (data === null) return;
        if (typeof data[0] === "number") {
            for (const part of data.slice(1)) parts.push(typeof part === "number" ? part : hex(part));
            worker.postMessage(null);
        } else {
            worker.terminate();
            done([...data.map((part, at) => at === 1 ? [...part] : hex(part)), parts]);
        }
    };
    worker.postMessage([pieces ? null : new Blob([bytes]), true, keep, !pieces]);
    for (let at = 0; pieces && at < bytes.length; at += pieces) worker.postMessage(bytes.slice(at, at + pieces));
    if (pieces) worker.postMessage("end");
"#;

async fn the_second_thread_reads_as_we_do(kind: Kind) {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let raw = std::fs::read(with_recovered(&bundle, "sizes")).unwrap();
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(&raw[..]).read_to_end(&mut tar).unwrap();
    let all = members(&raw);
    let browser = Browser::start(kind, 800, 600).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;
    let program = include_str!("../../viewer/src/load/second.js");
    for (keep, pieces) in [(65_536, 0), (100, 0), (u32::MAX, 0), (65_536, 100_000), (100, 1 << 20)] {
        let args = vec![json!(program), json!(BASE64.encode(&raw)), json!(keep), json!(pieces)];
        let answer = browser.client.execute_async(RUN, args).await.unwrap();
        let [file, lengths, digests, parts] = answer.as_array().unwrap().as_slice() else {
            panic!("{keep} {pieces}: it failed")
        };
        println!("keep {keep}, pieces {pieces}");
        let own = if pieces == 0 { hex(&sha256(&raw)) } else { String::new() };
        assert_eq!(file, &own);
        let sizes: Vec<usize> = all.iter().map(|(_, data)| data.len()).collect();
        assert_eq!(lengths, &json!(sizes));
        assert_eq!(digests, &all.iter().map(|(_, data)| hex(&sha256(data))).collect::<String>());
        // What is handed over is the archive, but for what is left out, and that is as much as was wanted.
        let (mut at, mut left_out) = (0, 0);
        for part in parts.as_array().unwrap() {
            if let Some(hex) = part.as_str() {
                let end = at + hex.len() / 2;
                assert!(hex == procglass_model::bundle::hex(&tar[at..end]), "{at} to {end}");
                at = end;
            } else {
                let length = usize::try_from(part.as_u64().unwrap()).unwrap();
                (at, left_out) = (at + length, left_out + length);
            }
        }
        assert_eq!(at, tar.len());
        let recovered = all.iter().filter(|(name, _)| name.starts_with("file/"));
        let keep = usize::try_from(keep).unwrap();
        assert_eq!(left_out, recovered.map(|(_, data)| data.len().saturating_sub(keep)).sum::<usize>());
    }
}

#[tokio::test]
async fn the_second_thread_in_chromium() {
    the_second_thread_reads_as_we_do(Kind::Chromium).await;
}

#[tokio::test]
async fn the_second_thread_in_firefox() {
    the_second_thread_reads_as_we_do(Kind::Firefox).await;
}

/// Opens the page of a recovered file that is larger than what is kept in memory, and saves it.
async fn looks_at(browser: &Browser, data: &[u8]) {
    let hash = hex(&sha256(data));
    browser.script(&format!("location.hash = '#/evidence/file%2F{hash}'")).await;
    browser.wait_text("[data-testid=member-page]", "Save as a file").await;
    let text = browser.text("[data-testid=member-page]").await;
    assert!(text.contains("9.0 MB") && text.contains("SHA-256 of the member: matches"), "{text}");
    // Programs are shown as such, down to the last byte, which was not in memory.
    let end = hex(&data[data.len() - 16..]);
    browser
        .wait_for(&format!(
            "const list = document.querySelector('[data-testid=bytes]');
             list.scrollTop = list.scrollHeight;
             return list.textContent.replace(/ /g, '').includes('{end}')"
        ))
        .await;
    browser.click("[data-testid=save-member]").await;
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
    let saved = browser.saved(&format!("{}-file-{hash}.bin", host.trim())).await;
    assert!(saved == data, "{} bytes were saved", saved.len());
}

async fn recovered_files_are_read_when_they_are_looked_at(kind: Kind) {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let path = with_recovered(&bundle, "sizes");
    let data = noise(9 << 20, 10);
    let browser = Browser::start(kind, 1200, 900).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;
    browser.find("[data-testid=open-input]").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "intact").await;
    looks_at(&browser, &data).await;
    // The same out of a report.
    let report = report_of(&bundle, &path);
    let browser = Browser::start(kind, 1200, 900).await;
    browser.open_file(&report, "").await;
    browser.wait_state("ready").await;
    browser.wait_text("[data-testid=integrity]", "intact").await;
    looks_at(&browser, &data).await;
}

#[tokio::test]
async fn recovered_files_in_chromium() {
    recovered_files_are_read_when_they_are_looked_at(Kind::Chromium).await;
}

#[tokio::test]
async fn recovered_files_in_firefox() {
    recovered_files_are_read_when_they_are_looked_at(Kind::Firefox).await;
}

/// Serves a page in two parts, with a pause before the second.
fn slowly(page: Vec<u8>, first: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/report.html", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let page = page.clone();
            // A browser that goes away meanwhile is no failure.
            std::thread::spawn(move || answer(stream?, &page, first));
        }
    });
    url
}

fn answer(mut stream: TcpStream, page: &[u8], first: usize) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let length = stream.read(&mut request)?;
    if !request[..length].starts_with(b"GET /report.html") {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length:";
    write!(stream, "{head} {}\r\n\r\n", page.len())?;
    stream.write_all(&page[..first])?;
    std::thread::sleep(Duration::from_millis(1_500));
    stream.write_all(&page[first..])
}

async fn a_page_that_comes_slowly(kind: Kind) {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let path = with_recovered(&bundle, "sizes");
    let report = report_of(&bundle, &path);
    let page = std::fs::read(&report).unwrap();
    let at = |text: &str| {
        page.windows(text.len())
            .position(|window| window == text.as_bytes())
            .unwrap_or_else(|| panic!("{text}"))
    };
    // In front of the list, in the middle of the first piece, of the second.
    let places = [
        at("id=\"procglass-evidence\"") + 3,
        at("id=\"procglass-piece-0-0\"") + 70_000,
        at("id=\"procglass-piece-0-1\"") + 9,
    ];
    for place in places {
        let url = slowly(page.clone(), place);
        let browser = Browser::start(kind, 1200, 900).await;
        browser.open(&url).await;
        browser.wait_state("ready").await;
        println!("cut at {place}");
        browser.wait_text("[data-testid=integrity]", "intact").await;
    }
    // A mail program that cut the file: the page says so, and what the summary told stays.
    let cut = bundle.beside("cut.html");
    std::fs::write(&cut, &page[..at("id=\"procglass-piece-0-1\"") + 50_000]).unwrap();
    says_that_it_was_cut(kind, &cut).await;
}

async fn says_that_it_was_cut(kind: Kind, page: &Path) {
    let browser = Browser::start(kind, 1200, 900).await;
    browser.open_file(page, "").await;
    let state = browser.wait_for("return document.documentElement.dataset.procglass === 'ready' || document.documentElement.dataset.procglass === 'error'").await;
    assert_eq!(state, Value::Bool(true));
    let text = browser.text("body").await;
    assert!(text.contains("cut") || text.contains("damaged") || text.contains("incomplete"), "{text}");
    println!("{}", &text[..text.len().min(400)]);
}

#[tokio::test]
async fn a_slow_page_in_chromium() {
    a_page_that_comes_slowly(Kind::Chromium).await;
}

#[tokio::test]
async fn a_slow_page_in_firefox() {
    a_page_that_comes_slowly(Kind::Firefox).await;
}

/// Zeros in the place of evidence: the second thread unpacks them, and must not unpack them for ever.
async fn a_bomb_of_zeros(kind: Kind) {
    let bundle = Bundle::of_this_machine(&["--pid", "1"]);
    let path = bundle.beside("bomb");
    // At a lower level the ratio may be one that real bundles have as well.
    let mut writer = Writer::new(std::fs::File::create(&path).unwrap(), 0, 9).unwrap();
    for (name, data) in members(&std::fs::read(&bundle.path).unwrap()) {
        if name != "SHA256SUMS" {
            writer.member(&name, &data).unwrap();
        }
    }
    // Noise first, since small files are read at once.
    writer.member("file/noise", &noise(400_000, 1)).unwrap();
    for number in 0..20 {
        let part = 0..100 << 20;
        writer
            .stream_member(&format!("host/zeros-{number}"), 100 << 20, &[part], &mut std::io::repeat(0))
            .unwrap();
    }
    writer.finish().unwrap();
    let browser = Browser::start(kind, 1200, 900).await;
    browser.open_file(&dist::path("viewer.html"), "").await;
    browser.wait_state("empty").await;
    let begin = std::time::Instant::now();
    browser.find("[data-testid=open-input]").await.send_keys(path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.wait_text("body", "decompression bomb").await;
    println!("refused after {:?}", begin.elapsed());
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_bomb_in_chromium() {
    a_bomb_of_zeros(Kind::Chromium).await;
}

#[tokio::test]
async fn a_bomb_in_firefox() {
    a_bomb_of_zeros(Kind::Firefox).await;
}
