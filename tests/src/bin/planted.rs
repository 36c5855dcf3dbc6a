//! A harmless process for the tests to find: it listens on loopback, connects to itself, holds a file open, prints its
//! ports, and waits until its input ends.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::Read as _;
use std::net::{TcpListener, TcpStream};

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let near = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (far, _) = listener.accept().unwrap();
    let file = std::fs::File::open("/etc/passwd").unwrap();
    println!("{port} {}", near.local_addr().unwrap().port());
    let _ = std::io::stdin().read(&mut [0]);
    drop((near, far, file));
}
