//! Open file descriptors: number, target, fdinfo, and `stat` of the file behind those whose target is a path.

use super::exe::word_of;
use super::{Subject, inode};
use crate::pipeline::Worker;
use crate::step::{Part, Step};
use crate::sys;
use crate::take::{Missing, cut_at};
use procglass_model::bundle::{FileStat, descriptor};
use procglass_record::Json;
use rustix::io::Errno;
use std::os::fd::AsFd;

/// More descriptors than any server needs; each costs some 150 bytes of memory while its process is read.
const FDS_MAX: usize = 65_536;

impl Worker {
    pub(super) fn descriptors(
        &mut self,
        subject: &Subject,
        step: Step,
        cap: usize,
    ) -> Result<Option<String>, Missing> {
        self.taker.enter(step)?;
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.clear();
        self.taker.close();
        let links = sys::numbers(subject.dir(), "fd", |number| numbers.push(number));
        self.seen.blind = links.is_err();
        let result = links.map(|links| {
            let infos = sys::open_dir(subject.dir(), "fdinfo");
            for fd in numbers.iter().take(FDS_MAX) {
                self.descriptor(subject, *fd, links.as_fd(), infos.as_ref().map_err(|e| *e), cap);
            }
            infos.into_iter().chain([links]).for_each(|directory| self.taker.done(directory));
            (numbers.len() > FDS_MAX).then(|| format!("cut at {FDS_MAX} of {} descriptors", numbers.len()))
        });
        self.numbers = numbers;
        Ok(result?)
    }

    fn descriptor(
        &mut self,
        subject: &Subject,
        fd: u32,
        links: impl AsFd,
        infos: Result<impl AsFd, Errno>,
        cap: usize,
    ) {
        let mut name = [0; 10];
        let name = decimal(fd, &mut name);
        let begin = self.draft.fds.0.len();
        self.draft.fds.open(b'{');
        self.draft.fds.key("fd");
        self.draft.fds.number(u64::from(fd));
        let mut error = None;
        let mut closed = false;
        match self.taker.link(Step::new(Part::FdLink, fd), links.as_fd(), name) {
            Ok(()) => {
                // The kernel's own names hold no text of the process.
                let kernel = [&b"socket:["[..], b"pipe:[", b"anon_inode:", b"/dev/"];
                if !kernel.iter().any(|own| self.taker.buffer.starts_with(own)) {
                    self.redactor.path(&mut self.taker.buffer, false);
                }
                self.draft.fds.key("target");
                self.draft.fds.bytes(&self.taker.buffer);
                if self.taker.buffer.starts_with(b"socket:[") {
                    self.seen.sockets.extend(inode(&self.taker.buffer));
                }
            }
            Err(missing) => {
                closed = missing == Missing::Errno(Errno::NOENT);
                self.seen.blind |= !closed;
                error = Some(missing.word());
            }
        }
        let path = self.taker.buffer.first() == Some(&b'/');
        let target = error.is_none().then_some(self.taker.buffer.as_slice());
        let mut own = descriptor::inode(target, None);
        if error.is_none() && path && self.context.real {
            match self.look(subject, Step::new(Part::FdStat, fd), links.as_fd(), name) {
                Ok((stat, mount)) => {
                    own = Some(stat.inode);
                    self.draft.fds.key("stat");
                    stat_list(&stat, &mut self.draft.fds);
                    let path = self.taker.buffer.as_slice();
                    // A name that was redacted cannot be looked for.
                    if stat.links > 0
                        && path.ends_with(b" (deleted)")
                        && !path.windows(9).any(|part| part == b"<redacted")
                    {
                        let path = path.to_vec();
                        if let Some(on_disk) = self.on_disk(subject, &path, &stat, fd.saturating_add(1)) {
                            self.draft.fds.key("on_disk");
                            self.draft.fds.text(word_of(on_disk));
                        }
                        self.taker.buffer = path;
                    }
                    if let Some(hash) = self.recover_file(subject, fd, links.as_fd(), name, (&stat, mount)) {
                        self.draft.fds.key("recovered");
                        self.draft.fds.text(&hash);
                    }
                }
                Err(missing) => error = Some(missing.word()),
            }
        }
        let info = infos
            .map_err(Missing::from)
            .and_then(|infos| self.record(Step::new(Part::FdInfo, fd), infos.as_fd(), name, cap));
        match info {
            Ok(cut) => {
                closed = false;
                if own.is_some_and(|inode| descriptor::info(&self.taker.buffer, inode, &mut self.plain)) {
                    self.draft.info(fd, &self.plain);
                } else {
                    self.draft.fds.key("fdinfo");
                    self.draft.fds.bytes(&self.taker.buffer);
                }
                if cut {
                    error.get_or_insert(cut_at(cap).into());
                }
            }
            Err(missing) => {
                closed &= missing == Missing::Errno(Errno::NOENT);
                error.get_or_insert(missing.word());
            }
        }
        if closed {
            // Closed between listing and reading: it is not there, which is no error.
            self.draft.fds.0.truncate(begin);
            return;
        }
        if let Some(error) = error {
            self.draft.fds.key("error");
            self.draft.fds.text(&error);
        }
        self.draft.fds.close(b'}');
    }

