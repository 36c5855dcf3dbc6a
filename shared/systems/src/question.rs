//! What can be asked of a register: an address, a network, a port, an id, a hash, a name.

use procglass_model::network::Network;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    text: String,
    pub(super) asked: Asked,
}

/// What it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Address(IpAddr, Option<u16>),
    Network(Network),
    Port(u16),
    /// A SHA-256 in lower-case hexadecimal: of a file, of an image, or the id of a container.
    Hash(String),
    /// The beginning of an id, or a part of a name, in lower case.
    Word(String),
}

/// A text that is no question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionError {
    text: String,
}

impl fmt::Display for QuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is nothing to ask for. Ask for an address (10.0.3.4, 10.0.3.4:443, fd00::1), a network (10.0.0.0/16), a port (:443), \
             the SHA-256 of a file or an image, or at least {LEAST} characters of a container's, task's or instance's id or of a name",
            procglass_model::text::visible(self.text.as_bytes())
        )
    }
}

impl std::error::Error for QuestionError {}

/// Fewer characters are in everything.
const LEAST: usize = 3;

impl Question {
    /// Understands a question as typed.
    ///
    /// # Errors
    /// When it is none, with what would be.
    pub fn parse(text: &str) -> Result<Self, QuestionError> {
        let text = text.trim();
        let asked = asked(text).ok_or_else(|| QuestionError { text: text.to_owned() })?;
        Ok(Self { text: text.to_owned(), asked })
    }

    /// As typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is looked at for the answer, and what is not.
    #[must_use]
    pub fn searched(&self) -> &'static str {
        match self.asked {
            Asked::Address(..) | Asked::Network(_) => {
                "Searched: own addresses, sockets, arguments and environments of processes, hosts and resolv.conf, routes and \
                 neighbours. Not searched: logs, the contents of other files, and what the bundles do not hold."
            }
            Asked::Port(_) => {
                "Searched: sockets. Not searched: arguments, environments, files, logs, and what the bundles do not hold."
            }
            Asked::Hash(_) => {
                "Searched: hashes of running programs, of recovered files and of images, and ids of containers. Not searched: \
                 other files, also of the bundle, and what the bundles do not hold."
            }
            Asked::Word(_) => {
                "Searched: names and ids of systems, containers, images, services, pods and tasks, and hashes of programs by \
                 their beginning. Not searched: names and arguments of processes, paths, users, environments, files and logs."
            }
        }
    }

    /// What it is about, for people: `the address 10.0.3.4`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.asked {
            Asked::Address(address, None) => format!("the address {address}"),
            Asked::Address(address, Some(port)) => {
                format!("port {port} of the address {address}")
            }
            Asked::Network(_) => format!("the network {}", self.text),
            Asked::Port(port) => format!("port {port}"),
            Asked::Hash(hash) => format!("the SHA-256 {}…", hash.get(..12).unwrap_or(hash)),
            Asked::Word(word) => {
                format!("ids and names with {}", procglass_model::text::visible(word.as_bytes()))
            }
        }
    }
}

fn asked(text: &str) -> Option<Asked> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Some(Asked::Address(address.to_canonical(), None));
    }
    if let Ok(socket) = text.parse::<SocketAddr>() {
        return Some(Asked::Address(socket.ip().to_canonical(), Some(socket.port())));
    }
    if let Some(network) = text.contains('/').then(|| Network::parse(text)).flatten() {
        return Some(match network.single() {
            Some(address) => Asked::Address(address.to_canonical(), None),
            None => Asked::Network(network),
        });
    }
    let port = text.strip_prefix("port").unwrap_or(text).trim_start_matches([':', ' ']);
    if port.bytes().all(|byte| byte.is_ascii_digit()) && port.len() < 6 {
        return port.parse().ok().filter(|port| *port != 0).map(Asked::Port);
    }
    // What looks like an address and is none is a mistake, not a name.
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'/' | b':')) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let hash = lower.strip_prefix("sha256:").unwrap_or(&lower);
    if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(Asked::Hash(hash.to_owned()));
    }
    // Of a task's ARN its last part is the id.
    let word = if lower.starts_with("arn:") { lower.rsplit('/').next().unwrap_or(&lower) } else { hash };
    (word.chars().count() >= LEAST).then(|| Asked::Word(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn questions() {
        let asked = |text: &str| Question::parse(text).map(|question| question.asked).ok();
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(asked(" 10.0.3.4 "), Some(Asked::Address(address("10.0.3.4"), None)));
        assert_eq!(asked("::ffff:10.0.3.4"), Some(Asked::Address(address("10.0.3.4"), None)));
        assert_eq!(asked("10.0.3.4/32"), Some(Asked::Address(address("10.0.3.4"), None)));
        assert_eq!(asked("10.0.3.4:443"), Some(Asked::Address(address("10.0.3.4"), Some(443))));
        assert_eq!(asked("[fd00::1]:443"), Some(Asked::Address(address("fd00::1"), Some(443))));
        assert!(matches!(asked("10.0.0.0/8"), Some(Asked::Network(_))));
        for text in ["443", ":443", "port 443", "port:443"] {
            assert_eq!(asked(text), Some(Asked::Port(443)), "{text}");
        }
        let hash = "ab".repeat(32);
        assert_eq!(asked(&format!("SHA256:{}", hash.to_uppercase())), Some(Asked::Hash(hash)));
        assert_eq!(asked("arn:aws:ecs:x:1:task/shop/158d"), Some(Asked::Word("158d".into())));
        assert_eq!(asked("i-0ABC"), Some(Asked::Word("i-0abc".into())));
        for text in ["", "10.0.3.400", "10.0.0.0/33", "0", "70000", "ab", ":"] {
            assert_eq!(asked(text), None, "{text}");
        }
        assert!(Question::parse("10.0.3.400").unwrap_err().to_string().contains("a network"));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text: String) {
            let _ = Question::parse(&text).map(|question| question.words());
        }
    }
}
