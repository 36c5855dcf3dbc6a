//! Bytes as hexadecimal, sixteen a row.

use std::fmt::Write as _;

/// Bytes in one row.
pub(crate) const WIDTH: usize = 16;

/// How many rows `length` bytes take.
pub(crate) fn rows(length: usize) -> usize {
    length.div_ceil(WIDTH)
}

/// Offset, hexadecimal pairs in two groups, and the printable ASCII of a row.
pub(crate) fn row(bytes: &[u8], at: usize) -> (String, String, String) {
    let from = at * WIDTH;
    let slice = bytes.get(from..(from + WIDTH).min(bytes.len())).unwrap_or_default();
    let mut hex = String::with_capacity(WIDTH * 3 + 1);
    for (at, byte) in slice.iter().enumerate() {
        if at == WIDTH / 2 {
            hex.push(' ');
        }
        let _ = write!(hex, "{byte:02x} ");
    }
    let printable = |byte: &u8| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '·' };
    (format!("{from:08x}"), hex.trim_end().to_owned(), slice.iter().map(printable).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row() {
        let (offset, hex, text) = row(b"0123456789abcdef\x00\xffZ", 1);
        assert_eq!((offset.as_str(), hex.as_str(), text.as_str()), ("00000010", "00 ff 5a", "··Z"));
        assert_eq!(rows(17), 2);
        assert_eq!(row(b"0123456789", 0).1, "30 31 32 33 34 35 36 37  38 39");
        assert_eq!(row(b"", 3).1, "");
    }
}
