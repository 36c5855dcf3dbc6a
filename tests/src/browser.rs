//! Real browsers through WebDriver.

mod chrome;
mod start;

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use start::Keeps;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Which browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Debian's chromium with its driver.
    Chromium,
    /// Debian's firefox-esr with geckodriver.
    Firefox,
}

/// A browser under remote control, ended with the value.
pub struct Browser {
    driver: Child,
    profile: TempDir,
    /// The WebDriver client.
    pub client: Client,
    kind: Kind,
    port: u16,
    session: String,
}

/// How long anything may take to appear. Generous: the machine may be busy, and a passing test does not wait.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    /// Starts one with an empty profile and a window of this size.
    ///
    /// # Panics
    /// When driver or browser do not come up.
    pub async fn start(kind: Kind, width: u32, height: u32) -> Self {
        Self::begin(kind, width, height, Keeps::Requests).await
    }

    /// Starts Chromium without a log of its requests, to measure it. For that log it keeps a copy of each page and decodes it
    /// once more when it is read, which is a task of 30 to 60 ms for a report of 6 MB that no reader's browser has.
    ///
    /// # Panics
    /// When driver or browser do not come up.
    pub async fn start_unwatched(width: u32, height: u32) -> Self {
        Self::begin(Kind::Chromium, width, height, Keeps::Nothing).await
    }

    /// Starts Chromium so that it keeps a trace of what its threads do: see [`Browser::into_trace`].
    ///
    /// # Panics
    /// When driver or browser do not come up.
    pub async fn start_traced(width: u32, height: u32) -> Self {
        Self::begin(Kind::Chromium, width, height, Keeps::Trace).await
    }

    /// Opens a local file, with a hash such as `#/processes`.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn open_file(&self, path: &Path, hash: &str) {
        self.open(&format!("file://{}{hash}", path.display())).await;
    }

    /// Opens an address.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Loads the page anew, as F5 does. WebDriver's own command is Shift-F5 in Firefox, which passes by a service worker.
    ///
    /// # Panics
    /// When no new page comes in time.
    pub async fn reload(&self) {
        self.script("globalThis.procglassBefore = true; location.reload()").await;
        // Between the two pages Firefox has a document that is complete and empty.
        let loaded =
            "return !globalThis.procglassBefore && !!document.body && document.readyState === 'complete'";
        self.wait_for(loaded).await;
    }

    /// Waits until the viewer is in `state` (`data-procglass` on the root element).
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn wait_state(&self, state: &str) {
        let script = "return document.documentElement?.dataset.procglass || ''";
        let begin = Instant::now();
        loop {
            // A page that is being left answers with an error.
            let now = self.client.execute(script, vec![]).await;
            if now.as_ref().is_ok_and(|now| now == state) {
                return;
            }
            if begin.elapsed() > PATIENCE {
                panic!("the viewer is {now:?}, not `{state}`: {}", self.text("body").await);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The first element that matches a CSS selector, as soon as there is one.
    ///
    /// # Panics
    /// When none appears in time.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css));
        match waiting.await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}; the page says: {}", self.text("body").await),
        }
    }

    /// Clicks the first match. A view may draw itself anew between finding and clicking; then it is found again. A person
    /// scrolls what is covered by a bar into the middle; so does this.
    ///
    /// # Panics
    /// When that does not work in time.
    pub async fn click(&self, css: &str) {
        let begin = Instant::now();
        while let Err(error) = self.find(css).await.click().await {
            assert!(begin.elapsed() < PATIENCE, "{css}: {error}");
            let script = "document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})";
            let _ = self.client.execute(script, vec![json!(css)]).await;
        }
    }

    /// Clicks the first match until something matches `then`: when a row moves between the press and the release, because a
    /// table draws itself anew meanwhile, nobody is clicked.
    ///
    /// # Panics
    /// When that does not work in time.
    pub async fn click_until(&self, css: &str, then: &str) {
        let begin = Instant::now();
        loop {
            self.click(css).await;
            let second = self.client.wait().at_most(Duration::from_secs(1));
            if second.for_element(Locator::Css(then)).await.is_ok() {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "clicking {css} does not lead to {then}");
        }
    }

    /// Waits until the text of an element contains `part`, and returns it.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn wait_text(&self, css: &str, part: &str) -> String {
        let begin = Instant::now();
        loop {
            let text = self.text(css).await;
            if text.contains(part) {
                return text;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "`{part}` is not in {css}: {text}; the page says: {}",
                self.text("body").await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The visible text of the first match, or nothing.
    pub async fn text(&self, css: &str) -> String {
        let script = "const e = document.querySelector(arguments[0]); return e ? e.innerText : ''";
        let value = self.client.execute(script, vec![json!(css)]).await.unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script returns something true, and returns it.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn wait_for(&self, script: &str) -> Value {
        let begin = Instant::now();
        loop {
            let value = self.client.execute(script, vec![]).await.unwrap_or_default();
            if !matches!(value, Value::Null | Value::Bool(false)) && value != json!("") && value != json!(0) {
                return value;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "never true: {script}; the page says: {}",
                self.text("body").await
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The present address behind its `#`, as soon as it contains `part`. Addresses are written a moment late.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn wait_hash(&self, part: &str) -> String {
        let script =
            format!("return decodeURIComponent(location.hash).includes({}) && location.hash", json!(part));
        self.wait_for(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Presses keys where the keyboard is.
    ///
    /// # Panics
    /// When nothing has it.
    pub async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Goes to an element as somebody without a mouse does: Tab until it is reached.
    ///
    /// # Panics
    /// When it is not reached.
    pub async fn tab_to(&self, css: &str) {
        self.find(css).await;
        let script = "return !!document.activeElement && document.activeElement.matches(arguments[0])";
        for _ in 0..400 {
            let there = self.client.execute(script, vec![json!(css)]).await.unwrap_or_default();
            if there == true {
                return;
            }
            self.press("\u{e004}").await;
        }
        panic!("Tab does not lead to {css}");
    }

    /// Presses the pointer on an element, moves it and lets it go; places go from 0, left, to 1, right.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn drag(&self, css: &str, from: f64, to: f64) {
        let element = self.find(css).await;
        let (left, top, width, height) = element.rectangle().await.unwrap();
        let at = |place: f64| (left + width * place, top + height / 2.0);
        self.drag_between(at(from), at(to)).await;
    }

    /// Presses the pointer in the middle of an element and lets it go in the middle of another one.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn drag_to(&self, css: &str, to: &str) {
        let mut ends = [(0.0, 0.0); 2];
        for (end, css) in ends.iter_mut().zip([css, to]) {
            let (left, top, width, height) = self.find(css).await.rectangle().await.unwrap();
            *end = (left + width / 2.0, top + height / 2.0);
        }
        self.drag_between(ends[0], ends[1]).await;
    }

    async fn drag_between(&self, from: (f64, f64), to: (f64, f64)) {
        let at = |(x, y)| PointerAction::MoveTo { duration: Some(Duration::from_millis(60)), x, y };
        let button = MOUSE_BUTTON_LEFT;
        let mouse = MouseActions::new("mouse".into())
            .then(at(from))
            .then(PointerAction::Down { button })
            .then(at((f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1))))
            .then(at(to))
            .then(PointerAction::Up { button });
        self.client.perform_actions(mouse).await.unwrap();
    }

    /// A file that the page saved, as soon as it is whole.
    ///
    /// # Panics
    /// When it does not come in time.
    pub async fn saved(&self, name: &str) -> Vec<u8> {
        let path = self.profile.path().join("saved").join(name);
        let begin = Instant::now();
        loop {
            if let Ok(bytes) = std::fs::read(&path)
                && !bytes.is_empty()
                && !path.with_extension("part").exists()
            {
                return bytes;
            }
            assert!(begin.elapsed() < PATIENCE, "{} was not saved", path.display());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Deletes a saved file, so that the next one of the name is told from it.
    ///
    /// # Panics
    /// When it is not there.
    pub fn forget(&self, name: &str) {
        std::fs::remove_file(self.profile.path().join("saved").join(name)).unwrap();
    }

    /// Runs a script and returns its value.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Which browser it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Pid of the driver, the ancestor of every process of the browser.
    #[must_use]
    pub fn driver_pid(&self) -> u32 {
        self.driver.id()
    }

    /// Writes a screenshot.
    ///
    /// # Panics
    /// When that fails.
    pub async fn screenshot(&self, path: &Path) {
        std::fs::write(path, self.client.screenshot().await.unwrap()).unwrap();
    }
}
