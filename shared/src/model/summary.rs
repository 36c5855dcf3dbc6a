//! The part of `process/<pid>.json` that every table needs. The rest is skipped while loading and read on demand.

use super::early::{Early, Parse};
use super::file::{FileKind, OpenFile};
use super::{Namespaces, Problem, Process, ProcessIndex};
use crate::artefact::fdinfo::FdInfo;
use crate::artefact::link::bracketed_inode;
use crate::artefact::status::Status;
use crate::artefact::{fdinfo, stat, status};
use crate::bundle::descriptor::Info;
use crate::bundle::{Bases, Content, ContentError, Executable, FileContent, FileStat, NOT_APPLICABLE};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Deserialize)]
pub(super) struct Summary {
    pid: u32,
    #[serde(default)]
    start_time: Option<u64>,
    #[serde(default)]
    links: Links,
    #[serde(default)]
    executable: Option<Executable>,
    #[serde(default)]
    bases: Bases,
    #[serde(default)]
    files: Files,
    #[serde(default, deserialize_with = "roomy")]
    fds: Vec<Fd>,
    #[serde(default)]
    errors: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
struct Links {
    exe: Option<Content>,
    cwd: Option<Content>,
    root: Option<Content>,
    #[serde(rename = "ns/cgroup")]
    cgroup: Option<Early<Namespace>>,
    #[serde(rename = "ns/ipc")]
    ipc: Option<Early<Namespace>>,
    #[serde(rename = "ns/mnt")]
    mnt: Option<Early<Namespace>>,
    #[serde(rename = "ns/net")]
    net: Option<Early<Namespace>>,
    #[serde(rename = "ns/pid")]
    pid: Option<Early<Namespace>>,
    #[serde(rename = "ns/time")]
    time: Option<Early<Namespace>>,
    #[serde(rename = "ns/user")]
    user: Option<Early<Namespace>>,
    #[serde(rename = "ns/uts")]
    uts: Option<Early<Namespace>>,
}

/// The number of a namespace and its kind: `net:[4026531840]`.
struct Namespace(&'static str, u64);

/// One descriptor, without what only its own page shows.
#[derive(Deserialize)]
struct Fd {
    fd: u32,
    #[serde(default)]
    target: Option<Content>,
    #[serde(default)]
    fdinfo: Option<Early<FdInfo>>,
    /// The same with a hole in a line that is not wanted here.
    #[serde(default)]
    info: Option<Info<Early<FdInfo>>>,
    #[serde(default)]
    stat: Option<FileStat>,
}

/// A list whose first element makes room for a usual process's: growing from one to sixteen copies it again and again.
fn roomy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Fd>, D::Error> {
    struct Fds;
    impl<'de> Visitor<'de> for Fds {
        type Value = Vec<Fd>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of descriptors")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Fd>, A::Error> {
            let mut fds = Vec::new();
            while let Some(fd) = list.next_element()? {
                if fds.is_empty() {
                    fds.reserve_exact(16);
                }
                fds.push(fd);
            }
            Ok(fds)
        }
    }
    deserializer.deserialize_seq(Fds)
}

#[derive(Default, Deserialize)]
struct Files {
    stat: Option<FileContent>,
    status: Option<Early<Status>>,
    cmdline: Option<Content>,
    cgroup: Option<FileContent>,
    mountinfo: Option<FileContent>,
}

/// What one member gave: a process without its place among the others.
pub(super) struct Loaded {
    pub(super) process: Process,
    pub(super) files: Vec<OpenFile>,
    /// Whether its start time is known.
    pub(super) has_start: bool,
    /// Where its container is found once all members are there.
    pub(super) cgroup: Option<FileContent>,
    /// The same, where the control groups do not tell.
    pub(super) mountinfo: Option<FileContent>,
}

impl Summary {
    pub(super) fn load(mut self, member: &str, page_size: u64, problems: &mut Vec<Problem>) -> Loaded {
        let mut process = Process { pid: self.pid, state: '?', ..Process::default() };
        let mut has_start = self.start_time.is_some();
        process.start_ticks = self.start_time.unwrap_or_default();
        match own(&self.files.stat, &self.bases, (member, "stat"), problems).as_deref().map(stat::parse) {
            Some(Ok(stat)) => {
                has_start = true;
                take_stat(&mut process, stat, page_size);
            }
            Some(Err(error)) => {
                problems.push(Problem::new(format!("{member}#files/stat"), error.to_string()));
            }
            None => {}
        }
        match self.files.status {
            Some(Early::Parsed(status)) => take_status(&mut process, &status),
            Some(Early::Later(content)) => {
                if let Some(text) = own(&Some(content), &self.bases, (member, "status"), problems) {
                    take_status(&mut process, &status::parse(&text));
                }
            }
            None => {}
        }
        process.namespaces = self.links.namespaces();
        process.cmdline = self.files.cmdline.map(|content| content.0.into());
        process.exe = self.links.exe.map(|content| content.0.into());
        process.cwd = self.links.cwd.map(|content| content.0.into());
        process.root = self.links.root.map(|content| content.0.into());
        process.executable = self.executable;
        process.errors = self
            .errors
            .into_iter()
            .filter(|(_, what)| what != NOT_APPLICABLE)
            .map(|(path, what)| (path.into(), what.into()))
            .collect();
        Loaded {
            process,
            has_start,
            files: open_files(self.fds),
            cgroup: self.files.cgroup,
            mountinfo: self.files.mountinfo,
        }
    }
}

/// Content that stands in the record itself, as FORMAT.md says of these two.
fn own<'a>(
    content: &'a Option<FileContent>,
    bases: &Bases,
    (member, file): (&str, &str),
    problems: &mut Vec<Problem>,
) -> Option<Cow<'a, [u8]>> {
    let bytes = content.as_ref()?.bytes(bases, |_| None);
    let problem = |error: ContentError| Problem::new(format!("{member}#files/{file}"), error.to_string());
    bytes.map_err(|error| problems.push(problem(error))).ok()
}

