//! Text without what differs between two systems that are alike: ids, the own name, the own addresses, process ids.

use crate::System;
use bstr::BString;
use procglass_model::sorting;

/// What is the system's own.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// Words with what stands in their place, the longest first.
    own: Vec<(Vec<u8>, &'static str)>,
    addresses: std::collections::HashSet<std::net::IpAddr>,
}

/// Shorter words are in others.
const LEAST: usize = 4;
/// Words that are looked for. A router has more addresses than anybody writes into arguments.
const MOST: usize = 64;

impl Normal {
    pub(super) fn of(system: &System) -> Self {
        let mut own: Vec<(Vec<u8>, &'static str)> = Vec::new();
        let mut add = |text: Option<&[u8]>, word| {
            if let Some(text) = text.filter(|text| text.len() >= LEAST) {
                own.push((text.to_vec(), word));
            }
        };
        if let Some(id) = &system.container {
            add(Some(id), "<id>");
            add(id.get(..12), "<id>");
        }
        for id in [&system.task, &system.instance] {
            add(id.as_ref().map(|id| id.as_bytes()), "<id>");
        }
        for name in [Some(&system.host_name), system.pod.as_ref()] {
            add(name.map(|name| name.as_bytes()), "<own name>");
        }
        let addresses: std::collections::HashSet<_> = system
            .addresses
            .iter()
            .map(|own| own.address)
            .filter(|address| !address.is_unspecified())
            .collect();
        let mut texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        sorting::sort(&mut texts);
        for text in texts.iter().take(MOST) {
            add(Some(text.as_bytes()), "<own address>");
        }
        sorting::sort_by_key(&mut own, |(text, _)| std::cmp::Reverse(text.len()));
        Self { own, addresses }
    }

    pub(super) fn is_own(&self, address: std::net::IpAddr) -> bool {
        self.addresses.contains(&address)
    }

    /// The normal form.
    pub(super) fn text(&self, text: &[u8]) -> BString {
        let mut text = text.to_vec();
        for (own, word) in &self.own {
            text = replace(text, own, word.as_bytes());
        }
        ids(&text)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Replaces a word where it stands by itself.
fn replace(text: Vec<u8>, word: &[u8], with: &[u8]) -> Vec<u8> {
    let Some(first) = word.first() else { return text };
    let mut out: Option<Vec<u8>> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(step) = text.get(at..).and_then(|rest| rest.iter().position(|byte| byte == first)) {
        at += step;
        let alone = at.checked_sub(1).and_then(|before| text.get(before)).is_none_or(|byte| !is_word(*byte))
            && text.get(at + word.len()).is_none_or(|byte| !is_word(*byte));
        if alone && text.get(at..at + word.len()) == Some(word) {
            let out = out.get_or_insert_default();
            out.extend_from_slice(text.get(copied..at).unwrap_or_default());
            out.extend_from_slice(with);
            at += word.len();
            copied = at;
        } else {
            at += 1;
        }
    }
    match out {
        None => text,
        Some(mut out) => {
            out.extend_from_slice(text.get(copied..).unwrap_or_default());
            out
        }
    }
}

/// Takes out what is random by its form: runs of 32 and more hexadecimal digits, UUIDs (`-` or `_` between), the number
/// behind `/proc/` and `/dev/pts/`, and the keyed hash of a redacted value.
fn ids(text: &[u8]) -> BString {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let begins = out.last().is_none_or(|last| !is_word(*last));
        if let Some(length) = begins.then(|| random(rest)).flatten() {
            out.extend_from_slice(b"<id>");
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        // The key of the hash is another in each bundle: only the length says something.
        if let Some(length) = rest.starts_with(b"<redacted ").then(|| redacted(rest)).flatten() {
            out.extend_from_slice(rest.get(..length).unwrap_or_default());
            let end = rest.iter().position(|byte| *byte == b'>').unwrap_or(length);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        if let Some(head) = NUMBERED.iter().find(|head| rest.starts_with(head)) {
            out.extend_from_slice(head);
            rest = rest.get(head.len()..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if length > 0 {
                out.push(b'*');
                rest = rest.get(length..).unwrap_or_default();
            }
            continue;
        }
        out.push(*byte);
        rest = after;
    }
    out.into()
}

/// Paths whose next part is a number that is given out anew each time.
const NUMBERED: [&[u8]; 2] = [b"/proc/", b"/dev/pts/"];

/// The length of `<redacted len=9` at the beginning of `<redacted len=9 hmac=...>`.
fn redacted(text: &[u8]) -> Option<usize> {
    let end = text.iter().take(80).position(|byte| *byte == b'>')?;
    let words = text.get(..end)?;
    let first = words.iter().position(|byte| *byte == b' ')?;
    let second = words.get(first + 1..)?.iter().position(|byte| *byte == b' ')?;
    Some(first + 1 + second)
}

/// The length of the random word that a text begins with.
fn random(text: &[u8]) -> Option<usize> {
    let hex = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let ends = |length: usize| text.get(length).is_none_or(|byte| !is_word(*byte));
    let run = hex(text);
    if run >= 32 {
        // Fargate's ids have a dash and digits behind.
        let tail = text
            .get(run..)
            .and_then(|tail| tail.strip_prefix(b"-"))
            .map_or(0, |tail| tail.iter().take_while(|byte| byte.is_ascii_digit()).count());
        let length = if tail >= 6 { run + 1 + tail } else { run };
        return ends(length).then_some(length);
    }
    let mut at = 0;
    for (number, group) in [8, 4, 4, 4, 12].into_iter().enumerate() {
        if number > 0 {
            let separator = text.get(at).is_some_and(|byte| matches!(byte, b'-' | b'_'));
            at += usize::from(separator);
            if !separator {
                return None;
            }
        }
        if hex(text.get(at..)?) != group {
            return None;
        }
        at += group;
    }
    ends(at).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_always_differs_goes() {
        let system = System {
            host_name: "web-1".into(),
            container: Some("ab".repeat(32).into()),
            ..System::default()
        };
        let normal = Normal::of(&system);
        let text = |text: &str| normal.text(text.as_bytes()).to_string();
        assert_eq!(text("--name=web-1 --id=abababababab"), "--name=<own name> --id=<id>");
        assert_eq!(text("web-10 xweb-1"), "web-10 xweb-1");
        assert_eq!(text(&format!("/var/lib/x/{}/merged", "0f".repeat(32))), "/var/lib/x/<id>/merged");
        assert_eq!(
            text("pod2d3da189_6407_48e3_9ab6_78188d75e609"),
            "pod2d3da189_6407_48e3_9ab6_78188d75e609"
        );
        assert_eq!(text("/x/2d3da189-6407-48e3-9ab6-78188d75e609/y"), "/x/<id>/y");
        assert_eq!(text("/proc/812/fd /proc/self /dev/pts/3"), "/proc/*/fd /proc/self /dev/pts/*");
        assert_eq!(text("KEY=<redacted len=9 hmac=0123456789abcdef> x"), "KEY=<redacted len=9> x");
        assert_eq!(text("deadbeef"), "deadbeef");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, tail in "[<redact n=0-9a-f/proc>]{0,60}") {
            let normal = Normal::of(&System { host_name: "web-1".into(), ..System::default() });
            let text = [bytes.as_slice(), b"<redacted ", tail.as_bytes()].concat();
            let _ = normal.text(&text);
        }
    }
}
