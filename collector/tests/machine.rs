//! This machine, collected for real.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails a test")]

mod common;

use common::{BINARY, Bundle, collect, run};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

/// A child with known environment and arguments, ended with the test.
struct Sleeper(std::process::Child);

impl Sleeper {
    fn start() -> Self {
        let child = Command::new("sh")
            .args([
                "-c",
                "exec 7</dev/null; while :; do sleep 1 <&7; done",
                "planted",
                "--password",
                "hunter22",
                "caf\u{e9}",
            ])
            .env_clear()
            .envs([("PATH", "/usr/bin:/bin"), ("DB_PASSWORD", "hunter22"), ("PLAIN", "visible")])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn processes_agree_with_proc() {
    let sleeper = Sleeper::start();
    let pid = sleeper.0.id();
    let (code, bytes, text) = collect(&[]);
    assert_eq!(code, 0, "{text}");
    let bundle = Bundle::intact(&bytes);
    let record = bundle.process(pid);
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let start: u64 = stat.rsplit(')').next().unwrap().split_whitespace().nth(19).unwrap().parse().unwrap();
    assert_eq!(record.start_time, Some(start));
    assert_eq!(record.pid, pid);
    for link in ["exe", "cwd", "root", "ns/net", "ns/mnt"] {
        let target = std::fs::read_link(format!("/proc/{pid}/{link}")).unwrap();
        assert_eq!(record.links[link].0, target.into_os_string().into_encoded_bytes(), "{link}");
    }
    for file in ["comm", "cgroup", "limits", "mountinfo", "maps", "uid_map", "loginuid"] {
        let Ok(want) = std::fs::read(format!("/proc/{pid}/{file}")) else { continue };
        assert_eq!(bundle.file(&record, file), Some(want), "{file}");
    }
    let cmdline = bundle.file(&record, "cmdline").unwrap();
    assert!(cmdline.starts_with(b"sh\0-c\0exec 7</dev/null;"), "{}", cmdline.escape_ascii());
    assert!(cmdline.ends_with("\0caf\u{e9}\0".as_bytes()));
    let fd = record.fds.iter().find(|fd| fd.fd == 7).expect("descriptor 7");
    assert_eq!(fd.target.as_ref().unwrap().0, b"/dev/null");
    assert!(fd.stat.is_some() && fd.fdinfo.as_ref().unwrap().starts_with(b"pos:"));
}

#[test]
fn secrets_are_replaced_and_match_each_other() {
    let sleeper = Sleeper::start();
    let pid = sleeper.0.id().to_string();
    for (mode, secret, name) in [("redacted", false, true), ("full", true, true), ("keys", false, true)] {
        let (code, bytes, _) = collect(&["--pid", &pid, "--environ", mode]);
        assert_eq!(code, 0);
        let bundle = Bundle::intact(&bytes);
        assert_eq!(bundle.manifest().options["environ"], mode);
        let record = bundle.process(sleeper.0.id());
        let text = |file: &str| String::from_utf8(bundle.file(&record, file).unwrap()).unwrap();
        let (environ, cmdline) = (text("environ"), text("cmdline"));
        assert_eq!(environ.contains("hunter22"), secret, "{mode}: {environ}");
        assert_eq!(cmdline.contains("hunter22"), secret, "{mode}: {cmdline}");
        assert_eq!(environ.contains("DB_PASSWORD="), name, "{mode}");
        assert_eq!(environ.contains("PLAIN=visible"), mode != "keys", "{mode}");
        let everything = bundle.members.values().any(|data| data.windows(8).any(|w| w == b"hunter22"));
        assert_eq!(everything, secret, "{mode}: in any member");
        if mode == "redacted" {
            let mark = environ.split("DB_PASSWORD=").nth(1).unwrap().split('\0').next().unwrap();
            assert!(mark.starts_with("<redacted len=8 hmac=") && cmdline.contains(mark), "{mark}");
        }
    }
}

#[test]
fn ordinary_tools_open_and_check_it() {
    let directory = tempfile::tempdir().unwrap();
    let status = Command::new(BINARY).current_dir(&directory).arg("--quiet").output().unwrap();
    assert!(status.status.success());
    assert!(status.stderr.is_empty() && status.stdout.is_empty());
    let files: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].file_name().into_string().unwrap();
    assert!(name.ends_with("Z.procglass.tar.gz"), "{name}");
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let check = format!("mkdir x && cd x && tar xzf ../{name} && sha256sum --quiet --strict -c SHA256SUMS");
    let status = Command::new("sh").args(["-c", &check]).current_dir(&directory).output().unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
}

#[test]
fn the_summary_names_the_hash_of_the_file() {
    let (_, bytes, text) = collect(&["--pid", &std::process::id().to_string()]);
    let hash = procglass_model::bundle::hex(&procglass_model::bundle::sha256(&bytes));
    assert!(text.trim_end().ends_with(&format!("SHA-256 {hash}")), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn sockets_and_namespaces_come_once_each() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("0100007F:{:04X}", listener.local_addr().unwrap().port());
    let (_, bytes, _) = collect(&[]);
    let bundle = Bundle::intact(&bytes);
    let own = std::fs::read_link("/proc/self/ns/net").unwrap().into_os_string().into_string().unwrap();
    let inode = own.trim_start_matches("net:[").trim_end_matches(']');
    let tcp = String::from_utf8(bundle.members[&format!("net/{inode}/tcp")].clone()).unwrap();
    assert!(tcp.contains(&port) || cfg!(target_endian = "big"), "{port} in {tcp}");
    assert!(bundle.members.contains_key("host/proc/stat"));
    assert_eq!(bundle.members["host/etc/passwd"], std::fs::read("/etc/passwd").unwrap());
    let outcomes = bundle.outcomes();
    assert!(outcomes.complete && outcomes.processes_read > 1);
    assert_eq!(outcomes.processes_listed, outcomes.processes_read + outcomes.processes_vanished);
}

/// The kernel gives a page of a table at a time, and where one is not full that is taken for the end.
#[test]
fn tables_of_any_length_are_whole() {
    for count in [19, 20, 21, 26, 27, 54, 300] {
        let sockets: Vec<_> = (0..count)
            .map(|_| {
                (
                    std::net::TcpListener::bind("[::1]:0").unwrap(),
                    std::net::UdpSocket::bind("127.0.0.1:0").unwrap(),
                )
            })
            .collect();
        let (_, bytes, _) = collect(&["--pid", &std::process::id().to_string()]);
        let bundle = Bundle::intact(&bytes);
        let table = |name: &str| {
            let end = format!("/{name}");
            let member = bundle
                .members
                .iter()
                .find(|(member, _)| member.starts_with("net/") && member.ends_with(&end));
            String::from_utf8(member.unwrap().1.clone()).unwrap()
        };
        let (tcp, udp) = (table("tcp6"), table("udp"));
        for (listener, udp_socket) in &sockets {
            let (one, other) =
                (listener.local_addr().unwrap().port(), udp_socket.local_addr().unwrap().port());
            assert!(tcp.contains(&format!(":{one:04X} 0")), "{count}: {one} in {tcp}");
            assert!(udp.contains(&format!(":{other:04X} 0")), "{count}: {other} in {udp}");
        }
    }
}

#[test]
fn a_stream_is_the_same_bundle() {
    let pid = std::process::id().to_string();
    let output = run(&["-o", "-", "--pid", &pid]);
    assert!(output.status.success());
    assert_eq!(Bundle::intact(&output.stdout).process(std::process::id()).pid, std::process::id());
}

#[test]
fn armor_survives_a_terminal() {
    let output = run(&["-o", "-", "--armor", "--pid", &std::process::id().to_string()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().all(|line| line.len() <= 76));
    let log = format!("$ collect\r\n{}\r\n$ exit\r\n", text.replace('\n', "\r\n"));
    Bundle::intact(log.as_bytes());
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut child =
        Command::new(BINARY).args(["-o", "-"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("were sent"), "{text}");
}

#[test]
fn usage_errors_and_help() {
    assert_eq!(run(&["--nonsense"]).status.code(), Some(2));
    assert_eq!(run(&["--timeout", "never"]).status.code(), Some(2));
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    for (arguments, words) in [
        (&["-o", "/nonexistent/x.gz"][..], "cannot write /nonexistent/x.gz"),
        (&["--root", "/nonexistent"], "cannot open /nonexistent/proc"),
        (&["--pid", "4294967295", "-o", "/dev/null"], "none of the processes"),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(text.contains(words), "{text}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_device_is_written_in_place() {
    let output = run(&["-o", "/dev/null", "--pid", &std::process::id().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::metadata("/dev/null").unwrap().permissions().mode() & 0o777 == 0o666);
}

#[test]
fn a_limit_on_size_holds() {
    for limit in [20_000_u64, 40_000] {
        let (code, bytes, text) = collect(&["--max-bytes", &limit.to_string()]);
        assert_eq!(code, 3, "{text}");
        assert!((bytes.len() as u64) <= limit && !bytes.is_empty(), "{} of {limit}", bytes.len());
        let outcomes = Bundle::intact(&bytes).outcomes();
        assert!(!outcomes.complete && outcomes.limits[0].contains("--max-bytes"));
        assert!(text.contains("--max-bytes"), "{text}");
    }
}
