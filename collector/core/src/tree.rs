//! A copied tree, described by its own files: never by the machine that reads it.

use crate::context::Context;
use crate::manifest::{System, proc_file};
use crate::sys;
use procglass_model::bundle::ByteOrder;
use std::os::fd::AsFd as _;

/// Programs whose header names the architecture, where no file of the kernel does.
const PROGRAMS: [&str; 5] =
    ["/bin/sh", "/usr/bin/env", "/sbin/init", "/usr/lib/systemd/systemd", "/bin/busybox"];

/// Machines by their number in the header of a program, elf(5), and their name in uname(2).
const MACHINES: [(u16, &str); 8] = [
    (3, "i686"),
    (8, "mips"),
    (21, "ppc64"),
    (22, "s390x"),
    (40, "armv7l"),
    (62, "x86_64"),
    (183, "aarch64"),
    (243, "riscv64"),
];

/// What the tree says of its system. Where it says nothing: no name, little-endian, 100 ticks a second and pages of 4 KiB, as most
/// systems have; what was assumed is noted.
#[cold]
pub(crate) fn copied(context: &Context) -> System {
    let program = PROGRAMS.iter().find_map(|path| elf(&root_file(context, path)));
    let word = |path: &str| proc_file(context, path).trim().to_owned();
    let release = word("/sys/kernel/osrelease");
    let kernel = match release.is_empty() {
        false => format!("{release} {}", word("/sys/kernel/version")).trim_end().to_owned(),
        true => version(&word("/version")).unwrap_or_default(),
    };
    let mut architecture = word("/sys/kernel/arch");
    if let (true, Some((machine, order))) = (architecture.is_empty(), program) {
        let known = MACHINES.iter().find(|(number, _)| *number == machine);
        architecture = known.map(|(_, name)| (*name).to_owned()).unwrap_or_default();
        if machine == 21 && order == ByteOrder::Little {
            architecture.push_str("le");
        }
    }
    let stated = order(&String::from_utf8_lossy(&root_file(context, "/sys/kernel/cpu_byteorder")));
    let byte_order = stated.or(program.map(|(_, order)| order)).or_else(|| usual_order(&architecture));
    let (page_size, clock_ticks) = auxv(context, byte_order.unwrap_or_default());
    let assumed = [
        (byte_order.is_none(), "little-endian"),
        (clock_ticks.is_none(), "100 clock ticks a second"),
        (page_size.is_none(), "pages of 4096 bytes"),
    ];
    for (_, what) in assumed.iter().filter(|(assumed, _)| *assumed) {
        context.found().problem("manifest.json", &format!("the tree does not say it: {what} are assumed"));
    }
    System {
        kernel,
        architecture,
        hostname: hostname_of_kernel(context).or_else(|| hostname(context)).unwrap_or_default(),
        byte_order: byte_order.unwrap_or_default(),
        clock_ticks: clock_ticks.unwrap_or(100),
        page_size: page_size.unwrap_or(4096),
    }
}

/// The name in `/etc/hostname` of the tree, hostname(5).
pub(crate) fn hostname(context: &Context) -> Option<Vec<u8>> {
    let text = root_file(context, "/etc/hostname");
    let lines = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut names = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    names.next().map(<[u8]>::to_vec)
}

fn hostname_of_kernel(context: &Context) -> Option<Vec<u8>> {
    let name = proc_file(context, "/sys/kernel/hostname").trim().to_owned();
    (!name.is_empty() && name != "(none)").then(|| name.into_bytes())
}

/// The order in `cpu_byteorder` of `/sys/kernel`, since Linux 6.2.
pub(crate) fn order(text: &str) -> Option<ByteOrder> {
    match text.trim() {
        "big" => Some(ByteOrder::Big),
        "little" => Some(ByteOrder::Little),
        _ => None,
    }
}

