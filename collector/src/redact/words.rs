//! A command line as words: arguments, and the words inside arguments, since `sh -c 'mysql -psecret'` is as telling as
//! `mysql -psecret`.

use super::program::{How, Program};
use super::{assign, entropy, mark, name, shape};
use procglass_model::bundle::scan::{self, below, equal, position};
use std::ops::Range;

/// Adds every secret in `text`, a command line with its NULs or any other string.
pub(super) fn secrets(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let first = spans.len();
    // Most texts are one word without a colon: told at a glance, that spares three looks at each of their bytes.
    let colon = position(text, b':').is_some();
    if colon {
        shape::urls(text, spans);
    }
    shape::tokens(text, spans);
    entropy::spans(text, spans);
    if colon || position(text, b'=').is_some() {
        assign::spans(text, spans);
    }
    if several(text) {
        shape::keys(text, spans);
        arguments(text, spans);
    }
    if spans.len() > first {
        without_marks(text, spans, first);
    }
}

/// Text that was redacted before holds marks, and they hold nothing: takes them out of the spans from `first` on.
fn without_marks(text: &[u8], spans: &mut Vec<Range<usize>>, first: usize) {
    let mut at = 0;
    while let Some(found) = shape::find(text.get(at..).unwrap_or_default(), mark::HEAD) {
        let begin = at + found;
        at = begin + mark::length(text.get(begin..).unwrap_or_default()).unwrap_or(1);
        if at == begin + 1 {
            continue;
        }
        for index in first..spans.len() {
            let Some(span) = spans.get_mut(index) else { break };
            if span.start < at && begin < span.end {
                let behind = at..span.end;
                span.end = begin.max(span.start);
                if !behind.is_empty() {
                    spans.push(behind);
                }
            }
        }
    }
}

/// Secrets by their place among the words: after `--password`, in `-psecret`.
fn arguments(text: &[u8], spans: &mut Vec<Range<usize>>) {
    let mut program = Program::default();
    // What the word before announced.
    let mut awaited = None;
    for word in words(text) {
        let bytes = text.get(word.clone()).unwrap_or_default();
        match awaited.take() {
            Some(Awaited::Secret(flag)) if !bytes.starts_with(b"-") => {
                if !name::harmless(flag, bytes) {
                    spans.push(word);
                }
                continue;
            }
            Some(Awaited::AfterUser) => {
                after_user(bytes, word.start, spans);
                continue;
            }
            _ => {}
        }
        if let Some(found) = Program::of(bytes) {
            program = found;
        } else if let Some((flag, how)) = program.flag(bytes) {
            let rest = bytes.get(flag.len()..).unwrap_or_default();
            match (how, rest.is_empty()) {
                (How::AfterUser, true) => awaited = Some(Awaited::AfterUser),
                (How::AfterUser, false) => after_user(rest, word.start + flag.len(), spans),
                (_, true) => awaited = Some(Awaited::Secret(b"")),
                (_, false) => spans.push(word.start + flag.len()..word.end),
            }
        } else if let Some(flag) = secret_flag(bytes) {
            awaited = Some(Awaited::Secret(flag));
        }
    }
}

enum Awaited<'a> {
    Secret(&'a [u8]),
    AfterUser,
}

/// `--password`, `-token`: a flag by a secret name and without a value.
fn secret_flag(word: &[u8]) -> Option<&[u8]> {
    let flag = word.strip_prefix(b"-")?;
    let flag = flag.strip_prefix(b"-").unwrap_or(flag);
    let plain =
        flag.len() > 1 && flag.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    (plain && name::is_secret(flag)).then_some(flag)
}

/// `user:secret`, `user%secret`, `pass:secret`.
fn after_user(text: &[u8], offset: usize, spans: &mut Vec<Range<usize>>) {
    if let Some(at) = text.iter().position(|byte| matches!(byte, b':' | b'%')) {
        spans.push(offset + at + 1..offset + text.len());
    }
}

/// Runs of bytes between NULs, white space and quotes.
fn words(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text.get(at..)?.iter().position(|byte| !separates(byte))?;
        let rest = text.get(at..)?;
        let start = at;
        at += rest.iter().position(separates).unwrap_or(rest.len());
        Some(start..at)
    })
}

/// Whether anything may separate words in it. What [`separates`] says of each byte is asked of eight at a time, and of all
/// control characters.
fn several(text: &[u8]) -> bool {
    let marks = |word| below(word, 0x21) | equal(word, b'"') | equal(word, b'\'') | equal(word, b'`');
    scan::first(text, marks, |byte| byte < 0x21 || matches!(byte, b'"' | b'\'' | b'`')).is_some()
}

fn separates(byte: &u8) -> bool {
    *byte == 0 || byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let mut list = Vec::new();
        secrets(text.as_bytes(), &mut list);
        list.sort_by_key(|span| span.start);
        list.dedup();
        list.into_iter().map(|span| &text[span]).collect()
    }

    proptest! {
        #[test]
        fn what_separates_is_seen(before in "[!a-z=-]{0,20}", byte: u8, after in "[!a-z=-]{0,20}") {
            let text = [before.as_bytes(), &[byte], after.as_bytes()].concat();
            prop_assert!(several(&text) || !text.iter().any(separates));
            prop_assert!(!several(before.as_bytes()));
        }
    }

    #[test]
    fn secrets_by_place() {
        for (text, want) in [
            ("tool\0--password\0hunter2\0-v\0", "hunter2"),
            ("tool\0--api-key\0k\0", "k"),
            ("mysql\0-uroot\0-phunter2\0db\0", "hunter2"),
            ("sh\0-c\0exec mysqldump -phunter2 db > x\0", "hunter2"),
            ("sshpass\0-p\0pw\0ssh\0-p\x0022\0h\0", "pw"),
            ("curl\0-u\0me:pw\0https://h/\0", "pw"),
            ("curl\0-ume:pw\0https://h/\0", "pw"),
            ("curl\0-H\0Authorization: Bearer t0k\0https://h\0", "Bearer t0k"),
            ("redis-cli\0-a\0pw\0ping\0", "pw"),
            ("openssl\0enc\0-passin\0pass:pw\0", "pw"),
            ("app --token=abc", "abc"),
        ] {
            assert_eq!(found(text), [want], "{text:?}");
        }
    }

    #[test]
    fn other_command_lines_stay() {
        for text in [
            "ssh\0-p\x0022\0host\0",
            "/usr/sbin/sshd\0-D\0",
            "ssh-agent\0--key\0/etc/key.pem\0",
            "mysqld\0--port=3306\0-p\0",
            "tool\0--password\0--verbose\0",
            "python3\0-m\0http.server\x008000\0",
            "curl\0-u\0user\0http://h/\0",
            "",
            "\0\0\0",
        ] {
            assert!(found(text).is_empty(), "{text:?}: {:?}", found(text));
        }
    }
}
