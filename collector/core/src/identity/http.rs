//! As much of HTTP/1.1 as a metadata service needs, RFC 9112: one request, one answer, no redirects, no TLS. A library
//! would be larger than the rest of the collector.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// These services answer from the same machine.
const LIMIT: Duration = Duration::from_secs(1);
/// Real answers are a few kilobytes.
const CAP: u64 = 1 << 20;

/// One question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    pub(super) address: SocketAddr,
    /// For the `Host` header.
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) header: Option<(&'a str, &'a str)>,
}

/// Asks, and gives the body of an answer with status 200.
pub(super) fn ask(request: Request<'_>) -> Result<Vec<u8>, String> {
    let sentence = |error: std::io::Error| match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer within 1 s".to_owned(),
        _ => format!("no answer: {error}"),
    };
    let mut stream = TcpStream::connect_timeout(&request.address, LIMIT).map_err(sentence)?;
    stream.set_read_timeout(Some(LIMIT)).map_err(sentence)?;
    stream.set_write_timeout(Some(LIMIT)).map_err(sentence)?;
    stream.write_all(text(request).as_bytes()).map_err(sentence)?;
    let (mut answer, began) = (Vec::new(), Instant::now());
    let mut piece = [0; 4096];
    while (answer.len() as u64) < CAP && !complete(&answer) {
        // A service that trickles must not hold up the run.
        if began.elapsed() > 2 * LIMIT {
            return Err("no whole answer within 2 s".into());
        }
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(sentence(error)),
        }
    }
    parse(&answer)
}

fn text(request: Request<'_>) -> String {
    let Request { method, host, path, header, .. } = request;
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let length = if method == "PUT" { "Content-Length: 0\r\n" } else { "" };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n{length}{header}\r\n"
    )
}

/// Whether all that was announced is there, for servers that keep the connection open.
fn complete(answer: &[u8]) -> bool {
    let Some((head, body)) = split(answer) else { return false };
    match field(head, "content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => body.len() >= length,
        None => field(head, "transfer-encoding").is_some() && body.ends_with(b"0\r\n\r\n"),
    }
}

fn parse(answer: &[u8]) -> Result<Vec<u8>, String> {
    let (head, body) = split(answer).ok_or("the answer is no HTTP")?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status != "200" {
        return Err(format!("the service answered {}", status.escape_default()));
    }
    if field(head, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return chunks(body).ok_or_else(|| "the answer is cut".into());
    }
    match field(head, "content-length").map(str::parse::<usize>) {
        Some(Ok(length)) => body.get(..length).map(<[u8]>::to_vec).ok_or_else(|| "the answer is cut".into()),
        Some(Err(_)) => Err("the answer is no HTTP".into()),
        None => Ok(body.to_vec()),
    }
}

fn split(answer: &[u8]) -> Option<(&str, &[u8])> {
    let at = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(answer.get(..at)?).ok()?;
    Some((head.strip_prefix("HTTP/1.")?, answer.get(at + 4..)?))
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The body of a chunked answer, RFC 9112 section 7.1.
fn chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(body.get(..end)?).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(whole);
        }
        body = body.get(end + 2..)?;
        whole.extend_from_slice(body.get(..size)?);
        body = body.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let ok = |text: &str| parse(text.as_bytes()).map(|body| String::from_utf8(body).unwrap());
        assert_eq!(ok("HTTP/1.1 200 OK\r\ncontent-LENGTH: 2\r\n\r\n{}x").unwrap(), "{}");
        assert_eq!(ok("HTTP/1.0 200 OK\r\n\r\nall of it").unwrap(), "all of it");
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
        assert_eq!(ok(chunked).unwrap(), "abcde");
        assert!(complete(chunked.as_bytes()) && !complete(&chunked.as_bytes()[..chunked.len() - 2]));
        for (text, words) in [
            ("HTTP/1.1 404 Not Found\r\n\r\n", "404"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "cut"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", "cut"),
            ("HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", "302"),
            ("SSH-2.0-OpenSSH\r\n\r\n\r\n", "no HTTP"),
            ("", "no HTTP"),
        ] {
            assert!(ok(text).unwrap_err().contains(words), "{text:?}");
        }
    }

    #[test]
    fn a_closed_port_is_said() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let request = Request { method: "GET", address, host: "h", path: "/", header: None };
        assert!(ask(request).unwrap_err().starts_with("no answer"));
    }
}
