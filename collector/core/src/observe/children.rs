//! Children that are in no list. The kernel links each process to the thread that started it, and `children` shows these
//! links: what hides entries of `/proc` rarely thinks of them. A child that is named at two looks lived between them, and so
//! would have been listed.

use super::{HIDDEN, MOST};
use crate::manifest::own_hidepid;
use crate::pipeline::Worker;
use procglass_model::artefact::CHILDREN;
use procglass_model::bundle::Observation;
use procglass_proc::children::pids;
use std::os::fd::AsFd;
use std::time::Duration;

/// Looks after the first find.
const AGAIN: usize = 3;

/// A process, one of its threads, and a child of that thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pid: u32,
    tid: u32,
    child: u32,
}

impl Link {
    /// Where the child is named, below `/proc`.
    fn path(self) -> String {
        format!("{}/{}", self.pid, CHILDREN.path_of(self.tid))
    }
}

impl Worker {
    /// Notes the children that the buffer names.
    pub(crate) fn meet_children(&mut self, pid: u32, tid: u32) {
        let children = pids(&self.taker.buffer);
        self.seen.children.extend(children.into_iter().map(|child| Link { pid, tid, child }));
    }

    /// Looks for the children that were noted, in the list of processes.
    pub(super) fn unlisted_children(&mut self) {
        let mut suspects = std::mem::take(&mut self.context.found().children);
        for look in 0..=AGAIN {
            if suspects.is_empty() {
                return;
            }
            if look == 1 && own_hidepid().is_some_and(|mode| mode != "0" && mode != "off") {
                // It hides processes from the list, and not from here.
                return;
            }
            if look > 0 {
                self.taker.idle();
                std::thread::sleep(Duration::from_millis(20));
            }
            let Some(listed) = self.listed() else { return };
            // Links of one thread follow each other: each file is read once.
            let mut last = (String::new(), Vec::new());
            suspects.retain(|link| {
                if listed.binary_search(&link.child).is_ok() {
                    return false;
                }
                let path = link.path();
                if last.0 != path {
                    let named = self.children_at(&path);
                    last = (path, named);
                }
                last.1.contains(&link.child)
            });
        }
        let mut found = self.context.found();
        for link in suspects.into_iter().take(MOST) {
            let (child, path) = (link.child, link.path());
            found.observations.push(Observation {
                kind: "child-without-process".into(),
                what: format!("process {child} is a child by /proc/{path} but not in the list of /proc, at {AGAIN} looks"),
                pid: Some(child),
                evidence: child.to_string().into_bytes().into(),
            });
        }
    }

    /// The children in the file now.
    fn children_at(&mut self, path: &str) -> Vec<u32> {
        let read = self.taker.file(HIDDEN, self.context.proc.as_fd(), path, CHILDREN.cap);
        if read.is_ok() { pids(&self.taker.buffer) } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_that_of_the_thread() {
        assert_eq!(Link { pid: 7, tid: 9, child: 11 }.path(), "7/task/9/children");
    }
}
