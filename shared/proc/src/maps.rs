//! `/proc/<pid>/maps`: the memory map, proc_pid_maps(5).

use crate::ParseError;
use crate::error::lines;
use procfs_core::FromBufRead;
pub use procfs_core::process::MMPermissions;
use procfs_core::process::MemoryMaps;
use std::io::Read as _;

/// One area of a process's address space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping<'a> {
    /// First address.
    pub start: u64,
    /// Address after the last.
    pub end: u64,
    /// `rwx` and `s`hared or `p`rivate.
    pub permissions: MMPermissions,
    /// Offset into the file, bytes.
    pub offset: u64,
    /// Device of the file: major and minor number.
    pub device: (i32, i32),
    /// Inode of the file; 0 for none.
    pub inode: u64,
    /// Path or `[name]`, as printed: only newlines are escaped, as `\012`. Empty for anonymous memory.
    pub path: &'a [u8],
    /// The line, counted from 1.
    pub line: usize,
}

/// The areas, and the lines that are none.
#[must_use]
pub fn parse(bytes: &[u8]) -> (Vec<Mapping<'_>>, Vec<ParseError>) {
    let (mut mappings, mut problems) = (Vec::new(), Vec::new());
    for (number, line) in lines(bytes) {
        match mapping(line, number) {
            Some(mapping) => mappings.push(mapping),
            None => {
                problems.push(ParseError::at("maps: not `start-end perms offset dev inode path`", number));
            }
        }
    }
    (mappings, problems)
}

fn mapping(line: &[u8], number: usize) -> Option<Mapping<'_>> {
    // Five fields separated by one space each; then spaces up to a column; then the path, which may be no UTF-8.
    let mut spaces = line.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at);
    let end = spaces.nth(4).unwrap_or(line.len());
    let (head, path) = line.split_at_checked(end)?;
    // Without a path, procfs-core sees a row that is cut off.
    let row = MemoryMaps::from_buf_read(head.chain(&b" \n"[..])).ok()?.0.into_iter().next()?;
    Some(Mapping {
        start: row.address.0,
        end: row.address.1,
        permissions: row.perms,
        offset: row.offset,
        device: row.dev,
        inode: row.inode,
        path: path.trim_ascii_start(),
        line: number,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use procfs_core::process::MMPermissions;
    use proptest::prelude::*;

    #[test]
    fn rows_and_a_bad_one_between() {
        let text = b"55a4c0000000-55a4c0001000 r-xp 00002000 fe:01 131 /usr/bin/\xff x (deleted)\n\
            nonsense\n7ffd0000-7ffd1000 rwxs 00000000 00:00 0 \n7f00-7f01 rw-p 00000000 00:00 0 [heap]\n";
        let (maps, problems) = parse(text);
        assert_eq!(maps.len(), 3);
        assert_eq!(maps[0].path, b"/usr/bin/\xff x (deleted)");
        assert_eq!((maps[0].offset, maps[0].device, maps[0].inode), (0x2000, (0xfe, 1), 131));
        assert!(maps[0].permissions.contains(MMPermissions::EXECUTE | MMPermissions::PRIVATE));
        assert!(
            maps[1]
                .permissions
                .contains(MMPermissions::WRITE | MMPermissions::EXECUTE | MMPermissions::SHARED)
        );
        assert_eq!((maps[1].path, maps[2].path, maps[2].line), (&b""[..], &b"[heap]"[..], 4));
        assert_eq!(problems[0].line, Some(2));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