/// The order of a machine that has only one.
fn usual_order(architecture: &str) -> Option<ByteOrder> {
    match architecture {
        "s390x" | "s390" | "ppc64" | "sparc64" => Some(ByteOrder::Big),
        "x86_64" | "i386" | "i486" | "i586" | "i686" | "aarch64" | "ppc64le" | "riscv64" | "armv6l"
        | "armv7l" => Some(ByteOrder::Little),
        _ => None,
    }
}

/// Release and version in `/proc/version`: `Linux version RELEASE (WHO@WHERE) (COMPILER) #VERSION`.
fn version(text: &str) -> Option<String> {
    let rest = text.strip_prefix("Linux version ")?;
    let release = rest.split(' ').next()?;
    let version = rest.find(" #").and_then(|at| rest.get(at + 1..)).unwrap_or_default();
    Some(format!("{release} {version}").trim_end().to_owned())
}

/// Machine and byte order in the header of a program, elf(5).
fn elf(head: &[u8]) -> Option<(u16, ByteOrder)> {
    let rest = head.strip_prefix(b"\x7fELF")?;
    let machine = [*head.get(18)?, *head.get(19)?];
    match rest.get(1)? {
        1 => Some((u16::from_le_bytes(machine), ByteOrder::Little)),
        2 => Some((u16::from_be_bytes(machine), ByteOrder::Big)),
        _ => None,
    }
}

/// Page size and clock ticks in the auxiliary vector of a process, getauxval(3).
fn auxv(context: &Context, order: ByteOrder) -> (Option<u64>, Option<u64>) {
    const PAGE_SIZE: u64 = 6;
    const CLOCK_TICKS: u64 = 17;
    let mut first = None;
    let _ = sys::numbers(&context.proc, ".", |pid| {
        let vector = first.is_none().then(|| read(context.proc.as_fd(), &format!("/{pid}/auxv")));
        first = first.take().or(vector.filter(|vector| vector.len() >= 32));
    });
    let Some(vector) = first else { return (None, None) };
    let word = |bytes: &[u8; 8]| match order {
        ByteOrder::Little => u64::from_le_bytes(*bytes),
        ByteOrder::Big => u64::from_be_bytes(*bytes),
    };
    let words: Vec<u64> = vector.as_chunks().0.iter().map(word).collect();
    let value =
        |key: u64| words.as_chunks().0.iter().find(|[known, _]| *known == key).map(|[_, value]| *value);
    let page = value(PAGE_SIZE).filter(|size| size.is_power_of_two() && (1024..=1 << 20).contains(size));
    (page, value(CLOCK_TICKS).filter(|ticks| (1..=10_000).contains(ticks)))
}

/// The first bytes of a file of the tree. Nothing, where it cannot be read.
fn root_file(context: &Context, path: &str) -> Vec<u8> {
    read(context.root.as_fd(), path)
}

#[inline(never)]
fn read(root: std::os::fd::BorrowedFd<'_>, path: &str) -> Vec<u8> {
    let mut content = Vec::new();
    if let Ok(file) = sys::open_inside(root, path) {
        let _ = sys::read_capped(&file, 4096, &mut content);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let text = "Linux version 6.1.0-s390x (a@b) (gcc 12 (x), GNU ld) #1 SMP Debian 6.1.1 (2026-01-01)";
        assert_eq!(version(text).unwrap(), "6.1.0-s390x #1 SMP Debian 6.1.1 (2026-01-01)");
        assert_eq!(version("Linux version 5.4"), Some("5.4".into()));
        assert_eq!(version("Darwin"), None);
    }

    #[test]
    fn programs_name_their_machine() {
        let mut head = vec![0; 20];
        head[..6].copy_from_slice(b"\x7fELF\x02\x02");
        head[19] = 22;
        assert_eq!(elf(&head), Some((22, ByteOrder::Big)));
        (head[5], head[18], head[19]) = (1, 62, 0);
        assert_eq!(elf(&head), Some((62, ByteOrder::Little)));
        assert_eq!(elf(b"#!/bin/sh"), None);
        assert_eq!(elf(b"\x7fELF"), None);
    }
}
