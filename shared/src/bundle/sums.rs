//! `SHA256SUMS`, in the form that `sha256sum -c` of GNU coreutils reads.

use sha2::{Digest, Sha256};

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
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(digest.len() * 2);
    text.extend(nibbles.filter_map(|nibble| char::from_digit(nibble.into(), 16)));
    text
}

/// A digest from its 64 hex digits.
#[must_use]
pub fn unhex(text: &[u8]) -> Option<Sha256Digest> {
    let text: &[u8; 64] = text.try_into().ok()?;
    let nibble = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let mut digest = [0; 32];
    for (byte, [high, low]) in digest.iter_mut().zip(text.as_chunks().0) {
        *byte = nibble(*high)? << 4 | nibble(*low)?;
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
        assert_eq!((unhex(b"xx"), unhex(&[b'+'; 64]), unhex(&[0xe9; 64])), (None, None, None));
        assert_eq!(unhex(hex(&digest).to_uppercase().as_bytes()), Some(digest));
    }
}
