//! One process: everything below `/proc/<pid>`, through a descriptor of that directory, which stays bound to the process:
//! when it ends and another gets its number, reads fail instead of returning the other's content.

mod alike;
mod draft;
mod exe;
mod extents;
mod fds;
mod life;
mod mountinfo;
mod mounts;
mod names;
mod recover;
mod texts;
mod threads;

pub(crate) use draft::Draft;
pub(crate) use exe::Hashed;
pub(crate) use extents::Extents;
pub(crate) use texts::{MountText, Texts};

use crate::context::Listed;
use crate::identity;
use crate::pipeline::{Stop, Worker};
use crate::step::{Part, Step};
use crate::sys;
use crate::take::{Missing, cut_at};
use life::Life;
use mounts::Mounts;
use procglass_model::artefact::CHILDREN;
use procglass_model::artefact::Kind;
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

/// Content shorter than a reference to it is no worse in place.
const SHARED_MIN: usize = 200;

/// The process at hand.
pub(crate) struct Subject {
    pid: u32,
    /// Its directory; that of a living thread once its leader was seen to have ended.
    dir: OwnedFd,
    /// Its own directory and the thread, where the two differ.
    leader: Option<(OwnedFd, u32)>,
    life: Life,
    /// Links that others depend on.
    exe: Vec<u8>,
    root: Vec<u8>,
    mnt: Vec<u8>,
    net: Vec<u8>,
    mounts: Option<Arc<Mounts>>,
}

/// How it went with a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The draft holds its record.
    Read,
    /// It ended before anything was read.
    Ended,
    /// Its directory could not be opened, though it may live.
    Failed(Errno),
}

impl Worker {
    /// Reads a process into the draft.
    pub(crate) fn process(&mut self, pid: u32) -> Result<Fate, Stop> {
        self.draft.begin(pid);
        self.seen.sockets.clear();
        self.seen.blind = false;
        self.seen.children.clear();
        let read_after = self.context.began.elapsed();
        let context = self.context.clone();
        let path = pid.to_string();
        let dir = match self.taker.sparing(|| sys::open_dir(&context.proc, &path)) {
            Ok(dir) => dir,
            Err(Errno::NOENT | Errno::SRCH) => return Ok(Fate::Ended),
            Err(errno) => return Ok(Fate::Failed(errno)),
        };
        let mut subject = Subject {
            pid,
            dir,
            leader: None,
            life: Life::default(),
            exe: Vec::new(),
            root: Vec::new(),
            mnt: Vec::new(),
            net: Vec::new(),
            mounts: None,
        };
        for listed in &context.process {
            // Of several threads each has its own, which are read with them.
            if listed.1.path == CHILDREN.path && subject.life.threads > 1 {
                continue;
            }
            if subject.life.headless() && subject.leader.is_none() && !OF_LEADER.contains(&listed.1.path) {
                self.follow_thread(&mut subject);
            }
            match self.artefact(&mut subject, *listed)? {
                Err(Missing::Errno(Errno::SRCH | Errno::NOENT)) if listed.1.path == "stat" => {
                    return Ok(Fate::Ended);
                }
                Err(missing) => self.draft.miss(&listed.1.path_of(pid), missing),
                Ok(None) => self.draft.tally("read"),
                Ok(Some(sentence)) => self.draft.cut(&listed.1.path_of(pid), sentence),
            }
            // Its file may lie on a file system that does not answer, and which that is follows from the mounts.
            if listed.1.path == "ns/mnt" && !subject.exe.is_empty() && self.context.real {
                self.know_mounts(&mut subject)?;
                self.executable(&subject);
            }
        }
        if subject.life.threads > 1 {
            self.threads(&subject);
        }
        let through = subject.leader.as_ref().map(|(_, tid)| *tid);
        self.draft.finish(pid, subject.life.start_time, read_after, through);
        self.remember(&subject);
        Ok(Fate::Read)
    }

    /// A leader may end while its threads go on. It is a zombie without memory or files then, and they have both: all that
    /// does not describe the leader itself is read through one of them.
    fn follow_thread(&mut self, subject: &mut Subject) {
        if self.taker.enter(Step::new(Part::Tasks, 1)).is_err() {
            return;
        }
        let mut tid = None;
        // What cannot be listed leaves the zombie as it is.
        let _ = sys::numbers(subject.dir(), "task", |number| {
            tid = tid.or((number != subject.pid).then_some(number));
        });
        let opened = tid.and_then(|tid| {
            let thread = sys::open_dir(subject.dir(), &format!("task/{tid}")).ok()?;
            Some((thread, tid))
        });
        if let Some((thread, tid)) = opened {
            subject.leader = Some((std::mem::replace(&mut subject.dir, thread), tid));
            subject.life.zombie = false;
        } else {
            // Nobody else is alive: not asked again for each file.
            subject.life.threads = 1;
        }
    }

    /// One artefact into the draft: whole, cut with a sentence, or missing.
    fn artefact(
        &mut self,
        subject: &mut Subject,
        listed: Listed,
    ) -> Result<Result<Option<String>, Missing>, Stop> {
        let (index, artefact) = listed;
        if subject.life.gone {
            return Ok(Err(Missing::Vanished));
        }
        if artefact.needs_memory && subject.life.no_memory() {
            return Ok(Err(Missing::NotApplicable));
        }
        let step = Step::new(Part::Artefact, index);
        let result = match artefact.kind {
            Kind::Link => self.link(subject, step, listed),
            Kind::Descriptors => self.descriptors(subject, step, artefact.cap),
            Kind::File if artefact.path == "mountinfo" => self.mountinfo(subject, step, listed)?,
            Kind::File if artefact.path == CHILDREN.path => self.children(subject, step),
            Kind::File => self.file(subject, step, listed)?,
        };
        Ok(result.map_err(|missing| self.explain(subject, missing)))
    }

