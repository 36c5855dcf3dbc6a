//! What only Chromium does: through its DevTools protocol, from its logs and traces.

use super::{Browser, Kind, PATIENCE};
use base64::Engine as _;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};
use url::{ParseError, Url};

impl Browser {
    /// Lets the reader live elsewhere. Chromium only.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn timezone(&self, name: &str) {
        self.devtools("Emulation.setTimezoneOverride", json!({"timezoneId": name})).await;
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

    /// Drops files and folders of the disk on the page, as a file manager does. Chromium only.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn drop_paths(&self, paths: &[&Path]) {
        let files: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        let data = json!({"items": [], "files": files, "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({"type": kind, "x": 200, "y": 200, "data": data});
            self.devtools("Input.dispatchDragEvent", event).await;
        }
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

/// Where a traced browser writes.
pub(super) fn trace_file(profile: &Path) -> std::path::PathBuf {
    profile.join("trace.json")
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
