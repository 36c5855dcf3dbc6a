//! `SHA256SUMS`, in the form that `sha256sum -c` of GNU coreutils reads.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The name of the last member.
pub const SUMS_NAME: &str = "SHA256SUMS";

/// A SHA-256 digest.
pub type Sha256Digest = [u8; 32];

/// SHA-256 of `bytes`, FIPS 180-4.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Sha256Digest {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
#[must_use]
pub fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A digest from its 64 hex digits.
#[must_use]
pub fn unhex(text: &[u8]) -> Option<Sha256Digest> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() == 64)?;
    let mut digest = [0; 32];
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(digest)
}

/// One line of the file. Member names hold neither newline nor backslash, so no escaping is needed.
pub(super) fn line(name: &str, digest: &Sha256Digest) -> String {
    format!("{}  {name}\n", hex(digest))
}

/// The lines of the file: name and digest. Lines of another form are passed over.
pub(super) fn parse(content: &[u8]) -> impl Iterator<Item = (&str, Sha256Digest)> {
    content.split(|byte| *byte == b'\n').filter_map(|line| {
        let (digest, rest) = line.split_at_checked(64)?;
        let name = rest.strip_prefix(b"  ").or_else(|| rest.strip_prefix(b" *"))?;
        Some((std::str::from_utf8(name).ok()?, unhex(digest)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back() {
        let digest = sha256(b"abc");
        assert!(hex(&digest).starts_with("ba7816bf"));
        let text = line("process/1.json", &digest) + "nonsense\n" + &line("a", &sha256(b""));
        let parsed: Vec<_> = parse(text.as_bytes()).collect();
        assert_eq!(parsed, [("process/1.json", digest), ("a", sha256(b""))]);
        assert_eq!(unhex(b"xx"), None);
    }
}
