//! The descriptors of a process's record, straight into the table of all: they are by far the most of a system's rows.

use super::ProcessIndex;
use super::early::{Early, Parse};
use super::file::{FileKind, OpenFile};
use procglass_model::bundle::descriptor::Info;
use procglass_model::bundle::{Content, FileStat, OnDisk};
use procglass_proc::fdinfo;
use procglass_proc::fdinfo::FdInfo;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// One descriptor, without what only its own page shows.
#[derive(Deserialize)]
struct Fd {
    fd: u32,
    #[serde(default)]
    target: Option<Content>,
    #[serde(default)]
    fdinfo: Option<Early<FdInfo>>,
    /// The same with a hole in a line that is not wanted here.
    #[serde(default)]
    info: Option<Info<Early<FdInfo>>>,
    #[serde(default)]
    stat: Option<FileStat>,
    #[serde(default)]
    on_disk: Option<OnDisk>,
}

/// Reads the list of descriptors into the table of all.
pub(super) struct Descriptors<'a>(pub(super) &'a mut Vec<OpenFile>);

impl<'de> DeserializeSeed<'de> for Descriptors<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Descriptors<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of descriptors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut templates = Templates::default();
        while let Some(fd) = list.next_element()? {
            self.0.push(templates.open_file(fd));
        }
        Ok(())
    }
}

impl Parse for FdInfo {
    fn parse(bytes: &[u8]) -> Self {
        fdinfo::parse(bytes)
    }
}

/// The `fdinfo` of one record's descriptors that others refer to, by the number of the descriptor.
#[derive(Default)]
struct Templates(Vec<(u32, FdInfo)>);

impl Templates {
    fn open_file(&mut self, fd: Fd) -> OpenFile {
        let info = match fd.info {
            Some(Info::As(number)) => {
                let at = self.0.binary_search_by_key(&number, |(number, _)| *number);
                at.ok().and_then(|at| self.0.get(at)).map(|(_, info)| *info)
            }
            Some(Info::Own(info)) => {
                let info = info.value();
                // The kernel lists them in order. What is not in order is not referred to.
                if let Some(info) = info
                    && self.0.last().is_none_or(|(last, _)| *last < fd.fd)
                {
                    self.0.push((fd.fd, info));
                }
                info
            }
            None => fd.fdinfo.and_then(Early::value),
        };
        let info = info.unwrap_or_default();
        OpenFile {
            // Set when the processes have their final order.
            process: ProcessIndex(0),
            fd: fd.fd,
            kind: FileKind::of(fd.target.as_deref(), fd.stat.as_ref()),
            target: fd.target.map(|target| target.0.into()),
            stat: fd.stat,
            on_disk: fd.on_disk,
            pos: info.pos,
            flags: info.flags,
        }
    }
}
