//! Programs by what they are: the file that runs, and what is known of files of that name.

use super::place::{self, Place};
use bstr::ByteSlice;
use procglass_snapshot::Process;

/// The program that a process runs, by its executable. Empty where that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program<'a> {
    /// Whole path, without the kernel's ` (deleted)`.
    pub path: &'a [u8],
    /// The last part of it, without what a package manager that wraps programs puts around it.
    pub name: &'a [u8],
}

/// Command shells.
pub const SHELLS: &[&str] =
    &["sh", "bash", "dash", "zsh", "ksh", "ksh93", "mksh", "ash", "fish", "tcsh", "csh", "busybox"];

/// Interpreters, by the beginning of the name: versions follow (`python3.11`).
pub const INTERPRETERS: &[&str] =
    &["python", "perl", "ruby", "php", "lua", "node", "tclsh", "awk", "gawk", "mawk"];

/// Servers of web pages and what runs web applications, by the beginning of the name.
pub const WEB_SERVERS: &[&str] = &[
    "apache2",
    "httpd",
    "nginx",
    "lighttpd",
    "caddy",
    "php-fpm",
    "php-cgi",
    "tomcat",
    "gunicorn",
    "uwsgi",
    "puma",
    "unicorn",
    "w3wp",
    "jetty",
    "openresty",
    "litespeed",
    "lsphp",
];

/// Tools that an intruder starts through a web server, besides shells and interpreters.
pub const TOOLS: &[&str] = &[
    "nc",
    "ncat",
    "netcat",
    "nc.openbsd",
    "nc.traditional",
    "socat",
    "curl",
    "wget",
    "id",
    "whoami",
    "uname",
    "telnet",
    "nmap",
];

/// What starts programs on sockets by design.
pub const SOCKET_STARTERS: &[&str] =
    &["systemd", "inetd", "xinetd", "tcpserver", "s6-tcpserver", "ucspi-tcp", "init"];

/// Programs that generate machine code while they run, by the beginning of the name.
pub const JIT: &[&str] = &[
    "node",
    "java",
    "dotnet",
    "mono",
    "pypy",
    "luajit",
    "php",
    "qemu",
    "wine",
    "chrome",
    "chromium",
    "firefox",
    "electron",
    "code",
    "WebKit",
    "gjs",
    "gnome-shell",
    "cinnamon",
    "plasmashell",
    "beam",
    "ruby",
    "deno",
    "bun",
    "julia",
    "postgres",
    "pwsh",
    "Xwayland",
    "Xorg",
    "R",
    "steam",
    "slack",
    "teams",
    "discord",
    "spotify",
    "brave",
    "msedge",
    "opera",
    "vivaldi",
    "thunderbird",
    "apache2",
    "httpd",
    "nginx",
    "snort",
    "suricata",
    "clamd",
    "polkitd",
    "gst-plugin-scan",
    "envoy",
];

/// What carries terminals between machines or containers by design, by the beginning of the name.
pub const TERMINAL_CARRIERS: &[&str] = &[
    "sshd",
    "tmux",
    "screen",
    "containerd-shim",
    "dockerd",
    "docker",
    "runc",
    "crun",
    "conmon",
    "kubectl",
    "kubelet",
    "crio",
    "ttyd",
    "wetty",
    "code-server",
    "jupyter",
    "ssm-session-wor",
    "ssm-session-worker",
    "ssm-agent-worke",
    "ssm-agent-worker",
    "ssm-document-worker",
    "amazon-ssm-agent",
    "execute-command-agent",
    "telnetd",
    "mosh-server",
    "xterm",
    "gnome-terminal",
    "konsole",
    "login",
    "teleport",
    "tailscaled",
    "expect",
    "script",
    "ssh",
    "gitlab-runner",
    "Runner.Worker",
    "buildkite-agent",
    "jenkins",
    "ansible",
];

impl<'a> Program<'a> {
    /// Of a process.
    #[must_use]
    pub fn of(process: &'a Process) -> Self {
        let path = process.exe_path().map_or(&b""[..], |path| path.as_bytes());
        Self { path, name: place::unwrapped(path).unwrap_or(base(path)) }
    }

    /// Whether nothing is known of it.
    #[must_use]
    pub fn is_unknown(self) -> bool {
        self.path.is_empty()
    }

    /// A command shell.
    #[must_use]
    pub fn is_shell(self) -> bool {
        is_one_of(self.name, SHELLS)
    }

    /// An interpreter that could serve as a shell.
    #[must_use]
    pub fn is_interpreter(self) -> bool {
        begins_with_one_of(self.name, INTERPRETERS)
    }

    /// Where its file lies.
    #[must_use]
    pub fn place(self) -> Option<Place> {
        place::of(self.path)
    }

    /// Whether its file lies where packages put programs, out of reach for users without rights.
    #[must_use]
    pub fn is_installed(self) -> bool {
        place::is_installed(self.path)
    }

    /// The path, made visible, for sentences.
    #[must_use]
    pub fn words(self) -> String {
        procglass_model::text::visible(self.path).into_owned()
    }
}

/// What a process says it is, where that differs from its file: its name and the first word of its title.
pub fn claims(process: &Process) -> impl Iterator<Item = &[u8]> {
    let argument = process.arguments().next().unwrap_or_default();
    let word = argument.split(|byte| matches!(byte, b':' | b' ')).next().unwrap_or_default();
    let word = word.strip_prefix(b"-").unwrap_or(word);
    [process.name.as_slice(), base(word)].into_iter().filter(|claim| !claim.is_empty())
}

/// The last part of a path.
#[must_use]
pub fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// Whether `name` is in a list.
#[must_use]
pub fn is_one_of(name: &[u8], list: &[&str]) -> bool {
    list.iter().any(|one| one.as_bytes() == name)
}

/// Whether `name` is in a list, whatever version or suffix follows: `python3.11`, `php-fpm8.2`, but not `pythonx`.
#[must_use]
pub fn begins_with_one_of(name: &[u8], list: &[&str]) -> bool {
    list.iter().any(|one| {
        name.strip_prefix(one.as_bytes())
            .is_some_and(|rest| rest.first().is_none_or(|byte| !byte.is_ascii_alphabetic()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_versions() {
        assert!(begins_with_one_of(b"python3.11", INTERPRETERS));
        assert!(begins_with_one_of(b"php-fpm8.2", WEB_SERVERS));
        assert!(!begins_with_one_of(b"nodejs-exporter", INTERPRETERS));
        assert_eq!(base(b"/usr/bin/sh"), b"sh");
        assert_eq!(base(b"sh"), b"sh");
    }

    #[test]
    fn claims_are_name_and_title() {
        let process = Process {
            name: "php-fpm8.2".into(),
            cmdline: Some("php-fpm: pool www\0".into()),
            ..Process::default()
        };
        assert_eq!(claims(&process).collect::<Vec<_>>(), [&b"php-fpm8.2"[..], b"php-fpm"]);
        let login = Process { name: "bash".into(), cmdline: Some("-bash\0".into()), ..Process::default() };
        assert_eq!(claims(&login).collect::<Vec<_>>(), [b"bash", b"bash"]);
    }
}
