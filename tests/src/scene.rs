//! Three systems on one machine with a firewall between them, an attacker outside, and what the firewall saw.
//!
//! ```text
//! outside 203.0.113.7 ── firewall ── web-1 10.20.1.10 :8080
//!                              ├──── api-1 10.20.2.10 :9000
//!                              └──── db-1  10.20.3.10 :5432
//! ```
//!
//! Each is a network namespace with a pid and a UTS namespace of its own, so that a bundle collected in it knows nothing of the
//! others. The firewall is a namespace that routes, and the kernel's own log is its log. Needs root, `ip` and `nft`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// One system: a server that takes orders.
pub struct System {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// All of it. Everything ends when this is dropped.
pub struct Scene {
    /// One at a time: the switch of the kernel's log is one for all.
    _alone: MutexGuard<'static, ()>,
    folder: TempDir,
    prefix: String,
    peer: PathBuf,
    log_all: Option<Vec<u8>>,
    /// 10.20.1.10, listens on 8080.
    pub web: Option<System>,
    /// 10.20.2.10, listens on 9000.
    pub api: Option<System>,
    /// 10.20.3.10, listens on 5432.
    pub db: Option<System>,
    /// 203.0.113.7: no system of ours.
    pub outside: Option<System>,
}

/// What an analyst has afterwards.
pub struct Case {
    /// `api-1` before the attack, then `web-1`, `api-1` and `db-1` during it.
    pub bundles: [PathBuf; 4],
    /// What the firewall saw.
    pub log: PathBuf,
}

/// Namespace, its network's first three numbers, and its own last one.
const NETWORKS: [(&str, &str, u8); 4] =
    [("web", "10.20.1", 10), ("api", "10.20.2", 10), ("db", "10.20.3", 10), ("out", "203.0.113", 7)];

/// Whether the kernel lets network namespaces write to its log, netfilter's `nf_log_all_netns`.
const LOG_ALL: &str = "/proc/sys/net/netfilter/nf_log_all_netns";

impl Scene {
    /// Puts the networks up and starts the servers. `peer` is the built program of that name.
    ///
    /// # Panics
    /// When a part does not come up.
    #[must_use]
    pub fn start(peer: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Names of interfaces have at most 15 characters.
        let prefix = format!("p{}{}", std::process::id() % 100_000, NEXT.fetch_add(1, Ordering::Relaxed));
        static ONE: Mutex<()> = Mutex::new(());
        let mut scene = Self {
            _alone: ONE.lock().unwrap_or_else(PoisonError::into_inner),
            // Programs of a server are not in /tmp, where each would be a finding.
            folder: tempfile::Builder::new().prefix("shop-").tempdir_in("/opt").unwrap(),
            peer: peer.into(),
            log_all: std::fs::read(LOG_ALL).ok(),
            prefix,
            web: None,
            api: None,
            db: None,
            outside: None,
        };
        scene.wire();
        scene.outside = Some(scene.system("out", "outside", "client", &["listen", "203.0.113.7:4444"]));
        scene.db = Some(scene.system("db", "db-1", "postgres", &["listen", "10.20.3.10:5432"]));
        scene.api = Some(scene.system(
            "api",
            "api-1",
            "api-server",
            &["listen", "0.0.0.0:9000", "connect", "10.20.3.10:5432"],
        ));
        scene.web = Some(scene.system(
            "web",
            "web-1",
            "nginx",
            &["listen", "0.0.0.0:8080", "connect", "10.20.2.10:9000"],
        ));
        scene
    }

    /// The prefix of what the firewall writes, which no other test's has.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{} fw: ", self.prefix)
    }

    /// The story: somebody outside uses the web server, which starts a program that calls api-1; there something runs out of
    /// memory-backed storage, is unlinked, and calls home. Leaves the evidence in a folder.
    ///
    /// # Panics
    /// When a part of it does not happen.
    #[must_use]
    pub fn play(&mut self, collector: &Path, folder: &Path) -> Case {
        let file = |name: &str| folder.join(format!("{name}.procglass.tar.gz"));
        let bundles = [file("api-1-before"), file("web-1"), file("api-1"), file("db-1")];
        self.api.as_ref().unwrap().collect(collector, &bundles[0]);
        let near = self.outside.as_mut().unwrap().order("connect 10.20.1.10:8080");
        assert!(near.starts_with("203.0.113.7:"), "{near}");
        let shell = self.program(&self.folder.path().join("sh"));
        let near = self.web.as_mut().unwrap().order(&format!("run {shell} connect 10.20.2.10:9000"));
        assert!(near.starts_with("10.20.1.10:"), "{near}");
        let hidden = Path::new("/dev/shm").join(format!(".{}", self.prefix));
        let program = self.program(&hidden.join("kworker"));
        let api = self.api.as_mut().unwrap();
        let near = api.order(&format!("run {program} connect 203.0.113.7:4444"));
        assert!(near.starts_with("10.20.2.10:"), "{near}");
        assert_eq!(api.order(&format!("unlink {program}")), "gone");
        std::fs::remove_dir(hidden).unwrap();
        for (bundle, system) in bundles.iter().skip(1).zip([&self.web, &self.api, &self.db]) {
            system.as_ref().unwrap().collect(collector, bundle);
        }
        let log = folder.join("firewall.log");
        std::fs::write(&log, self.log()).unwrap();
        Case { bundles, log }
    }

