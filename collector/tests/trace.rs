//! What it leaves behind: the bundle, and nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails a test")]

mod common;

use common::skip::skipped;
use common::{BINARY, Bundle};
use rustix::fs::inotify::{self, CreateFlags, ReadFlags, WatchFlags};
use std::mem::MaybeUninit;
use std::process::Command;

/// The kernel's own word: every change below the directories that a program writes to by habit.
#[test]
fn nothing_but_the_bundle_is_made_or_changed() {
    let place = tempfile::tempdir().unwrap();
    let names = ["bundle", "home", "work", "temporary", "cache"];
    let at = |name: &str| place.path().join(name);
    let watch = inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).unwrap();
    let changes = WatchFlags::CREATE
        | WatchFlags::DELETE
        | WatchFlags::MODIFY
        | WatchFlags::MOVE
        | WatchFlags::ATTRIB
        | WatchFlags::CLOSE_WRITE;
    let mut watched = Vec::new();
    for name in names {
        std::fs::create_dir(at(name)).unwrap();
        watched.push((inotify::add_watch(&watch, at(name), changes).unwrap(), name));
    }
    let output = Command::new(BINARY)
        .current_dir(at("work"))
        .envs([("HOME", at("home")), ("TMPDIR", at("temporary")), ("XDG_CACHE_HOME", at("cache"))])
        .args(["--identity", "off", "-o", "../bundle/x.gz"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut space = [MaybeUninit::uninit(); 65_536];
    let mut reader = inotify::Reader::new(&watch, &mut space);
    let mut seen = Vec::new();
    while let Ok(event) = reader.next() {
        let folder = watched.iter().find(|(number, _)| *number == event.wd()).map(|(_, name)| *name);
        let name = event.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        seen.push((folder.unwrap(), name, event.events()));
    }
    let elsewhere: Vec<_> = seen.iter().filter(|(folder, ..)| *folder != "bundle").collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    // Made once under a name that says that it is not whole, then moved to its own.
    let made: Vec<_> = seen.iter().filter(|(_, _, what)| what.contains(ReadFlags::CREATE)).collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(made[0].1.starts_with(".x.gz.") && made[0].1.contains("partial"), "{made:?}");
    let moved: Vec<_> = seen.iter().filter(|(_, _, what)| what.contains(ReadFlags::MOVED_TO)).collect();
    assert_eq!(moved.iter().map(|(_, name, _)| name.as_str()).collect::<Vec<_>>(), ["x.gz"]);
    assert!(!seen.iter().any(|(_, _, what)| what.contains(ReadFlags::DELETE)), "{seen:?}");
    assert_eq!(std::fs::read_dir(at("bundle")).unwrap().count(), 1);
    Bundle::intact(&std::fs::read(at("bundle").join("x.gz")).unwrap());
}

/// Every call of a whole collection that could leave a trace.
#[test]
fn no_call_leaves_a_trace() {
    let place = tempfile::tempdir().unwrap();
    let (log, bundle) = (place.path().join("calls"), place.path().join("x.gz"));
    let calls = "execve,execveat,fork,vfork,clone,clone3,unlink,unlinkat,mkdir,mkdirat,rmdir,symlink,symlinkat,link,linkat,\
                 mknod,mknodat,creat,chown,fchown,fchownat,utimensat,setxattr,mount,umount2,kill,tgkill,ptrace,process_vm_writev,\
                 connect,bind,sendto,sendmsg,syslog,bpf,init_module,finit_module,delete_module";
    let traced = Command::new("strace")
        .args(["-f", "-qq", "-e", &format!("trace={calls}"), "-o"])
        .args([log.to_str().unwrap(), BINARY, "--identity", "off", "-o", bundle.to_str().unwrap()])
        .output();
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    if text.is_empty() {
        skipped(format!("strace cannot trace here: {traced:?}"));
        return;
    }
    let harmless = |line: &&str| {
        let own_thread = line.contains("clone") && line.contains("CLONE_THREAD") || line.contains("resumed>");
        // Signal 0 only asks whether a process exists, kill(2).
        let question = line.contains("kill(") && line.contains(", 0)");
        !(own_thread || question || line.contains("+++"))
    };
    let left: Vec<_> = text.lines().filter(harmless).collect();
    assert_eq!(left.len(), 1, "{left:#?}");
    assert!(left[0].contains("execve(") && left[0].contains("procglass-collect"), "its own start: {left:?}");
    Bundle::intact(&std::fs::read(bundle).unwrap());
}
