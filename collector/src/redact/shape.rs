//! Text that is a secret by its form, whatever its name: tokens with a known beginning, signed tokens, private keys,
//! passwords in URLs.

use std::ops::Range;

/// Beginnings that issuers chose so that their tokens can be found, and how many more characters follow at least.
const PREFIXES: &[(&str, usize)] = &[
    ("AIza", 30),
    ("AKIA", 16),
    ("ASIA", 16),
    ("EAACEdEose0cBA", 10),
    ("SG.", 30),
    ("dop_v1_", 30),
    ("dckr_pat_", 20),
    ("gho_", 20),
    ("ghp_", 20),
    ("ghr_", 20),
    ("ghs_", 20),
    ("ghu_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("hf_", 30),
    ("hvs.", 20),
    ("npm_", 30),
    ("pypi-", 40),
    ("rk_live_", 16),
    ("sk-", 20),
    ("sk_live_", 16),
    ("sk_test_", 16),
    ("xapp-", 10),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxe-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("ya29.", 20),
];

/// The first bytes of tokens: most words of a text end here.
#[allow(clippy::indexing_slicing, reason = "computed by the compiler")]
const STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    starts[b'e' as usize] = true;
    let mut at = 0;
    while at < PREFIXES.len() {
        starts[PREFIXES[at].0.as_bytes()[0] as usize] = true;
        at += 1;
    }
    starts
};

/// Adds tokens with a known beginning, and signed ones.
pub(super) fn tokens(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut before = 0;
    for (at, byte) in text.iter().enumerate() {
        // A token begins where a word begins.
        let starts = !word(before) && word(*byte);
        before = *byte;
        if !starts || !STARTS.get(usize::from(*byte)).is_some_and(|starts| *starts) {
            continue;
        }
        let tail = text.get(at..).unwrap_or_default();
        if let Some(length) = prefixed(tail).or_else(|| signed(tail)) {
            spans.push(at..at + length);
        }
    }
}

fn prefixed(tail: &[u8]) -> Option<usize> {
    let (prefix, more) = PREFIXES.iter().find(|(prefix, _)| {
        prefix.as_bytes().first() == tail.first() && tail.starts_with(prefix.as_bytes())
    })?;
    let length = tail.iter().take_while(|b| word(**b) || matches!(b, b'.' | b'-')).count();
    // What follows dashes is another thing, such as the end line of a key.
    let length = find(tail.get(..length)?, b"--").unwrap_or(length);
    (length >= prefix.len() + more).then_some(length)
}

/// A JSON Web Token, RFC 7519: three parts of base64url, of which the first is `{"` encoded.
fn signed(tail: &[u8]) -> Option<usize> {
    tail.strip_prefix(b"eyJ")?;
    let length = tail.iter().take_while(|b| word(**b) || matches!(b, b'.' | b'-' | b'=')).count();
    let length = find(tail.get(..length)?, b"--").unwrap_or(length);
    let dots = tail.get(..length)?.iter().filter(|b| **b == b'.').count();
    (dots >= 2 && length >= 30).then_some(length)
}

/// The password of `scheme://user:password@host`: there is none without a colon.
pub(super) fn urls(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(found) = find(text.get(at..).unwrap_or_default(), b"://") {
        let start = at + found + 3;
        at = start;
        let rest = text.get(start..).unwrap_or_default();
        let ends = |b: &u8| {
            matches!(b, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>') || b.is_ascii_whitespace() || *b == 0
        };
        let authority = rest.get(..rest.iter().position(ends).unwrap_or(rest.len())).unwrap_or_default();
        let Some(host) = authority.iter().rposition(|b| *b == b'@') else {
            // A password with a slash or a hash in it, which the standard forbids and people use: up to the last `@` of the word.
            let word = rest
                .get(..rest.iter().position(|b| b.is_ascii_whitespace() || *b == 0).unwrap_or(rest.len()));
            let word = word.unwrap_or_default();
            let colon = authority.iter().position(|b| *b == b':');
            if let (Some(colon), Some(host)) = (colon, word.iter().rposition(|b| *b == b'@')) {
                let port = authority.get(colon + 1..).unwrap_or_default();
                let is_port = !port.is_empty() && port.iter().all(u8::is_ascii_digit);
                if host > colon && !(is_port && word.get(authority.len()) == Some(&b'/')) {
                    spans.push(start + colon + 1..start + host);
                }
            }
            continue;
        };
        let user = authority.get(..host).unwrap_or_default();
        if let Some(colon) = user.iter().position(|b| *b == b':') {
            spans.push(start + colon + 1..start + host);
        } else if user.len() >= 20 {
            // A token in the place of the user, as for Git over HTTPS.
            spans.push(start..start + host);
        }
    }
}

/// The body of a private key between its marker lines, RFC 7468: there is none without a space.
pub(super) fn keys(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(found) = find(text.get(at..).unwrap_or_default(), b"-----BEGIN ") {
        let label = at + found + 11;
        let rest = text.get(label..).unwrap_or_default();
        let Some(dashes) = find(rest, b"-----") else { return };
        let start = label + dashes + 5;
        at = start;
        if find(rest.get(..dashes).unwrap_or_default(), b"PRIVATE KEY").is_none() {
            continue;
        }
        let body = text.get(start..).unwrap_or_default();
        let end = find(body, b"-----END ").unwrap_or(body.len());
        spans.push(start..start + end);
        at = start + end;
    }
}

pub(super) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let (first, rest) = part.split_first()?;
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| byte == first)?;
        if text.get(at + 1..)?.starts_with(rest) {
            return Some(at);
        }
        at += 1;
    }
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        urls(text.as_bytes(), &mut list);
        keys(text.as_bytes(), &mut list);
        super::tokens(text.as_bytes(), &mut list);
        list.into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn tokens() {
        for token in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_0123456789abcdefghijABCDEFGHIJ012345",
            "github_pat_11ABCDEFG0_abcdefghijklmnop",
            "xoxb-123456789012-abcdefghijkl",
            "sk-proj-abcdefghijklmnopqrstuvwx",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ] {
            for text in [token.to_owned(), format!("a={token} b"), format!("\"{token}\",")] {
                assert_eq!(found(&text), [token], "{text}");
            }
        }
        for text in [
            "AKIA",
            "xAKIAIOSFODNN7EXAMPLE",
            "sk-short",
            "eyJhbGciOi",
            "ghp_",
            "task-aaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn passwords_in_urls() {
        for (text, want) in [
            ("postgres://app:s3cret@db:5432/x?y=1", "s3cret"),
            ("url=redis://:pw@h", "pw"),
            ("amqp://u:p@ss@host/v", "p@ss"),
            ("https://0123456789abcdefghijxyz@github.com/a/b", "0123456789abcdefghijxyz"),
            ("mysql://u:a/b@host/db", "a/b"),
        ] {
            assert_eq!(found(text), [want], "{text}");
        }
        for text in
            ["http://host:80/a@b", "https://user@host/", "http://[::1]:80/", "://", "http://h/a:b", "a://b:"]
        {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn private_keys() {
        let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
        assert_eq!(found(&format!("K {key} x")), ["\nMIIE\n"]);
        assert_eq!(found("-----BEGIN PRIVATE KEY-----MIIE"), ["MIIE"]);
        assert!(found("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----").is_empty());
    }
}
