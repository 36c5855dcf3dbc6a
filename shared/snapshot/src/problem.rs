//! What could not be read or understood.

use serde::Serialize;

/// One piece of evidence that is missing or was not understood. Nothing else is affected by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The member, followed by the file inside it where there is one: `process/812.json#files/environ`.
    pub member: String,
    /// What is wrong, in words or as an errno's name.
    pub what: String,
}

impl Problem {
    pub(crate) fn new(member: impl Into<String>, what: impl Into<String>) -> Self {
        Self { member: member.into(), what: what.into() }
    }
}

/// What an errno's name means for the reader, errno(3) as it applies to `/proc`.
#[must_use]
pub fn explain(what: &str) -> &'static str {
    match what {
        "EACCES" | "EPERM" => "permission denied: the collector lacked the right (root or CAP_SYS_PTRACE)",
        "ESRCH" | "vanished" => "gone: the process ended while it was read",
        "ENOENT" => "does not exist here: this kernel, system or process has none, or it ended meanwhile",
        "EINVAL" => "the kernel has no such information for this process",
        "ENOTDIR" | "ENODEV" | "EOPNOTSUPP" => "this kernel does not offer it",
        "EIO" | "EFAULT" => "the kernel could not read the process's memory",
        "timed out" => "the read did not return in time",
        "not applicable" => "does not exist for this kind of process",
        _ if what.starts_with("cut") => "longer than the cap; the rest was not kept",
        _ => "",
    }
}
