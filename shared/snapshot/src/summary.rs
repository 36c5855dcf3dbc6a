//! The part of `process/<pid>.json` that every table needs. The rest is skipped while loading and read on demand.

use super::descriptors::Descriptors;
use super::early::{Early, Parse};
use super::file::OpenFile;
use super::standing::{self, Cuts, Later};
use super::{Members, Namespaces, Problem, Process};
use procglass_model::bundle::{
    Bases, ContentError, Executable, FileContent, Member, NOT_APPLICABLE, salvage,
};
use procglass_proc::link::bracketed_inode;
use procglass_proc::status::Status;
use procglass_proc::{stat, status};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// What was read of a record. Its descriptors went to the table of all.
#[derive(Default)]
struct Summary {
    pid: u32,
    start_time: Option<u64>,
    links: Links,
    executable: Option<Executable>,
    bases: Bases,
    files: Files,
    /// Its part of the table of descriptors.
    fds: Range<u32>,
    /// Whether there is one.
    has_fds: bool,
    errors: Errors,
}

/// The names of what is read of a record.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Field {
    Pid,
    StartTime,
    Links,
    Executable,
    Bases,
    Files,
    Fds,
    Errors,
    #[serde(other)]
    Other,
}

/// Reads a record. Descriptors are by far the most of a system's rows: they go to their place at once.
struct Read<'a>(&'a mut Vec<OpenFile>);

impl<'de> DeserializeSeed<'de> for Read<'_> {
    type Value = Summary;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Summary, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Read<'_> {
    type Value = Summary;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the record of a process")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Summary, A::Error> {
        let first = self.0.len();
        let mut summary = Summary::default();
        let mut pid = None;
        while let Some(field) = map.next_key()? {
            match field {
                Field::Pid => pid = Some(map.next_value()?),
                Field::StartTime => summary.start_time = map.next_value()?,
                Field::Links => summary.links = map.next_value()?,
                Field::Executable => summary.executable = map.next_value()?,
                Field::Bases => summary.bases = map.next_value()?,
                Field::Files => summary.files = map.next_value()?,
                Field::Fds => {
                    map.next_value_seed(Descriptors(self.0))?;
                    summary.has_fds = true;
                }
                Field::Errors => summary.errors = map.next_value()?,
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        summary.pid = pid.ok_or_else(|| serde::de::Error::missing_field("pid"))?;
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        summary.fds = place(first)..place(self.0.len());
        Ok(summary)
    }
}

