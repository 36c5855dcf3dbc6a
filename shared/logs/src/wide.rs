//! Logs in UTF-16, as Windows PowerShell's `>` writes them: decoded to UTF-8, in pieces.

/// A decoder with what is left of the last piece.
#[derive(Debug)]
pub(super) struct Wide {
    big: bool,
    rest: Vec<u8>,
}

impl Wide {
    /// A decoder for a text that begins with `head`, if that is UTF-16: by its mark, or by the zero in every character of a
    /// first line of ASCII.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let zeros = |at: usize| {
            let mut bytes = head.iter().take(64).skip(at).step_by(2).peekable();
            bytes.peek().is_some() && bytes.all(|byte| *byte == 0)
        };
        let big = match head {
            [0xff, 0xfe, ..] => false,
            [0xfe, 0xff, ..] => true,
            [_, _, _, _, ..] if zeros(1) && !zeros(0) => false,
            [_, _, _, _, ..] if zeros(0) && !zeros(1) => true,
            _ => return None,
        };
        Some(Self { big, rest: Vec::new() })
    }

    /// The text of the next bytes. What cannot be decoded becomes U+FFFD.
    pub(super) fn decode(&mut self, bytes: &[u8]) -> String {
        self.rest.extend_from_slice(bytes);
        let unit = |pair: &[u8]| match pair {
            [first, second] if self.big => u16::from_be_bytes([*first, *second]),
            [first, second] => u16::from_le_bytes([*first, *second]),
            _ => 0xfffd,
        };
        let mut units: Vec<u16> = self.rest.chunks_exact(2).map(unit).collect();
        // The second half of a pair may come with the next piece.
        if units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
        }
        let text = char::decode_utf16(units.iter().copied())
            .map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|char| *char != '\u{feff}')
            .collect();
        self.rest.drain(..units.len() * 2);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_size() {
        let text = "a\u{1f980}\n\u{e4}";
        for big in [false, true] {
            let bytes: Vec<u8> = std::iter::once(0xfeff)
                .chain(text.encode_utf16())
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            for size in 1..bytes.len() {
                let mut wide = Wide::of(&bytes).unwrap();
                let decoded: String = bytes.chunks(size).map(|piece| wide.decode(piece)).collect();
                assert_eq!(decoded, text);
            }
        }
        assert!(Wide::of(b"2\x00 \x001\x00").is_some());
        for plain in [&b"2 1 eni"[..], b"", b"\x00\x00\x00\x00", b"{\"a\":1}"] {
            assert!(Wide::of(plain).is_none());
        }
    }
}
