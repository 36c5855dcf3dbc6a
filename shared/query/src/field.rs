//! The words of the query language, as a table: the parser, its messages and the documentation derive from it.

use std::fmt::Write as _;

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// Text: part of it, or all of it with `*` and `?`.
    Text,
    /// A number: `N`, `>N`, `<N`, `N-M`.
    Number,
    /// An address or a network.
    Address,
    /// A date or time in UTC: `>T`, `<T`, or a day.
    Time,
    /// One of [`FLAGS`].
    Flag,
}

/// Fields by identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Pid,
    Ppid,
    User,
    Uid,
    Exe,
    Cmdline,
    Cwd,
    Container,
    Netns,
    Started,
    Threads,
    Protocol,
    State,
    Port,
    LocalPort,
    RemotePort,
    Address,
    Local,
    Remote,
    Path,
    File,
    Finding,
    Note,
    Is,
    Kind,
    Provider,
    Account,
    Region,
    Cluster,
    Service,
    Task,
    Image,
    Pod,
    Namespace,
    Instance,
    Kernel,
    Os,
    Captured,
    Change,
    About,
    Changed,
}

/// One field of the query language.
pub struct FieldSpec {
    /// The word before the colon.
    pub name: &'static str,
    /// An example of use.
    pub example: &'static str,
    /// What it finds.
    pub why: &'static str,
    pub(super) field: Field,
    pub(super) kind: ValueKind,
}

const fn spec(
    name: &'static str,
    field: Field,
    kind: ValueKind,
    example: &'static str,
    why: &'static str,
) -> FieldSpec {
    FieldSpec { name, example, why, field, kind }
}

/// Every field.
pub const FIELDS: &[FieldSpec] = &[
    spec("name", Field::Name, ValueKind::Text, "name:sshd", "Process name (comm)."),
    spec("pid", Field::Pid, ValueKind::Number, "pid:4242", "Process id."),
    spec("ppid", Field::Ppid, ValueKind::Number, "ppid:1", "Parent's process id."),
    spec("user", Field::User, ValueKind::Text, "user:www-data", "Effective user by name or number."),
    spec("uid", Field::Uid, ValueKind::Number, "uid:0", "Effective user id."),
    spec("exe", Field::Exe, ValueKind::Text, "exe:/tmp/*", "Path of the program."),
    spec("cmdline", Field::Cmdline, ValueKind::Text, "cmdline:--donate-level", "Arguments."),
    spec("cwd", Field::Cwd, ValueKind::Text, "cwd:/dev/shm*", "Working directory."),
    spec("container", Field::Container, ValueKind::Text, "container:3f2a*", "Container id."),
    spec("netns", Field::Netns, ValueKind::Number, "netns:4026531840", "Network namespace."),
    spec(
        "started",
        Field::Started,
        ValueKind::Time,
        "started:>2026-11-24T06:00",
        "Start of the process, UTC.",
    ),
    spec("threads", Field::Threads, ValueKind::Number, "threads:>100", "Number of threads."),
    spec("protocol", Field::Protocol, ValueKind::Text, "protocol:udp", "Transport of a socket."),
    spec(
        "state",
        Field::State,
        ValueKind::Text,
        "state:established",
        "State of a socket, or state letter of a process.",
    ),
    spec("port", Field::Port, ValueKind::Number, "port:443", "Local or remote port."),
    spec("lport", Field::LocalPort, ValueKind::Number, "lport:22", "Local port."),
    spec("rport", Field::RemotePort, ValueKind::Number, "rport:4444", "Remote port."),
    spec(
        "address",
        Field::Address,
        ValueKind::Address,
        "address:203.0.113.7",
        "Local or remote address or network.",
    ),
    spec("local", Field::Local, ValueKind::Address, "local:127.0.0.0/8", "Local address or network."),
    spec("remote", Field::Remote, ValueKind::Address, "remote:10.0.0.0/8", "Remote address or network."),
    spec("path", Field::Path, ValueKind::Text, "path:docker.sock", "Path of a UNIX socket."),
    spec("file", Field::File, ValueKind::Text, "file:/etc/shadow", "Target of an open descriptor."),
    spec(
        "finding",
        Field::Finding,
        ValueKind::Text,
        "finding:high",
        "Severity or name of a rule that found something of the process.",
    ),
    spec(
        "note",
        Field::Note,
        ValueKind::Text,
        "note:bad",
        "Tag, text or author of a note: on itself, or on what is found, held or opened by the process.",
    ),
    spec("is", Field::Is, ValueKind::Flag, "is:deleted", "A property; see the second table."),
];

