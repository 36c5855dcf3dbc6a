//! Symbolic links of a process, and the descriptors' targets. The kernel escapes nothing in them: proc_pid_exe(5).

/// The inode in a target of the form `net:[4026531840]`, namespaces(7), or `socket:[12345]`.
#[must_use]
pub fn bracketed_inode<'a>(target: &'a [u8], prefix: &str) -> Option<u64> {
    let inner: &'a [u8] = target.strip_prefix(prefix.as_bytes())?.strip_prefix(b":[")?.strip_suffix(b"]")?;
    super::error::number(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inodes() {
        assert_eq!(bracketed_inode(b"net:[4026531840]", "net"), Some(4_026_531_840));
        for other in [&b"net:[]"[..], b"net:[1", b"mnt:[1]", b"", b"net:[-1]", b"net:[1] (deleted)"] {
            assert_eq!(bracketed_inode(other, "net"), None);
        }
    }
}
