//! The artefacts: what is collected, from where, how much of it, and why.
//!
//! An artefact with a parser has a file of its own here: its description (a constant), the parser, and tests. Those
//! that are kept and shown as they are stand together in [`plain`]. [`ALL`] lists them in the order of collection; the
//! collector works from it, and so do `procglass-collect --list` and the viewer's coverage page.

mod spec;

#[cfg(feature = "parse")]
mod error;
#[cfg(feature = "parse")]
mod stretch;

pub mod account;
pub mod cgroup;
pub mod children;
pub mod cmdline;
pub mod fdinfo;
pub mod limits;
pub mod link;
pub mod maps;
pub mod mountinfo;
#[cfg(feature = "parse")]
pub mod net_address;
pub mod net_inet;
pub mod net_other;
pub mod net_unix;
pub mod plain;
pub mod stat;
pub mod status;

#[cfg(feature = "parse")]
pub use error::ParseError;
pub use spec::{Artefact, Kind, Scope};
#[cfg(feature = "parse")]
pub use stretch::Stretch;

/// Every artefact, in the order in which the collector takes them: within a scope the most volatile first.
pub const ALL: &[&Artefact] = &[
    // A process: first what identifies it and what changes fastest.
    &stat::STAT,
    &status::STATUS,
    &plain::COMM,
    &cmdline::CMDLINE,
    &plain::WCHAN,
    &plain::SYSCALL,
    &plain::STACK,
    &children::CHILDREN,
    &link::EXE,
    &link::CWD,
    &link::ROOT,
    &link::NS_CGROUP,
    &link::NS_IPC,
    &link::NS_MNT,
    &link::NS_NET,
    &link::NS_PID,
    &link::NS_PID_FOR_CHILDREN,
    &link::NS_TIME,
    &link::NS_TIME_FOR_CHILDREN,
    &link::NS_USER,
    &link::NS_UTS,
    &fdinfo::FD,
    &maps::MAPS,
    &cmdline::ENVIRON,
    &cgroup::CGROUP,
    &mountinfo::MOUNTINFO,
    &limits::LIMITS,
    &plain::STATM,
    &plain::IO,
    &plain::SCHED,
    &plain::AUXV,
    &plain::PERSONALITY,
    &plain::OOM_SCORE,
    &plain::OOM_SCORE_ADJ,
    &plain::UID_MAP,
    &plain::GID_MAP,
    &plain::SETGROUPS,
    &plain::LOGINUID,
    &plain::SESSIONID,
    &plain::ATTR_CURRENT,
    &plain::CPUSET,
    &plain::TIMERSLACK_NS,
    &plain::SMAPS_ROLLUP,
    &plain::SMAPS,
    // A network namespace.
    &net_inet::TCP,
    &net_inet::TCP6,
    &net_inet::UDP,
    &net_inet::UDP6,
    &net_inet::UDPLITE,
    &net_inet::UDPLITE6,
    &net_inet::RAW,
    &net_inet::RAW6,
    &net_inet::ICMP,
    &net_inet::ICMP6,
    &net_unix::UNIX,
    &net_other::PACKET,
    &net_other::NETLINK,
    &net_other::SCTP_EPS,
    &net_other::SCTP_ASSOCS,
    &net_other::ROUTE,
    &net_other::IPV6_ROUTE,
    &net_other::ARP,
    &net_other::IF_INET6,
    &net_other::FIB_TRIE,
    &net_other::DEV,
    &net_other::PROTOCOLS,
    &net_other::PTYPE,
    // A mount namespace: a container's users are not the host's.
    &account::PASSWD,
    &account::GROUP,
    &plain::OS_RELEASE,
    &plain::USR_OS_RELEASE,
    &plain::HOSTNAME,
    &plain::HOSTS,
    &plain::RESOLV_CONF,
    &plain::LD_SO_PRELOAD,
    &plain::MACHINE_ID,
    // The host.
    &plain::PROC_STAT,
    &plain::PROC_UPTIME,
    &plain::PROC_LOADAVG,
    &plain::PROC_NS_LAST_PID,
    &plain::PROC_VERSION,
    &plain::PROC_CMDLINE,
    &plain::PROC_MODULES,
    &plain::PROC_MEMINFO,
    &plain::PROC_CPUINFO,
    &plain::PROC_FILESYSTEMS,
    &plain::PROC_DEVICES,
    &plain::PROC_PARTITIONS,
    &plain::PROC_LOCKS,
    &plain::PROC_CGROUPS,
    &plain::PROC_BOOT_ID,
    &plain::PROC_PID_MAX,
    &plain::PROC_TAINTED,
    &plain::PROC_CORE_PATTERN,
    &plain::PROC_MODPROBE,
    &plain::PROC_MODULES_DISABLED,
    &plain::PROC_RANDOMIZE_VA_SPACE,
    &plain::PROC_KPTR_RESTRICT,
    &plain::PROC_DMESG_RESTRICT,
    &plain::PROC_UNPRIVILEGED_BPF_DISABLED,
    &plain::PROC_PTRACE_SCOPE,
    &plain::PROC_IP_FORWARD,
    &plain::PROC_IP_LOCAL_PORT_RANGE,
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
