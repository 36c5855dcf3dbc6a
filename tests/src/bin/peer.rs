//! A harmless server and client for the tests: it listens and connects as it is told, holds what it has, and takes further
//! orders on its input, one a line: `listen ADDRESS`, `connect ADDRESS`, `run PROGRAM [ORDER...]`. Each is answered by a line.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

#[derive(Default)]
struct Peer {
    near: Vec<TcpStream>,
    children: Vec<Child>,
}

impl Peer {
    /// Obeys, and says what became of it.
    fn obey(&mut self, words: &[&str]) -> String {
        match words {
            ["listen", address] => {
                let listener = TcpListener::bind(address).unwrap();
                // Whoever connects stays connected while this process lives.
                std::thread::spawn(move || listener.incoming().collect::<Vec<_>>());
                "listening".into()
            }
            ["connect", address] => {
                match TcpStream::connect_timeout(&address.parse().unwrap(), Duration::from_secs(10)) {
                    Ok(stream) => {
                        let near = stream.local_addr().unwrap();
                        self.near.push(stream);
                        near.to_string()
                    }
                    Err(error) => format!("failed: {error}"),
                }
            }
            ["run", program, orders @ ..] => {
                let mut command = Command::new(program);
                let mut child =
                    command.args(orders).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
                let mut answer = String::new();
                let mut out = BufReader::new(child.stdout.take().unwrap());
                for _ in 0..orders.len() / 2 {
                    out.read_line(&mut answer).unwrap();
                }
                self.children.push(child);
                answer.trim().replace('\n', " ")
            }
            ["unlink", path] => std::fs::remove_file(path).map_or_else(|e| e.to_string(), |()| "gone".into()),
            other => format!("not understood: {other:?}"),
        }
    }
}

fn main() {
    let mut peer = Peer::default();
    let say = |answer: String| {
        println!("{answer}");
        std::io::stdout().flush().unwrap();
    };
    let orders: Vec<String> = std::env::args().skip(1).collect();
    for order in orders.chunks(2) {
        let words: Vec<&str> = order.iter().map(String::as_str).collect();
        say(peer.obey(&words));
    }
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        say(peer.obey(&words));
    }
    for mut child in peer.children {
        let _ = child.kill();
        let _ = child.wait();
    }
}
