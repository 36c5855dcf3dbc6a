//! The columns of every view.

use super::{Column, Value};
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, OpenFile, Process, ProcessIndex, Socket, SocketIndex};
use std::borrow::Cow;
use std::net::IpAddr;

fn process(snapshot: &Opened, index: ProcessIndex, get: for<'a> fn(&'a Process) -> Value<'a>) -> Value<'_> {
    snapshot.process(index).map_or(Value::Null, get)
}

macro_rules! column {
    ($row:ident: $name:literal, $why:literal, $get:expr) => {
        Column { name: $name, why: $why, value: |snapshot, index| $row(snapshot, index, $get) }
    };
}

/// `show processes`.
pub const PROCESSES: &[Column<ProcessIndex>] = &[
    column!(process: "pid", "Process id in the collector's pid namespace.", |p| Value::Number(p.pid.into())),
    column!(process: "ppid", "Parent's process id; 0 for none visible, null where it is not known.", |p| Value::number(p.ppid)),
    column!(process: "name", "comm: chosen by the process.", |p| Value::Bytes(&p.name)),
    column!(process: "state", "State letter of proc_pid_stat(5).", |p| p.state.map_or(Value::Null, |state| Value::Text(state.to_string().into()))),
    column!(process: "user", "Name of the effective user, or the number where there is no name; both sides of a user namespace.", |p| {
        p.user_words().map_or(Value::Null, |user| Value::Text(user.into()))
    }),
    column!(process: "uid", "Effective user id.", |p| Value::number(p.uid.map(|uid| uid.effective))),
    column!(process: "started", "Start in UTC.", |p| p.started.map_or(Value::Null, Value::Time)),
    column!(process: "exe", "Target of /proc/PID/exe, verbatim.", |p| Value::bytes(p.exe.as_ref())),
    column!(process: "exe_deleted", "Whether the program's file has no name left.", |p| p.exe_deleted().map_or(Value::Null, Value::Bool)),
    column!(process: "cmdline", "Arguments, as the process claims them now.", |p| match p.cmdline {
        Some(_) => Value::List(p.arguments().map(Value::Bytes).collect()),
        None => Value::Null,
    }),
    column!(process: "cwd", "Working directory.", |p| Value::bytes(p.cwd.as_ref())),
    column!(process: "threads", "Number of threads.", |p| Value::number(p.threads)),
    column!(process: "netns", "Inode of the network namespace.", |p| Value::number(p.namespaces.net)),
    column!(process: "container", "Container id.", |p| Value::bytes(p.container.as_ref())),
    column!(process: "fd_count", "Number of open descriptors.", |p| Value::number(p.descriptors().map(|count| count as u64))),
];

/// What `show tree` adds in front.
pub const TREE: &[Column<(ProcessIndex, u32)>] = &[Column {
    name: "depth",
    why: "Ancestors above it.",
    value: |_, (_, depth)| Value::Number(depth.into()),
}];

fn socket(snapshot: &Opened, index: SocketIndex, get: for<'a> fn(&'a Socket) -> Value<'a>) -> Value<'_> {
    snapshot.socket(index).map_or(Value::Null, get)
}

fn address<'a>(end: Option<(IpAddr, u16)>) -> Value<'a> {
    end.map_or(Value::Null, |(address, _)| Value::Text(address.to_string().into()))
}

fn port<'a>(end: Option<(IpAddr, u16)>) -> Value<'a> {
    Value::number(end.map(|(_, port)| port))
}

/// `show sockets`.
pub const SOCKETS: &[Column<SocketIndex>] = &[
    column!(socket: "protocol", "Transport.", |s| Value::Text(s.protocol.word().into())),
    column!(socket: "local_address", "Local address, the path of a UNIX socket, or what a packet or netlink socket is bound to.", |s| {
        match (&s.path, s.local, &s.detail) {
            (Some(path), ..) => Value::Bytes(path),
            (None, Some(_), _) => address(s.local),
            (None, None, detail) => detail.as_ref().map_or(Value::Null, |detail| Value::Text(detail.into())),
        }
    }),
    column!(socket: "local_port", "Local port.", |s| port(s.local)),
    column!(socket: "remote_address", "Remote address.", |s| address(s.remote)),
    column!(socket: "remote_port", "Remote port; 0 when not connected.", |s| port(s.remote)),
    column!(socket: "state", "State in the kernel's words.", |s| Value::Text(s.state.into())),
    column!(socket: "netns", "Inode of the network namespace.", |s| Value::Number(s.netns)),
    column!(socket: "inode", "Inode of the socket; 0 where the kernel keeps no owner.", |s| Value::Number(s.inode)),
    Column {
        name: "owners",
        why: "Every visible descriptor that is this socket.",
        value: |snapshot, index| {
            let owners = snapshot.socket(index).map(|socket| socket.owners.as_slice()).unwrap_or_default();
            let pid = |index| snapshot.process(index).map_or(0, |process| process.pid);
            Value::List(
                owners
                    .iter()
                    .map(|owner| {
                        let pid = Value::Number(pid(owner.process).into());
                        Value::Object(vec![("pid", pid), ("fd", Value::Number(owner.fd.into()))])
                    })
                    .collect(),
            )
        },
    },
];

/// `show files`.
pub const FILES: &[Column<FileIndex>] = &[
    Column {
        name: "pid",
        why: "Who holds it.",
        value: |snapshot, index| {
            let process =
                snapshot.files.get(index.0 as usize).and_then(|file| snapshot.process(file.process));
            Value::number(process.map(|process| process.pid))
        },
    },
    Column {
        name: "fd",
        why: "Number of the descriptor.",
        value: |snapshot, index| Value::number(snapshot.files.get(index.0 as usize).map(|file| file.fd)),
    },
    Column {
        name: "target",
        why: "Target of /proc/PID/fd/FD, verbatim.",
        value: |snapshot, index| {
            let target = snapshot.files.get(index.0 as usize).and_then(|file| file.target.as_ref());
            Value::bytes(target)
        },
    },
    Column {
        name: "kind",
        why: "What it is.",
        value: |snapshot, index| {
            let kind = snapshot.files.get(index.0 as usize).map(|file| file.kind.word());
            kind.map_or(Value::Null, |word| Value::Text(Cow::Borrowed(word)))
        },
    },
    Column {
        name: "deleted",
        why: "Whether it has no name left.",
        value: |snapshot, index| {
            snapshot.files.get(index.0 as usize).and_then(OpenFile::deleted).map_or(Value::Null, Value::Bool)
        },
    },
];

/// `show problems`: field names and meanings.
pub const PROBLEMS: &[(&str, &str)] =
    &[("member", "The member, and the file inside it."), ("what", "What is wrong, or the errno's name.")];
