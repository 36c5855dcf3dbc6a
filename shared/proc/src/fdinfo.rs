//! `/proc/<pid>/fd/<n>` and `/proc/<pid>/fdinfo/<n>`: the open file descriptors, proc_pid_fdinfo(5).

use crate::error::number;
use crate::link::bracketed_inode;
use crate::status::fields;

/// What a descriptor's link names, by the kernel's forms for things that have no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// `socket:[inode]`.
    Socket(u64),
    /// `pipe:[inode]`.
    Pipe(u64),
    /// `anon_inode:[eventpoll]` or `anon_inode:inotify`: the name without brackets.
    AnonInode(&'a [u8]),
    /// `/memfd:name (deleted)`: the name.
    Memfd(&'a [u8]),
    /// `net:[inode]`, `pidfd:[inode]` and other files of pseudo file systems: kind and inode.
    Pseudo(&'a [u8], u64),
    /// A path, unescaped, possibly followed by ` (deleted)`.
    Path(&'a [u8]),
}

/// Tells a link's target apart.
#[must_use]
pub fn target(link: &[u8]) -> Target<'_> {
    if let Some(inode) = bracketed_inode(link, "socket") {
        return Target::Socket(inode);
    }
    if let Some(inode) = bracketed_inode(link, "pipe") {
        return Target::Pipe(inode);
    }
    if let Some(name) = link.strip_prefix(b"anon_inode:") {
        let inner = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]"));
        return Target::AnonInode(inner.unwrap_or(name));
    }
    if let Some(name) = link.strip_prefix(b"/memfd:") {
        return Target::Memfd(name.strip_suffix(b" (deleted)").unwrap_or(name));
    }
    let pseudo = link.iter().position(|byte| *byte == b':').and_then(|colon| {
        let kind = link.get(..colon)?;
        let inode = number(link.get(colon + 1..)?.strip_prefix(b"[")?.strip_suffix(b"]")?)?;
        (!kind.contains(&b'/')).then_some(Target::Pseudo(kind, inode))
    });
    pseudo.unwrap_or(Target::Path(link))
}

/// The lines that every kind of descriptor has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FdInfo {
    /// `pos`: file offset, bytes.
    pub pos: Option<u64>,
    /// `flags`: access mode and status flags of open(2), printed in octal.
    pub flags: Option<u32>,
    /// `mnt_id`: the mount, as in mountinfo.
    pub mnt_id: Option<u32>,
}

impl FdInfo {
    /// `r`, `w` or `u` (both), as lsof has it; `None` when unknown.
    #[must_use]
    pub fn access(&self) -> Option<char> {
        // O_ACCMODE of include/uapi/asm-generic/fcntl.h.
        match self.flags? & 3 {
            0 => Some('r'),
            1 => Some('w'),
            2 => Some('u'),
            _ => None,
        }
    }
}

/// Parses `fdinfo`; the lines of special kinds are shown as they are.
#[must_use]
pub fn parse(bytes: &[u8]) -> FdInfo {
    let mut info = FdInfo::default();
    for (name, value) in fields(bytes) {
        match name {
            b"pos" => info.pos = number(value),
            b"flags" => {
                info.flags =
                    std::str::from_utf8(value).ok().and_then(|octal| u32::from_str_radix(octal, 8).ok());
            }
            b"mnt_id" => info.mnt_id = number(value),
            _ => {}
        }
    }
    info
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn targets() {
        let cases: [(&[u8], Target<'_>); 9] = [
            (b"socket:[123]", Target::Socket(123)),
            (b"pipe:[7]", Target::Pipe(7)),
            (b"anon_inode:[eventpoll]", Target::AnonInode(b"eventpoll")),
            (b"anon_inode:inotify", Target::AnonInode(b"inotify")),
            (b"/memfd:x (deleted) (deleted)", Target::Memfd(b"x (deleted)")),
            (b"pidfd:[5]", Target::Pseudo(b"pidfd", 5)),
            (b"/tmp/socket:[123]", Target::Path(b"/tmp/socket:[123]")),
            (b"socket:[x]", Target::Path(b"socket:[x]")),
            (b"/tmp/a (deleted)", Target::Path(b"/tmp/a (deleted)")),
        ];
        for (link, kind) in cases {
            assert_eq!(target(link), kind, "{}", link.escape_ascii());
        }
    }

    #[test]
    fn access_modes() {
        let info = parse(b"pos:\t5\nflags:\t0100001\nmnt_id:\t29\nino:\t4\n");
        assert_eq!(
            (info.pos, info.flags, info.mnt_id, info.access()),
            (Some(5), Some(0o100_001), Some(29), Some('w'))
        );
        assert_eq!(parse(b"flags:\t0").access(), Some('r'));
        assert_eq!(parse(b"flags:\t9").access(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = (target(&bytes), parse(&bytes));
        }
    }
}
