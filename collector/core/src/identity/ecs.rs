//! ECS task metadata, version 4: the answers of the agent beside the container.

use super::http::{self, Request};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

/// What is asked for: the end of the path, and the name in the bundle.
pub(super) const QUESTIONS: &[(&str, &str)] =
    &[("", "ecs-container"), ("/task", "ecs-task"), ("/stats", "ecs-stats")];

/// The member for an answer. `number` tells several containers of a host apart.
pub(super) fn member(source: &str, number: u32) -> String {
    match number {
        0 => format!("identity/{source}.json"),
        _ => format!("identity/{source}-{}.json", number + 1),
    }
}

/// One question at an address: the end of its path is one of [`QUESTIONS`].
pub(super) fn ask(place: &Place<'_>, end: &str) -> Result<Vec<u8>, String> {
    let path = format!("{}{end}", place.path);
    let request =
        Request { method: "GET", address: place.address, host: place.host, path: &path, header: None };
    let answer = http::ask(request)?;
    if holds_credentials(&answer) {
        return Err("dropped: the answer looks like credentials".into());
    }
    Ok(answer)
}

/// An address that may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    address: SocketAddr,
    host: &'a str,
    path: &'a str,
}

/// The agent's address, by the documentation of Amazon ECS: "Task metadata endpoint version 4".
const AGENT: Ipv4Addr = Ipv4Addr::new(169, 254, 170, 2);

/// The parts of a URI that may be asked. Any process can choose the variable, and credentials are answered under other paths of the
/// same address: only the documented forms are taken, `http://169.254.170.2/v3/ID` and `/v4/ID`. In a copied tree the address is
/// of another system, so loopback is taken, where a test can answer.
pub(super) fn place(uri: &str, copied: bool) -> Option<Place<'_>> {
    let rest = uri.strip_prefix("http://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let address: SocketAddrV4 = format!("{name}:{port}").parse().ok()?;
    let allowed =
        if copied { address.ip().is_loopback() } else { *address.ip() == AGENT && address.port() == 80 };
    let path = path.strip_suffix('/').unwrap_or(path);
    let id = path.strip_prefix("/v4/").or_else(|| path.strip_prefix("/v3/"))?;
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let fits =
        allowed && plain && !id.is_empty() && id.len() <= 200 && !id.eq_ignore_ascii_case("credentials");
    fits.then_some(Place { address: address.into(), host, path })
}

/// Whether an answer has a key that only credentials have, in any spelling.
pub(super) fn holds_credentials(answer: &[u8]) -> bool {
    const KEYS: [&[u8]; 6] =
        [b"secretaccesskey", b"accesskeyid", b"sessiontoken", b"privatekey", b"accesstoken", b"clientsecret"];
    let folded: Vec<u8> = answer
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b':' | b'='))
        .map(u8::to_ascii_lowercase)
        .collect();
    // A key ends in a quote and a colon, or in an equals sign.
    let key = |key: &[u8]| {
        let mut places = folded.windows(key.len()).enumerate().filter(|(_, window)| *window == key);
        places.any(|(at, _)| {
            let behind = folded.get(at + key.len()..).unwrap_or_default();
            behind.starts_with(b"\":") || behind.starts_with(b"=") || behind.starts_with(b":")
        })
    };
    KEYS.iter().any(|name| key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_forms_are_asked() {
        let found = place("http://169.254.170.2/v4/abc-1/", false).unwrap();
        assert_eq!((found.address.to_string().as_str(), found.path), ("169.254.170.2:80", "/v4/abc-1"));
        assert!(place("http://169.254.170.2:80/v3/0123-4", false).is_some());
        assert!(place("http://127.0.0.1:8080/v4/x", true).is_some());
        for uri in [
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/role",
            "http://169.254.169.254/v4/x",
            "http://169.254.170.2/v2/credentials/11111111-2222-3333-4444-555555555555",
            "http://169.254.170.2/v4/../v2/credentials/1",
            "http://169.254.170.2/v4/%2e%2e/v2/credentials/1",
            "http://169.254.170.2/v4/x/../../v2/credentials/1",
            "http://169.254.170.2/v4/credentials",
            "http://169.254.170.2/v4/",
            "http://169.254.170.2/v4",
            "http://169.254.170.2",
            "http://169.254.170.2/v5/x",
            "http://169.254.170.2//v4/x",
            "http://169.254.170.2:8080/v4/x",
            "http://169.254.170.23/v1/credentials",
            "http://169.254.170.23/v4/x",
            "http://169.254.7.7/v4/x",
            "https://169.254.170.2/v4/x",
            "HTTP://169.254.170.2/v4/x",
            "http://169.254.170.2.example.com/v4/x",
            "http://0xa9feaa02/v4/x",
            "http://2852039170/v4/x",
            "http://169.254.170.002/v4/x",
            "http://203.0.113.7/v4/x",
            "http://127.0.0.1:8080/v4/x",
            "http://169.254.170.2/v4/x\r\nX: y",
            "http://169.254.170.2/v4/x?y=z",
            "http://169.254.170.2/v4/x#y",
            "http://user@169.254.170.2/v4/x",
            "http://169.254.170.2@203.0.113.7/v4/x",
            "http://[fe80::1]/v4/x",
            "http://[::ffff:169.254.170.2]/v4/x",
            "",
        ] {
            assert_eq!(place(uri, false), None, "{uri}");
        }
        assert_eq!(place("http://169.254.170.2/v4/x", true), None);
    }

    #[test]
    fn answers_that_look_like_credentials_are_known_in_any_spelling() {
        for answer in [
            r#"{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t"}"#,
            r#"{"secret_access_key": "s"}"#,
            "aws_session_token=x",
            r#"{"access_token":"x"}"#,
        ] {
            assert!(holds_credentials(answer.as_bytes()), "{answer}");
        }
        assert!(!holds_credentials(br#"{"DockerId":"a","Labels":{"com.amazonaws.ecs.task-arn":"arn:x"}}"#));
        assert!(!holds_credentials(b""));
    }
}
