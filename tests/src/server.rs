//! Real web servers with the configurations of the documentation.

use crate::dist;
use serde_json::Value;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Which web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With `docs/hosting/nginx.conf`.
    Nginx,
    /// With `docs/hosting/Caddyfile`.
    Caddy,
}

/// A running server, ended with the value. It gives out a copy of `dist/site/` below `/procglass/`.
pub struct Server {
    kind: Kind,
    child: Option<Child>,
    folder: TempDir,
    port: u16,
}

/// What it answered.
#[derive(Debug)]
pub struct Answer {
    /// Such as 200.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// As sent, without what HTTP put around it; a Content-Encoding is left as it is.
    pub body: Vec<u8>,
}

impl Server {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When it does not come up.
    #[must_use]
    pub fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { kind, child: None, folder, port };
        fs::create_dir(server.site()).unwrap();
        for file in fs::read_dir(dist::path("site")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), server.site().join(file.file_name())).unwrap();
        }
        let config = server.folder.path().join("config");
        fs::write(&config, server.config()).unwrap();
        let (program, args): (_, &[&str]) = match kind {
            Kind::Nginx => (installed("nginx"), &["-c"]),
            Kind::Caddy => (installed("caddy"), &["run", "--adapter", "caddyfile", "--config"]),
        };
        let mut command = Command::new(&program);
        command.args(args).arg(&config).stderr(Stdio::null());
        // Where Caddy keeps what it would keep between runs.
        command.env("XDG_DATA_HOME", server.folder.path()).env("XDG_CONFIG_HOME", server.folder.path());
        let child = command.spawn();
        server.child = Some(
            child.unwrap_or_else(|error| panic!("{}: {error}. Run `cargo xtask setup`", program.display())),
        );
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begin.elapsed().as_secs() < 20, "{kind:?} does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// The documented configuration, with this machine's folder and port put in, inside of what only a test needs.
    fn config(&self) -> String {
        let (at, port) = (self.folder.path().display(), self.port);
        let documented = |name: &str, replace: &[(&str, String)]| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/hosting").join(name);
            let mut text = fs::read_to_string(path).unwrap();
            for (from, to) in replace {
                assert_eq!(text.matches(from).count(), 1, "{from} in {name}");
                text = text.replace(from, to);
            }
            text
        };
        match self.kind {
            Kind::Nginx => format!(
                "load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;\n\
                 daemon off; worker_processes 1; pid {at}/pid; error_log {at}/error.log; user root;\n\
                 events {{}}\n\
                 http {{ include /etc/nginx/mime.types; access_log {at}/access.log;\n\
                 client_body_temp_path {at}; proxy_temp_path {at}; fastcgi_temp_path {at}; uwsgi_temp_path {at};\n\
                 scgi_temp_path {at};\n{}}}\n",
                documented(
                    "nginx.conf",
                    &[
                        ("listen 80;", format!("listen 127.0.0.1:{port};")),
                        ("alias /srv/procglass/;", format!("alias {at}/site/;")),
                    ]
                )
            ),
            Kind::Caddy => format!(
                "{{\n admin off\n}}\n{}",
                documented(
                    "Caddyfile",
                    &[
                        (
                            "http://localhost:8080 {",
                            format!(
                                "http://127.0.0.1:{port} {{\n log {{\n output file {at}/access.log\n format json\n }}"
                            )
                        ),
                        ("root * /srv/procglass\n", format!("root * {at}/site\n")),
                    ]
                )
            ),
        }
    }

    /// The folder that it gives out.
    #[must_use]
    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The address of a path below the viewer.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/procglass/{path}", self.port)
    }

    /// Every request so far, as `GET /procglass/x`, from its access log.
    ///
    /// # Panics
    /// When the log is not there or of another form.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default();
        log.lines()
            .map(|line| match self.kind {
                Kind::Nginx => {
                    let request = line.split('"').nth(1).unwrap();
                    request.rsplit_once(' ').unwrap().0.to_owned()
                }
                Kind::Caddy => {
                    let entry: Value = serde_json::from_str(line).unwrap();
                    let request = &entry["request"];
                    format!("{} {}", request["method"].as_str().unwrap(), request["uri"].as_str().unwrap())
                }
            })
            .collect()
    }

    /// Asks it for a path below the viewer, as a browser that takes these encodings.
    ///
    /// # Panics
    /// When it does not answer with HTTP.
    #[must_use]
    pub fn get(&self, path: &str, encodings: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "GET /procglass/{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept-Encoding: {encodings}\r\nConnection: close\r\n\r\n",
            self.port
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::read(&bytes)
    }

    /// Ends it: from here on nobody answers.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        let headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut answer = Self { status, headers, body: bytes[end + 4..].to_vec() };
        if answer.header("transfer-encoding") == "chunked" {
            answer.body = unchunk(&answer.body);
        }
        answer
    }

    /// A header, by its name in small letters; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }
}

/// RFC 9112, 7.1.
fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
    }
}

/// Debian has programs of the system where the PATH of a plain user does not look.
fn installed(program: &str) -> PathBuf {
    let system = Path::new("/usr/sbin").join(program);
    if system.exists() { system } else { program.into() }
}
