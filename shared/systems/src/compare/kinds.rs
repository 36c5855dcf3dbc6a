//! Everything but processes, as items.

use super::Relation;
use super::item::{About, Field, Item};
use super::side::Side;
use bstr::BString;
use procglass_proc::mountinfo;
use procglass_snapshot::analysis::direction::{Direction, Listeners};
use procglass_snapshot::{FileKind, ProcessIndex, Protocol, Socket};
use std::collections::HashMap;
use std::net::IpAddr;

/// The items of one kind; `None` where they were not collected.
type Items = fn(&Side<'_>, Relation) -> Option<Vec<Item>>;

/// Every kind.
pub(super) const ALL: [(About, Items); 7] = [
    (About::Socket, sockets),
    (About::File, files),
    (About::Module, modules),
    (About::User, users),
    (About::Mount, mounts),
    (About::Setting, settings),
    (About::Identity, identity),
];

fn owner(side: &Side<'_>, index: Option<ProcessIndex>) -> BString {
    index.map(|index| side.program(index)).unwrap_or_default()
}

fn sockets(side: &Side<'_>, _: Relation) -> Option<Vec<Item>> {
    side.snapshot.members.iter().any(|member| member.name.starts_with("net/")).then_some(())?;
    let listeners = Listeners::of(side.snapshot);
    let collector = side.snapshot.by_pid(side.snapshot.manifest.collector.pid);
    let item = |socket: &Socket| {
        let process = socket.owners.first().map(|owner| owner.process);
        if process.is_some() && process == collector {
            return None;
        }
        let what = of_socket(side, &listeners, socket)?;
        let mut key = owner(side, process);
        key.push(b' ');
        key.extend_from_slice(what.0.as_bytes());
        let label =
            process.and_then(|index| side.snapshot.process(index)).map(procglass_snapshot::Process::label);
        let (table, line) = socket.source;
        Some(Item {
            key,
            what: format!("{} {}", label.as_deref().unwrap_or("owner not visible:"), what.1),
            process,
            member: format!("net/{}/{table}:{line}", socket.netns),
            fields: Vec::new(),
        })
    };
    Some(side.snapshot.sockets.iter().filter_map(item).collect())
}

/// From here on the kernel takes ports for callers, where nobody changed that.
const EPHEMERAL: u16 = 32768;

/// The key and the words of a socket. Sockets to nobody are left out.
fn of_socket(side: &Side<'_>, listeners: &Listeners, socket: &Socket) -> Option<(String, String)> {
    let protocol = socket.protocol.word();
    let host =
        |address: IpAddr| if side.normal.is_own(address) { "own".to_owned() } else { address.to_string() };
    match (socket.protocol, socket.local, socket.remote) {
        (Protocol::Unix, ..) => {
            let path = socket.path.as_ref().filter(|_| socket.listens())?;
            Some((
                format!("unix {}", side.normal.text(path)),
                format!("listens on {}", procglass_model::text::visible(path)),
            ))
        }
        (Protocol::Netlink, ..) => None,
        (Protocol::Packet, ..) => {
            let detail = socket.detail.clone()?;
            Some((format!("packet {detail}"), format!("receives {detail}")))
        }
        (_, Some((local, port)), _) if socket.listens() => {
            // A datagram socket that only sends is bound to a port of the kernel's choice.
            let random = socket.protocol != Protocol::Tcp && port >= EPHEMERAL;
            let port_word = if random { "*".to_owned() } else { port.to_string() };
            let end = std::net::SocketAddr::new(local, port);
            Some((
                format!("{protocol} listens {} {port_word}", host(local)),
                format!("listens on {end} ({protocol})"),
            ))
        }
        (_, Some((local, port)), Some((remote, remote_port))) if remote_port != 0 => {
            let (from, to) =
                (std::net::SocketAddr::new(local, port), std::net::SocketAddr::new(remote, remote_port));
            match listeners.direction(socket)? {
                Direction::Incoming => {
                    let key = format!("{protocol} from {} to {port}", host(remote));
                    Some((key, format!("was called by {} on port {port} ({protocol})", to.ip())))
                }
                Direction::Outgoing => {
                    let key = format!("{protocol} to {} {remote_port}", host(remote));
                    let _ = from;
                    Some((key, format!("is connected to {to} ({protocol})")))
                }
            }
        }
        _ => None,
    }
}

fn files(side: &Side<'_>, _: Relation) -> Option<Vec<Item>> {
    (!side.snapshot.files.is_empty()).then_some(())?;
    let collector = side.snapshot.by_pid(side.snapshot.manifest.collector.pid);
    let item = |file: &procglass_snapshot::OpenFile| {
        let named = matches!(
            file.kind,
            FileKind::File
                | FileKind::Directory
                | FileKind::CharacterDevice
                | FileKind::BlockDevice
                | FileKind::Path
                | FileKind::Memfd
        );
        let process = side.snapshot.process(file.process)?;
        let target = file
            .target
            .as_ref()
            .filter(|_| named && !process.is_kernel_thread() && collector != Some(file.process))?;
        let mut key = owner(side, Some(file.process));
        key.push(b' ');
        let path: &[u8] = if file.deleted() == Some(true) {
            target.strip_suffix(b" (deleted)").unwrap_or(target)
        } else {
            target
        };
        key.extend_from_slice(&side.normal.text(path));
        let access = file.access().map(|access| access.to_string());
        Some(Item {
            key,
            what: format!("{} has {} open", process.label(), procglass_model::text::visible(path)),
            process: Some(file.process),
            member: format!("{}#fds/{}", process.member(), file.fd),
            fields: file
                .deleted()
                .map(|deleted| Field::exact("deleted", if deleted { "yes" } else { "no" }))
                .into_iter()
                .chain(access.map(|access| Field::exact("access", access)))
                .collect(),
        })
    };
    Some(side.snapshot.files.iter().filter_map(item).collect())
}

/// The lines of a member of the host, each with its number.
fn lines<'a>(side: &Side<'a>, member: &str) -> Option<impl Iterator<Item = (usize, &'a [u8])> + use<'a>> {
    let data = side.snapshot.members.data(member)?;
    Some((1..).zip(data.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.is_empty()))
}

fn visible(bytes: &[u8]) -> String {
    procglass_model::text::visible(bytes).into_owned()
}

fn modules(side: &Side<'_>, _: Relation) -> Option<Vec<Item>> {
    let member = "host/proc/modules";
    let item = |(line, text): (usize, &[u8])| {
        let words: Vec<&[u8]> = text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
        let name = *words.first()?;
        let taint = words.last().filter(|word| word.starts_with(b"(")).copied().unwrap_or_default();
        Some(Item {
            key: name.into(),
            what: visible(name),
            process: None,
            member: format!("{member}:{line}"),
            fields: vec![
                Field::exact("size", words.get(1).copied().unwrap_or_default()),
                Field::exact("taint", taint),
            ],
        })
    };
    Some(lines(side, member)?.filter_map(item).collect())
}

fn users(side: &Side<'_>, _: Relation) -> Option<Vec<Item>> {
    let member = "host/etc/passwd";
    let item = |(line, text): (usize, &[u8])| {
        let fields: Vec<&[u8]> = text.split(|byte| *byte == b':').collect();
        let name = *fields.first()?;
        let field = |label, at: usize| Some(Field::exact(label, *fields.get(at)?));
        // The second field is `x`, or a password that should not be there: that there is one is enough.
        let password =
            fields.get(1).map(|word| if matches!(*word, b"x" | b"*" | b"!" | b"") { *word } else { b"set" });
        let own = [field("uid", 2), field("gid", 3), field("home", 5), field("shell", 6)];
        let password = password.map(|word| Field::exact("password", word));
        Some(Item {
            key: name.into(),
            what: visible(name),
            process: None,
            member: format!("{member}:{line}"),
            fields: own.into_iter().flatten().chain(password).collect(),
        })
    };
    Some(lines(side, member)?.filter_map(item).collect())
}

/// Mounts of the first process in sight that has a table of them.
fn mounts(side: &Side<'_>, _: Relation) -> Option<Vec<Item>> {
    let snapshot = side.snapshot;
    let first = snapshot.by_pid(1).into_iter().chain(snapshot.by_pid(snapshot.manifest.collector.pid));
    let (member, mounts) = first.into_iter().find_map(|index| {
        let record = snapshot.record(index)?;
        let text = snapshot.members.file(&record, "mountinfo").ok()??;
        let member = format!("{}#files/mountinfo", snapshot.process(index)?.member());
        Some((member, mountinfo::parse(&text).0))
    })?;
    let mut seen: HashMap<BString, u32> = HashMap::new();
    let item = |mount: mountinfo::Mount| {
        let mut key = side.normal.text(&mount.mount_point);
        // Mounts may lie on each other; the n-th one at a place is compared with the n-th one.
        let count = seen.entry(key.clone()).or_default();
        *count += 1;
        key.extend_from_slice(format!(" {count}").as_bytes());
        let path = |name: &'static str, text: &[u8]| Field::normal(name, text, side.normal.text(text));
        Item {
            key,
            what: visible(&mount.mount_point),
            process: None,
            member: member.clone(),
            fields: vec![
                Field::exact("type", mount.fs_type.clone()),
                Field::exact("options", mount.options.clone()),
                path("root", &mount.root),
                path("source", &mount.source),
            ],
        }
    };
    Some(mounts.into_iter().map(item).collect())
}

/// Files whose content is a setting.
fn settings(side: &Side<'_>, relation: Relation) -> Option<Vec<Item>> {
    const ETC: [&str; 6] = [
        "host/etc/hosts",
        "host/etc/resolv.conf",
        "host/etc/ld.so.preload",
        "host/etc/hostname",
        "host/etc/os-release",
        "host/proc/cmdline",
    ];
    let wanted = |name: &str| {
        let counter = name.ends_with("/boot_id") || name.ends_with("/ns_last_pid");
        ETC.contains(&name) || (name.starts_with("host/proc/sys/") && !counter)
    };
    // Of two machines the boot options name their own disks.
    let other = |name: &str| name == "host/proc/cmdline" && relation == Relation::Different;
    let members = side.snapshot.members.iter().filter(|member| wanted(&member.name) && !other(&member.name));
    let item = |member: &procglass_model::bundle::Member| {
        let content = member.data.get(..member.data.len().min(64 << 10)).unwrap_or_default();
        let path = member.name.strip_prefix("host").unwrap_or(&member.name);
        Item {
            key: member.name.as_bytes().into(),
            what: path.to_owned(),
            process: None,
            member: member.name.to_string(),
            fields: vec![Field::normal("content", content, side.normal.text(content))],
        }
    };
    let items: Vec<_> = members.map(item).collect();
    (!items.is_empty()).then_some(items)
}

/// What the system is. What two systems never share is compared only where they are one.
fn identity(side: &Side<'_>, relation: Relation) -> Option<Vec<Item>> {
    let system = &side.system;
    let text = |text: &Option<String>| text.clone();
    let mut values: Vec<(&'static str, Option<String>)> = vec![
        ("kind", Some(system.kind.word().to_owned())),
        ("kernel", text(&system.kernel)),
        ("os", text(&system.os)),
        ("provider", text(&system.provider)),
        ("account", text(&system.account)),
        ("region", text(&system.region)),
        ("cluster", text(&system.cluster)),
        ("service", text(&system.service)),
        ("task_definition", text(&system.task_definition)),
        ("revision", text(&system.revision)),
        ("namespace", text(&system.namespace)),
        ("image", system.image().map(ToOwned::to_owned)),
        ("image_digest", system.image_digest().map(ToOwned::to_owned)),
    ];
    if relation != Relation::Different {
        let mut addresses: Vec<_> = system.addresses.iter().map(|own| own.address).collect();
        addresses.sort_unstable();
        addresses.dedup();
        let addresses = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        values.extend([
            ("host_name", Some(system.host_name.clone())),
            ("boot_id", text(&system.boot_id)),
            ("machine_id", text(&system.machine_id)),
            ("container", system.container.as_ref().map(|id| visible(id))),
            ("task", text(&system.task)),
            ("pod", text(&system.pod)),
            ("instance", text(&system.instance)),
            ("addresses", Some(addresses)),
        ]);
    }
    let member = |name: &str| {
        system.proof_of(name).map_or_else(|| "manifest.json".to_owned(), |proof| proof.member.clone())
    };
    let fields = |value: Option<String>| value.map(|value| vec![Field::exact("value", value)]);
    let item = |(name, value): (&'static str, Option<String>)| {
        Some(Item {
            key: name.into(),
            what: name.replace('_', " "),
            process: None,
            member: member(name),
            // What is not known on one side is no change.
            fields: fields(value).unwrap_or_default(),
        })
    };
    Some(values.into_iter().filter_map(item).collect())
}
