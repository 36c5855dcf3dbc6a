//! The record of one process: each file by what is known of its form; files of other names are left out.

use super::choice::Choice;
use super::member;
use super::names::Names;
use procglass_model::artefact::CHILDREN;
use procglass_model::artefact::{ALL, Kind};
use procglass_model::bundle::template::push_literal;
use procglass_model::bundle::{
    Content, Executable, Fd, FileContent, ProcessRecord, Thread, hex, sha256, unhex,
};
use procglass_proc::cmdline;
use procglass_snapshot::Members;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is known of a file below `/proc/<pid>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Form {
    /// Numbers and words of the kernel: nothing of a process's or a person's choosing.
    Numbers,
    /// `stat`: numbers around a name in parentheses.
    Stat,
    /// The name, and nothing else.
    Name,
    /// `status`: a name in the first line, then numbers.
    Status,
    /// `sched`: a line that begins with the name, then numbers.
    Sched,
    /// Labels of security modules, which may be paths.
    Label,
    /// Control groups: paths that name containers and services, not files.
    Groups,
    /// Lines of memory areas, each with a path at its end.
    Maps,
    /// Mounts: paths, and addresses of file servers.
    Mounts,
    Arguments,
    Environment,
}

fn form(path: &str) -> Option<Form> {
    Some(match path {
        "statm" | "io" | "auxv" | "personality" | "oom_score" | "oom_score_adj" | "uid_map" | "gid_map"
        | "setgroups" | "loginuid" | "sessionid" | "timerslack_ns" | "limits" | "wchan" | "syscall"
        | "stack" | "smaps_rollup" => Form::Numbers,
        "stat" => Form::Stat,
        "status" => Form::Status,
        "comm" => Form::Name,
        "attr/current" => Form::Label,
        "cgroup" | "cpuset" => Form::Groups,
        "maps" | "smaps" => Form::Maps,
        "mountinfo" => Form::Mounts,
        "cmdline" => Form::Arguments,
        "environ" => Form::Environment,
        "sched" => Form::Sched,
        _ if CHILDREN.has_path(path) => Form::Numbers,
        _ => return None,
    })
}

/// Texts of the new bundle.
#[derive(Default)]
pub(super) struct Texts {
    /// The name of what stands for a text of the old one, by its form, its hash, and whether it is a template. `None`: the
    /// old one was missing.
    by_old: HashMap<(Form, String, bool), Option<String>>,
    stored: HashSet<String>,
}

/// One record, cleaned. `left_out` counts what is not in it any more; new texts go to `done`.
pub(super) fn clean(
    names: &mut Names,
    members: &Members,
    record: ProcessRecord,
    texts: &mut Texts,
    left_out: &mut BTreeMap<&'static str, usize>,
    done: &mut Vec<(String, Vec<u8>)>,
) -> ProcessRecord {
    let ProcessRecord { files, links, fds, threads, errors, bases, executable, .. } = record;
    let mut out = ProcessRecord { pid: record.pid, bases, ..ProcessRecord::default() };
    (out.start_time, out.read_after_us, out.read_through) =
        (record.start_time, record.read_after_us, record.read_through);
    let own = Own::of(&links, &files);
    out.links = links
        .into_iter()
        .filter(|(name, _)| ALL.iter().any(|artefact| artefact.kind == Kind::Link && artefact.path == name))
        .map(|(name, target)| (name, Content(names.path(&target).into_owned())))
        .collect();
    out.executable = executable.map(|executable| Executable {
        recovered: false,
        sha256: executable.sha256.filter(|hash| unhex(hash.as_bytes()).is_some()),
        ..executable
    });
    for (path, content) in files {
        let form = form(&path).filter(|form| *form != Form::Mounts || !names.choices.has(Choice::Paths));
        let Some(form) = form else {
            *left_out.entry(member::known(&path)).or_default() += 1;
            continue;
        };
        let mut text = |hash: String, template: bool| {
            let key = (form, hash, template);
            if let Some(known) = texts.by_old.get(&key) {
                return known.clone();
            }
            let old = members.data(&format!("text/{}", key.1));
            let new = old.map(|bytes| file(names, &own, form, bytes, template)).map(|bytes| {
                let hash = hex(&sha256(&bytes));
                if texts.stored.insert(hash.clone()) {
                    done.push((format!("text/{hash}"), bytes));
                }
                hash
            });
            texts.by_old.insert(key, new.clone());
            new
        };
        let new = match content {
            FileContent::Shared(hash) => text(hash, false).map(FileContent::Shared),
            FileContent::Template(hash, given) if given.is_empty() && form == Form::Maps => {
                text(hash, true).map(|hash| FileContent::Template(hash, given))
            }
            // What is given belongs into the middle of names and values, which are cleaned whole.
            FileContent::Template(..) => members
                .content(&content, &out.bases)
                .ok()
                .map(|bytes| FileContent::Inline(Content(file(names, &own, form, &bytes, false)))),
            FileContent::Inline(bytes) => {
                Some(FileContent::Inline(Content(file(names, &own, form, &bytes, false))))
            }
            FileContent::Relative(bytes) => {
                Some(FileContent::Relative(Content(file(names, &own, form, &bytes, true))))
            }
            // Numbers by their form.
            FileContent::Malformed => None,
            FileContent::Words(bytes) => Some(FileContent::Words(bytes)).filter(|_| form == Form::Numbers),
        };
        if let Some(new) = new {
            out.files.insert(path, new);
        }
    }
    // Written by the collector: names of files and of errors, neither of which is evidence.
    let plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_/. ,:-".contains(&byte));
    out.errors = errors.into_iter().filter(|(path, what)| plain(path) && plain(what)).collect();
    out.fds = fds
        .into_iter()
        .map(|fd| Fd {
            target: fd.target.map(|target| Content(names.path(&target).into_owned())),
            fdinfo: fd.fdinfo.map(|info| Content(fields(names, &info, |_| true))),
            recovered: None,
            error: fd.error.filter(|error| plain(error)),
            ..fd
        })
        .collect();
    out.threads = threads
        .into_iter()
        .map(|thread| Thread {
            tid: thread.tid,
            comm: thread.comm.map(|name| Content(names.text(&name).into_owned())),
            stat: thread.stat.map(|stat| Content(stat_line(names, &stat, false))),
            // Numbers.
            children: thread.children,
        })
        .collect();
    out
}

/// What a process may call itself without telling anything new.
struct Own {
    exe: Vec<u8>,
    name: Vec<u8>,
}

impl Own {
    fn of(links: &BTreeMap<String, Content>, files: &BTreeMap<String, FileContent>) -> Self {
        let name = match files.get("comm") {
            Some(FileContent::Inline(name)) => name.trim_ascii_end().to_vec(),
            _ => Vec::new(),
        };
        let exe = links.get("exe").map(|exe| exe.to_vec()).unwrap_or_default();
        Self { exe: exe.strip_suffix(b" (deleted)").map(<[u8]>::to_vec).unwrap_or(exe), name }
    }

    /// Whether an argument 0 is the program's name or path, maybe with the dash of a login shell.
    fn says(&self, argument: &[u8], names: &Names) -> bool {
        let plain = argument.strip_prefix(b"-").unwrap_or(argument);
        let (file, program) = (last(plain), last(&self.exe));
        let named = file == self.name || file == program;
        plain.is_empty() || plain == self.exe || named && (plain == file || names.has_place(plain))
    }
}

/// What stands behind the last slash.
fn last(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// The bytes of a file, cleaned. In a template, `{` stands twice and what is in single braces is no text.
fn file(names: &mut Names, own: &Own, form: Form, bytes: &[u8], template: bool) -> Vec<u8> {
    match form {
        Form::Numbers => bytes.to_vec(),
        Form::Stat => stat_line(names, bytes, template),
        Form::Status => fields(names, bytes, |key| key == b"Name"),
        Form::Sched => sched(names, bytes),
        Form::Label => names.prose(bytes).into_owned(),
        Form::Groups => groups(names, bytes),
        Form::Name | Form::Mounts => names.text(bytes).into_owned(),
        Form::Maps => maps(names, bytes, template),
        Form::Arguments => arguments(names, own, bytes),
        Form::Environment => environment(names, bytes),
    }
}

/// Lines of `key: value`; keys are the kernel's. `open` says whose values may be of somebody's choosing.
fn fields(names: &mut Names, bytes: &[u8], open: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let value = line.iter().position(|byte| *byte == b':').map_or(0, |colon| colon + 1);
        let (key, value) = line.split_at_checked(value).unwrap_or_default();
        out.extend_from_slice(key);
        if key.is_empty() || open(key.strip_suffix(b":").unwrap_or(key)) {
            out.extend_from_slice(&names.text(value));
        } else {
            out.extend_from_slice(value);
        }
    }
    out
}

/// `name (812, #threads: 1)`, a line of dashes, numbers. The kernel writes the name as it is, line ends included, but no name
/// is as long as that line.
fn sched(names: &mut Names, bytes: &[u8]) -> Vec<u8> {
    const DASHES: &[u8] = &[b'-'; 32];
    let dashes = bytes.windows(DASHES.len()).position(|part| part == DASHES).unwrap_or(bytes.len());
    let (head, numbers) = bytes.split_at_checked(dashes).unwrap_or_default();
    let bracket = head.windows(2).rposition(|part| part == b" (").unwrap_or(head.len());
    let (name, rest) = head.split_at_checked(bracket).unwrap_or_default();
    [&names.text(name), rest, numbers].concat()
}

/// `4:memory:/system.slice/x.service`: the path is what somebody chose.
fn groups(names: &mut Names, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let path = line.iter().position(|byte| *byte == b'/').unwrap_or(0);
        let (front, path) = line.split_at_checked(path).unwrap_or_default();
        out.extend_from_slice(front);
        out.extend_from_slice(&names.text(path));
    }
    out
}

fn stat_line(names: &mut Names, bytes: &[u8], template: bool) -> Vec<u8> {
    let open = bytes.iter().position(|byte| *byte == b'(');
    let close = bytes.iter().rposition(|byte| *byte == b')');
    let parts = open.zip(close).and_then(|(open, close)| {
        Some((bytes.get(..=open)?, bytes.get(open + 1..close)?, bytes.get(close..)?))
    });
    let Some((front, name, tail)) = parts else { return Vec::new() };
    [front, &escaped(name, template, |name| names.text(name).into_owned()), tail].concat()
}

fn maps(names: &mut Names, bytes: &[u8], template: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (line, end) = line.strip_suffix(b"\n").map_or((line, &b""[..]), |line| (line, b"\n"));
        // Five fields, spaces up to a column, the path. In smaps, lines of numbers stand between.
        let fifth = line.iter().enumerate().filter(|(_, byte)| **byte == b' ').map(|(at, _)| at).nth(4);
        let path = fifth.and_then(|at| Some(at + line.get(at..)?.iter().position(|byte| *byte != b' ')?));
        match path.and_then(|path| line.split_at_checked(path)) {
            Some((head, path)) if path.starts_with(b"/") || !path.starts_with(b"[") && !is_size(line) => {
                out.extend_from_slice(head);
                out.extend(escaped(path, template, |path| names.path(path).into_owned()));
            }
            _ => out.extend_from_slice(line),
        }
        out.extend_from_slice(end);
    }
    out
}

