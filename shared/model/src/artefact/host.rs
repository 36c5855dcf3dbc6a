//! Files of the host, by absolute path.

use super::Artefact;

/// `/proc/stat`.
pub const PROC_STAT: Artefact =
    Artefact::host("/proc/stat", "Boot time, processor time, processes started since boot.");
/// `/proc/uptime`.
pub const PROC_UPTIME: Artefact = Artefact::host("/proc/uptime", "Seconds since boot, and how idle it was.");
/// `/proc/loadavg`.
pub const PROC_LOADAVG: Artefact =
    Artefact::host("/proc/loadavg", "Load, number of tasks, last pid: a check on what is listed.");
/// `/proc/sys/kernel/ns_last_pid`.
pub const PROC_NS_LAST_PID: Artefact =
    Artefact::host("/proc/sys/kernel/ns_last_pid", "The last pid given out.");
/// `/proc/version`.
pub const PROC_VERSION: Artefact = Artefact::host("/proc/version", "The kernel and who built it.");
/// `/proc/cmdline`.
pub const PROC_CMDLINE: Artefact =
    Artefact::host("/proc/cmdline", "The kernel's boot options: switched-off protections show here.");
/// `/proc/modules`.
pub const PROC_MODULES: Artefact = Artefact::host("/proc/modules", "Kernel modules with their taint flags.");
/// `/proc/meminfo`.
pub const PROC_MEMINFO: Artefact = Artefact::host("/proc/meminfo", "Memory of the machine.");
/// `/proc/cpuinfo`.
pub const PROC_CPUINFO: Artefact = Artefact::host("/proc/cpuinfo", "Processors of the machine.");
/// `/proc/filesystems`.
pub const PROC_FILESYSTEMS: Artefact = Artefact::host("/proc/filesystems", "File systems the kernel knows.");
/// `/proc/devices`.
pub const PROC_DEVICES: Artefact =
    Artefact::host("/proc/devices", "Drivers by device number: names what tty_nr and st_rdev mean.");
/// `/proc/partitions`.
pub const PROC_PARTITIONS: Artefact = Artefact::host("/proc/partitions", "Disks and their partitions.");
/// `/proc/locks`.
pub const PROC_LOCKS: Artefact =
    Artefact::host("/proc/locks", "File locks with their holders: single-instance locks of malware.");
/// `/proc/cgroups`.
pub const PROC_CGROUPS: Artefact = Artefact::host("/proc/cgroups", "Control group controllers.");
/// `/proc/sys/kernel/random/boot_id`.
pub const PROC_BOOT_ID: Artefact = Artefact::host(
    "/proc/sys/kernel/random/boot_id",
    "This boot: tells whether two snapshots are of the same one.",
);
/// `/proc/sys/kernel/pid_max`.
pub const PROC_PID_MAX: Artefact = Artefact::host(
    "/proc/sys/kernel/pid_max",
    "The largest pid: how far a search for hidden processes goes.",
);
/// `/proc/sys/kernel/tainted`.
pub const PROC_TAINTED: Artefact =
    Artefact::host("/proc/sys/kernel/tainted", "Whether unsigned or foreign modules were loaded.");
/// `/proc/sys/kernel/core_pattern`.
pub const PROC_CORE_PATTERN: Artefact = Artefact::host(
    "/proc/sys/kernel/core_pattern",
    "What the kernel starts when a program crashes: a way out of containers.",
);
/// `/proc/sys/kernel/modprobe`.
pub const PROC_MODPROBE: Artefact =
    Artefact::host("/proc/sys/kernel/modprobe", "What the kernel starts to load a module: a way to root.");
/// `/proc/sys/kernel/modules_disabled`.
pub const PROC_MODULES_DISABLED: Artefact =
    Artefact::host("/proc/sys/kernel/modules_disabled", "Whether modules can still be loaded.");
/// `/proc/sys/kernel/randomize_va_space`.
pub const PROC_RANDOMIZE_VA_SPACE: Artefact =
    Artefact::host("/proc/sys/kernel/randomize_va_space", "Whether addresses are randomised.");
/// `/proc/sys/kernel/kptr_restrict`.
pub const PROC_KPTR_RESTRICT: Artefact =
    Artefact::host("/proc/sys/kernel/kptr_restrict", "Whether kernel addresses are shown.");
/// `/proc/sys/kernel/dmesg_restrict`.
pub const PROC_DMESG_RESTRICT: Artefact =
    Artefact::host("/proc/sys/kernel/dmesg_restrict", "Who may read the kernel log.");
/// `/proc/sys/kernel/unprivileged_bpf_disabled`.
pub const PROC_UNPRIVILEGED_BPF_DISABLED: Artefact =
    Artefact::host("/proc/sys/kernel/unprivileged_bpf_disabled", "Whether anybody may load BPF programs.");
/// `/proc/sys/kernel/yama/ptrace_scope`.
pub const PROC_PTRACE_SCOPE: Artefact = Artefact::host(
    "/proc/sys/kernel/yama/ptrace_scope",
    "Who may trace whom: also limits what a collector sees.",
);
/// `/proc/sys/net/ipv4/ip_forward`.
pub const PROC_IP_FORWARD: Artefact =
    Artefact::host("/proc/sys/net/ipv4/ip_forward", "Whether it routes for others.");
/// `/proc/sys/net/ipv4/ip_local_port_range`.
pub const PROC_IP_LOCAL_PORT_RANGE: Artefact = Artefact::host(
    "/proc/sys/net/ipv4/ip_local_port_range",
    "Ports of outgoing connections: tells which end called.",
);
