//! Everything that is no process record: what is kept, and in which form. What is not named here is left out.

use super::choice::Choice;
use super::names::Names;
use super::table;
use procglass_model::artefact::ALL;
use procglass_model::bundle::{ByteOrder, Member};
use procglass_proc::account;

/// The member as it goes into the new bundle; `None`: it is left out.
pub(super) fn clean(names: &mut Names, name: &str, data: &[u8], order: ByteOrder) -> Option<Vec<u8>> {
    if !names.choices.of_values() && !names.choices.has(Choice::Evidence) {
        return (!Member::is_recovered(name)).then(|| data.to_vec());
    }
    let file = match split(name)? {
        ("net", file) => return net(names, file, data, order),
        _ if names.choices.has(Choice::Evidence) => return None,
        (_, file) => file,
    };
    match file {
        "etc/passwd" => Some(accounts(names, data)),
        "etc/os-release" | "usr/lib/os-release" => Some(release(names, data)),
        "sys/class/net.json" => table::interfaces(names, data),
        // Numbers, and names that the kernel or its modules gave.
        "proc/stat"
        | "proc/uptime"
        | "proc/loadavg"
        | "proc/meminfo"
        | "proc/cpuinfo"
        | "proc/filesystems"
        | "proc/devices"
        | "proc/cgroups"
        | "proc/sys/kernel/ns_last_pid"
        | "proc/sys/kernel/pid_max"
        | "proc/sys/kernel/tainted"
        | "proc/sys/kernel/modules_disabled"
        | "proc/sys/kernel/randomize_va_space"
        | "proc/sys/kernel/kptr_restrict"
        | "proc/sys/kernel/dmesg_restrict"
        | "proc/sys/kernel/unprivileged_bpf_disabled"
        | "proc/sys/kernel/yama/ptrace_scope"
        | "proc/sys/net/ipv4/ip_forward"
        | "proc/sys/net/ipv4/ip_local_port_range" => Some(data.to_vec()),
        "proc/modules" | "sys/module.json" => Some(names.text(data).into_owned()),
        "proc/sys/kernel/core_pattern" | "proc/sys/kernel/modprobe" | "etc/ld.so.preload" => {
            Some(names.prose(data).into_owned())
        }
        // Texts of people: environments and arguments can be looked for in them, the rest cannot.
        "etc/hosts" | "etc/resolv.conf" | "etc/group" | "etc/hostname" if !names.choices.of_names() => {
            Some(names.text(data).into_owned())
        }
        _ => None,
    }
}

/// The folder and the file below it, without the number of the namespace.
fn split(name: &str) -> Option<(&str, &str)> {
    let (folder, rest) = name.split_once('/')?;
    match folder {
        "host" => Some((folder, rest)),
        "net" | "mount" => {
            let (inode, file) = rest.split_once('/')?;
            inode.parse::<u64>().ok().map(|_| (folder, file))
        }
        _ => None,
    }
}

/// What a member that is left out is called in the list: its name may be of anybody's choosing.
pub(super) fn kind(name: &str) -> &'static str {
    match name.split('/').next() {
        Some("executable") => "saved programs",
        Some("file") => "saved files",
        Some("identity") => "answers of metadata services",
        _ => split(name).map_or(OTHER, |(_, file)| known(file)),
    }
}

/// The path of an artefact as the list of artefacts has it.
pub(super) fn known(path: &str) -> &'static str {
    let same = |known: &&str| known.trim_start_matches('/') == path;
    ALL.iter().map(|artefact| artefact.path).find(same).unwrap_or(OTHER)
}

/// A name that no collector writes.
const OTHER: &str = "files of other names";

fn net(names: &mut Names, file: &str, data: &[u8], order: ByteOrder) -> Option<Vec<u8>> {
    Some(match file {
        "tcp" | "tcp6" | "udp" | "udp6" | "udplite" | "udplite6" | "raw" | "raw6" | "icmp" | "icmp6" => {
            table::inet(names, data, order)
        }
        "unix" => table::unix(names, data),
        "sctp/eps" | "sctp/assocs" => table::sctp(names, data),
        "packet" | "netlink" | "protocols" | "ptype" => table::numbers(names, data),
        "dev" => names.text(data).into_owned(),
        "route" | "ipv6_route" | "arp" | "if_inet6" | "fib_trie" => {
            let keep = !names.choices.has(Choice::Addresses) && !names.choices.has(Choice::Evidence);
            keep.then(|| names.text(data).into_owned())?
        }
        _ => return None,
    })
}

/// Names and numbers only: the other fields hold people's names, their folders, and perhaps a hash of a password.
fn accounts(names: &mut Names, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, uid) in account::parse(data) {
        out.extend_from_slice(&names.text(name));
        out.extend(format!(":x:{uid}::::\n").into_bytes());
    }
    out
}

/// What the distribution says of itself, in the lines that this program shows.
fn release(names: &mut Names, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in data.split(|byte| *byte == b'\n') {
        let key = line.split(|byte| *byte == b'=').next().unwrap_or_default();
        if [&b"NAME"[..], b"PRETTY_NAME", b"ID", b"VERSION", b"VERSION_ID", b"VERSION_CODENAME"]
            .contains(&key)
        {
            out.extend_from_slice(&names.text(line));
            out.push(b'\n');
        }
    }
    out
}