#[derive(Default, Deserialize)]
struct Links {
    exe: Option<FileContent>,
    cwd: Option<FileContent>,
    root: Option<FileContent>,
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

#[derive(Default, Deserialize)]
struct Files {
    stat: Option<FileContent>,
    status: Option<Early<Status>>,
    cmdline: Option<FileContent>,
    cgroup: Option<FileContent>,
    mountinfo: Option<FileContent>,
    uid_map: Option<FileContent>,
}

/// What could not be read, by path.
#[derive(Default)]
struct Errors(Vec<(Box<str>, Box<str>)>);

impl<'de> Deserialize<'de> for Errors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Errors;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("paths, and why they could not be read")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Errors, A::Error> {
                let mut errors = Vec::new();
                while let Some((path, what)) = map.next_entry::<Box<str>, Box<str>>()? {
                    if *what != *NOT_APPLICABLE {
                        errors.push((path, what));
                    }
                }
                // Most processes have one.
                if !errors.is_sorted() {
                    let mut map = BTreeMap::<String, String>::new();
                    for (path, what) in errors.drain(..) {
                        map.insert(path.into(), what.into());
                    }
                    errors.extend(map.into_iter().map(|(path, what)| (path.into(), what.into())));
                }
                Ok(Errors(errors))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// What one member gave: a process without its place among the others, and of which its descriptors stand in the table of
/// all as they came.
pub(super) struct Loaded {
    pub(super) process: Process,
    /// Whether its start time is known.
    pub(super) has_start: bool,
    /// Where its container is found once all members are there.
    pub(super) cgroup: Option<FileContent>,
    /// The same, where the control groups do not tell.
    pub(super) mountinfo: Option<FileContent>,
    /// What the user ids are in its own user namespace.
    pub(super) uid_map: Option<FileContent>,
    /// What it refers to was not there yet.
    pub(super) status: Option<Later>,
}

/// What a record is read with.
pub(super) struct Around<'a> {
    /// Those that were read before.
    pub(super) members: &'a Members,
    /// Bytes of a page of memory.
    pub(super) page_size: u64,
    /// What is known of texts that records share.
    pub(super) cuts: &'a mut Cuts,
    /// Where what is wrong goes.
    pub(super) problems: &'a mut Vec<Problem>,
}

/// Reads a member. A part of it that is not of this format costs itself, and is a problem. Nothing is added to `files` where nothing
/// can be read.
pub(super) fn read(
    member: &Member,
    around: &mut Around<'_>,
    files: &mut Vec<OpenFile>,
) -> Result<Loaded, serde_json::Error> {
    let summary = summary(&member.data, files).or_else(|error| {
        let Some(salvaged) = salvage(&member.data) else { return Err(error) };
        let summary = summary(&salvaged.json, files)?;
        for (part, reason) in salvaged.lost {
            let place = format!("{}#{part}", member.name);
            around.problems.push(Problem::new(place, format!("not the JSON of this format: {reason}")));
        }
        Ok(summary)
    })?;
    Ok(summary.load(&member.name, around))
}

fn summary(json: &[u8], files: &mut Vec<OpenFile>) -> Result<Summary, serde_json::Error> {
    let before = files.len();
    let mut json = serde_json::Deserializer::from_slice(json);
    let summary = Read(files).deserialize(&mut json).and_then(|summary| json.end().map(|()| summary));
    summary.inspect_err(|_| files.truncate(before))
}

impl Summary {
    fn load(mut self, member: &str, around: &mut Around<'_>) -> Loaded {
        let Around { members, page_size, cuts, problems } = around;
        let mut process = Process { pid: self.pid, files: self.fds, ..Process::default() };
        let mut has_start = self.start_time.is_some();
        process.start_ticks = self.start_time.unwrap_or_default();
        match own(&self.files.stat, &self.bases, (member, "stat"), problems).as_deref().map(stat::parse) {
            Some(Ok(stat)) => {
                has_start = true;
                take_stat(&mut process, stat, *page_size);
            }
            Some(Err(error)) => {
                problems.push(Problem::new(format!("{member}#files/stat"), error.to_string()));
            }
            None => {}
        }
        let cmdline = match self.files.cmdline {
            // Its bytes are here already.
            Some(FileContent::Inline(content)) => Some(content.0),
            content => own(&content, &self.bases, (member, "cmdline"), problems).map(Cow::into_owned),
        };
        let mut later = None;
        match self.files.status {
            Some(Early::Parsed(status)) => standing::take(&mut process, &status),
            Some(Early::Later(content)) => {
                let status = Later { member: member.to_owned(), content, bases: self.bases };
                // A bundle that was packed anew may hold what it refers to farther on.
                match cuts.text(&status.content, &status.bases, members) {
                    Ok(text) => standing::take(&mut process, &status::parse(&text)),
                    Err(_) => later = Some(status),
                }
            }
            None => {}
        }
        process.cmdline = cmdline.map(Into::into);
        process.namespaces = self.links.namespaces();
        let mut link = |content: Option<FileContent>, name| match content? {
            FileContent::Inline(content) => Some(content.0.into()),
            _ => {
                problems.push(Problem::new(format!("{member}#links/{name}"), ContentError::Form.to_string()));
                None
            }
        };
        process.exe = link(self.links.exe, "exe");
        process.cwd = link(self.links.cwd, "cwd");
        process.root = link(self.links.root, "root");
        process.executable = self.executable;
        process.errors = self.errors.0;
        process.files_known = self.has_fds && !process.refused("fd");
        let Files { cgroup, mountinfo, uid_map, .. } = self.files;
        Loaded { process, has_start, cgroup, mountinfo, uid_map, status: later }
    }
}

/// Content that stands in the record itself, as FORMAT.md says.
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

fn take_stat(process: &mut Process, stat: stat::Stat, page_size: u64) {
    process.kernel_thread = Some(stat.is_kernel_thread());
    process.start_ticks = stat.starttime;
    process.ppid = Some(stat.ppid);
    process.state = Some(char::from(stat.state));
    process.pgrp = Some(stat.pgrp);
    process.session = Some(stat.session);
    process.tty_nr = Some(stat.tty_nr);
    process.cpu_ticks = Some(stat.utime.saturating_add(stat.stime));
    process.nice = Some(stat.nice);
    process.threads = Some(stat.num_threads);
    process.vsize_bytes = Some(stat.vsize);
    process.rss_bytes = Some(u64::try_from(stat.rss).unwrap_or_default().saturating_mul(page_size));
    process.name = stat.comm;
}
