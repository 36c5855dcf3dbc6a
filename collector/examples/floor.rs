//! What reading alone costs: reads the files of /proc that `procglass-collect` reads, each by opening, reading to its end and
//! closing, and throws the bytes away; executables too, each once. No redaction, no JSON, no hashes, no compression, one
//! thread. The collector saves some of these calls (it closes files together, for one).
//!
//! `cargo xtask bench collect` runs both side by side.

use procglass_model::artefact;
use procglass_model::artefact::CHILDREN;
use procglass_model::artefact::{Kind, Scope};
use rustix::buffer::spare_capacity;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RawDir, Statx, StatxFlags, openat, readlinkat_raw, statx};
use rustix::io::{Errno, read};
use std::collections::HashSet;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

struct Floor {
    buffer: Vec<u8>,
    bytes: u64,
    reads: u64,
    mounts: HashSet<Vec<u8>>,
    executables: HashSet<(u32, u32, u64)>,
}

#[allow(clippy::print_stdout, reason = "the result of the measurement")]
fn main() -> Result<(), Errno> {
    let mut floor = Floor {
        buffer: Vec::with_capacity(64 << 10),
        bytes: 0,
        reads: 0,
        mounts: HashSet::new(),
        executables: HashSet::new(),
    };
    let proc = dir(CWD, "/proc")?;
    for artefact in artefact::of(Scope::Host).chain(artefact::of(Scope::MountNamespace)) {
        floor.file(CWD, artefact.path);
    }
    for artefact in artefact::of(Scope::NetNamespace) {
        floor.file(&proc, &format!("self/net/{}", artefact.path));
    }
    let pids = numbers(&proc, ".")?;
    for pid in &pids {
        floor.process(&proc, *pid);
    }
    println!("{} processes, {} reads, {} bytes", pids.len(), floor.reads, floor.bytes);
    Ok(())
}

impl Floor {
    fn process(&mut self, proc: &OwnedFd, pid: u32) {
        let Ok(process) = dir(proc, &pid.to_string()) else { return };
        let mut namespace = Vec::new();
        let (mut memory, mut threads) = (true, false);
        for artefact in artefact::of(Scope::Process).filter(|artefact| !artefact.costly) {
            match artefact.kind {
                _ if artefact.needs_memory && !memory => {}
                Kind::Link => {
                    self.link(&process, artefact.path);
                    match artefact.path {
                        "exe" => self.executable(&process),
                        "ns/mnt" => namespace.clone_from(&self.buffer),
                        _ => {}
                    }
                }
                Kind::Descriptors => self.descriptors(&process),
                Kind::File if artefact.path == "mountinfo" && !self.mounts.insert(namespace.clone()) => {}
                Kind::File if artefact.path == CHILDREN.path && threads => {}
                Kind::File => {
                    self.file(&process, &artefact.path_of(pid));
                    if artefact.path == "stat" {
                        memory = field(&self.buffer, 9) & 0x20_0000 == 0;
                        threads = field(&self.buffer, 20) > 1;
                    }
                }
            }
        }
        for tid in if threads { numbers(&process, "task").unwrap_or_default() } else { Vec::new() } {
            let Ok(thread) = dir(&process, &format!("task/{tid}")) else { continue };
            for file in ["comm", "stat", "children"] {
                self.file(&thread, file);
            }
        }
    }

    fn descriptors(&mut self, process: &OwnedFd) {
        let (Ok(list), Ok(links), Ok(infos)) =
            (numbers(process, "fd"), dir(process, "fd"), dir(process, "fdinfo"))
        else {
            return;
        };
        for fd in list {
            let name = fd.to_string();
            self.link(&links, &name);
            if self.buffer.first() == Some(&b'/') {
                self.stat(&links, &name);
            }
            self.file(&infos, &name);
        }
    }

    fn file(&mut self, at: impl AsFd, path: &str) {
        self.buffer.clear();
        let Ok(file) = openat(at, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()) else { return };
        loop {
            self.buffer.reserve(4096);
            match read(&file, spare_capacity(&mut self.buffer)) {
                Ok(count) if count > 0 => self.bytes += count as u64,
                _ => break,
            }
        }
        self.reads += 1;
    }

    /// As the collector: each once, by device and inode.
    fn executable(&mut self, process: &OwnedFd) {
        let Some(stat) = self.stat(process, "exe") else { return };
        if !self.executables.insert((stat.stx_dev_major, stat.stx_dev_minor, stat.stx_ino)) {
            return;
        }
        let Ok(file) = openat(process, "exe", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()) else {
            return;
        };
        loop {
            self.buffer.clear();
            match read(&file, spare_capacity(&mut self.buffer)) {
                Ok(count) if count > 0 => self.bytes += count as u64,
                _ => return,
            }
        }
    }

    fn link(&mut self, at: impl AsFd, path: &str) {
        self.buffer.clear();
        self.buffer.reserve(4096);
        let _ = readlinkat_raw(at, path, spare_capacity(&mut self.buffer));
        self.bytes += self.buffer.len() as u64;
        self.reads += 1;
    }

    fn stat(&mut self, at: impl AsFd, path: &str) -> Option<Statx> {
        let flags = AtFlags::STATX_DONT_SYNC | AtFlags::NO_AUTOMOUNT;
        self.reads += 1;
        statx(at, path, flags, StatxFlags::BASIC_STATS).ok()
    }
}

/// A field of stat after the name, by its number in proc_pid_stat(5).
fn field(stat: &[u8], number: usize) -> u64 {
    let after = stat.rsplit(|byte| *byte == b')').next().unwrap_or_default();
    let field = after.split(|byte| *byte == b' ').nth(number - 2).unwrap_or_default();
    String::from_utf8_lossy(field).parse().unwrap_or(0)
}

fn dir(at: impl AsFd, path: &str) -> Result<OwnedFd, Errno> {
    openat(at, path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn numbers(at: impl AsFd, path: &str) -> Result<Vec<u32>, Errno> {
    let directory = openat(at, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut buffer = [MaybeUninit::<u8>::uninit(); 8192];
    let mut entries = RawDir::new(directory, &mut buffer);
    let mut found = Vec::new();
    while let Some(entry) = entries.next() {
        found.extend(entry?.file_name().to_str().ok().and_then(|name| name.parse::<u32>().ok()));
    }
    Ok(found)
}