impl Links {
    fn namespaces(&mut self) -> Namespaces {
        let inode = |link: &mut Option<Early<Namespace>>, wanted| {
            let Namespace(kind, inode) = link.take()?.value()?;
            (kind == wanted).then_some(inode)
        };
        Namespaces {
            cgroup: inode(&mut self.cgroup, "cgroup"),
            ipc: inode(&mut self.ipc, "ipc"),
            mnt: inode(&mut self.mnt, "mnt"),
            net: inode(&mut self.net, "net"),
            pid: inode(&mut self.pid, "pid"),
            time: inode(&mut self.time, "time"),
            user: inode(&mut self.user, "user"),
            uts: inode(&mut self.uts, "uts"),
        }
    }
}

impl Parse for Namespace {
    fn parse(bytes: &[u8]) -> Self {
        let kinds = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];
        let named = |kind| Some(Self(kind, bracketed_inode(bytes, kind)?));
        kinds.into_iter().find_map(named).unwrap_or(Self("", 0))
    }
}

impl Parse for Status {
    fn parse(bytes: &[u8]) -> Self {
        status::parse(bytes)
    }
}

impl Parse for FdInfo {
    fn parse(bytes: &[u8]) -> Self {
        fdinfo::parse(bytes)
    }
}

fn take_stat(process: &mut Process, stat: stat::Stat, page_size: u64) {
    process.kernel_thread = stat.is_kernel_thread();
    process.start_ticks = stat.starttime;
    process.ppid = stat.ppid;
    process.state = char::from(stat.state);
    process.pgrp = stat.pgrp;
    process.session = stat.session;
    process.tty_nr = stat.tty_nr;
    process.cpu_ticks = stat.utime.saturating_add(stat.stime);
    process.nice = stat.nice;
    process.threads = stat.num_threads;
    process.vsize_bytes = stat.vsize;
    process.rss_bytes = u64::try_from(stat.rss).unwrap_or_default().saturating_mul(page_size);
    process.name = stat.comm;
}

fn take_status(process: &mut Process, status: &status::Status) {
    process.uid = status.uid;
    process.gid = status.gid;
    process.ns_pid.clone_from(&status.ns_pid);
    process.tracer_pid = status.tracer_pid.unwrap_or_default();
    process.kernel_thread |= status.kthread == Some(true);
    // `rss` of stat is inexact (proc_pid_stat(5)); this one is what the kernel counts.
    if let Some(kilobytes) = status.vm_rss_kb {
        process.rss_bytes = kilobytes.saturating_mul(1024);
    }
}

fn open_files(fds: Vec<Fd>) -> Vec<OpenFile> {
    // By the number of the descriptor whose template it is.
    let mut templates: Vec<(u32, FdInfo)> = Vec::new();
    fds.into_iter()
        .map(|fd| {
            let info = match fd.info {
                Some(Info::As(number)) => {
                    let at = templates.binary_search_by_key(&number, |(number, _)| *number);
                    at.ok().and_then(|at| templates.get(at)).map(|(_, info)| *info)
                }
                Some(Info::Own(info)) => {
                    let info = info.value();
                    // The kernel lists them in order. What is not in order is not referred to.
                    if let Some(info) = info
                        && templates.last().is_none_or(|(last, _)| *last < fd.fd)
                    {
                        templates.push((fd.fd, info));
                    }
                    info
                }
                None => fd.fdinfo.and_then(Early::value),
            };
            let info = info.unwrap_or_default();
            OpenFile {
                // Set when the processes have their final order.
                process: ProcessIndex(0),
                fd: fd.fd,
                kind: FileKind::of(fd.target.as_deref(), fd.stat.as_ref()),
                target: fd.target.map(|target| target.0.into()),
                stat: fd.stat,
                pos: info.pos,
                flags: info.flags,
            }
        })
        .collect()
}