    fn file(
        &mut self,
        subject: &mut Subject,
        step: Step,
        listed: Listed,
    ) -> Result<Result<Option<String>, Missing>, Stop> {
        let (index, artefact) = listed;
        let cut = match self.read(step, subject.dir(), artefact.path, artefact) {
            Ok(cut) => cut.then(|| cut_at(artefact.cap)),
            Err(missing) => return Ok(Err(missing)),
        };
        if artefact.path == "stat" {
            subject.life = Life::parse(&self.taker.buffer);
        }
        match artefact.path {
            "mountinfo" => self.redactor.path(&mut self.taker.buffer, true),
            path => self.redact_name(path),
        }
        let content = &self.taker.buffer;
        if artefact.path == "environ"
            && let Some(uri) = identity::ecs_uri(content)
        {
            // Kept as it is for the question, since the answer is what identifies the container.
            self.context.found().meet_ecs(uri);
        }
        if artefact.sensitive {
            self.plain.clear();
            match artefact.path {
                "environ" => self.redactor.environ(content, &mut self.plain),
                _ => self.redactor.cmdline(content, &mut self.plain),
            }
        }
        if artefact.alike && self.alike(listed)? {
            return Ok(Ok(cut));
        }
        let content = if artefact.sensitive { &self.plain } else { &self.taker.buffer };
        if artefact.path == "maps" && self.draft.learn(content) {
            let known = self.texts.repeated(index, &self.draft.layout.template);
            let hash = known.map(|(hash, new)| (hash.to_owned(), new));
            if let Some((_, true)) = hash {
                self.outlet.text(&self.draft.layout.template)?;
            }
            self.draft.maps(hash.as_ref().map(|(hash, _)| hash.as_str()));
        } else if artefact.shared && content.len() >= SHARED_MIN {
            let (hash, new) = self.texts.hash(index, content);
            self.draft.shared(artefact.path, hash);
            if new {
                self.outlet.text(content)?;
            }
        } else {
            self.draft.file(listed, content);
        }
        Ok(Ok(cut))
    }

    fn link(&mut self, subject: &mut Subject, step: Step, listed: Listed) -> Result<Option<String>, Missing> {
        let path = listed.1.path;
        self.taker.link(step, subject.dir(), path)?;
        if path == "cwd" {
            self.redactor.path(&mut self.taker.buffer, false);
        }
        let target = &self.taker.buffer;
        self.draft.link(listed, target);
        match path {
            "exe" => subject.exe.clone_from(target),
            "root" => subject.root.clone_from(target),
            "ns/mnt" => subject.mnt.clone_from(target),
            "ns/net" => subject.net.clone_from(target),
            _ => {}
        }
        Ok(None)
    }

    /// Tells a process that has ended from one that has no such thing.
    fn explain(&mut self, subject: &mut Subject, missing: Missing) -> Missing {
        let Missing::Errno(errno) = missing else { return missing };
        let none = matches!(errno, Errno::SRCH | Errno::NOENT | Errno::INVAL);
        if none && subject.life.zombie || errno == Errno::NOENT && subject.life.kernel {
            return Missing::NotApplicable;
        }
        if errno == Errno::SRCH && subject.life.known {
            let again = self.taker.file(Step::new(Part::Again, 0), subject.dir(), "stat", 4096);
            match again.map(|_| Life::parse(&self.taker.buffer)) {
                Ok(life) if life.zombie => return Missing::Vanished,
                Ok(_) => {}
                Err(_) => {
                    subject.life.gone = true;
                    return Missing::Vanished;
                }
            }
        }
        missing
    }

    /// Notes which namespaces it lives in.
    fn remember(&mut self, subject: &Subject) {
        self.seen.pid = subject.pid;
        self.seen.net = inode(&subject.net);
        self.seen.mount = inode(&subject.mnt);
        self.seen.whole_root = subject.root == b"/";
    }
}

/// What describes the leader of a process, even one that has ended.
const OF_LEADER: &[&str] = &["stat", "status", "comm"];

impl Subject {
    /// `/proc/<pid>` itself.
    fn leader(&self) -> BorrowedFd<'_> {
        self.leader.as_ref().map_or(self.dir.as_fd(), |(dir, _)| dir.as_fd())
    }

    fn dir(&self) -> BorrowedFd<'_> {
        self.dir.as_fd()
    }
}

/// The number in `net:[4026531840]`.
pub(crate) fn inode(link: &[u8]) -> Option<u64> {
    let from = link.iter().position(|byte| *byte == b'[')? + 1;
    let digits = link.get(from..)?.strip_suffix(b"]")?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::inode;

    #[test]
    fn namespace_inodes() {
        assert_eq!(inode(b"net:[4026531840]"), Some(4_026_531_840));
        for other in [&b""[..], b"net:[]", b"net:[1", b"net:[x]", b"net"] {
            assert_eq!(inode(other), None);
        }
    }
}
