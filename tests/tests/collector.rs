//! The collectors of `dist/`, run where nothing else is: in an empty root, and on another processor.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use procglass_model::bundle::{Limits, Verdict};
use procglass_proc::maps;
use procglass_snapshot::{Namespaces, Snapshot};
use procglass_tests::dist;
use procglass_tests::skip::skipped;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn read(bytes: &[u8]) -> Snapshot {
    let snapshot = Snapshot::read(bytes, Limits::native()).unwrap();
    assert_eq!(snapshot.integrity.verdict(), Verdict::Intact, "{:?}", snapshot.integrity);
    snapshot
}

/// A container made from nothing: one program and `/proc`; no libraries, no `/etc`, no `/sys`, no `/dev`, no shell.
#[test]
fn an_empty_root_is_enough() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("proc")).unwrap();
    std::fs::copy(dist::path("procglass-collect"), root.path().join("pc")).unwrap();
    let script = "mount -t proc proc \"$ROOT/proc\" && mount -o remount,ro,bind \"$ROOT/proc\"; \
                  mount --bind \"$ROOT\" \"$ROOT\" && mount -t proc proc \"$ROOT/proc\" && mount -o remount,ro,bind \"$ROOT\" && \
                  exec \"$CHROOT\" \"$ROOT\" /pc -o -";
    let output = Command::new("unshare")
        .args(["-mpfn", "sh", "-c", script])
        .env("ROOT", root.path())
        .env("CHROOT", if Path::new("/usr/sbin/chroot").exists() { "/usr/sbin/chroot" } else { "chroot" })
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && text.contains("ermitted") {
        skipped(format!("this needs root: {text}"));
        return;
    }
    assert!(output.status.success(), "{text}");
    let snapshot = read(&output.stdout);
    let process = snapshot.process(snapshot.by_pid(1).unwrap()).unwrap();
    assert_eq!(process.exe.as_ref().unwrap(), "/pc");
    assert_eq!(process.executable.as_ref().unwrap().stat.links, 1);
    assert!(snapshot.users.user(&Namespaces::default(), false, 0).name.is_none(), "there is no passwd");
    let problems: Vec<_> = snapshot.problems().into_iter().map(|one| format!("{one:?}")).collect();
    for missing in ["host/etc/passwd", "host/sys/module.json"] {
        assert!(
            problems.iter().any(|one| one.contains(missing) && one.contains("ENOENT")),
            "{missing}: {problems:#?}"
        );
    }
    assert!(snapshot.members.get("host/proc/stat").is_some());
    let left: Vec<_> =
        std::fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

/// The collector of the other architecture, by QEMU's user mode: system calls are this kernel's, everything else is
/// that processor's.
#[test]
fn the_other_architecture_collects_the_same() {
    let arch = if cfg!(target_arch = "aarch64") { "x86_64" } else { "aarch64" };
    let emulator = [format!("/usr/bin/qemu-{arch}-static"), format!("/usr/bin/qemu-{arch}")]
        .into_iter()
        .map(PathBuf::from)
        .find(|file| file.exists())
        .unwrap_or_else(|| panic!("no qemu-{arch}: run `cargo xtask setup`"));
    let collector = dist::path(&format!("procglass-collect-{arch}"));
    let mut sleeper = Command::new("sleep").arg("77.5").stdin(Stdio::null()).spawn().unwrap();
    let pid = sleeper.id();
    let args = ["--pid", &pid.to_string(), "--identity", "off", "-o", "-"];
    let output = Command::new(emulator).arg(collector).args(args).output().unwrap();
    let proc = |file: &str| std::fs::read(format!("/proc/{pid}/{file}")).unwrap();
    let (text, limits) = (proc("maps"), proc("limits"));
    let exe = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap();
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let snapshot = read(&output.stdout);
    assert_eq!(snapshot.manifest.architecture, arch);
    let index = snapshot.by_pid(pid).unwrap();
    let process = snapshot.process(index).unwrap();
    assert_eq!(process.name, "sleep");
    assert_eq!(process.cmdline.as_ref().unwrap(), "sleep\x0077.5\0");
    assert_eq!(process.exe.as_ref().unwrap().as_slice(), exe.as_os_str().as_encoded_bytes());
    let record = snapshot.record(index).unwrap();
    let file = |path: &str| snapshot.members.file(&record, path).unwrap().unwrap().into_owned();
    assert_eq!((file("maps"), file("limits")), (text, limits));
    assert!(maps::parse(&file("maps")).0.len() > 4);
    let executable = process.executable.as_ref().unwrap();
    let hash = procglass_model::bundle::sha256(&std::fs::read(exe).unwrap());
    assert_eq!(executable.sha256.as_deref(), Some(procglass_model::bundle::hex(&hash).as_str()));
    assert_eq!(snapshot.files_of(index).first().unwrap().target.as_ref().unwrap(), "/dev/null");
}

/// `SigQ` counts the signals that wait for all processes of the user, proc_pid_status(5): it changes while this one sleeps.
fn without_others_signals(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file).into_owned();
    text.split_inclusive('\n').filter(|line| !line.starts_with("SigQ:")).collect()
}

/// The recipes of FORMAT.md, as they stand there, on a bundle unpacked with tar: nothing of ours is needed.
#[test]
fn the_recipes_of_the_format_restore_what_was_read() {
    const FORMAT: &str = include_str!("../../shared/model/FORMAT.md");
    let recipe = |number| FORMAT.split("```python\n").nth(number).unwrap().split("```").next().unwrap();
    // Several of one program and one service: their templates are shared from the second or third on.
    let sleeper = |number: usize| {
        let mut command = Command::new("sleep");
        command.arg("77").env_clear().env("WORKER", number.to_string());
        command.env("SETTING", "what all workers of a service have ".repeat(8)).spawn().unwrap()
    };
    let sleepers: Vec<_> = (0..5).map(sleeper).collect();
    std::thread::sleep(std::time::Duration::from_millis(200));
    let bundle = dist::Bundle::of_this_machine(&["--identity", "off"]);
    let folder = bundle.beside("unpacked");
    std::fs::create_dir(&folder).unwrap();
    let tar = Command::new("tar").arg("xzf").arg(&bundle.path).arg("-C").arg(&folder).status().unwrap();
    assert!(tar.success());
    let (mut shared, mut maps) = (false, false);
    for mut sleeper in sleepers {
        let pid = sleeper.id();
        let member = format!("process/{pid}.json");
        let record = std::fs::read_to_string(folder.join(&member)).unwrap();
        let files =
            [("maps", 1), ("stat", 1), ("status", 1), ("fdinfo/0", 2), ("fdinfo/1", 2), ("fdinfo/2", 2)];
        // The first ones stand there as they are.
        let environ = record.contains("\"environ\":{\"template\":\"").then_some(("environ", 1));
        shared |= environ.is_some() && record.contains("\"status\":{\"template\":\"");
        for (file, number) in files.into_iter().chain(environ) {
            let output = Command::new("python3")
                .args(["-c", recipe(number), &member, file.trim_start_matches("fdinfo/")])
                .current_dir(&folder)
                .output()
                .unwrap();
            let want = std::fs::read(format!("/proc/{pid}/{file}")).unwrap();
            assert_eq!(
                without_others_signals(&output.stdout),
                without_others_signals(&want),
                "{file}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        maps |= record.contains("\"maps\":{\"template\":\"");
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
    }
    assert!(shared && maps);
}
