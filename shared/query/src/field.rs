//! The words of the query language, as a table: the parser, its messages and the documentation derive from it.

use std::fmt::Write as _;

/// A field, by the kind of value that it takes. Each match over fields names them all, so that the compiler asks for the
/// predicate of a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Text: part of it, or all of it with `*` and `?`.
    Text(TextField),
    /// A number: `N`, `>N`, `<N`, `N-M`.
    Number(NumberField),
    /// An address or a network.
    Address(AddressField),
    /// A date or time in UTC: `>T`, `<T`, or a day.
    Time(TimeField),
    /// Text of a whole system.
    System(SystemField),
    /// Text of a change between snapshots.
    Change(ChangeField),
    /// One of [`FLAGS`].
    Is,
}

/// Texts of processes, sockets, files, findings and notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextField {
    Name,
    User,
    Exe,
    Cmdline,
    Cwd,
    Container,
    Protocol,
    State,
    Path,
    File,
    Finding,
    Note,
}

/// Numbers of processes and sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberField {
    Pid,
    Ppid,
    Uid,
    Netns,
    Threads,
    Port,
    LocalPort,
    RemotePort,
}

/// Addresses of sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AddressField {
    Either,
    Local,
    Remote,
}

/// Times of processes and systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeField {
    Started,
    Captured,
}

/// Texts of whole systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SystemField {
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
}

/// Texts of changes between snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChangeField {
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
}

const fn spec(name: &'static str, field: Field, example: &'static str, why: &'static str) -> FieldSpec {
    FieldSpec { name, example, why, field }
}

/// Every field.
pub const FIELDS: &[FieldSpec] = &[
    spec("name", Field::Text(TextField::Name), "name:sshd", "Process name (comm)."),
    spec("pid", Field::Number(NumberField::Pid), "pid:4242", "Process id."),
    spec("ppid", Field::Number(NumberField::Ppid), "ppid:1", "Parent's process id."),
    spec("user", Field::Text(TextField::User), "user:www-data", "Effective user by name or number."),
    spec("uid", Field::Number(NumberField::Uid), "uid:0", "Effective user id."),
    spec("exe", Field::Text(TextField::Exe), "exe:/tmp/*", "Path of the program."),
    spec("cmdline", Field::Text(TextField::Cmdline), "cmdline:--donate-level", "Arguments."),
    spec("cwd", Field::Text(TextField::Cwd), "cwd:/dev/shm*", "Working directory."),
    spec("container", Field::Text(TextField::Container), "container:3f2a*", "Container id."),
    spec("netns", Field::Number(NumberField::Netns), "netns:4026531840", "Network namespace."),
    spec(
        "started",
        Field::Time(TimeField::Started),
        "started:>2026-11-24T06:00",
        "Start of the process, UTC.",
    ),
    spec("threads", Field::Number(NumberField::Threads), "threads:>100", "Number of threads."),
    spec("protocol", Field::Text(TextField::Protocol), "protocol:udp", "Transport of a socket."),
    spec(
        "state",
        Field::Text(TextField::State),
        "state:established",
        "State of a socket, or state letter of a process.",
    ),
    spec("port", Field::Number(NumberField::Port), "port:443", "Local or remote port."),
    spec("lport", Field::Number(NumberField::LocalPort), "lport:22", "Local port."),
    spec("rport", Field::Number(NumberField::RemotePort), "rport:4444", "Remote port."),
    spec(
        "address",
        Field::Address(AddressField::Either),
        "address:203.0.113.7",
        "Local or remote address or network.",
    ),
    spec("local", Field::Address(AddressField::Local), "local:127.0.0.0/8", "Local address or network."),
    spec("remote", Field::Address(AddressField::Remote), "remote:10.0.0.0/8", "Remote address or network."),
    spec("path", Field::Text(TextField::Path), "path:docker.sock", "Path of a UNIX socket."),
    spec("file", Field::Text(TextField::File), "file:/etc/shadow", "Target of an open descriptor."),
    spec(
        "finding",
        Field::Text(TextField::Finding),
        "finding:high",
        "Severity or name of a rule that found something of the process.",
    ),
    spec(
        "note",
        Field::Text(TextField::Note),
        "note:bad",
        "Tag, text or author of a note: on itself, or on what is found, held or opened by the process.",
    ),
    spec("is", Field::Is, "is:deleted", "A property; see the second table."),
];