    fn name(&self, short: &str) -> String {
        format!("{}{short}", self.prefix)
    }

    fn wire(&self) {
        let firewall = self.name("fw");
        ip(&["netns", "add", &firewall]);
        for (short, network, own) in NETWORKS {
            let (name, far) = (self.name(short), format!("to-{short}"));
            let near = format!("{}{}", &self.prefix, &short[..1]);
            ip(&["netns", "add", &name]);
            ip(&["-n", &firewall, "link", "add", &far, "type", "veth", "peer", "name", &near]);
            ip(&["-n", &firewall, "link", "set", &near, "netns", &name]);
            ip(&["-n", &name, "link", "set", &near, "name", "eth0"]);
            ip(&["-n", &firewall, "address", "add", &format!("{network}.1/24"), "dev", &far]);
            ip(&["-n", &firewall, "link", "set", &far, "up"]);
            ip(&["-n", &name, "link", "set", "lo", "up"]);
            ip(&["-n", &name, "address", "add", &format!("{network}.{own}/24"), "dev", "eth0"]);
            ip(&["-n", &name, "link", "set", "eth0", "up"]);
            ip(&["-n", &name, "route", "add", "default", "via", &format!("{network}.1")]);
        }
        std::fs::write(LOG_ALL, "1").unwrap();
        let rules = format!(
            "echo 1 > /proc/sys/net/ipv4/ip_forward; nft 'add table inet t; \
             add chain inet t f {{ type filter hook forward priority 0; }}; \
             add rule inet t f ct state new log prefix \"{}\"'",
            self.mark()
        );
        run(Command::new("ip").args(["netns", "exec", &firewall, "sh", "-c", &rules]));
    }

    /// Starts a server with the network of `short`, and waits until it did what it was told first.
    fn system(&self, short: &str, host: &str, program: &str, orders: &[&str]) -> System {
        let exe = self.folder.path().join(program);
        std::fs::copy(&self.peer, &exe).unwrap();
        let script = format!("echo {host} > /proc/sys/kernel/hostname; exec \"$0\" \"$@\"");
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name(short), "unshare", "--pid", "--fork", "--kill-child"]);
        command.args(["--mount-proc", "--uts", "sh", "-c", &script]).arg(&exe).args(orders);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let mut child = crate::plant::spawn(command.stdin(Stdio::piped()).stdout(Stdio::piped()));
        let orders_in = child.stdin.take().unwrap();
        let mut system =
            System { orders: orders_in, answers: BufReader::new(child.stdout.take().unwrap()), child };
        for order in orders.chunks(2) {
            let answer = system.answer();
            assert!(!answer.starts_with("failed"), "{host}: {order:?}: {answer}");
        }
        system
    }

    /// A copy of the test's program under another path, for a system to run.
    ///
    /// # Panics
    /// When it cannot be written.
    #[must_use]
    pub fn program(&self, path: &Path) -> String {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(&self.peer, path).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A file in the scene's own folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the firewall saw, as lines of the kernel's log with their time.
    ///
    /// # Panics
    /// When the log cannot be read.
    #[must_use]
    pub fn log(&self) -> String {
        let output = Command::new("dmesg").args(["--time-format", "iso"]).output().unwrap();
        assert!(output.status.success(), "dmesg: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let (mark, mut lines) = (self.mark(), String::new());
        for line in text.lines().filter(|line| line.contains(&mark)) {
            lines.push_str(line);
            lines.push('\n');
        }
        lines
    }
}

impl System {
    /// Gives an order and returns what became of it.
    ///
    /// # Panics
    /// When the system has ended.
    pub fn order(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").unwrap();
        self.answer()
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the system has ended");
        line.trim().to_owned()
    }

    /// Collects a bundle inside.
    ///
    /// # Panics
    /// When the collector fails.
    pub fn collect(&self, collector: &Path, bundle: &Path) {
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let init = std::fs::read_to_string(children).unwrap();
        let init = init.split_whitespace().next().unwrap();
        let output = Command::new("nsenter")
            .args(["--target", init, "--net", "--pid", "--mount", "--uts"])
            .arg(collector)
            .args(["--quiet", "--identity", "off", "-o"])
            .arg(bundle)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for System {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        drop((self.web.take(), self.api.take(), self.db.take(), self.outside.take()));
        for short in NETWORKS.map(|(short, ..)| short).into_iter().chain(["fw"]) {
            let _ = Command::new("ip").args(["netns", "del", &self.name(short)]).status();
        }
        if let Some(before) = &self.log_all {
            let _ = std::fs::write(LOG_ALL, before);
        }
    }
}

fn ip(args: &[&str]) {
    run(Command::new("ip").args(args));
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
