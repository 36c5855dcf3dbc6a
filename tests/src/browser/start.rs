//! Bringing a browser up, and down again.

use super::chrome::trace_file;
use super::{Browser, Kind, PATIENCE};
use fantoccini::ClientBuilder;
use fantoccini::wd::Capabilities;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a browser keeps of what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Its requests.
    Requests,
    /// Nothing.
    Nothing,
    /// A trace of its threads.
    Trace,
}

impl Browser {
    pub(super) async fn begin(kind: Kind, width: u32, height: u32, keeps: Keeps) -> Self {
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
            if keeps == Keeps::Requests && kind == Kind::Chromium {
                let logs = json!({"performance": "ALL", "browser": "ALL"});
                capabilities.insert("goog:loggingPrefs".to_owned(), logs);
            }
            if keeps == Keeps::Trace
                && let Some(args) = capabilities["goog:chromeOptions"]["args"].as_array_mut()
            {
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
            if keeps == Keeps::Requests {
                browser.requests().await;
            }
        }
        browser
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

fn capabilities(kind: Kind, profile: &Path, width: u32, height: u32) -> Capabilities {
    let saved = profile.join("saved");
    let value = match kind {
        Kind::Chromium => json!({
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
    let mut capabilities = value.as_object().unwrap().clone();
    // Milliseconds: what is made within 30 s on a quiet machine, the drivers' own limit, may take longer on a busy one.
    capabilities.insert("timeouts".to_owned(), json!({"script": 120_000}));
    capabilities
}
