//! An ordinary machine must be quiet: programs that look like an intruder's work and are none.

use super::testing::{area, process, tcp};
use super::{Findings, Indicators, Severity};
use procglass_fixture as fixture;

/// A desktop and server in one: everything here is seen on healthy systems every day.
fn ordinary_machine() -> String {
    let with = |text: String, more: &str| text + more;
    let jit = |pid: u32, name: &str, exe: &str| {
        let own = area("r-xp", exe);
        process(pid, 1, name, exe)
            .replace(&own, &format!("{own}{}{}", area("rwxp", ""), area("r-xs", "/memfd:JITCode (deleted)")))
    };
    let mut text = process(1, 0, "systemd", "/usr/lib/systemd/systemd")
        + "//- process/1/fd/9 -> anon_inode:bpf-prog\n//- process/1/ns/mnt -> mnt:[4026531841]\n";
    text += "//- process/2/stat\n2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0 1 0 0\n//- process/2/status\nKthread:\t1\n";
    text += "//- process/15/stat\n15 (kworker/0:1-events) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 1 0 0\n//- process/15/status\nKthread:\t1\n";
    text += &jit(100, "firefox", "/usr/lib/firefox/firefox");
    text += &jit(101, "node", "/usr/bin/node");
    text += &jit(102, "java", "/usr/lib/jvm/java-21/bin/java");
    // After a package upgrade, before the restart.
    let sshd = process(200, 1, "sshd", "/usr/sbin/sshd (deleted)")
        .replace("\"links\":0", "\"links\":0,\"on_disk\":\"other\"");
    let own = area("r-xp", "/usr/sbin/sshd (deleted)");
    text += &sshd.replace(
        &own,
        &format!("{own}{}", area("r-xp", "/usr/lib/x86_64-linux-gnu/libcrypto.so.3 (deleted)")),
    );
    text += "//- process/200/fd/3 -> socket:[70]\n";
    text += &with(
        process(201, 200, "sshd-session", "/usr/lib/openssh/sshd-session")
            .replace("session\\0", "session: a@pts/0\\0"),
        "//- process/201/fd/4 -> socket:[71]\n//- process/201/fd/9 -> /dev/ptmx\n",
    );
    text += &with(
        process(202, 201, "bash", "/usr/bin/bash").replace("/usr/bin/bash\\0", "-bash\\0"),
        "//- process/202/fd/0 -> /dev/pts/0\n",
    );
    text += &process(203, 202, "python3", "/usr/bin/python3.11");
    // A container with docker's default rights, run by its shim; somebody looks into it.
    let cgroup = "cgroup\n0::/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n";
    text += &process(300, 1, "containerd-shim", "/usr/bin/containerd-shim-runc-v2");
    text += &process(301, 300, "nginx", "/usr/sbin/nginx")
        .replace("CapEff:\t0", "CapEff:\t00000000a80425fb")
        .replace("1000\t1000\t1000\t1000", "0\t0\t0\t0")
        .replace("net:[1]", "net:[2]");
    text += &format!("//- process/301/ns/mnt -> mnt:[4026532500]\n//- process/301/{cgroup}");
    text += &process(302, 301, "nginx", "/usr/sbin/nginx").replace("nginx\\0", "nginx: worker process\\0");
    // Services that isolate themselves, postgres with its titles, cron's mail, a build.
    text += &with(
        process(400, 1, "systemd-timesyn", "/usr/lib/systemd/systemd-timesyncd"),
        "//- process/400/ns/mnt -> mnt:[4026532600]\n",
    );
    text += &process(401, 1, "postgres", "/usr/lib/postgresql/16/bin/postgres")
        .replace("postgres\\0", "postgres: checkpointer \\0");
    text += &with(
        process(402, 1, "mariadbd", "/usr/sbin/mariadbd"),
        "//- process/402/fd/5 -> /tmp/ibXa81 (deleted)\n",
    );
    text += &process(403, 1, "cargo", "/home/a/.cargo/bin/cargo")
        .replace("PATH=/usr/bin\\0", "LD_LIBRARY_PATH=/home/a/.rustup/lib\\0");
    text += &process(404, 1, "Edit", "/tmp/.mount_Edit7x/usr/bin/edit");
    text += &process(405, 1, "dhclient", "/usr/sbin/dhclient");
    text += "//- process/405/fd/6 -> socket:[72]\n//- net/1/packet\nsk RefCnt Type Proto Iface R Rmem User Inode\n0000000000000000 3 2 0003 2 1 0 0 72\n";
    text += &process(406, 1, "code", "/home/a/.vscode-server/bin/x/node");
    text += &with(process(407, 1, "gdb", "/usr/bin/gdb"), "");
    text += &process(408, 407, "app", "/home/a/app").replace("TracerPid:\t0", "TracerPid:\t407");
    text += "//- host/etc/passwd\nroot:x:0:0:root:/root:/bin/sh\n";
    text += "//- host/proc/modules\next4 999424 2 - Live 0x0000000000000000\nnvidia 16384 0 - Live 0x0000000000000000 (POE)\n";
    text += &tcp(&[("0.0.0.0:22", "0.0.0.0:0", "0A", 70), ("10.0.0.1:22", "10.0.0.9:50000", "01", 71)]);
    text
}

#[test]
fn an_ordinary_machine_is_quiet() {
    let snapshot = fixture::open(&fixture::bundle(&ordinary_machine()));
    let findings = Findings::of(&snapshot, &Indicators::default());
    let told: Vec<String> = findings
        .all
        .iter()
        .map(|finding| {
            let lowered = finding.lowered.iter().map(|why| format!(" ({why})")).collect::<String>();
            format!(
                "{} {} {}{lowered}",
                finding.severity.word(),
                finding.rule.id,
                finding.sentence(&snapshot)
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert!(findings.all.iter().all(|finding| finding.severity < Severity::Medium), "{told:#?}");
}
