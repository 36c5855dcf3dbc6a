//! What stands in the place of a secret.

use procglass_model::bundle::hex;
use sha2::{Digest, Sha256};
use std::io::Write as _;
use std::ops::Range;

/// Why a text was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// By the name that it stands under.
    Name,
    /// As the argument of a program.
    Program,
    /// In an address.
    Address,
    /// By its beginning, which its issuer chose.
    Token,
    /// Between the marker lines of a private key.
    Key,
    /// Since nobody would have written it.
    Random,
}

/// The words for the reasons, in their order. The last one is that of `--environ keys`.
pub const REASONS: [&str; 7] = [
    "secret name",
    "argument of a program",
    "credential in an address",
    "form of a token",
    "private key",
    "random text",
    "value of a variable",
];
/// The place of the last one.
pub(super) const VALUE: usize = REASONS.len() - 1;

/// How each mark begins.
const HEAD: &[u8] = b"<redacted len=";
const MIDDLE: &[u8] = b" hmac=";
const REMOVED: &[u8] = b"<removed len=";
/// Hex digits of the hash that are shown: 64 bits are plenty to match values within one bundle.
const DIGITS: usize = 16;

/// HMAC-SHA256, RFC 2104, with its key already mixed in.
#[derive(Clone, Debug)]
pub(super) struct Key {
    inner: Sha256,
    outer: Sha256,
}

impl Key {
    pub(super) fn new(key: [u8; 32]) -> Self {
        let padded = |pad: u8| {
            let mut block = [pad; 64];
            for (byte, key) in block.iter_mut().zip(key) {
                *byte ^= key;
            }
            Sha256::new_with_prefix(block)
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    fn hash(&self, text: &[u8]) -> [u8; 32] {
        let inner = self.inner.clone().chain_update(text).finalize();
        self.outer.clone().chain_update(inner).finalize().into()
    }

    /// Appends the mark for a secret. An empty value has none, and what is a mark already stays.
    #[inline(never)]
    pub(super) fn mark(&self, secret: &[u8], out: &mut Vec<u8>) {
        if secret.is_empty() || length(secret) == Some(secret.len()) {
            out.extend_from_slice(secret);
            return;
        }
        let hash = hex(&self.hash(secret));
        out.extend_from_slice(HEAD);
        let _ = write!(out, "{}", secret.len());
        out.extend_from_slice(MIDDLE);
        out.extend_from_slice(hash.as_bytes().get(..DIGITS).unwrap_or_default());
        out.push(b'>');
    }
}

/// Appends what stands for a value that was removed without a trace.
pub(super) fn removed(value: &[u8], out: &mut Vec<u8>) {
    let is_removed = value
        .strip_prefix(REMOVED)
        .and_then(|rest| rest.strip_suffix(b">"))
        .is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit));
    if value.is_empty() || is_removed {
        out.extend_from_slice(value);
        return;
    }
    out.extend_from_slice(REMOVED);
    let _ = write!(out, "{}>", value.len());
}

/// The length of the mark that `text` begins with.
#[inline(never)]
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(HEAD)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = rest.get(digits..)?.strip_prefix(MIDDLE)?;
    let (hash, end) = (rest.get(..DIGITS)?, rest.get(DIGITS)?);
    let lower = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    (digits > 0 && digits < 20 && hash.iter().all(lower) && *end == b'>')
        .then_some(HEAD.len() + digits + MIDDLE.len() + DIGITS + 1)
}

/// Where the marks of a text stand.
pub(super) fn all(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let begin = at + super::shape::find(text.get(at..)?, HEAD)?;
            at = begin + 1;
            if let Some(length) = length(text.get(begin..)?) {
                at = begin + length;
                return Some(begin..at);
            }
        }
    })
}

/// Appends the text with the white space of its marks as the kernel writes it in mountinfo.
pub(super) fn escape(text: &[u8], out: &mut Vec<u8>) {
    let mut marks = all(text).peekable();
    for (at, byte) in text.iter().enumerate() {
        while marks.next_if(|mark| mark.end <= at).is_some() {}
        if *byte == b' ' && marks.peek().is_some_and(|mark| mark.contains(&at)) {
            out.extend_from_slice(b"\\040");
        } else {
            out.push(*byte);
        }
    }
}

/// The text with another byte in the place of each byte of a mark. `None`: it holds none.
#[inline(never)]
pub(super) fn masked(text: &[u8], mask: u8) -> Option<Vec<u8>> {
    let mut marks = all(text).peekable();
    marks.peek()?;
    let mut copy = text.to_vec();
    for mark in marks {
        copy.get_mut(mark)?.fill(mask);
    }
    Some(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(key: &Key, text: &[u8]) -> String {
        let mut out = Vec::new();
        key.mark(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_hash_is_hmac_sha256() {
        // RFC 4231, test case 2, whose key is shorter than a block and so filled up with zeros.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let hash = hex(&Key::new(key).hash(b"what do ya want for nothing?"));
        assert_eq!(hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn marks_tell_equal_from_different_and_nothing_else() {
        let (key, other) = (Key::new([1; 32]), Key::new([2; 32]));
        let text = mark(&key, b"hunter2");
        assert!(text.starts_with("<redacted len=7 hmac=") && text.len() == 38, "{text}");
        assert_eq!(text, mark(&key, b"hunter2"));
        assert_ne!(text, mark(&key, b"hunter3"));
        assert_ne!(text, mark(&other, b"hunter2"));
        assert_eq!(mark(&key, b""), "");
        assert_eq!(mark(&key, text.as_bytes()), text);
    }

    #[test]
    fn only_whole_marks_are_marks() {
        let whole = mark(&Key::new([1; 32]), b"x");
        assert_eq!(length(format!("{whole} and more").as_bytes()), Some(whole.len()));
        for cut in 0..whole.len() {
            assert_eq!(length(&whole.as_bytes()[..cut]), None);
        }
        assert_eq!(length(b"<redacted len= hmac=0123456789abcdef>"), None);
        assert_eq!(length(b"<redacted len=5 hmac=0123456789abcdeg>"), None);
    }

    #[test]
    fn removed_values_say_their_length_once() {
        let mut out = Vec::new();
        removed(b"value", &mut out);
        assert_eq!(out, b"<removed len=5>");
        let mut again = Vec::new();
        removed(&out, &mut again);
        assert_eq!(again, out);
        removed(b"", &mut out);
        assert_eq!(out, again);
    }
}
