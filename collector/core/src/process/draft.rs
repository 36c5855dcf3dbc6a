//! The record of a process while it is being made: one piece of JSON for each of its parts, since artefacts of all kinds
//! are read in one order and written in another.

use crate::context::Listed;
use crate::take::Missing;
use procglass_model::bundle::descriptor::REFERRED_MAX;
use procglass_model::bundle::scan::same;
use procglass_record::{Json, Layout};
use std::borrow::Cow;
use std::time::Duration;

/// Files that are written relative to where the memory lies.
const ADDRESSED: [&str; 3] = ["stat", "syscall", "auxv"];

/// Longer content is rarely the same twice.
const REMEMBERED_MAX: usize = 512;

/// Templates of `fdinfo` that are compared with.
const INFOS_MAX: usize = 16;

/// Buffers that are used again for each process.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    links: Json,
    files: Json,
    pub(super) fds: Json,
    pub(super) threads: Json,
    pub(super) executable: Json,
    errors: Json,
    /// What each artefact was in the process before, with its JSON: most are the same in many processes.
    before: Vec<(Vec<u8>, Vec<u8>)>,
    /// Files that hold addresses, until it is known where the memory lies: `stat`, `syscall`, `auxv`.
    addressed: [Option<Vec<u8>>; ADDRESSED.len()],
    spare: Vec<Vec<u8>>,
    pub(super) layout: Layout,
    /// Templates of `fdinfo` in this record, by the descriptor that has them.
    infos: Vec<(u32, Vec<u8>)>,
    /// Outcomes of this record's artefacts.
    pub(crate) tally: Vec<(Cow<'static, str>, u64)>,
    /// The whole record, once finished.
    pub(crate) record: Json,
}

impl Draft {
    pub(super) fn begin(&mut self, pid: u32) {
        self.tally.clear();
        self.infos.clear();
        self.layout.begin(pid);
        self.spare.extend(self.addressed.iter_mut().filter_map(Option::take));
        self.record.0.clear();
        for part in [&mut self.fds, &mut self.threads, &mut self.executable] {
            part.0.clear();
        }
        for object in [&mut self.links, &mut self.files, &mut self.errors] {
            object.0.clear();
            object.open(b'{');
        }
        self.fds.open(b'[');
        self.threads.open(b'[');
    }

    pub(super) fn link(&mut self, (index, artefact): Listed, target: &[u8]) {
        remembered(&mut self.before, &mut self.links, index, artefact.path, target);
    }

    pub(super) fn file(&mut self, (index, artefact): Listed, content: &[u8]) {
        let path = artefact.path;
        if let Some(at) = ADDRESSED.iter().position(|known| *known == path)
            && let Some(place) = self.addressed.get_mut(at)
        {
            let mut copy = self.spare.pop().unwrap_or_default();
            copy.clear();
            copy.extend_from_slice(content);
            *place = Some(copy);
            return;
        }
        if path == "status" {
            self.layout.status(content);
            self.files.key(path);
            self.files.form("relative", &self.layout.template);
            return;
        }
        remembered(&mut self.before, &mut self.files, index, path, content);
    }

    /// The children of the only thread.
    pub(super) fn children(&mut self, path: &str, content: &[u8]) {
        self.files.key(path);
        self.files.bytes(content);
    }

    /// The memory map, once [`Layout::template`] holds it; `hash`: of the member with that template.
    pub(super) fn maps(&mut self, hash: Option<&str>) {
        self.files.key("maps");
        match hash {
            Some(hash) => self.files.form("template", hash.as_bytes()),
            None => self.files.form("relative", &self.layout.template),
        }
    }

    /// A template and the words for its holes, with commas between them.
    pub(super) fn alike(&mut self, path: &str, hash: &str, given: &[u8]) {
        self.files.key(path);
        self.files.open(b'{');
        self.files.key("template");
        self.files.text(hash);
        if !given.is_empty() {
            self.files.key("given");
            self.files.bytes(given);
        }
        self.files.close(b'}');
    }

    pub(super) fn shared(&mut self, path: &str, hash: &str) {
        self.files.key(path);
        self.files.form("text", hash.as_bytes());
    }

    /// Finds out where the memory lies. True: the layout's template stands for `maps`.
    pub(super) fn learn(&mut self, maps: &[u8]) -> bool {
        let stat = self.addressed.first().and_then(Option::as_deref).unwrap_or_default();
        self.layout.learn(maps, stat)
    }

    /// Writes what was waiting for the layout.
    fn addressed(&mut self) {
        for (path, content) in ADDRESSED.iter().zip(&self.addressed) {
            let Some(content) = content else { continue };
            self.files.key(path);
            let form = match *path {
                _ if self.layout.is_empty() => None,
                "stat" => {
                    self.layout.stat(content);
                    Some("relative")
                }
                "syscall" => {
                    self.layout.syscall(content);
                    Some("relative")
                }
                _ => self.layout.auxv(content).then_some("words"),
            };
            match form {
                Some(form) => self.files.form(form, &self.layout.template),
                None => self.files.bytes(content),
            }
        }
    }

