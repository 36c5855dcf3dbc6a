//! ECS task metadata, version 4: the answers of the agent beside the container.

use super::http::{self, Request};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// What is asked for: the end of the path, and the name in the bundle.
const QUESTIONS: &[(&str, &str)] = &[("", "ecs-container"), ("/task", "ecs-task"), ("/stats", "ecs-stats")];

/// The answers of the agent at `uri`. `number` tells several containers of a host apart.
pub(super) fn ask(uri: &str, foreign: bool, number: u32) -> Vec<(String, Result<Vec<u8>, String>)> {
    let name = |source: &str| match number {
        0 => format!("identity/{source}.json"),
        _ => format!("identity/{source}-{}.json", number + 1),
    };
    let Some((address, host, path)) = place(uri, foreign) else {
        let what = "not asked: the address is not that of a metadata service".to_owned();
        return vec![(name("ecs-container"), Err(what))];
    };
    let mut answers = Vec::new();
    for (end, source) in QUESTIONS {
        let path = format!("{path}{end}");
        let answer = http::ask(Request { method: "GET", address, host, path: &path, header: None });
        let silent = answer.is_err() && answers.is_empty();
        answers.push((name(source), answer));
        if silent {
            break;
        }
    }
    answers
}

/// Address, host and path of a URI that may be asked. The variable is chosen by whoever started the process, so that only
/// link-local addresses, which no router forwards, are taken; and loopback for a tree that a test made.
fn place(uri: &str, foreign: bool) -> Option<(SocketAddr, &str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (name, port) = host.split_once(':').unwrap_or((host, "80"));
    let ip: Ipv4Addr = name.parse().ok()?;
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'?' && byte != b'#';
    let allowed = if foreign { ip.is_loopback() } else { ip.is_link_local() };
    let fits = allowed && path.len() < 300 && path.bytes().all(plain);
    fits.then_some((SocketAddr::new(IpAddr::V4(ip), port.parse().ok()?), host, path.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_metadata_services_are_asked() {
        let found = place("http://169.254.170.2/v4/abc-1", false).unwrap();
        assert_eq!((found.0.to_string().as_str(), found.2), ("169.254.170.2:80", "/v4/abc-1"));
        assert!(place("http://127.0.0.1:8080/v4/x", true).is_some());
        for uri in [
            "https://169.254.170.2/v4/x",
            "http://169.254.170.2.example.com/v4/x",
            "http://203.0.113.7/v4/x",
            "http://127.0.0.1:8080/v4/x",
            "http://169.254.170.2/v4/x\r\nX: y",
            "http://169.254.170.2/v4/x?y=z",
            "http://user@169.254.170.2/",
            "http://[fe80::1]/",
            "",
        ] {
            assert_eq!(place(uri, false), None, "{uri}");
        }
        assert!(ask("http://203.0.113.7/", false, 1)[0].1.is_err());
    }
}
