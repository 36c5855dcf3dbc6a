//! What a tar header says of its entry, read so that no two programs can take it for different things.

use super::tarball::BLOCK;

/// The longest component of a path and the longest path that Linux takes, `limits.h`.
const NAME_MAX: usize = 255;
const PATH_MAX: usize = 4095;

/// The size in a header: octal digits, or where that is too small a base-256 number (GNU, star). `None`: it is neither, or
/// more than any file has. A number that is cut to 64 bits would let one program see other members than the next.
pub(super) fn size(block: &[u8]) -> Option<u64> {
    let field: &[u8; 12] = block.get(124..136)?.try_into().ok()?;
    let size = match field {
        [0x80, 0, 0, 0, number @ ..] => u64::from_be_bytes(*number),
        [first, ..] if first & 0x80 != 0 => return None,
        _ => {
            let text = std::str::from_utf8(field).ok()?;
            let text = text.split('\0').next().unwrap_or_default().trim_matches(' ');
            // A field of zeros or spaces is a size of 0 for every tar.
            if !text.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
                return None;
            }
            if text.is_empty() { 0 } else { u64::from_str_radix(text, 8).ok()? }
        }
    };
    (size <= i64::MAX.unsigned_abs() - BLOCK as u64).then_some(size)
}

/// Why a member of this name is not unpacked under it, if so: what tar(1) and sha256sum(1) would not find there.
pub(super) fn fault(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it has no name")
    } else if name.starts_with('/') {
        Some("its name is absolute")
    } else if name.ends_with('/') {
        Some("its name is that of a directory")
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some("its name leads through `.`, `..` or an empty component")
    } else if name.contains('\0') {
        Some("its name holds a zero byte")
    } else if name.len() > PATH_MAX || name.split('/').any(|part| part.len() > NAME_MAX) {
        Some("its name is longer than Linux takes")
    } else {
        None
    }
}

/// What an extended header of pax says of the next entry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pax {
    /// `path`, in place of the header's name.
    pub(super) path: Option<Vec<u8>>,
    /// `size`, in place of the header's.
    pub(super) size: Option<u64>,
    /// It is of a sparse file: what is stored are pieces of it.
    pub(super) sparse: bool,
}

impl Pax {
    /// Reads records of the form `LENGTH KEY=VALUE\n`, POSIX.1-2017 pax. `None`: one of them is none.
    pub(super) fn parse(mut side: &[u8]) -> Option<Self> {
        let mut pax = Self::default();
        while !side.is_empty() {
            let space = side.iter().position(|byte| *byte == b' ')?;
            let length: usize = number(side.get(..space)?)?.try_into().ok()?;
            let record = side.get(space + 1..length)?.strip_suffix(b"\n")?;
            let equals = record.iter().position(|byte| *byte == b'=')?;
            let (key, value) = (record.get(..equals)?, record.get(equals + 1..)?);
            match key {
                b"path" => pax.path = Some(value.to_vec()),
                b"size" => pax.size = Some(number(value)?),
                key if key.starts_with(b"GNU.sparse.") => pax.sparse = true,
                _ => {}
            }
            side = side.get(length..)?;
        }
        Some(pax)
    }

    /// Whether it says where an entry ends or what it is called.
    pub(super) fn matters(&self) -> bool {
        *self != Self::default()
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with(field: &[u8]) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[124..124 + field.len()].copy_from_slice(field);
        block
    }

    #[test]
    fn sizes_do_not_wrap() {
        for (field, want) in [
            (&b"00000000017\0"[..], Some(15)),
            (b"     17 \0", Some(15)),
            (b"777777777777", Some((1 << 36) - 1)),
            (b"", Some(0)),
            (&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2], Some(258)),
            (&[0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255], None),
            (&[0x80, 0, 0, 0, 127, 255, 255, 255, 255, 255, 255, 255], None),
            // 2^64 and 5: cut to 64 bits it would be 5.
            (&[0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 5], None),
            (&[0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5], None),
            (&[255; 12], None),
            (b"-1", None),
            (b"+7", None),
            (b"18", None),
            (b"7 7", None),
        ] {
            assert_eq!(size(&with(field)), want, "{field:?}");
        }
    }

    #[test]
    fn names_that_are_not_found_under_themselves() {
        for name in ["a", "a/b", "..a", "a\\b", "a\nb", ".hidden/x", "-"] {
            assert_eq!(fault(name), None, "{name:?}");
        }
        let long = "x".repeat(256);
        for name in ["", "/a", "a/", "a//b", "a/./b", "..", "a/../b", ".", "a\0", &long, &"x/".repeat(3000)] {
            assert!(fault(name).is_some(), "{name:?}");
        }
    }

    #[test]
    fn extended_headers_are_whole_or_none() {
        let pax = Pax::parse(b"13 path=a\nb/c\n11 size=10\n19 comment=anything\n");
        assert_eq!(pax, None, "the first length is one too small");
        let pax = Pax::parse(b"14 path=a\nb/c\n11 size=10\n20 comment=anything\n").unwrap();
        assert_eq!(pax, Pax { path: Some(b"a\nb/c".to_vec()), size: Some(10), sparse: false });
        assert!(Pax::parse(b"24 GNU.sparse.name=abcd\n").unwrap().sparse);
        assert!(!Pax::parse(b"20 comment=anything\n").unwrap().matters());
        for wrong in ["x", "5 a=b", "0 a=b\n", "6 a=b\n7", "+6 a=b\n", "11 size=-1\n", "6 abc\n", "99 a=b\n"]
        {
            assert_eq!(Pax::parse(wrong.as_bytes()), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_extended_header_is_survived(side: Vec<u8>) {
            let _ = Pax::parse(&side);
        }

        #[test]
        fn sizes_come_back(value in 0..=(i64::MAX as u64) - 512) {
            let mut header = tar::Header::new_gnu();
            header.set_size(value);
            prop_assert_eq!(size(header.as_bytes()), Some(value));
        }
    }
}