    /// The `fdinfo` of a descriptor, as a template that may have come before.
    pub(super) fn info(&mut self, fd: u32, template: &[u8]) {
        self.fds.key("info");
        if let Some((same, _)) = self.infos.iter().find(|(_, known)| same(known, template)) {
            self.fds.number(u64::from(*same));
            return;
        }
        self.fds.bytes(template);
        if template.len() <= REFERRED_MAX && self.infos.len() < INFOS_MAX {
            self.infos.push((fd, template.to_vec()));
        }
    }

    /// Notes what could not be read.
    pub(super) fn miss(&mut self, path: &str, missing: Missing) {
        let word = missing.word();
        self.error(path, &word);
        self.tally(word);
    }

    /// Notes what was cut.
    pub(super) fn cut(&mut self, path: &str, sentence: String) {
        self.error(path, &sentence);
        self.tally("cut");
    }

    /// Notes an error that counts with its artefact.
    pub(super) fn error(&mut self, path: &str, what: &str) {
        self.errors.key(path);
        self.errors.text(what);
    }

    pub(super) fn tally(&mut self, word: impl Into<Cow<'static, str>>) {
        let word = word.into();
        match self.tally.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => self.tally.push((word, 1)),
        }
    }

    /// Puts the record together, in the form of `ProcessRecord`.
    pub(super) fn finish(
        &mut self,
        pid: u32,
        start_time: Option<u64>,
        read_after: Duration,
        through: Option<u32>,
    ) {
        self.addressed();
        for object in [&mut self.links, &mut self.files, &mut self.errors] {
            object.close(b'}');
        }
        self.fds.close(b']');
        self.threads.close(b']');
        let record = &mut self.record;
        record.open(b'{');
        record.key("pid");
        record.number(u64::from(pid));
        if let Some(start_time) = start_time {
            record.key("start_time");
            record.number(start_time);
        }
        record.key("read_after_us");
        record.number(u64::try_from(read_after.as_micros()).unwrap_or(u64::MAX));
        if let Some(tid) = through {
            record.key("read_through");
            record.number(u64::from(tid));
        }
        record.key("bases");
        record.open(b'[');
        for base in self.layout.bases() {
            record.hexadecimal(base);
        }
        record.close(b']');
        for (name, part, required) in [
            ("links", &self.links, true),
            ("executable", &self.executable, false),
            ("files", &self.files, true),
            ("fds", &self.fds, true),
            ("threads", &self.threads, false),
            ("errors", &self.errors, false),
        ] {
            if required || part.0.len() > 2 {
                record.key(name);
                record.raw(&part.0);
            }
        }
        record.close(b'}');
        record.0.push(b'\n');
    }
}

/// Adds a key with bytes, whose JSON is made only if they differ from those of the process before.
fn remembered(before: &mut Vec<(Vec<u8>, Vec<u8>)>, object: &mut Json, index: u32, path: &str, bytes: &[u8]) {
    object.key(path);
    let index = usize::try_from(index).unwrap_or(0);
    if before.len() <= index {
        before.resize_with(index + 1, Default::default);
    }
    let Some((known, json)) = before.get_mut(index) else { return };
    if json.is_empty() || !same(known, bytes) {
        let begin = object.0.len();
        object.bytes(bytes);
        if bytes.len() <= REMEMBERED_MAX {
            bytes.clone_into(known);
            object.0.get(begin..).unwrap_or_default().clone_into(json);
        }
        return;
    }
    object.raw(json);
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::artefact;
    use procglass_model::bundle::{FileContent, ProcessRecord};
    use rustix::io::Errno;

    #[test]
    fn a_record_reads_back_as_one() {
        let mut draft = Draft::default();
        for _ in 0..2 {
            draft.begin(7);
            draft.link((1, &artefact::EXE), b"/bin/\xff");
            draft.file((0, &artefact::STAT), b"7 (x) S\n");
            draft.shared("limits", "00");
            draft.miss("environ", Missing::Errno(Errno::ACCESS));
            draft.cut("cmdline", "cut at 3 bytes".into());
            draft.tally("read");
            draft.tally("read");
            draft.finish(7, Some(99), Duration::from_micros(5), None);
        }
        let record: ProcessRecord = serde_json::from_slice(&draft.record.0).unwrap();
        assert_eq!((record.pid, record.start_time, record.read_after_us), (7, Some(99), 5));
        assert_eq!(record.links["exe"].0, b"/bin/\xff");
        assert_eq!(record.files["stat"], FileContent::Inline(b"7 (x) S\n".to_vec().into()));
        assert_eq!(record.files["limits"], FileContent::Shared("00".into()));
        assert_eq!(record.errors["environ"], "EACCES");
        assert_eq!(record.errors["cmdline"], "cut at 3 bytes");
        assert!(record.fds.is_empty() && record.executable.is_none());
        assert_eq!(draft.tally[2], ("read".into(), 2));
    }

    #[test]
    fn an_empty_record_is_one() {
        let mut draft = Draft::default();
        draft.begin(1);
        draft.finish(1, None, Duration::ZERO, None);
        let record: ProcessRecord = serde_json::from_slice(&draft.record.0).unwrap();
        assert_eq!(record, ProcessRecord { pid: 1, bases: [1].into(), ..ProcessRecord::default() });
    }
}