/// Fields of whole systems, for `show systems`. A term of [`FIELDS`] holds for a system when it holds for one of its
/// processes or sockets; `name:` and `container:` are its own, and `address:` and `local:` its addresses.
pub const SYSTEM_FIELDS: &[FieldSpec] = &[
    spec("kind", Field::Kind, ValueKind::Text, "kind:ecs-fargate", "Kind of the system."),
    spec("provider", Field::Provider, ValueKind::Text, "provider:aws", "Cloud provider."),
    spec("account", Field::Account, ValueKind::Text, "account:111122223333", "Cloud account or project."),
    spec("region", Field::Region, ValueKind::Text, "region:eu-*", "Cloud region."),
    spec("cluster", Field::Cluster, ValueKind::Text, "cluster:shop", "Cluster of ECS or Kubernetes."),
    spec("service", Field::Service, ValueKind::Text, "service:api", "Service, workload or task definition."),
    spec("task", Field::Task, ValueKind::Text, "task:158d1c80*", "Id of the ECS task."),
    spec("image", Field::Image, ValueKind::Text, "image:shop/api", "Image or its digest."),
    spec("pod", Field::Pod, ValueKind::Text, "pod:api-*", "Name or uid of the pod."),
    spec("namespace", Field::Namespace, ValueKind::Text, "namespace:prod", "Namespace of the pod."),
    spec("instance", Field::Instance, ValueKind::Text, "instance:i-0abc*", "Id of the cloud instance."),
    spec("kernel", Field::Kernel, ValueKind::Text, "kernel:5.10*", "Release of the kernel."),
    spec("os", Field::Os, ValueKind::Text, "os:debian", "Distribution."),
    spec(
        "captured",
        Field::Captured,
        ValueKind::Time,
        "captured:>2026-11-24T06:00",
        "When the snapshot was taken, UTC.",
    ),
];

/// Fields of changes between snapshots, for `show changes`. Other terms are about the process on either side.
pub const CHANGE_FIELDS: &[FieldSpec] = &[
    spec("change", Field::Change, ValueKind::Text, "change:added", "`added`, `gone` or `changed`."),
    spec(
        "about",
        Field::About,
        ValueKind::Text,
        "about:socket",
        "`process`, `socket`, `file`, `module`, `user`, `mount`, `setting` or `identity`.",
    ),
    spec("field", Field::Changed, ValueKind::Text, "field:cmdline", "Which field changed."),
];

/// Every field of every table.
pub(super) fn all() -> impl Iterator<Item = &'static FieldSpec> {
    FIELDS.iter().chain(SYSTEM_FIELDS).chain(CHANGE_FIELDS)
}

/// Properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    Deleted,
    Listening,
    Connected,
    Public,
    Kernel,
    Root,
    Container,
    Zombie,
    Traced,
    Refused,
    Unowned,
    Noted,
}

/// Every word after `is:` and what it means.
pub const FLAGS: &[(&str, &str)] = &[
    ("deleted", "Of a process: its program's file has no name left. Of a file: the same of itself."),
    ("listening", "Waits for connections or datagrams."),
    ("connected", "Has an established connection."),
    ("public", "Talks to an address outside private, loopback and link-local ranges."),
    ("kernel", "A kernel thread."),
    ("root", "Runs with effective user id 0."),
    ("container", "Runs in a container."),
    ("zombie", "Has ended, but its parent has not collected it."),
    ("traced", "Is traced by a debugger."),
    ("refused", "Something of it could not be read."),
    ("unowned", "A socket whose owner is not visible."),
    ("noted", "Somebody wrote a note on it."),
];

pub(super) fn flag(word: &str) -> Option<Flag> {
    const ORDER: [Flag; 12] = [
        Flag::Deleted,
        Flag::Listening,
        Flag::Connected,
        Flag::Public,
        Flag::Kernel,
        Flag::Root,
        Flag::Container,
        Flag::Zombie,
        Flag::Traced,
        Flag::Refused,
        Flag::Unowned,
        Flag::Noted,
    ];
    FLAGS.iter().zip(ORDER).find(|((name, _), _)| name.eq_ignore_ascii_case(word)).map(|(_, flag)| flag)
}

/// The query language as Markdown.
#[must_use]
pub fn documentation() -> String {
    let mut text = String::from(
        "# The query language\n\nWritten by the program: `cargo xtask docs` makes this page from the parser's own table.\n\n\
         The same on every screen and in `procglass show --filter`. All terms must hold; `or` stands between alternatives; `-` in front of a \
         term negates it; quotes hold words together. A word without a field is looked for everywhere. Text matches a part, in any case; with `*` and \
         `?` it matches the whole. Numbers are `N`, `>N`, `<N` or `N-M`; addresses may be networks; times are UTC, alone or after `>` or `<`.\n\n\
         | field | example | finds |\n|---|---|---|\n",
    );
    for FieldSpec { name, example, why, .. } in FIELDS {
        let _ = writeln!(text, "| `{name}:` | `{example}` | {why} |");
    }
    for (title, fields) in
        [("Of systems (`show systems`)", SYSTEM_FIELDS), ("Of changes (`show changes`)", CHANGE_FIELDS)]
    {
        let _ = writeln!(text, "\n{title}, beside the above:\n\n| field | example | finds |\n|---|---|---|");
        for FieldSpec { name, example, why, .. } in fields {
            let _ = writeln!(text, "| `{name}:` | `{example}` | {why} |");
        }
    }
    text.push_str("\n| property | finds |\n|---|---|\n");
    for (name, why) in FLAGS {
        let _ = writeln!(text, "| `is:{name}` | {why} |");
    }
    text
}
