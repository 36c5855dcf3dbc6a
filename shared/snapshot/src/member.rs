//! The bundle's members, kept as they are: every fact on the screen can show the bytes that it came from.

use foldhash::HashMap;
use procglass_model::bundle::{Bases, ContentError, FileContent, Member, ProcessRecord, Sha256Digest};
use std::borrow::Cow;
use std::sync::Arc;

/// All members by name. They are never changed.
#[derive(Debug, Default)]
pub struct Members {
    list: Vec<Member>,
    by_name: HashMap<Arc<str>, usize>,
}

impl Members {
    pub(crate) fn push(&mut self, member: Member) {
        self.by_name.insert(Arc::clone(&member.name), self.list.len());
        self.list.push(member);
    }

    /// Takes the hashes of members in the order in which they came, where the reader did not make them.
    pub(crate) fn set_digests(&mut self, digests: &[Sha256Digest]) {
        for (member, digest) in self.list.iter_mut().zip(digests) {
            member.sha256 = Some(*digest);
        }
    }

    /// In the order of the bundle.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.list.iter()
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// One by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.list.get(*self.by_name.get(name)?)
    }

    /// One by its place in the order of the bundle.
    pub(crate) fn at(&self, place: usize) -> Option<&Member> {
        self.list.get(place)
    }

    /// The bytes of one by its name.
    #[must_use]
    pub fn data(&self, name: &str) -> Option<&[u8]> {
        Some(&self.get(name)?.data)
    }

    /// The bytes of a collected file, wherever and in whatever form they are kept. `bases` are those of its process.
    ///
    /// # Errors
    /// [`ContentError`]: the member that holds them is missing, or a template is malformed.
    pub fn content<'a>(
        &'a self,
        content: &'a FileContent,
        bases: &Bases,
    ) -> Result<Cow<'a, [u8]>, ContentError> {
        content.bytes(bases, |hash| self.text(hash))
    }

    /// The text that several files have in common, by its hash.
    pub(crate) fn text(&self, hash: &str) -> Option<&[u8]> {
        self.data(&["text/", hash].concat())
    }

    /// The bytes of a file of a process, as the kernel gave them. `Ok(None)`: it is not in the record.
    ///
    /// # Errors
    /// As [`Members::content`].
    pub fn file<'a>(
        &'a self,
        record: &'a ProcessRecord,
        path: &str,
    ) -> Result<Option<Cow<'a, [u8]>>, ContentError> {
        record.files.get(path).map(|content| self.content(content, &record.bases)).transpose()
    }
}
