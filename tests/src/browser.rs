//! Real browsers through WebDriver.

use base64::Engine as _;
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use url::{ParseError, Url};

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
        Self::begin(kind, width, height, false).await
    }

    /// Starts Chromium so that it keeps a trace of what its threads do: see [`Browser::into_trace`].
    ///
    /// # Panics
    /// When driver or browser do not come up.
    pub async fn start_traced(width: u32, height: u32) -> Self {
        Self::begin(Kind::Chromium, width, height, true).await
    }

    async fn begin(kind: Kind, width: u32, height: u32, traced: bool) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let profile = tempfile::tempdir().unwrap();
        let program = if kind == Kind::Chromium { "chromedriver" } else { "geckodriver" };
        let mut command = Command::new(program);
        command.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver =
            command.spawn().unwrap_or_else(|error| panic!("{program}: {error}. Run `cargo xtask setup`"));
        let url = format!("http://127.0.0.1:{port}");
        let begin = Instant::now();
        let client = loop {
            let mut capabilities = capabilities(kind, profile.path(), width, height);
            if traced && let Some(args) = capabilities["goog:chromeOptions"]["args"].as_array_mut() {
                let kinds = "devtools.timeline,disabled-by-default-devtools.timeline";
                args.push(json!(format!("--trace-startup={kinds}")));
                args.push(json!(format!("--trace-startup-file={}", trace_file(profile.path()).display())));
                args.extend(["--trace-startup-format=json", "--trace-startup-duration=0"].map(Value::from));
            }
            match ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&url).await {
                Ok(client) => break client,
                Err(error) => assert!(begin.elapsed() < PATIENCE, "{program}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let session = client.session_id().await.unwrap().unwrap();
        let browser = Self { driver, profile, client, kind, port, session };
        if kind == Kind::Chromium {
            // Its own first page is not ours.
            browser.open("about:blank").await;
            browser.requests().await;
        }
        browser
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
        self.wait_for("return !globalThis.procglassBefore && document.readyState === 'complete'").await;
    }

    /// Waits until the viewer is in `state` (`data-procglass` on the root element).
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn wait_state(&self, state: &str) {
        let script = "return document.documentElement.dataset.procglass || ''";
        let begin = Instant::now();
        loop {
            let now = self.script(script).await;
            if now == state {
                return;
            }
            if begin.elapsed() > PATIENCE {
                panic!("the viewer is `{now}`, not `{state}`: {}", self.text("body").await);
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

    /// Lets the reader live elsewhere. Chromium only.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn timezone(&self, name: &str) {
        self.devtools("Emulation.setTimezoneOverride", json!({"timezoneId": name})).await;
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

    /// Sets the size of the page and its colour scheme, as a device would. Chromium only: a window narrower than 500 pixels
    /// is not to be had otherwise.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn window(&self, width: u32, height: u32, dark: bool) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Prints the page as it is to a PDF, on A4. Chromium only.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn pdf(&self, path: &Path) {
        let paper = json!({"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true});
        let body = json!({"cmd": "Page.printToPDF", "params": paper});
        let printed = self.client.issue_cmd(ChromeCommand("goog/cdp/execute", body)).await.unwrap();
        let data = printed["data"].as_str().unwrap();
        std::fs::write(path, base64::engine::general_purpose::STANDARD.decode(data).unwrap()).unwrap();
    }

    /// Sends a command of the DevTools protocol. Chromium only.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn devtools(&self, command: &str, params: Value) {
        let body = json!({"cmd": command, "params": params});
        self.client.issue_cmd(ChromeCommand("goog/cdp/execute", body)).await.unwrap();
    }

    /// Every address that the page asked for since the last call, from Chromium's own network log.
    ///
    /// # Panics
    /// In Firefox, which keeps no such log.
    pub async fn requests(&self) -> Vec<String> {
        let urls = self.log("Network.requestWillBeSent").await;
        urls.iter().map(|params| params["request"]["url"].as_str().unwrap().to_owned()).collect()
    }

    /// Ends a traced Chromium and gives what its threads did: events of the Trace Event Format.
    ///
    /// # Panics
    /// When it was not started so.
    pub async fn into_trace(self) -> Vec<Value> {
        self.client.clone().close().await.unwrap();
        let begin = Instant::now();
        // It is written when the browser ends, which takes a moment.
        loop {
            let text = std::fs::read(trace_file(self.profile.path())).unwrap_or_default();
            if let Ok(mut trace) = serde_json::from_slice::<Value>(&text) {
                let events = trace["traceEvents"].take();
                return serde_json::from_value(events).unwrap();
            }
            assert!(begin.elapsed() < PATIENCE, "no trace was written");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The parameters of Chromium's own log entries of one kind, each given once.
    async fn log(&self, method: &str) -> Vec<Value> {
        assert_eq!(self.kind, Kind::Chromium);
        let log =
            self.client.issue_cmd(ChromeCommand("se/log", json!({"type": "performance"}))).await.unwrap();
        let entries = log.as_array().unwrap().iter();
        let events = entries
            .map(|entry| -> Value { serde_json::from_str(entry["message"].as_str().unwrap()).unwrap() });
        let wanted = events.filter(|event| event["message"]["method"] == method);
        wanted.map(|mut event| event["message"]["params"].take()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that is ended leaves its browser behind, so the session is ended first. No runtime is left to do it with
        // the client when a test fails.
        if let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = driver.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(
                driver,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
                self.session
            );
            let _ = driver.read(&mut [0; 64]);
        }
        let _ = Command::new("kill").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

fn trace_file(profile: &Path) -> std::path::PathBuf {
    profile.join("trace.json")
}

fn capabilities(kind: Kind, profile: &Path, width: u32, height: u32) -> Capabilities {
    let saved = profile.join("saved");
    let value = match kind {
        Kind::Chromium => json!({
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            "goog:chromeOptions": {"prefs": {
                "download.default_directory": saved, "download.prompt_for_download": false,
            }, "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                format!("--window-size={width},{height}"),
                format!("--user-data-dir={}", profile.display()),
            ]},
        }),
        Kind::Firefox => json!({
            "moz:firefoxOptions": {"prefs": {
                "browser.download.folderList": 2, "browser.download.dir": saved, "browser.download.useDownloadDir": true,
                "browser.download.manager.showWhenStarting": false, "browser.download.always_ask_before_handling_new_types": false,
            }, "args": [
                "-headless", format!("--width={width}"), format!("--height={height}"),
            ]},
        }),
    };
    value.as_object().unwrap().clone()
}

/// A command that only chromedriver has: the path below the session, and the body.
#[derive(Debug)]
struct ChromeCommand(&'static str, Value);

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.0))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.1.to_string()))
    }
}
