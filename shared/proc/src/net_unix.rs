//! `/proc/net/unix`: UNIX domain sockets, unix(7).

use crate::ParseError;
use crate::Stretch;
use crate::error::{hex_number, number};

// `__SO_ACCEPTCON` of include/uapi/linux/net.h: it listens.
const SO_ACCEPTCON: u64 = 0x0001_0000;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnixRow<'a> {
    /// References to it.
    pub ref_count: u64,
    /// `__SO_ACCEPTCON` (0x10000) when it listens.
    pub flags: u64,
    /// `SOCK_STREAM` 1, `SOCK_DGRAM` 2, `SOCK_SEQPACKET` 5.
    pub kind: u16,
    /// `SS_*` of include/uapi/linux/net.h: 1 unconnected, 2 connecting, 3 connected, 4 disconnecting.
    pub state: u8,
    /// Inode of the socket.
    pub inode: u64,
    /// Bound path; an abstract name begins with `@`, which stands for NUL, as do further `@`. Empty for none.
    pub path: &'a [u8],
    /// The line, counted from 1.
    pub line: usize,
}

impl UnixRow<'_> {
    /// Whether it accepts connections.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.flags & SO_ACCEPTCON != 0
    }
}

/// The rows, and the lines that are none. The kernel does not escape newlines in names, so a name can break a row in
/// two and even forge one: a forged row is indistinguishable here, but its inode then has no owner.
#[must_use]
pub fn parse<'a>(table: impl Into<Stretch<'a>>) -> (Vec<UnixRow<'a>>, Vec<ParseError>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in table.into().rows() {
        match row(line, at) {
            Some(row) => rows.push(row),
            None => problems
                .push(ParseError::at("unix: not `Num RefCount Protocol Flags Type St Inode Path`", at)),
        }
    }
    (rows, problems)
}

fn row(line: &[u8], at: usize) -> Option<UnixRow<'_>> {
    let mut rest = line;
    let mut next = || {
        rest = rest.trim_ascii_start();
        let end = rest.iter().position(|byte| *byte == b' ').unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    };
    // `%pK: %08X %08X %08X %04X %02X %5lu`, net/unix/af_unix.c.
    next().filter(|word| word.ends_with(b":"))?;
    let ref_count = hex_number(next()?)?;
    next()?;
    let flags = hex_number(next()?)?;
    let kind = u16::try_from(hex_number(next()?)?).ok()?;
    let state = u8::try_from(hex_number(next()?)?).ok()?;
    let inode = number(next()?)?;
    // One space, then the name with all its own spaces.
    let path = rest.strip_prefix(b" ").unwrap_or_default();
    Some(UnixRow { ref_count, flags, kind, state, inode, path, line: at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_and_odd_names() {
        let text = b"Num       RefCount Protocol Flags    Type St Inode Path\n\
            ffff0001: 00000002 00000000 00010000 0001 01 20001 /run/x y \xff\n\
            ffff0002: 00000003 00000000 00000000 0005 03 20002\nhalf a name\n\
            0000000000000000: 00000002 00000000 00000000 0002 01 20003 @abs\n";
        let (rows, problems) = parse(text);
        assert_eq!(
            (rows[0].path, rows[0].inode, rows[0].kind, rows[0].listens()),
            (&b"/run/x y \xff"[..], 20001, 1, true)
        );
        assert_eq!((rows[1].path, rows[1].state, rows[1].kind), (&b""[..], 3, 5));
        assert_eq!((rows[2].path, rows[2].line, problems[0].line), (&b"@abs"[..], 5, Some(4)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
