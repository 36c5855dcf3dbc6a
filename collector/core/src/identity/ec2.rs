//! EC2 instance metadata, version 2, asked only where the machine says that it is EC2: elsewhere a packet to that address
//! would be noise on somebody's network.

use super::ecs::holds_credentials;
use super::http::{self, Request};
use crate::sys;
use std::net::SocketAddr;
use std::os::fd::AsFd;

/// What is asked for, and the name in the bundle. Nothing below `iam/security-credentials`, and no user data, which often
/// holds secrets.
pub(super) const QUESTIONS: &[(&str, &str)] = &[
    ("/latest/dynamic/instance-identity/document", "ec2-document.json"),
    ("/latest/meta-data/instance-id", "ec2-instance-id.txt"),
    ("/latest/meta-data/local-ipv4", "ec2-local-ipv4.txt"),
    ("/latest/meta-data/public-ipv4", "ec2-public-ipv4.txt"),
    ("/latest/meta-data/local-hostname", "ec2-local-hostname.txt"),
    ("/latest/meta-data/mac", "ec2-mac.txt"),
    ("/latest/meta-data/security-groups", "ec2-security-groups.txt"),
];

/// Whether the firmware names Amazon.
pub(super) fn likely(root: impl AsFd) -> bool {
    let starts = |path: &str, words: &[&str]| {
        let mut text = Vec::new();
        let read = sys::open_inside(&root, path).and_then(|file| sys::read_capped(file, 256, &mut text));
        let begins = |word: &&str| {
            text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        };
        read.is_ok() && words.iter().any(begins)
    };
    starts("/sys/hypervisor/uuid", &["ec2"])
        || starts("/sys/class/dmi/id/sys_vendor", &["amazon ec2"])
        || starts("/sys/class/dmi/id/product_uuid", &["ec2"])
        || starts("/sys/class/dmi/id/board_asset_tag", &["i-0", "i-1"])
}

/// Where the token for the questions is asked for.
pub(super) const TOKEN: &str = "/latest/api/token";

/// The token that the service at `address` wants with each question.
pub(super) fn token(address: SocketAddr) -> Result<String, String> {
    let header = Some(("X-aws-ec2-metadata-token-ttl-seconds", "60"));
    let host = address.ip().to_string();
    let answer = http::ask(Request { method: "PUT", address, host: &host, path: TOKEN, header })?;
    let token = String::from_utf8(answer).ok();
    let token = token.filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
    token.ok_or_else(|| "the service gave no token".into())
}

/// The answer to one of [`QUESTIONS`].
pub(super) fn ask(address: SocketAddr, path: &str, token: &str) -> Result<Vec<u8>, String> {
    let header = Some(("X-aws-ec2-metadata-token", token));
    let host = address.ip().to_string();
    let answer = http::ask(Request { method: "GET", address, host: &host, path, header })?;
    if holds_credentials(&answer) {
        return Err("dropped: the answer looks like credentials".into());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::open_dir;
    use rustix::fs::CWD;
    use std::io::{Read as _, Write as _};

    #[test]
    fn the_firmware_decides() {
        let tree = tempfile::tempdir().unwrap();
        let directory = tree.path().join("sys/class/dmi/id");
        std::fs::create_dir_all(&directory).unwrap();
        let root = open_dir(CWD, tree.path().to_str().unwrap()).unwrap();
        assert!(!likely(&root));
        std::fs::write(directory.join("sys_vendor"), "QEMU\n").unwrap();
        assert!(!likely(&root));
        std::fs::write(directory.join("sys_vendor"), "Amazon EC2\n").unwrap();
        assert!(likely(&root));
    }

    #[test]
    fn a_token_is_fetched_first_and_shown_with_each_question() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let mut seen = Vec::new();
            for _ in 0..=QUESTIONS.len() {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 2000];
                let count = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..count]).into_owned();
                let body = if request.starts_with("PUT") { "tok" } else { "{\"instanceId\":\"i-1\"}" };
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
                seen.push(request);
            }
            seen
        });
        let token = token(address).unwrap();
        let answers: Vec<_> = QUESTIONS.iter().map(|(path, _)| ask(address, path, &token)).collect();
        let seen = server.join().unwrap();
        assert!(seen[0].starts_with("PUT /latest/api/token ") && seen[0].contains("ttl-seconds: 60"));
        assert!(seen[1..].iter().all(|request| request.contains("X-aws-ec2-metadata-token: tok")));
        assert!(!seen.iter().any(|request| request.contains("credentials") || request.contains("user-data")));
        assert_eq!(answers.len(), QUESTIONS.len());
        assert_eq!(answers[0].as_deref(), Ok(&b"{\"instanceId\":\"i-1\"}"[..]));
    }
}
