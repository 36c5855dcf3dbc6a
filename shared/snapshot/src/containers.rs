//! The container of each process. Processes of one container share their mounts, so each text is looked at once.

use super::Members;
use crate::analysis::container::{Container, from_cgroup, from_mountinfo, with_pod};
use foldhash::HashMap;
use procglass_model::bundle::{Bases, Content, FileContent};
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Containers {
    /// By hash of a shared text, and by whether it holds control groups.
    seen: HashMap<(String, bool), Option<Arc<Container>>>,
    /// The text of the process before, and what it said: neighbours are often of one group.
    last: Option<(Content, Option<Arc<Container>>)>,
}

impl Containers {
    pub(super) fn of(
        &mut self,
        members: &Members,
        cgroup: Option<FileContent>,
        mountinfo: Option<FileContent>,
    ) -> Option<Arc<Container>> {
        let by_cgroup = cgroup.and_then(|text| self.look(members, text, true));
        if by_cgroup.as_ref().is_some_and(|container| container.pod.is_some()) {
            return by_cgroup;
        }
        let by_mounts = mountinfo.and_then(|text| self.look(members, text, false));
        match (by_cgroup, by_mounts) {
            (Some(by_cgroup), Some(by_mounts)) => {
                Some(with_pod(&by_cgroup, &by_mounts).map_or(by_cgroup, Arc::new))
            }
            (by_cgroup, by_mounts) => by_cgroup.or(by_mounts),
        }
    }

    fn look(&mut self, members: &Members, text: FileContent, cgroup: bool) -> Option<Arc<Container>> {
        let parse = |bytes: &[u8]| {
            let container = if cgroup { from_cgroup(bytes) } else { from_mountinfo(bytes) };
            container.map(Arc::new)
        };
        match text {
            FileContent::Inline(text) if cgroup => {
                if let Some((_, known)) = self.last.as_ref().filter(|(last, _)| *last == text) {
                    return known.clone();
                }
                let container = parse(&text);
                self.last = Some((text, container.clone()));
                container
            }
            FileContent::Shared(hash) => self
                .seen
                .entry((hash, cgroup))
                .or_insert_with_key(|(hash, _)| members.text(hash).and_then(parse))
                .clone(),
            // No addresses are in these.
            other => members.content(&other, &Bases::default()).ok().and_then(|bytes| parse(&bytes)),
        }
    }
}
