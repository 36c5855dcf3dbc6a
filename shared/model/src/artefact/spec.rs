//! What the collector has to know of an artefact.

use std::borrow::Cow;

/// How often an artefact exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Once for each process: below `/proc/<pid>`, into `process/<pid>.json`.
    Process,
    /// Once for each network namespace: below `/proc/<pid>/net` of a member, into `net/<inode>/<path>`.
    NetNamespace,
    /// Once for each mount namespace and root: below `/proc/<pid>/root` of a member, into `mount/<inode>/<path>`. The
    /// collector's own namespace is the one in `host/`.
    MountNamespace,
    /// Once: an absolute path, into `host/<path>`.
    Host,
}

/// What reading it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Read to the end, or to the cap.
    File,
    /// The target of a symbolic link.
    Link,
    /// The directory `fd` with its links and `fdinfo`.
    Descriptors,
}

/// One artefact. Build it with [`Artefact::process`] and its siblings and refine it with the other methods, all of which
/// work in constants.
#[derive(Clone, Copy, Debug)]
pub struct Artefact {
    /// How often it exists, and below which folder [`Artefact::path`] is.
    pub scope: Scope,
    /// Path below the scope's folder; absolute for [`Scope::Host`] and [`Scope::MountNamespace`]. `<pid>` in it stands for
    /// the process: [`Artefact::path_of`].
    pub path: &'static str,
    /// What reading it means.
    pub kind: Kind,
    /// The most bytes to keep. What is longer is cut, and the cut is noted.
    pub cap: usize,
    /// Many processes have the same content: stored once, as `text/<sha256>`.
    pub shared: bool,
    /// In processes of one kind it differs in a few words: what is the same is stored once, as a template.
    pub alike: bool,
    /// Kernel threads and zombies have no address space and so none of this; the kernel's error is no news.
    pub needs_memory: bool,
    /// May hold passwords and keys: the collector redacts it unless told otherwise.
    pub sensitive: bool,
    /// The kernel gives all of it, or as many whole lines as fit a page, in one read with enough room (`ONE` and `single_open`
    /// of fs/proc, its copies of memory, short lines), so that asking whether there is more is a call for nothing. For a table
    /// of sockets it is worse: the kernel walks its hash table from the beginning once more.
    pub record: bool,
    /// Makes the kernel walk page tables or hold locks for long: only on request.
    pub costly: bool,
    /// One sentence: what question it answers.
    pub why: &'static str,
}

impl Artefact {
    /// A file of each process.
    #[must_use]
    pub const fn process(path: &'static str, why: &'static str) -> Self {
        Self {
            scope: Scope::Process,
            path,
            kind: Kind::File,
            cap: 256 << 10,
            shared: false,
            alike: false,
            needs_memory: false,
            sensitive: false,
            record: false,
            costly: false,
            why,
        }
    }

    /// A symbolic link of each process.
    #[must_use]
    pub const fn link(path: &'static str, why: &'static str) -> Self {
        let mut link = Self::process(path, why);
        link.kind = Kind::Link;
        // The kernel builds link targets in one page; PATH_MAX is 4096.
        link.cap = 4096;
        link
    }

    /// A file of each network namespace.
    #[must_use]
    pub const fn net(path: &'static str, why: &'static str) -> Self {
        let mut net = Self::process(path, why);
        net.scope = Scope::NetNamespace;
        net.cap = 64 << 20;
        net
    }

    /// A file of each mount namespace; `path` is absolute.
    #[must_use]
    pub const fn mount(path: &'static str, why: &'static str) -> Self {
        let mut mount = Self::process(path, why);
        mount.scope = Scope::MountNamespace;
        mount.cap = 1 << 20;
        mount
    }

    /// A file of the host; `path` is absolute.
    #[must_use]
    pub const fn host(path: &'static str, why: &'static str) -> Self {
        let mut host = Self::process(path, why);
        host.scope = Scope::Host;
        host.cap = 4 << 20;
        host
    }

    /// Its path below `/proc/<pid>` of this process, which is its key in the record.
    #[must_use]
    pub fn path_of(&self, pid: u32) -> Cow<'static, str> {
        match self.around_pid() {
            Some((before, after)) => [before, &pid.to_string(), after].concat().into(),
            None => self.path.into(),
        }
    }

    /// What stands before and after `<pid>`.
    fn around_pid(&self) -> Option<(&'static str, &'static str)> {
        let (before, rest) = self.path.split_once('<')?;
        Some((before, rest.split_once('>')?.1))
    }

    /// Whether a key of a process's record is this artefact's.
    #[must_use]
    pub fn has_path(&self, path: &str) -> bool {
        match self.around_pid() {
            Some((before, after)) => path
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after))
                .is_some_and(|pid| pid.parse::<u32>().is_ok()),
            None => self.path == path,
        }
    }

    /// With another cap, in bytes.
    #[must_use]
    pub const fn cap(mut self, bytes: usize) -> Self {
        self.cap = bytes;
        self
    }

    /// Stored once for all that have the same content.
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Stored as a template, for all that differ in a few words.
    #[must_use]
    pub const fn alike(mut self) -> Self {
        self.alike = true;
        self
    }

    /// Absent for kernel threads and zombies.
    #[must_use]
    pub const fn needs_memory(mut self) -> Self {
        self.needs_memory = true;
        self
    }

    /// Redacted unless told otherwise.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// One record.
    #[must_use]
    pub const fn record(mut self) -> Self {
        self.record = true;
        self
    }

    /// Only on request.
    #[must_use]
    pub const fn costly(mut self) -> Self {
        self.costly = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use crate::artefact::CHILDREN;
    use crate::artefact::STAT;

    #[test]
    fn a_path_may_have_the_process_in_it() {
        assert_eq!(CHILDREN.path_of(812), "task/812/children");
        assert!(CHILDREN.has_path("task/812/children"));
        for other in
            ["task/<pid>/children", "task//children", "task/1/2/children", "task/1/child", "children"]
        {
            assert!(!CHILDREN.has_path(other), "{other}");
        }
        assert_eq!(STAT.path_of(812), "stat");
        assert!(STAT.has_path("stat") && !STAT.has_path("statm"));
    }
}