/// `Rss:    4 kB` or `VmFlags: rd mr` of smaps.
fn is_size(line: &[u8]) -> bool {
    let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
    word.ends_with(b":") && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_:()".contains(byte))
}

/// Applies `clean` to what a piece of a template stands for.
fn escaped(bytes: &[u8], template: bool, clean: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    if !template {
        return clean(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut twice = false;
    for byte in bytes {
        twice = *byte == b'{' && !twice;
        if !twice {
            plain.push(*byte);
        }
    }
    let mut out = Vec::new();
    push_literal(&mut out, &clean(&plain));
    out
}

fn arguments(names: &mut Names, own: &Own, bytes: &[u8]) -> Vec<u8> {
    let hide = names.choices.has(Choice::Arguments);
    strings(bytes, |at, argument| {
        if !hide || at == 0 && own.says(argument, names) {
            return names.prose(argument);
        }
        if argument.is_empty() { Cow::Borrowed(argument) } else { names.value(argument).into_bytes().into() }
    })
}

fn environment(names: &mut Names, bytes: &[u8]) -> Vec<u8> {
    let hide = names.choices.has(Choice::Environment);
    strings(bytes, |_, string| {
        let (name, value) = cmdline::variable(string);
        let plain = name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
            && name.len() < string.len();
        if !hide {
            // By itself, so that a path in it begins where the value does.
            let equals: &[u8] = if name.len() < string.len() { b"=" } else { b"" };
            let name = if plain { Cow::Borrowed(name) } else { names.prose(name) };
            return [&name, equals, &names.prose(value)].concat().into();
        }
        // Space in which a process wrote its title has no names of variables.
        if !plain {
            return if string.is_empty() {
                Cow::Borrowed(string)
            } else {
                names.value(string).into_bytes().into()
            };
        }
        if value.is_empty() {
            Cow::Borrowed(string)
        } else {
            [name, b"=", names.value(value).as_bytes()].concat().into()
        }
    })
}

/// Each string between NULs, replaced; the NULs stay as they are.
fn strings<'a>(bytes: &'a [u8], mut clean: impl FnMut(usize, &'a [u8]) -> Cow<'a, [u8]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for (at, string) in bytes.split_inclusive(|byte| *byte == 0).enumerate() {
        let (string, end) = string.strip_suffix(b"\0").map_or((string, &b""[..]), |string| (string, b"\0"));
        out.extend_from_slice(&clean(at, string));
        out.extend_from_slice(end);
    }
    out
}
