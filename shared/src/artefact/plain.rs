//! Artefacts that are kept and shown as they are.

use super::Artefact;

const fn process(path: &'static str, why: &'static str) -> Artefact {
    Artefact::process(path, why).cap(64 << 10)
}

/// `comm`.
pub const COMM: Artefact =
    process("comm", "The name, unescaped and uncut: stat and status each change it in their way.").record();
/// `wchan`.
pub const WCHAN: Artefact =
    process("wchan", "The kernel function it waits in: a passive listener shows here.").record();
/// `syscall`.
pub const SYSCALL: Artefact =
    process("syscall", "The system call it is in, with arguments: what it waits for.").record();
/// `stack`.
pub const STACK: Artefact = process("stack", "The kernel stack: what it waits for, in full.").record();
/// `statm`.
pub const STATM: Artefact = process("statm", "Memory in pages: a quick look at its size.").record();
/// `io`.
pub const IO: Artefact =
    process("io", "Bytes read and written: a wiper or an exfiltration stands out.").record();
/// `sched`.
pub const SCHED: Artefact =
    process("sched", "Scheduler statistics: how busy it has been, and when it last ran.").alike().record();
/// `auxv`.
pub const AUXV: Artefact =
    process("auxv", "The auxiliary vector: entry point and program name as the kernel set them.")
        .needs_memory()
        .record();
/// `personality`.
pub const PERSONALITY: Artefact =
    process("personality", "Execution domain: no address randomisation, readable is executable.").record();
/// `oom_score`.
pub const OOM_SCORE: Artefact =
    process("oom_score", "How likely the kernel ends it when memory is short.").record();
/// `oom_score_adj`.
pub const OOM_SCORE_ADJ: Artefact =
    process("oom_score_adj", "Protection against that: malware likes to set it.").record();
/// `uid_map`.
pub const UID_MAP: Artefact =
    process("uid_map", "User ids of its user namespace: whether root inside is root outside.").record();
/// `gid_map`.
pub const GID_MAP: Artefact = process("gid_map", "Group ids of its user namespace.").record();
/// `setgroups`.
pub const SETGROUPS: Artefact = process("setgroups", "Whether its user namespace may drop groups.").record();
/// `loginuid`.
pub const LOGINUID: Artefact =
    process("loginuid", "The user who logged in, kept through sudo and su.").record();
/// `sessionid`.
pub const SESSIONID: Artefact =
    process("sessionid", "The audit session: what else that login started.").record();
/// `attr/current`.
pub const ATTR_CURRENT: Artefact =
    process("attr/current", "The label of the security module: AppArmor or SELinux, or unconfined.");
/// `cpuset`.
pub const CPUSET: Artefact =
    process("cpuset", "The cpuset: on old container hosts it names the container.").record();
/// `timerslack_ns`.
pub const TIMERSLACK_NS: Artefact =
    process("timerslack_ns", "Timer slack: a program that wants exact timing lowers it.").record();
/// `smaps_rollup`.
pub const SMAPS_ROLLUP: Artefact =
    process("smaps_rollup", "Memory in detail, summed up.").needs_memory().costly();
/// `smaps`.
pub const SMAPS: Artefact =
    process("smaps", "Memory in detail, by area.").cap(32 << 20).needs_memory().costly();

/// `/etc/os-release`.
pub const OS_RELEASE: Artefact = Artefact::mount("/etc/os-release", "The distribution and its version.");
/// `/usr/lib/os-release`.
pub const USR_OS_RELEASE: Artefact =
    Artefact::mount("/usr/lib/os-release", "The distribution, where /etc has no copy.");
/// `/etc/hostname`.
pub const HOSTNAME: Artefact = Artefact::mount("/etc/hostname", "The name that it was given.");
/// `/etc/hosts`.
pub const HOSTS: Artefact =
    Artefact::mount("/etc/hosts", "Names with fixed addresses: also those that somebody added.");
/// `/etc/resolv.conf`.
pub const RESOLV_CONF: Artefact = Artefact::mount("/etc/resolv.conf", "Which name servers it asks.");
/// `/etc/ld.so.preload`.
pub const LD_SO_PRELOAD: Artefact =
    Artefact::mount("/etc/ld.so.preload", "Libraries forced into every program: a rootkit's place.");
/// `/etc/machine-id`.
pub const MACHINE_ID: Artefact =
    Artefact::mount("/etc/machine-id", "The installation: tells two snapshots of one machine.");

const fn host(path: &'static str, why: &'static str) -> Artefact {
    Artefact::host(path, why)
}

/// `/proc/stat`.
pub const PROC_STAT: Artefact =
    host("/proc/stat", "Boot time, processor time, processes started since boot.");
