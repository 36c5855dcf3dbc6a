//! Paths: each component becomes `path-<number>`, the same for the same, so that trees of paths stay comparable. What every
//! system has stays.

/// Folders and files that every system of this kind has. A component stays where the path up to it is one of these.
const EVERYONES: &[&str] = &[
    "bin",
    "sbin",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "usr",
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib32",
    "usr/lib64",
    "usr/libexec",
    "usr/share",
    "usr/local",
    "usr/local/bin",
    "usr/local/sbin",
    "usr/local/lib",
    "usr/local/share",
    "usr/local/etc",
    "usr/lib/systemd",
    "usr/lib/x86_64-linux-gnu",
    "usr/lib/aarch64-linux-gnu",
    "lib/x86_64-linux-gnu",
    "lib/aarch64-linux-gnu",
    "opt",
    "etc",
    "etc/passwd",
    "etc/shadow",
    "etc/group",
    "etc/gshadow",
    "etc/sudoers",
    "etc/hosts",
    "etc/hostname",
    "etc/resolv.conf",
    "etc/ld.so.preload",
    "etc/ld.so.cache",
    "home",
    "root",
    "root/.ssh",
    "root/.ssh/authorized_keys",
    "tmp",
    "tmp/.X11-unix",
    "tmp/.ICE-unix",
    "var",
    "var/tmp",
    "var/log",
    "var/run",
    "var/lib",
    "var/lib/docker",
    "var/lib/containerd",
    "var/lib/kubelet",
    "var/cache",
    "var/spool",
    "var/www",
    "var/lock",
    "var/run/docker.sock",
    "var/run/secrets",
    "run",
    "run/user",
    "run/lock",
    "run/shm",
    "run/systemd",
    "run/dbus",
    "run/dbus/system_bus_socket",
    "run/docker.sock",
    "run/secrets",
    "run/containerd",
    "run/containerd/containerd.sock",
    "srv",
    "srv/www",
    "mnt",
    "media",
    "boot",
    "dev",
    "dev/shm",
    "dev/pts",
    "dev/mqueue",
    "dev/hugepages",
    "dev/null",
    "dev/zero",
    "dev/full",
    "dev/random",
    "dev/urandom",
    "dev/tty",
    "dev/ptmx",
    "dev/console",
    "dev/fuse",
    "dev/kvm",
    "dev/net",
    "dev/net/tun",
    "dev/kmsg",
    "dev/mem",
    "dev/kmem",
    "dev/vhost-net",
    "dev/input",
    "dev/dri",
    "snap",
    "nix",
    "nix/store",
    "app",
    "sys",
    "sys/fs",
    "sys/fs/cgroup",
    "sys/kernel",
    "proc",
    "proc/self",
];

/// What the kernel itself puts in place of a path.
pub(super) fn is_no_path(target: &[u8]) -> bool {
    let name = target.iter().position(|byte| *byte == b':').and_then(|colon| target.split_at_checked(colon));
    if let Some((kind, rest)) = name {
        let number = rest.strip_prefix(b":[").and_then(|rest| rest.strip_suffix(b"]"));
        let plain =
            |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte));
        return plain(kind) && number.is_some_and(plain)
            || kind == b"anon_inode" && rest.strip_prefix(b":").is_some_and(plain);
    }
    target.is_empty()
}

/// The path with each component replaced by what `component` says. It is not asked for what every system has.
pub(super) fn map(path: &[u8], mut component: impl FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
    if is_no_path(path) {
        return path.to_vec();
    }
    // The kernel's suffix, or a file that is called so: what stands before it is the name in either case.
    let (path, suffix) = match path.strip_suffix(b" (deleted)") {
        Some(path) => (path, &b" (deleted)"[..]),
        None => (path, &b""[..]),
    };
    let (mut out, mut so_far, mut known) = (Vec::new(), String::new(), path.starts_with(b"/"));
    let inside_proc = path.starts_with(b"/proc/");
    for (at, part) in path.split(|byte| *byte == b'/').enumerate() {
        if at > 0 {
            out.push(b'/');
        }
        if part.is_empty() || part == b"." || part == b".." {
            // A way round is none into what is known.
            known &= part.is_empty();
            out.extend_from_slice(part);
            continue;
        }
        known = known
            && std::str::from_utf8(part).is_ok_and(|part| {
                if !so_far.is_empty() {
                    so_far.push('/');
                }
                so_far.push_str(part);
                EVERYONES.contains(&so_far.as_str())
            });
        // Processes, terminals and descriptors are numbers, which say nothing.
        let number = part.iter().all(u8::is_ascii_digit) && (inside_proc || so_far.starts_with("dev/pts"));
        if known || number {
            out.extend_from_slice(part);
        } else {
            out.extend(component(part));
        }
    }
    out.extend_from_slice(suffix);
    out
}

/// Whether `byte` ends a path in running text.
pub(super) fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte.is_ascii_control() || b"\"'`=:;,<>|&()[]{}?#@".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_system_has_stays() {
        let mapped = |path: &str| String::from_utf8(map(path.as_bytes(), |_| b"x".to_vec())).unwrap();
        let cases = [
            ("/usr/bin/tool", "/usr/bin/x"),
            ("/home/alice/usr/bin", "/home/x/x/x"),
            ("/tmp/.x (deleted)", "/tmp/x (deleted)"),
            ("/dev/shm/secret", "/dev/shm/x"),
            ("/dev/pts/3", "/dev/pts/3"),
            ("/proc/12/fd/secret", "/proc/12/x/x"),
            ("/etc/../etc/passwd", "/etc/../x/x"),
            ("socket:[77]", "socket:[77]"),
            ("anon_inode:[eventpoll]", "anon_inode:[eventpoll]"),
            ("anon_inode:inotify", "anon_inode:inotify"),
            ("socket:[/srv/a]", "x/x/x"),
            ("relative/etc", "x/x"),
            ("/", "/"),
            ("", ""),
        ];
        for (path, is) in cases {
            assert_eq!(mapped(path), is, "{path}");
        }
    }
}