    /// Attributes of a file whose path is in the buffer, and the number of its mount. What lies on a mount that did not answer
    /// before is left alone.
    pub(super) fn look(
        &mut self,
        subject: &Subject,
        step: Step,
        at: impl AsFd,
        path: &str,
    ) -> Result<(FileStat, Option<u64>), Missing> {
        let mounts = subject.mounts.as_deref();
        let remote = mounts.and_then(|mounts| mounts.on_the_way(&self.taker.buffer)).map(|mount| mount.id);
        self.taker.on_mount(remote, &self.context.hung)?;
        let entered = self.taker.enter(step);
        let found = entered.and_then(|()| Ok(sys::file_stat_on(at, path)?));
        self.taker.off_mount();
        found
    }
}

/// The fields of a `FileStat`.
pub(super) fn stat_fields(stat: &FileStat, json: &mut Json) {
    for (name, value) in [
        ("dev", stat.dev),
        ("inode", stat.inode),
        ("links", stat.links),
        ("mode", u64::from(stat.mode)),
        ("uid", u64::from(stat.uid)),
        ("gid", u64::from(stat.gid)),
        ("size", stat.size),
    ] {
        json.key(name);
        json.number(value);
    }
    for (name, value) in [("mtime", stat.mtime), ("ctime", stat.ctime)] {
        json.key(name);
        json.signed(value);
    }
}

/// The same as a list, which half of all descriptors have: the names would be two thirds of it.
fn stat_list(stat: &FileStat, json: &mut Json) {
    json.open(b'[');
    let ids = [u64::from(stat.mode), u64::from(stat.uid), u64::from(stat.gid)];
    for value in [stat.dev, stat.inode, stat.links].into_iter().chain(ids).chain([stat.size]) {
        json.number(value);
    }
    json.signed(stat.mtime);
    json.signed(stat.ctime);
    json.close(b']');
}

/// A number as text, without an allocation for each descriptor.
pub(super) fn decimal(mut number: u32, buffer: &mut [u8; 10]) -> &str {
    let mut from = buffer.len();
    for (at, digit) in buffer.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        from = at;
        if number == 0 {
            break;
        }
    }
    std::str::from_utf8(buffer.get(from..).unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals() {
        for number in [0, 7, 10, 255, 65_536, u32::MAX] {
            assert_eq!(decimal(number, &mut [0; 10]), number.to_string());
        }
    }

    #[test]
    fn stat_has_the_form_of_the_format() {
        let stat = FileStat { dev: 1, inode: u64::MAX, mode: 0o100_755, mtime: -5, ..FileStat::default() };
        let mut json = Json::default();
        json.open(b'{');
        stat_fields(&stat, &mut json);
        json.close(b'}');
        assert_eq!(json.0, serde_json::to_vec(&stat).unwrap());
        let mut list = Json::default();
        stat_list(&stat, &mut list);
        assert_eq!(serde_json::from_slice::<FileStat>(&list.0).unwrap(), stat);
    }
}
