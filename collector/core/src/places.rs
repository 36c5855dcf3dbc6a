//! Files that exist once for the host or for a namespace.

use crate::context::Listed;
use crate::pipeline::{Place, Worker};
use crate::process::inode;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::{Missing, Taker};
use procglass_model::artefact::Artefact;
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

impl Worker {
    /// Reads the file into the taker's buffer. True: it was cut.
    pub(crate) fn place_file(&mut self, place: &Place, listed: Listed) -> Result<bool, Missing> {
        let (index, artefact) = listed;
        let step = Step::new(Part::Artefact, index);
        let context = self.context.clone();
        match place {
            Place::Host => match artefact.path.strip_prefix("/proc/") {
                Some(path) => self.taker.file(step, context.proc.as_fd(), path, artefact.cap),
                None => self.inside(step, context.root.as_fd(), artefact.path, artefact.cap),
            },
            Place::Root => self.inside(step, context.root.as_fd(), artefact.path, artefact.cap),
            Place::Net { inode, members } => {
                let path = format!("net/{}", artefact.path);
                if members.is_empty() {
                    let path = if context.real { format!("self/{path}") } else { path };
                    return self.read(step, context.proc.as_fd(), &path, artefact);
                }
                self.through(members, "ns/net", *inode, step, |worker, process| {
                    worker.read(step, process, &path, artefact)
                })
            }
            Place::Mount { inode, members } => {
                self.through(members, "ns/mnt", *inode, step, |worker, process| {
                    worker.taker.enter(step)?;
                    let root = sys::open_dir(process, "root")?;
                    worker.inside(step, root.as_fd(), artefact.path, artefact.cap)
                })
            }
        }
    }

    /// Reads in the way that the artefact allows.
    pub(crate) fn read(
        &mut self,
        step: Step,
        at: BorrowedFd<'_>,
        path: &str,
        artefact: &Artefact,
    ) -> Result<bool, Missing> {
        if artefact.record {
            self.record(step, at, path, artefact.cap)
        } else {
            self.taker.file(step, at, path, artefact.cap)
        }
    }

    /// Reads what the kernel makes as one record. In a copied tree it is a file like any other.
    pub(crate) fn record(
        &mut self,
        step: Step,
        at: BorrowedFd<'_>,
        path: &str,
        cap: usize,
    ) -> Result<bool, Missing> {
        if self.context.real {
            self.taker.record(step, at, path, cap)
        } else {
            self.taker.file(step, at, path, cap)
        }
    }

    fn inside(&mut self, step: Step, root: BorrowedFd<'_>, path: &str, cap: usize) -> Result<bool, Missing> {
        self.taker.enter(step)?;
        let file = sys::open_inside(root, path)?;
        self.taker.opened(step, file, cap)
    }

    /// Goes through the members of a namespace until one of them is still there and lets itself be read.
    fn through(
        &mut self,
        members: &[u32],
        namespace: &str,
        inode: u64,
        step: Step,
        read: impl Fn(&mut Self, BorrowedFd<'_>) -> Result<bool, Missing>,
    ) -> Result<bool, Missing> {
        let mut last = Missing::Vanished;
        for pid in members {
            let Some(process) =
                member(&mut self.taker, self.context.proc.as_fd(), *pid, namespace, inode, step)
            else {
                continue;
            };
            last = match read(self, process.as_fd()) {
                Err(Missing::Errno(errno @ (Errno::SRCH | Errno::ACCESS | Errno::PERM | Errno::INVAL))) => {
                    errno.into()
                }
                other => return other,
            };
        }
        Err(last)
    }
}

/// Opens a process if it still lives in the namespace: its number may have gone to another.
fn member(
    taker: &mut Taker,
    proc: BorrowedFd<'_>,
    pid: u32,
    namespace: &str,
    wanted: u64,
    step: Step,
) -> Option<OwnedFd> {
    let process = sys::open_dir(proc, &pid.to_string()).ok()?;
    taker.link(step, process.as_fd(), namespace).ok()?;
    (inode(&taker.buffer) == Some(wanted)).then_some(process)
}
