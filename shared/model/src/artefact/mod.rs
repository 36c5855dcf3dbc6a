//! The artefacts: the files that the collector copies, with the place, the most bytes, and the reason.
//!
//! One constant describes an artefact. The constants are in a file for each [`Scope`]. [`ALL`] lists them in the order of collection: the
//! collector works from this list, and so do `procglass-collect --list` and the viewer's coverage page. Parsers are in the crate
//! `procglass-proc`.

mod host;
mod mount;
mod network;
mod process;
mod spec;

pub use host::*;
pub use mount::*;
pub use network::*;
pub use process::*;
pub use spec::{Artefact, Kind, Scope};

/// Every artefact, in the order in which the collector takes them: within a scope the most volatile first.
pub const ALL: &[&Artefact] = &[
    // A process: first what identifies it and what changes fastest.
    &STAT,
    &STATUS,
    &COMM,
    &CMDLINE,
    &WCHAN,
    &SYSCALL,
    &STACK,
    &CHILDREN,
    &EXE,
    &CWD,
    &ROOT,
    &NS_CGROUP,
    &NS_IPC,
    &NS_MNT,
    &NS_NET,
    &NS_PID,
    &NS_PID_FOR_CHILDREN,
    &NS_TIME,
    &NS_TIME_FOR_CHILDREN,
    &NS_USER,
    &NS_UTS,
    &FD,
    &MAPS,
    &ENVIRON,
    &CGROUP,
    &MOUNTINFO,
    &LIMITS,
    &STATM,
    &IO,
    &SCHED,
    &AUXV,
    &PERSONALITY,
    &OOM_SCORE,
    &OOM_SCORE_ADJ,
    &UID_MAP,
    &GID_MAP,
    &SETGROUPS,
    &LOGINUID,
    &SESSIONID,
    &ATTR_CURRENT,
    &CPUSET,
    &TIMERSLACK_NS,
    &SMAPS_ROLLUP,
    &SMAPS,
    // A network namespace.
    &TCP,
    &TCP6,
    &UDP,
    &UDP6,
    &UDPLITE,
    &UDPLITE6,
    &RAW,
    &RAW6,
    &ICMP,
    &ICMP6,
    &UNIX,
    &PACKET,
    &NETLINK,
    &SCTP_EPS,
    &SCTP_ASSOCS,
    &ROUTE,
    &IPV6_ROUTE,
    &ARP,
    &IF_INET6,
    &FIB_TRIE,
    &DEV,
    &PROTOCOLS,
    &PTYPE,
    // A mount namespace: a container's users are not the host's.
    &PASSWD,
    &GROUP,
    &OS_RELEASE,
    &USR_OS_RELEASE,
    &HOSTNAME,
    &HOSTS,
    &RESOLV_CONF,
    &LD_SO_PRELOAD,
    &MACHINE_ID,
    // The host.
    &PROC_STAT,
    &PROC_UPTIME,
    &PROC_LOADAVG,
    &PROC_NS_LAST_PID,
    &PROC_VERSION,
    &PROC_CMDLINE,
    &PROC_MODULES,
    &PROC_MEMINFO,
    &PROC_CPUINFO,
    &PROC_FILESYSTEMS,
    &PROC_DEVICES,
    &PROC_PARTITIONS,
    &PROC_LOCKS,
    &PROC_CGROUPS,
    &PROC_BOOT_ID,
    &PROC_PID_MAX,
    &PROC_TAINTED,
    &PROC_CORE_PATTERN,
    &PROC_MODPROBE,
    &PROC_MODULES_DISABLED,
    &PROC_RANDOMIZE_VA_SPACE,
    &PROC_KPTR_RESTRICT,
    &PROC_DMESG_RESTRICT,
    &PROC_UNPRIVILEGED_BPF_DISABLED,
    &PROC_PTRACE_SCOPE,
    &PROC_IP_FORWARD,
    &PROC_IP_LOCAL_PORT_RANGE,
];

/// The artefacts of one scope, in collection order.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Artefact> {
    ALL.iter().copied().filter(move |artefact| artefact.scope == scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_is_sound() {
        let mut seen = HashSet::new();
        for artefact in ALL {
            assert!(seen.insert((artefact.scope, artefact.path)), "{} twice", artefact.path);
            assert!(artefact.cap > 0 && artefact.cap <= 64 << 20, "{}: cap", artefact.path);
            assert!(artefact.why.ends_with('.') && artefact.why.len() > 20, "{}: say why", artefact.path);
            let absolute = matches!(artefact.scope, Scope::Host | Scope::MountNamespace);
            assert_eq!(artefact.path.starts_with('/'), absolute, "{}", artefact.path);
        }
        let first = of(Scope::Process).next();
        assert_eq!(
            first.map(|artefact| artefact.path),
            Some("stat"),
            "the start time identifies the process"
        );
    }
}
