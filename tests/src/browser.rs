//! Real browsers through WebDriver.

use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::net::TcpListener;
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
    _profile: TempDir,
    /// The WebDriver client.
    pub client: Client,
    kind: Kind,
}

/// How long anything may take to appear. Generous: the machine may be busy, and a passing test does not wait.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    /// Starts one with an empty profile and a window of this size.
    ///
    /// # Panics
    /// When driver or browser do not come up.
    pub async fn start(kind: Kind, width: u32, height: u32) -> Self {
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
            let capabilities = capabilities(kind, profile.path(), width, height);
            match ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&url).await {
                Ok(client) => break client,
                Err(error) => assert!(begin.elapsed() < PATIENCE, "{program}: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        Self { driver, _profile: profile, client, kind }
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
            assert!(begin.elapsed() < PATIENCE, "`{part}` is not in {css}: {text}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The visible text of the first match, or nothing.
    pub async fn text(&self, css: &str) -> String {
        let script = "const e = document.querySelector(arguments[0]); return e ? e.innerText : ''";
        let value = self.client.execute(script, vec![json!(css)]).await.unwrap_or_default();
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script and returns its value.
    ///
    /// # Panics
    /// When it throws.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Writes a screenshot.
    ///
    /// # Panics
    /// When that fails.
    pub async fn screenshot(&self, path: &Path) {
        std::fs::write(path, self.client.screenshot().await.unwrap()).unwrap();
    }

    /// Every address that the page asked for since the last call, from Chromium's own network log.
    ///
    /// # Panics
    /// In Firefox, which keeps no such log.
    pub async fn requests(&self) -> Vec<String> {
        assert_eq!(self.kind, Kind::Chromium);
        let log = self.client.issue_cmd(PerformanceLog).await.unwrap();
        let entries = log.as_array().unwrap().iter();
        let events = entries
            .map(|entry| -> Value { serde_json::from_str(entry["message"].as_str().unwrap()).unwrap() });
        events
            .filter(|event| event["message"]["method"] == "Network.requestWillBeSent")
            .map(|event| event["message"]["params"]["request"]["url"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Ends the session in an orderly way; a dropped browser is killed.
    ///
    /// # Panics
    /// When the driver refuses.
    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that gets SIGTERM ends its browser; SIGKILL would leave it behind.
        let _ = Command::new("kill").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

fn capabilities(kind: Kind, profile: &Path, width: u32, height: u32) -> Capabilities {
    let value = match kind {
        Kind::Chromium => json!({
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            "goog:chromeOptions": {"args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                format!("--window-size={width},{height}"),
                format!("--user-data-dir={}", profile.display()),
            ]},
        }),
        Kind::Firefox => json!({
            "moz:firefoxOptions": {"args": [
                "-headless", format!("--width={width}"), format!("--height={height}"),
            ]},
        }),
    };
    value.as_object().unwrap().clone()
}

/// chromedriver's own command for its logs.
#[derive(Debug)]
struct PerformanceLog;

impl WebDriverCompatibleCommand for PerformanceLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "performance"}).to_string()))
    }
}
