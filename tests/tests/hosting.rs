//! The static site behind a real nginx, below a path, in a real browser.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::browser::{Browser, Kind};
use procglass_tests::dist::{self, Bundle};
use std::net::TcpListener;
use std::process::{Child, Command};

struct Nginx {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Nginx {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = folder.path().display();
        let config = format!(
            "daemon off; worker_processes 1; pid {at}/pid; error_log {at}/error.log; user root;\n\
             events {{}}\n\
             http {{ include /etc/nginx/mime.types; access_log {at}/access.log;\n\
               client_body_temp_path {at}; proxy_temp_path {at}; fastcgi_temp_path {at}; uwsgi_temp_path {at}; scgi_temp_path {at};\n\
               server {{ listen 127.0.0.1:{port}; location /tools/procglass/ {{ alias {}/; }} }} }}\n",
            dist::path("site").display()
        );
        std::fs::write(folder.path().join("nginx.conf"), config).unwrap();
        let program =
            if std::path::Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let child = Command::new(program).arg("-c").arg(folder.path().join("nginx.conf")).spawn();
        let child = child.unwrap_or_else(|error| panic!("nginx: {error}. Run `cargo xtask setup`"));
        let begin = std::time::Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed().as_secs() < 20, "nginx does not answer");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Self { child, folder, port }
    }

    fn requests(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("access.log")).unwrap();
        log.lines().map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_hosted_viewer_asks_for_itself_and_for_nothing_after_a_bundle_is_open() {
    let nginx = Nginx::start();
    let bundle = Bundle::of_this_machine(&[]);
    let browser = Browser::start(Kind::Chromium, 1440, 900).await;
    browser.open(&format!("http://127.0.0.1:{}/tools/procglass/", nginx.port)).await;
    browser.wait_state("empty").await;
    let before = nginx.requests();
    assert!(before.iter().all(|request| request.starts_with("GET /tools/procglass/")), "{before:?}");

    browser.find("[data-testid=open-input]").await.send_keys(bundle.path.to_str().unwrap()).await.unwrap();
    browser.wait_state("ready").await;
    browser.find("[data-testid=nav-network]").await.click().await.unwrap();
    browser.find("[data-testid=network-table]").await;
    assert_eq!(nginx.requests(), before, "no request after the start");
    let own = format!("http://127.0.0.1:{}/tools/procglass/", nginx.port);
    for url in browser.requests().await {
        assert!(
            url.starts_with(&own) || url.starts_with("data:") || url.starts_with("blob:"),
            "asked for {url}"
        );
    }
}
