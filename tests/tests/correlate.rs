//! From lines of logs to the processes of this machine, with a bundle collected for real and a connection that is real.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use procglass_tests::dist::{Bundle, path};
use procglass_tests::skip::skipped;
use serde_json::Value;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{SystemTime, UNIX_EPOCH};

/// An address of this machine that another machine could know it by: the one it would send from. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| procglass_correlate::identifies(*address))
}

fn correlate(files: &[&Path], args: &[&str]) -> Output {
    Command::new(path("procglass")).arg("correlate").args(files).args(args).output().unwrap()
}

fn json(output: &Output) -> Vec<Value> {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

struct Connection {
    _kept: (TcpListener, TcpStream, TcpStream),
    server: SocketAddr,
    client: SocketAddr,
}

fn connection(address: IpAddr) -> Connection {
    let listener = TcpListener::bind((address, 0)).unwrap();
    let server = listener.local_addr().unwrap();
    let near = TcpStream::connect(server).unwrap();
    let client = near.local_addr().unwrap();
    let far = listener.accept().unwrap().0;
    Connection { _kept: (listener, near, far), server, client }
}

#[test]
fn lines_of_four_logs_name_this_process() {
    let Some(address) = own_address() else {
        skipped("this machine has no address that others could know it by");
        return;
    };
    let Connection { _kept, server, client } = connection(address);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let bundle = Bundle::of_this_machine(&[]);
    let folder = tempfile::tempdir().unwrap();
    let (own, port, near) = (server.ip(), server.port(), client.port());
    let vpc = format!(
        "2 1 eni-1 {own} {own} {near} {port} 6 5 500 {now} {now} ACCEPT OK\n\
         2 1 eni-1 198.51.100.9 {own} 50000 {port} 6 5 700 {now} {now} REJECT OK\n\
         2 1 eni-1 198.51.100.9 198.51.100.8 1 2 6 1 1 {now} {now} ACCEPT OK\n\
         this line is no record\n"
    );
    let zeek = format!(
        "{{\"ts\":{now}.5,\"id.orig_h\":\"{own}\",\"id.orig_p\":{near},\"id.resp_h\":\"{own}\",\"id.resp_p\":{port},\"proto\":\"tcp\"}}\n"
    );
    let kernel = format!(
        "[1.0] DROP: IN=eth0 OUT= SRC=198.51.100.9 DST={own} LEN=60 PROTO=TCP SPT=50001 DPT={port}\n"
    );
    let csv = format!("time,src,sport,dst,dport,proto\n{now},{own},{near},{own},{port},tcp\n");
    let mut paths = Vec::new();
    for (name, text) in [("vpc.log", vpc), ("conn.log", zeek), ("kern.log", kernel), ("table.csv", csv)] {
        let path = folder.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        paths.push(path);
    }
    // The bundle stands anywhere among the logs.
    let mut files: Vec<&Path> = paths.iter().map(AsRef::as_ref).collect();
    files.insert(2, &bundle.path);
    let output = correlate(&files, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(3), "a line was bad");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    for what in [
        "vpc.log: AWS VPC flow logs",
        "conn.log: Zeek",
        "kern.log: Linux packet filter",
        "table.csv: Any table",
        "line 4:",
    ] {
        assert!(told.contains(what), "{what}: {told}");
    }
    assert!(told.contains("198.51.100.9 with 1 of them, 2 records"), "{told}");
    let rows = json(&output);
    let pid = u64::from(std::process::id());
    let matches = |log: &str, line: u64, side: &str| {
        let row = rows.iter().find(|row| row["log"] == log && row["line"] == line).unwrap();
        let all = row["matches"].as_array().unwrap().iter();
        let own: Vec<_> = all.filter(|each| each["side"] == side && each["pid"] == pid).collect();
        own.first().map(|each| each["strength"].as_str().unwrap().to_owned())
    };
    for (log, line) in [("vpc.log", 1), ("conn.log", 1), ("table.csv", 2)] {
        for side in ["source", "destination"] {
            assert_eq!(matches(log, line, side).as_deref(), Some("five-tuple"), "{log} {side}");
        }
    }
    assert_eq!(matches("vpc.log", 2, "destination").as_deref(), Some("listener"));
    // Seconds since the start of the kernel are no time, so the line says only which system has the address now.
    let late = rows.iter().find(|row| row["log"] == "kern.log").unwrap();
    assert_eq!(late["matches"][0]["strength"], "no-time", "{late}");
    assert_eq!(rows.len(), 5);

    let sums = json(&correlate(&files, &["--format", "json", "--summary", "processes"]));
    let own = sums.iter().find(|row| row["pid"] == pid).unwrap();
    assert!(own["rejected"] == 1 && own["strength"] == "five-tuple", "{own}");
    let talkers = json(&correlate(&files, &["--format", "json", "--summary", "talkers"]));
    assert_eq!((talkers.len(), talkers[0]["address"].as_str()), (1, Some("198.51.100.9")));
}

#[test]
fn what_cannot_be_correlated_says_what_to_do() {
    let bundle = Bundle::of_this_machine(&[]);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("what.log");
    std::fs::write(&log, "nothing that is known\n").unwrap();
    let output = correlate(&[&bundle.path, &log], &[]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("--log-format"), "{told}");
    for (files, what) in
        [([&bundle.path, &bundle.path], "at least one log"), ([&log, &log], "at least one bundle")]
    {
        let output = correlate(&files.map(AsRef::as_ref), &[]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && told.contains(what), "{told}");
    }
}

#[test]
fn a_file_that_cannot_be_read_costs_nothing_else() {
    let bundle = Bundle::of_this_machine(&[]);
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("2026/12");
    std::fs::create_dir_all(&deep).unwrap();
    let line = "2 1 eni-1 198.51.100.9 198.51.100.8 1 2 6 1 1 1796093970 1796094000 ACCEPT OK\n";
    std::fs::write(deep.join("vpc.log"), line).unwrap();
    std::fs::write(deep.join("vpc.log.bz2"), b"BZh91AY&SY").unwrap();
    let gone = folder.path().join("gone.log");
    let output = correlate(&[&bundle.path, folder.path(), &gone], &["--all", "--format", "json"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{told}");
    let rows = json(&output);
    assert_eq!((rows.len(), rows[0]["log"].as_str()), (1, Some("2026/12/vpc.log")));
    assert!(told.contains("gone.log: could not be read") && told.contains("bzip2 -d"), "{told}");
}

#[test]
fn a_column_that_the_table_does_not_have_is_an_error() {
    let bundle = Bundle::of_this_machine(&[]);
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("table.csv");
    std::fs::write(&table, "srcip,dstip,sentbyte\n198.51.100.9,198.51.100.8,5\n").unwrap();
    let columns = "source=srcip,destination=dstip,bytes=sentbytes";
    let output = correlate(&[&bundle.path, &table], &["--columns", columns]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && told.contains("srcip, dstip, sentbyte"), "{told}");
}
