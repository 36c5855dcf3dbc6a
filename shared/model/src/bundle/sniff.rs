//! What a file is, told from its first bytes.

use std::fmt;

/// A guess at the kind of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// gzip, RFC 1952: what a bundle is.
    Gzip,
    /// A tar archive that somebody has already unpacked from its gzip.
    Tar,
    /// Text in which an armored bundle may stand.
    Text,
    /// An age file: an encrypted bundle.
    Age,
    /// A zip archive, as other collectors write.
    Zip,
    /// zstd, xz or bzip2.
    OtherCompression,
    /// Nothing at all.
    Empty,
    /// Something else.
    Unknown,
}

/// How many bytes [`Kind::of`] wants to see, at most.
pub(super) const SNIFF_LENGTH: usize = 512;

impl Kind {
    /// Guesses from the first 512 bytes, or from all when there are fewer.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        if head.is_empty() {
            return Self::Empty;
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Self::Gzip;
        }
        if head.get(257..262) == Some(b"ustar") {
            return Self::Tar;
        }
        if head.starts_with(b"age-encryption.org/v1")
            || head.starts_with(b"-----BEGIN AGE ENCRYPTED FILE-----")
        {
            return Self::Age;
        }
        if head.starts_with(b"PK\x03\x04") {
            return Self::Zip;
        }
        let compressed: [&[u8]; 3] = [b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh"];
        if compressed.iter().any(|magic| head.starts_with(magic)) {
            return Self::OtherCompression;
        }
        // A terminal log has escapes and carriage returns but no NUL.
        if head.contains(&0) { Self::Unknown } else { Self::Text }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "it is a gzip file without a bundle's manifest.json in it",
            Self::Tar => "it is a tar archive without a bundle's manifest.json in it",
            Self::Text => {
                "it is text without a line `-----BEGIN PROCGLASS BUNDLE-----`. \
                 Paste the whole terminal output, from that line to the END line"
            }
            Self::Age => "it is encrypted with age. Decrypt it first: age -d -o bundle.tar.gz FILE",
            Self::Zip => "it is a zip archive. A bundle's name ends in .procglass.tar.gz",
            Self::OtherCompression => "it is compressed with something other than gzip. Decompress it first",
            Self::Empty => "it is empty. The collection may not have run; look at what it printed",
            Self::Unknown => "its content is unknown here. A bundle's name ends in .procglass.tar.gz",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_first_bytes() {
        let mut tar = vec![0; 512];
        tar.splice(257..262, *b"ustar");
        let cases: [(&[u8], Kind); 8] = [
            (b"", Kind::Empty),
            (b"\x1f\x8b\x08", Kind::Gzip),
            (&tar, Kind::Tar),
            (b"# ls\r\n-----BEGIN", Kind::Text),
            (b"age-encryption.org/v1\n", Kind::Age),
            (b"PK\x03\x04abc", Kind::Zip),
            (b"\xfd7zXZ\0", Kind::OtherCompression),
            (b"\x7fELF\0", Kind::Unknown),
        ];
        for (head, kind) in cases {
            assert_eq!(Kind::of(head), kind, "{}", head.escape_ascii());
        }
    }
}