/// `/proc/uptime`.
pub const PROC_UPTIME: Artefact = host("/proc/uptime", "Seconds since boot, and how idle it was.");
/// `/proc/loadavg`.
pub const PROC_LOADAVG: Artefact =
    host("/proc/loadavg", "Load, number of tasks, last pid: a check on what is listed.");
/// `/proc/sys/kernel/ns_last_pid`.
pub const PROC_NS_LAST_PID: Artefact = host("/proc/sys/kernel/ns_last_pid", "The last pid given out.");
/// `/proc/version`.
pub const PROC_VERSION: Artefact = host("/proc/version", "The kernel and who built it.");
/// `/proc/cmdline`.
pub const PROC_CMDLINE: Artefact =
    host("/proc/cmdline", "The kernel's boot options: switched-off protections show here.");
/// `/proc/modules`.
pub const PROC_MODULES: Artefact = host("/proc/modules", "Kernel modules with their taint flags.");
/// `/proc/meminfo`.
pub const PROC_MEMINFO: Artefact = host("/proc/meminfo", "Memory of the machine.");
/// `/proc/cpuinfo`.
pub const PROC_CPUINFO: Artefact = host("/proc/cpuinfo", "Processors of the machine.");
/// `/proc/filesystems`.
pub const PROC_FILESYSTEMS: Artefact = host("/proc/filesystems", "File systems the kernel knows.");
/// `/proc/devices`.
pub const PROC_DEVICES: Artefact =
    host("/proc/devices", "Drivers by device number: names what tty_nr and st_rdev mean.");
/// `/proc/partitions`.
pub const PROC_PARTITIONS: Artefact = host("/proc/partitions", "Disks and their partitions.");
/// `/proc/locks`.
pub const PROC_LOCKS: Artefact =
    host("/proc/locks", "File locks with their holders: single-instance locks of malware.");
/// `/proc/cgroups`.
pub const PROC_CGROUPS: Artefact = host("/proc/cgroups", "Control group controllers.");
/// `/proc/sys/kernel/random/boot_id`.
pub const PROC_BOOT_ID: Artefact =
    host("/proc/sys/kernel/random/boot_id", "This boot: tells whether two snapshots are of the same one.");
/// `/proc/sys/kernel/pid_max`.
pub const PROC_PID_MAX: Artefact =
    host("/proc/sys/kernel/pid_max", "The largest pid: how far a search for hidden processes goes.");
/// `/proc/sys/kernel/tainted`.
pub const PROC_TAINTED: Artefact =
    host("/proc/sys/kernel/tainted", "Whether unsigned or foreign modules were loaded.");
/// `/proc/sys/kernel/core_pattern`.
pub const PROC_CORE_PATTERN: Artefact = host(
    "/proc/sys/kernel/core_pattern",
    "What the kernel starts when a program crashes: a way out of containers.",
);
/// `/proc/sys/kernel/modprobe`.
pub const PROC_MODPROBE: Artefact =
    host("/proc/sys/kernel/modprobe", "What the kernel starts to load a module: a way to root.");
/// `/proc/sys/kernel/modules_disabled`.
pub const PROC_MODULES_DISABLED: Artefact =
    host("/proc/sys/kernel/modules_disabled", "Whether modules can still be loaded.");
/// `/proc/sys/kernel/randomize_va_space`.
pub const PROC_RANDOMIZE_VA_SPACE: Artefact =
    host("/proc/sys/kernel/randomize_va_space", "Whether addresses are randomised.");
/// `/proc/sys/kernel/kptr_restrict`.
pub const PROC_KPTR_RESTRICT: Artefact =
    host("/proc/sys/kernel/kptr_restrict", "Whether kernel addresses are shown.");
/// `/proc/sys/kernel/dmesg_restrict`.
pub const PROC_DMESG_RESTRICT: Artefact =
    host("/proc/sys/kernel/dmesg_restrict", "Who may read the kernel log.");
/// `/proc/sys/kernel/unprivileged_bpf_disabled`.
pub const PROC_UNPRIVILEGED_BPF_DISABLED: Artefact =
    host("/proc/sys/kernel/unprivileged_bpf_disabled", "Whether anybody may load BPF programs.");
/// `/proc/sys/kernel/yama/ptrace_scope`.
pub const PROC_PTRACE_SCOPE: Artefact =
    host("/proc/sys/kernel/yama/ptrace_scope", "Who may trace whom: also limits what a collector sees.");
/// `/proc/sys/net/ipv4/ip_forward`.
pub const PROC_IP_FORWARD: Artefact = host("/proc/sys/net/ipv4/ip_forward", "Whether it routes for others.");
/// `/proc/sys/net/ipv4/ip_local_port_range`.
pub const PROC_IP_LOCAL_PORT_RANGE: Artefact =
    host("/proc/sys/net/ipv4/ip_local_port_range", "Ports of outgoing connections: tells which end called.");
