//! Capabilities by name, capabilities(7).

/// Bit n of a capability set is the n-th name: include/uapi/linux/capability.h, Linux 6.18.
const NAMES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

/// All capabilities that Linux 6.18 knows.
pub const ALL: u64 = (1 << NAMES.len()) - 1;

/// Names of the capabilities in a set, as in `CapEff`. Bits without a name are given by number.
pub fn names(set: u64) -> impl Iterator<Item = String> {
    (0..64_usize)
        .filter(move |bit| set >> bit & 1 == 1)
        .map(|bit| NAMES.get(bit).map_or_else(|| format!("#{bit}"), |name| (*name).to_owned()))
}

/// A set in words: `none`, `all`, `all but net_admin`, or the names.
#[must_use]
pub fn words(set: u64) -> String {
    let join = |set| names(set).collect::<Vec<_>>().join(", ");
    let missing = ALL & !set;
    match set {
        0 => "none".into(),
        _ if missing == 0 => "all".into(),
        _ if missing.count_ones() <= 5 => format!("all but {}", join(missing)),
        _ => join(set),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_in_words() {
        assert_eq!(words(0), "none");
        assert_eq!(words(ALL), "all");
        assert_eq!(words(ALL & !(1 << 12)), "all but net_admin");
        assert_eq!(words(1 << 19 | 1), "chown, sys_ptrace");
        assert_eq!(words(1 << 63), "#63");
    }
}