/// Fields of whole systems, for `show systems`. A term of [`FIELDS`] holds for a system when it holds for one of its
/// processes or sockets; `name:` and `container:` are its own, and `address:` and `local:` its addresses.
pub const SYSTEM_FIELDS: &[FieldSpec] = &[
    spec("kind", Field::System(SystemField::Kind), "kind:ecs-fargate", "Kind of the system."),
    spec("provider", Field::System(SystemField::Provider), "provider:aws", "Cloud provider."),
    spec("account", Field::System(SystemField::Account), "account:111122223333", "Cloud account or project."),
    spec("region", Field::System(SystemField::Region), "region:eu-*", "Cloud region."),
    spec("cluster", Field::System(SystemField::Cluster), "cluster:shop", "Cluster of ECS or Kubernetes."),
    spec(
        "service",
        Field::System(SystemField::Service),
        "service:api",
        "Service, workload or task definition.",
    ),
    spec("task", Field::System(SystemField::Task), "task:158d1c80*", "Id of the ECS task."),
    spec("image", Field::System(SystemField::Image), "image:shop/api", "Image or its digest."),
    spec("pod", Field::System(SystemField::Pod), "pod:api-*", "Name or uid of the pod."),
    spec("namespace", Field::System(SystemField::Namespace), "namespace:prod", "Namespace of the pod."),
    spec("instance", Field::System(SystemField::Instance), "instance:i-0abc*", "Id of the cloud instance."),
    spec("kernel", Field::System(SystemField::Kernel), "kernel:5.10*", "Release of the kernel."),
    spec("os", Field::System(SystemField::Os), "os:debian", "Distribution."),
    spec(
        "captured",
        Field::Time(TimeField::Captured),
        "captured:>2026-11-24T06:00",
        "When the snapshot was taken, UTC.",
    ),
];

/// Fields of changes between snapshots, for `show changes`. Other terms are about the process on either side.
pub const CHANGE_FIELDS: &[FieldSpec] = &[
    spec("change", Field::Change(ChangeField::Change), "change:added", "`added`, `gone` or `changed`."),
    spec(
        "about",
        Field::Change(ChangeField::About),
        "about:socket",
        "`process`, `socket`, `file`, `module`, `user`, `mount`, `setting` or `identity`.",
    ),
    spec("field", Field::Change(ChangeField::Changed), "field:cmdline", "Which field changed."),
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

/// One property of the query language.
pub struct FlagSpec {
    /// The word after `is:`.
    pub name: &'static str,
    /// What it finds.
    pub why: &'static str,
    pub(super) flag: Flag,
}

const fn flag(name: &'static str, flag: Flag, why: &'static str) -> FlagSpec {
    FlagSpec { name, why, flag }
}

/// Every property.
pub const FLAGS: &[FlagSpec] = &[
    flag(
        "deleted",
        Flag::Deleted,
        "Of a process: its program's file has no name left. Of a file: the same of itself.",
    ),
    flag("listening", Flag::Listening, "Waits for connections or datagrams."),
    flag("connected", Flag::Connected, "Has an established connection."),
    flag("public", Flag::Public, "Talks to an address outside private, loopback and link-local ranges."),
    flag("kernel", Flag::Kernel, "A kernel thread."),
    flag("root", Flag::Root, "Runs with effective user id 0."),
    flag("container", Flag::Container, "Runs in a container."),
    flag("zombie", Flag::Zombie, "Has ended, but its parent has not collected it."),
    flag("traced", Flag::Traced, "Is traced by a debugger."),
    flag("refused", Flag::Refused, "Something of it could not be read."),
    flag("unowned", Flag::Unowned, "A socket whose owner is not visible."),
    flag("noted", Flag::Noted, "Has a note."),
];

/// The property with this name.
pub(super) fn flag_named(word: &str) -> Option<Flag> {
    FLAGS.iter().find(|spec| spec.name.eq_ignore_ascii_case(word)).map(|spec| spec.flag)
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
    for FlagSpec { name, why, .. } in FLAGS {
        let _ = writeln!(text, "| `is:{name}` | {why} |");
    }
    text
}
