//! The first member: what is needed to interpret the others.

use crate::clock::{Utc, uptime_ns};
use crate::context::{Context, random};
use crate::error::CollectError;
use crate::process::inode;
use crate::{sys, tree};
use procglass_model::bundle::{ByteOrder, CollectorState, FORMAT, Manifest, Tree, hex};
use rustix::fs::CWD;
use rustix::process::{getegid, geteuid, getpid};
use rustix::system::uname;
use std::collections::BTreeMap;

const NAMESPACES: &[&str] = &["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];

/// Describes this run.
pub(crate) fn manifest(context: &Context, started: Utc) -> Result<Manifest, CollectError> {
    let options = &context.options;
    let tree = tree(context);
    let system = match tree {
        Some(Tree::Copy) => tree::copied(context),
        other => own_system(context, other.is_some()),
    };
    Ok(Manifest {
        format: FORMAT,
        tool: "procglass-collect".into(),
        tool_version: env!("CARGO_PKG_VERSION").into(),
        snapshot_id: hex(&random::<16>()?),
        started: started.rfc3339(),
        uptime_ns: uptime_ns().filter(|_| tree != Some(Tree::Copy)),
        boot_time: boot_time(&proc_file(context, "/stat")),
        clock_ticks: system.clock_ticks,
        page_size: system.page_size,
        byte_order: system.byte_order,
        kernel: system.kernel,
        architecture: system.architecture,
        hostname: system.hostname.into(),
        collector: collector(context, tree),
        case: options.case.clone(),
        operator: options.operator.clone(),
        note: options.note.clone(),
        options: options.recorded(),
        processes_listed: None,
        tree,
        redacted: None,
    })
}

/// What the manifest says of a system.
pub(crate) struct System {
    pub(crate) kernel: String,
    pub(crate) architecture: String,
    pub(crate) hostname: Vec<u8>,
    pub(crate) byte_order: ByteOrder,
    pub(crate) clock_ticks: u64,
    pub(crate) page_size: u64,
}

/// Which tree is read: one whose `/proc` is a process file system of this boot is this kernel's.
fn tree(context: &Context) -> Option<Tree> {
    const BOOT_ID: &str = "/sys/kernel/random/boot_id";
    if !context.options.foreign_root() {
        return None;
    }
    let own = own(&format!("/proc{BOOT_ID}"));
    let same = own.is_empty() || proc_file(context, BOOT_ID) == own;
    Some(if context.real && same { Tree::Live } else { Tree::Copy })
}

/// The running system. Below another root its name is that of the root: the collector may have a UTS namespace of its own.
fn own_system(context: &Context, elsewhere: bool) -> System {
    let system = uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    let named = if elsewhere { tree::hostname(context) } else { None };
    System {
        kernel: format!("{} {}", text(system.release()), text(system.version())),
        architecture: text(system.machine()),
        hostname: named.unwrap_or_else(|| system.nodename().to_bytes().to_vec()),
        byte_order: tree::order(&own("/sys/kernel/cpu_byteorder")).unwrap_or(NATIVE),
        clock_ticks: procfs::ticks_per_second(),
        page_size: procfs::page_size(),
    }
}

/// This program's byte order, which under emulation is not the kernel's.
const NATIVE: ByteOrder = if cfg!(target_endian = "big") { ByteOrder::Big } else { ByteOrder::Little };

fn collector(context: &Context, tree: Option<Tree>) -> CollectorState {
    let status = own("/proc/self/status");
    let capabilities = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let yama = proc_file(context, "/sys/kernel/yama/ptrace_scope");
    // In a copied tree that number is of another process, or of none.
    let pid = match tree {
        Some(Tree::Copy) => None,
        Some(Tree::Live) => sys::own_pid(&context.proc),
        None => Some(getpid()),
    };
    CollectorState {
        pid: pid.and_then(|pid| u32::try_from(pid.as_raw_nonzero().get()).ok()).unwrap_or(0),
        uid: geteuid().as_raw(),
        gid: getegid().as_raw(),
        capabilities: capabilities.map(|digits| digits.trim().to_owned()),
        namespaces: if tree == Some(Tree::Copy) { BTreeMap::new() } else { namespaces() },
        yama: (!yama.is_empty()).then(|| yama.trim().to_owned()),
        hidepid: hidepid(&own("/proc/self/mountinfo"), &context.options.root.join("proc").to_string_lossy()),
    }
}

fn namespaces() -> BTreeMap<String, u64> {
    let one = |name: &&str| Some(((*name).to_owned(), own_namespace(name)?));
    NAMESPACES.iter().filter_map(one).collect()
}

/// The inode of one of the collector's own namespaces.
pub(crate) fn own_namespace(name: &str) -> Option<u64> {
    let mut target = Vec::new();
    sys::read_link(CWD, &format!("/proc/self/ns/{name}"), &mut target).ok()?;
    inode(&target)
}

/// The `hidepid=` of `/proc`.
pub(crate) fn own_hidepid() -> Option<String> {
    hidepid(&own("/proc/self/mountinfo"), "/proc")
}

fn boot_time(stat: &str) -> Option<u64> {
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// The `hidepid=` of the mount at `place`, the last one there, from a mountinfo: proc_pid_mountinfo(5).
fn hidepid(mountinfo: &str, place: &str) -> Option<String> {
    let mut lines = mountinfo.lines().filter(|line| line.split(' ').nth(4) == Some(place));
    let options = lines.next_back()?.rsplit(' ').next()?;
    options.split(',').find_map(|option| option.strip_prefix("hidepid=")).map(str::to_owned)
}

/// A file of this very system, which does not depend on `--root`. Nothing, where it cannot be read.
#[inline(never)]
fn own(path: &str) -> String {
    let mut content = Vec::new();
    if let Ok(file) = sys::open_file(CWD, path) {
        // What is missing in the manifest is missing in words as well: `None`.
        let _ = sys::read_capped(&file, 1 << 20, &mut content);
    }
    String::from_utf8_lossy(&content).into_owned()
}

/// A file of the collected `/proc`. In a copied tree it may be a FIFO, so it is opened with care.
#[inline(never)]
pub(crate) fn proc_file(context: &Context, path: &str) -> String {
    let mut content = Vec::new();
    if let Ok(file) = sys::open_inside(&context.proc, path) {
        let _ = sys::read_capped(&file, 1 << 20, &mut content);
    }
    String::from_utf8_lossy(&content).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mount_hides() {
        let line =
            |place: &str, options: &str| format!("22 1 0:5 / {place} rw,nosuid - proc proc {options}\n");
        let text = line("/proc", "rw")
            + &line("/x/proc", "rw,hidepid=1")
            + &line("/proc", "rw,hidepid=invisible,gid=5");
        assert_eq!(hidepid(&text, "/proc").as_deref(), Some("invisible"));
        assert_eq!(hidepid(&text, "/x/proc").as_deref(), Some("1"));
        assert_eq!(hidepid(&line("/proc", "rw"), "/proc"), None);
        assert_eq!(hidepid("", "/proc"), None);
    }

    #[test]
    fn boot_time_is_a_line_of_stat() {
        assert_eq!(boot_time("cpu 1 2\nbtime 1700000000\nprocesses 9\n"), Some(1_700_000_000));
        assert_eq!(boot_time("cpu 1 2\n"), None);
    }

    #[test]
    fn this_system_has_its_native_order() {
        assert_eq!(tree::order(&own("/sys/kernel/cpu_byteorder")).unwrap_or(NATIVE), NATIVE);
        assert!(own_namespace("net").is_some());
    }
}
