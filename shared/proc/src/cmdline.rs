//! `/proc/<pid>/cmdline` and `/proc/<pid>/environ`: strings that end in NUL, proc_pid_cmdline(5), proc_pid_environ(5).
//!
//! Both are memory of the process, which may have written anything there since.

/// Splits at the NULs. A missing last NUL is tolerated, empty strings are kept.
pub fn strings(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    // Nothing at all is no string, but one NUL is one empty string.
    (!bytes.is_empty()).then(|| body.split(|byte| *byte == 0)).into_iter().flatten()
}

/// The name and the value of one string of an environment. Without `=` all of it is the name.
#[must_use]
pub fn variable(string: &[u8]) -> (&[u8], &[u8]) {
    match string.iter().position(|byte| *byte == b'=') {
        Some(at) => (string.get(..at).unwrap_or_default(), string.get(at + 1..).unwrap_or_default()),
        None => (string, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_not_lost() {
        let split = |bytes: &'static [u8]| strings(bytes).collect::<Vec<_>>();
        assert_eq!(split(b"sh\0-c\0\0"), [&b"sh"[..], b"-c", b""]);
        assert_eq!(split(b"sh\0-c"), [&b"sh"[..], b"-c"], "2.6.32 may leave the last NUL out");
        assert_eq!(split(b""), [&b""[..]; 0]);
        assert_eq!(split(b"\0\0\0").len(), 3, "wiped");
        assert_eq!(split(b"\0-c\0"), [&b""[..], b"-c"]);
    }

    #[test]
    fn variables() {
        assert_eq!(variable(b"A=b=c"), (&b"A"[..], &b"b=c"[..]));
        assert_eq!(variable(b"A"), (&b"A"[..], &b""[..]));
    }
}
