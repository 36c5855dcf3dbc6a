//! `/proc/<pid>/mountinfo`, proc_pid_mountinfo(5).

use crate::ParseError;
use crate::error::{lines, number};

/// One mount. Paths have their octal escapes (`\040`) undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Mount id, as in fdinfo's `mnt_id`.
    pub id: u32,
    /// Id of the mount it is on.
    pub parent: u32,
    /// `major:minor` of the file system's device.
    pub device: String,
    /// The folder of the file system that is mounted.
    pub root: Vec<u8>,
    /// Where, below the process's root.
    pub mount_point: Vec<u8>,
    /// Mount options.
    pub options: String,
    /// Such as `ext4`, `overlay`.
    pub fs_type: String,
    /// Device or other source.
    pub source: Vec<u8>,
    /// Options of the file system.
    pub super_options: Vec<u8>,
    /// The line, counted from 1.
    pub line: usize,
}

/// The mounts, and the lines that are none.
#[must_use]
pub fn parse(bytes: &[u8]) -> (Vec<Mount>, Vec<ParseError>) {
    let (mut mounts, mut problems) = (Vec::new(), Vec::new());
    for (at, line) in lines(bytes) {
        match mount(line, at) {
            Some(mount) => mounts.push(mount),
            None => {
                problems.push(ParseError::at("mountinfo: not the fields of proc_pid_mountinfo(5)", at));
            }
        }
    }
    (mounts, problems)
}

fn mount(line: &[u8], at: usize) -> Option<Mount> {
    // One space separates; two in a row make an empty field, as for a mount without a source.
    let mut words = line.split(|byte| *byte == b' ');
    let text = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let id = number(words.next()?)?;
    let parent = number(words.next()?)?;
    let device = text(words.next()?);
    let (root, mount_point) = (unescape(words.next()?), unescape(words.next()?));
    let options = text(words.next()?);
    // Optional fields, ended by a dash.
    words.by_ref().find(|word| *word == b"-")?;
    let fs_type = text(words.next()?);
    let source = unescape(words.next().unwrap_or_default());
    let super_options = words.next().unwrap_or_default().to_vec();
    Some(Mount { id, parent, device, root, mount_point, options, fs_type, source, super_options, line: at })
}

/// Undoes `\ooo`, which fs/proc_namespace.c writes for space, tab, newline and backslash.
fn unescape(word: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(word.len()), word);
    while let Some((first, after)) = rest.split_first() {
        let octal = (*first == b'\\')
            .then(|| after.get(..3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        if let Some(byte) = octal {
            out.push(byte);
            rest = after.get(3..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_escapes_and_optional_fields() {
        let text = b"22 1 254:1 / / rw,relatime shared:1 master:2 - ext4 /dev/vda1 rw\n\
            23 22 0:5 /a\\040b /mnt/c\\134\\012d ro - tmpfs  size=1k\nbad\n91 22 254:1 /e /proc/91 rw - ext4 /dev/vda1 rw\n";
        let (mounts, problems) = parse(text);
        assert_eq!((mounts[0].id, mounts[0].parent, mounts[0].fs_type.as_str()), (22, 1, "ext4"));
        assert_eq!(mounts[1].root, b"/a b");
        assert_eq!(mounts[1].mount_point, b"/mnt/c\\\nd");
        assert_eq!(
            (mounts[1].source.as_slice(), mounts[1].super_options.as_slice()),
            (&b""[..], &b"size=1k"[..])
        );
        assert_eq!((mounts[2].mount_point.as_slice(), problems[0].line), (&b"/proc/91"[..], Some(3)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
