//! Files of each process, below `/proc/<pid>`, proc(5).

use super::{Artefact, Kind};

/// A file of a process of at most 64 KiB.
const fn small(path: &'static str, why: &'static str) -> Artefact {
    Artefact::process(path, why).cap(64 << 10)
}

/// `/proc/<pid>/stat`.
pub const STAT: Artefact =
    Artefact::process("stat", "Parent, start time, state, processor time: what identifies a process.")
        .record();
/// `/proc/<pid>/status`.
pub const STATUS: Artefact =
    Artefact::process("status", "Users, groups, capabilities, seccomp, tracer, pids in each namespace.")
        .alike()
        .record();
/// Arguments.
pub const CMDLINE: Artefact =
    Artefact::process("cmdline", "The arguments: what the program was told to do, as it claims now.")
        .cap(4 << 20)
        .needs_memory()
        .sensitive()
        .record();
/// Environment.
pub const ENVIRON: Artefact = Artefact::process(
    "environ",
    "The environment at start: preloaded libraries, cloud identity, history evasion.",
)
.cap(4 << 20)
.needs_memory()
.sensitive()
.alike()
.record();
/// `task/<pid>/children`.
pub const CHILDREN: Artefact = Artefact::process(
    "task/<pid>/children",
    "Its children as the kernel links them: one that is hidden elsewhere shows here.",
)
.cap(4 << 20)
.record();
/// `/proc/<pid>/exe`.
pub const EXE: Artefact = Artefact::link(
    "exe",
    "The program that runs, by path: with its inode the only name the process cannot choose.",
);
/// `/proc/<pid>/cwd`.
pub const CWD: Artefact =
    Artefact::link("cwd", "The working directory: where relative paths begin, and often where it came from.");
/// `/proc/<pid>/root`.
pub const ROOT: Artefact = Artefact::link("root", "The root directory: shows a chroot.");
/// `/proc/<pid>/ns/cgroup`.
pub const NS_CGROUP: Artefact =
    Artefact::link("ns/cgroup", "The cgroup namespace: explains the paths in cgroup.");
/// `/proc/<pid>/ns/ipc`.
pub const NS_IPC: Artefact = Artefact::link("ns/ipc", "The IPC namespace: who shares memory and semaphores.");
/// `/proc/<pid>/ns/mnt`.
pub const NS_MNT: Artefact = Artefact::link("ns/mnt", "The mount namespace: which files its paths mean.");
/// `/proc/<pid>/ns/net`.
pub const NS_NET: Artefact =
    Artefact::link("ns/net", "The network namespace: whose socket tables list its sockets.");
/// `/proc/<pid>/ns/pid`.
pub const NS_PID: Artefact = Artefact::link("ns/pid", "The pid namespace: which container it belongs to.");
/// `/proc/<pid>/ns/pid_for_children`.
pub const NS_PID_FOR_CHILDREN: Artefact = Artefact::link(
    "ns/pid_for_children",
    "The pid namespace of its children: shows a process about to enter one.",
);
/// `/proc/<pid>/ns/time`.
pub const NS_TIME: Artefact = Artefact::link("ns/time", "The time namespace: shifts its clock.");
/// `/proc/<pid>/ns/time_for_children`.
pub const NS_TIME_FOR_CHILDREN: Artefact =
    Artefact::link("ns/time_for_children", "The time namespace of its children.");
/// `/proc/<pid>/ns/user`.
pub const NS_USER: Artefact =
    Artefact::link("ns/user", "The user namespace: where its user ids and capabilities count.");
/// `/proc/<pid>/ns/uts`.
pub const NS_UTS: Artefact = Artefact::link("ns/uts", "The UTS namespace: which host name it sees.");
/// Directory `fd` with its links, and `fdinfo` beside it.
pub const FD: Artefact = {
    let mut fd = Artefact::process(
        "fd",
        "Open files, sockets and pipes: what the process holds and whom it talks to.",
    );
    fd.kind = Kind::Descriptors;
    // Of one fdinfo; an epoll descriptor lists all that it watches.
    fd.cap = 64 << 10;
    fd
};
/// `/proc/<pid>/maps`.
pub const MAPS: Artefact = Artefact::process(
    "maps",
    "Libraries and memory: injected code, deleted libraries, writable and executable areas.",
)
.cap(16 << 20)
.needs_memory();
/// `/proc/<pid>/cgroup`.
pub const CGROUP: Artefact =
    Artefact::process("cgroup", "The control groups: container, pod and service of the process.")
        .shared()
        .record();
