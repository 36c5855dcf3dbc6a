//! The questions that a responder asks first, each answered in at most two interactions from the Overview: once with the
//! mouse only, once with the keyboard only, in both browsers.
//!
//! An interaction is a click, or a thing that is gone to and entered, or a text that is typed and entered. Scrolling and
//! Tab are none.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use fantoccini::key::Key;
use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::Bundle;
use procglass_tests::plant::Planted;

/// Somebody with one kind of device, who counts.
struct Reader<'a> {
    browser: &'a Browser,
    mouse: bool,
    done: usize,
}

const ENTER: &str = "\u{e007}";

impl Reader<'_> {
    /// Goes back to the first page, as it is after opening.
    async fn begin(&mut self) {
        // The page writes its address a moment after a keystroke.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        self.browser.client.execute("location.hash = '#/'", vec![]).await.unwrap();
        self.browser.find("[data-testid=overview]").await;
        self.browser.wait_for("return !location.hash.includes('q=')").await;
        self.done = 0;
    }

    /// Clicks, or goes there with Tab and enters.
    async fn take(&mut self, css: &str) {
        self.done += 1;
        if self.mouse {
            self.browser.click(css).await;
        } else {
            self.browser.tab_to(css).await;
            self.browser.press(ENTER).await;
        }
    }

    /// Types into the filter; `/` leads there.
    async fn filter(&mut self, text: &str) {
        assert!(!self.mouse);
        self.done += 1;
        self.browser.press("/").await;
        self.browser.press(text).await;
    }

    /// Opens the palette, types, enters the first result.
    async fn ask(&mut self, text: &str) {
        assert!(!self.mouse);
        self.done += 1;
        self.browser.press(&(Key::Control + "k")).await;
        self.browser.find("[data-testid=palette-input]").await;
        self.browser.press(text).await;
        self.browser.wait_text("[data-testid=palette-said]", "result").await;
        self.browser.press(ENTER).await;
    }

    /// Sees a text in a list, scrolling as far as it takes.
    async fn sees(&self, css: &str, text: &str) -> String {
        let script = "const list = document.querySelector(arguments[0]);
            if (!list) return '';
            if (list.innerText.includes(arguments[1])) return list.innerText;
            list.scrollTop = list.scrollTop + list.clientHeight >= list.scrollHeight - 2 ? 0 : list.scrollTop + 300;
            return '';";
        let begin = std::time::Instant::now();
        loop {
            let seen = self.browser.client.execute(script, vec![css.into(), text.into()]).await.unwrap();
            if let Some(seen) = seen.as_str().filter(|seen| !seen.is_empty()) {
                assert!(self.done <= 2, "{} interactions", self.done);
                return seen.to_owned();
            }
            assert!(
                begin.elapsed().as_secs() < 60,
                "`{text}` is not in {css}: {}",
                self.browser.text(css).await
            );
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    }
}

/// 1. What was this system, and when was it captured?
async fn what_is_it(reader: &mut Reader<'_>, bundle: &Bundle) {
    reader.begin().await;
    let manifest: serde_json::Value = serde_json::from_slice(&bundle.member("manifest.json")).unwrap();
    let host = manifest["hostname"].as_str().unwrap();
    let seen = reader.sees("[data-testid=overview]", host).await;
    let captured = manifest["started"].as_str().unwrap()[..19].replace('T', " ");
    assert!(seen.contains(&captured) && seen.contains(manifest["kernel"].as_str().unwrap()), "{seen}");
    assert_eq!(reader.done, 0);
}

/// 2. What was running, who started it, in what order?
async fn what_ran(reader: &mut Reader<'_>, planted: &Planted) {
    reader.begin().await;
    reader.take("[data-testid=nav-timeline]").await;
    let script =
        "const row = document.querySelector(`[data-testid=start-row][data-pid=\"${arguments[0]}\"]`);
        if (row) return row.innerText; const list = document.querySelector('[data-testid=timeline-list]');
        if (list) list.scrollTop += 300; return ''";
    let begin = std::time::Instant::now();
    let row = loop {
        let row = reader.browser.client.execute(script, vec![planted.pid().into()]).await.unwrap();
        if let Some(row) = row.as_str().filter(|row| !row.is_empty()) {
            break row.to_owned();
        }
        assert!(begin.elapsed().as_secs() < 60, "the planted process is not in the timeline");
    };
    // Started by this test.
    assert!(row.contains(&planted.name) && row.contains(&std::process::id().to_string()), "{row}");
    assert!(reader.done <= 2);
}