/// `/proc/<pid>/mountinfo`. Read once for each mount namespace and root: on busy hosts one read can take 200 ms.
pub const MOUNTINFO: Artefact = Artefact::process(
    "mountinfo",
    "Mounts: container id, host folders inside a container, mounts that hide a process.",
)
.cap(16 << 20)
.shared();
/// `/proc/<pid>/limits`.
pub const LIMITS: Artefact =
    Artefact::process("limits", "Resource limits: core dumps switched off, descriptors raised.")
        .shared()
        .record();
/// `comm`.
pub const COMM: Artefact =
    small("comm", "The name, unescaped and uncut: stat and status each change it in their way.").record();
/// `wchan`.
pub const WCHAN: Artefact =
    small("wchan", "The kernel function it waits in: a passive listener shows here.").record();
/// `syscall`.
pub const SYSCALL: Artefact =
    small("syscall", "The system call it is in, with arguments: what it waits for.").record();
/// `stack`.
pub const STACK: Artefact = small("stack", "The kernel stack: what it waits for, in full.").record();
/// `statm`.
pub const STATM: Artefact = small("statm", "Memory in pages: a quick look at its size.").record();
/// `io`.
pub const IO: Artefact =
    small("io", "Bytes read and written: a wiper or an exfiltration stands out.").record();
/// `sched`.
pub const SCHED: Artefact =
    small("sched", "Scheduler statistics: how busy it has been, and when it last ran.").alike().record();
/// `auxv`.
pub const AUXV: Artefact =
    small("auxv", "The auxiliary vector: entry point and program name as the kernel set them.")
        .needs_memory()
        .record();
/// `personality`.
pub const PERSONALITY: Artefact =
    small("personality", "Execution domain: no address randomisation, readable is executable.").record();
/// `oom_score`.
pub const OOM_SCORE: Artefact =
    small("oom_score", "How likely the kernel ends it when memory is short.").record();
/// `oom_score_adj`.
pub const OOM_SCORE_ADJ: Artefact =
    small("oom_score_adj", "Protection against that: malware likes to set it.").record();
/// `uid_map`.
pub const UID_MAP: Artefact =
    small("uid_map", "User ids of its user namespace: whether root inside is root outside.").record();
/// `gid_map`.
pub const GID_MAP: Artefact = small("gid_map", "Group ids of its user namespace.").record();
/// `setgroups`.
pub const SETGROUPS: Artefact = small("setgroups", "Whether its user namespace may drop groups.").record();
/// `loginuid`.
pub const LOGINUID: Artefact =
    small("loginuid", "The user who logged in, kept through sudo and su.").record();
/// `sessionid`.
pub const SESSIONID: Artefact =
    small("sessionid", "The audit session: what else that login started.").record();
/// `attr/current`.
pub const ATTR_CURRENT: Artefact =
    small("attr/current", "The label of the security module: AppArmor or SELinux, or unconfined.");
/// `cpuset`.
pub const CPUSET: Artefact =
    small("cpuset", "The cpuset: on old container hosts it names the container.").record();
/// `timerslack_ns`.
pub const TIMERSLACK_NS: Artefact =
    small("timerslack_ns", "Timer slack: a program that wants exact timing lowers it.").record();
/// `smaps_rollup`.
pub const SMAPS_ROLLUP: Artefact =
    small("smaps_rollup", "Memory in detail, summed up.").needs_memory().costly();
/// `smaps`.
pub const SMAPS: Artefact =
    small("smaps", "Memory in detail, by area.").cap(32 << 20).needs_memory().costly();