/// 3. Which process holds the connection to this address?
async fn who_holds_it(reader: &mut Reader<'_>, planted: &Planted) {
    reader.begin().await;
    let held = format!("127.0.0.1:{} is", planted.near_port);
    if reader.mouse {
        reader.take("[data-testid=count-connected]").await;
        let seen = reader.sees("[data-testid=network-table]", &held).await;
        assert!(seen.contains(&planted.name), "{seen}");
    } else {
        reader.filter(&format!("127.0.0.1:{}", planted.near_port)).await;
        reader.sees("[data-testid=process-grid]", &planted.name).await;
    }
}

/// 4. What listens, and who can reach it?
async fn what_listens(reader: &mut Reader<'_>, planted: &Planted) {
    reader.begin().await;
    reader.take("[data-testid=nav-network]").await;
    let seen = reader.sees("[data-testid=listening-local]", "this machine only").await;
    // The strip names so many processes; the rest is one more click away.
    if !seen.contains(&planted.name) {
        reader.take("[data-testid=listening-local] li:last-child a").await;
        reader.sees("[data-testid=network-table]", &format!("127.0.0.1:{}", planted.port)).await;
    }
    assert!(reader.done <= 2);
}

/// 5. What is this process: program, hash, is its file still there, arguments, environment, user, ancestors, files?
async fn what_is_this_process(reader: &mut Reader<'_>, planted: &Planted) {
    reader.begin().await;
    if reader.mouse {
        reader
            .take(&format!(
                "[data-testid=overview] section:not(.found) a[href^=\"#/process/{}\"]",
                planted.pid()
            ))
            .await;
    } else {
        reader.ask(&planted.name).await;
    }
    let seen = reader.sees("[data-testid=process-page]", "two words").await;
    for fact in ["--colour", "SHA-256", "its file was deleted", "PLANTED_TOKEN", "/etc/passwd", "Ancestry"] {
        let there = seen.contains(fact)
            || fact == "Ancestry" && !reader.browser.text("[data-testid=ancestry]").await.is_empty();
        assert!(there, "{fact} is not in {seen}");
    }
    assert!(!seen.contains("s3cret-value"), "secrets stay");
}

/// 6. What looks wrong, why does it matter, and where is the proof?
async fn what_is_wrong(reader: &mut Reader<'_>, planted: &Planted) {
    reader.begin().await;
    let seen = reader.sees("[data-testid=overview]", &planted.name).await;
    assert!(
        seen.contains("Program file deleted while it runs") && seen.contains("An update does this too"),
        "{seen}"
    );
    reader
        .take(&format!("[data-testid=overview] section:not(.found) a[href^=\"#/process/{}\"]", planted.pid()))
        .await;
    reader.find_program().await;
    reader.take("[data-testid=section-program] a.source").await;
    let proof = reader.sees("[data-testid=member-page]", "links").await;
    assert!(proof.contains("\"links\": 0"), "{proof}");
}

impl Reader<'_> {
    async fn find_program(&self) {
        self.browser.wait_text("[data-testid=section-program]", "names left").await;
    }
}

async fn every_question(kind: Kind, mouse: bool) {
    let planted = Planted::start(env!("CARGO_BIN_EXE_planted"));
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(kind, 1440, 900).await;
    browser.open_file(&bundle.report(), "").await;
    browser.wait_state("ready").await;
    let mut reader = Reader { browser: &browser, mouse, done: 0 };
    what_is_it(&mut reader, &bundle).await;
    what_ran(&mut reader, &planted).await;
    who_holds_it(&mut reader, &planted).await;
    what_listens(&mut reader, &planted).await;
    what_is_this_process(&mut reader, &planted).await;
    what_is_wrong(&mut reader, &planted).await;
}

#[tokio::test]
async fn with_the_mouse_in_chromium() {
    every_question(Kind::Chromium, true).await;
}

#[tokio::test]
async fn with_the_keyboard_in_chromium() {
    every_question(Kind::Chromium, false).await;
}

#[tokio::test]
async fn with_the_mouse_in_firefox() {
    every_question(Kind::Firefox, true).await;
}

#[tokio::test]
async fn with_the_keyboard_in_firefox() {
    every_question(Kind::Firefox, false).await;
}
