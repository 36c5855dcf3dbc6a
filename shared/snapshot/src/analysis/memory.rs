//! A memory map, summed up by file, with what is unusual said first.

use procglass_model::sorting;
use procglass_proc::maps::MMPermissions;
use procglass_proc::maps::Mapping;
use std::collections::HashMap;

/// All areas of one file, or of one kind of memory without a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Path or `[name]` as printed; empty for anonymous memory.
    pub path: Vec<u8>,
    /// Places in the list of mappings.
    pub areas: Vec<usize>,
    /// Bytes of address space.
    pub bytes: u64,
    /// What is unusual about it.
    pub marks: Marks,
}

/// Properties worth a look. Each also occurs in innocent programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// An area can be written and executed.
    pub writable_executable: bool,
    /// Code without a file.
    pub anonymous_executable: bool,
    /// The file has no name any more.
    pub deleted: bool,
    /// A file that only ever was in memory, memfd_create(2).
    pub memfd: bool,
}

impl Marks {
    /// Of one area.
    #[must_use]
    pub fn of(mapping: &Mapping<'_>) -> Self {
        let has = |flag| mapping.permissions.contains(flag);
        let executable = has(MMPermissions::EXECUTE);
        let memfd = mapping.path.starts_with(b"/memfd:");
        // The kernel's own code in each process: [vdso], [vsyscall], [uprobes].
        let kernel = mapping.path.starts_with(b"[v") || mapping.path == b"[uprobes]";
        let file = mapping.path.starts_with(b"/");
        Self {
            writable_executable: has(MMPermissions::WRITE) && executable,
            anonymous_executable: executable && !file && !kernel,
            deleted: file && !memfd && mapping.path.ends_with(b" (deleted)"),
            memfd,
        }
    }

    /// Whether there is any.
    #[must_use]
    pub fn any(self) -> bool {
        self.writable_executable || self.anonymous_executable || self.deleted || self.memfd
    }

    /// Words for people.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let all = [
            (self.writable_executable, "writable and executable"),
            (self.anonymous_executable, "code without a file"),
            (self.memfd, "in memory only"),
            (self.deleted, "deleted"),
        ];
        all.into_iter().filter(|(on, _)| *on).map(|(_, word)| word).collect()
    }

    fn add(&mut self, other: Self) {
        self.writable_executable |= other.writable_executable;
        self.anonymous_executable |= other.anonymous_executable;
        self.deleted |= other.deleted;
        self.memfd |= other.memfd;
    }
}

/// Groups the areas: the unusual ones first, each part in the order of the map.
#[must_use]
pub fn groups(mappings: &[Mapping<'_>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut by_path: HashMap<&[u8], usize> = HashMap::new();
    for (at, mapping) in mappings.iter().enumerate() {
        let place = *by_path.entry(mapping.path).or_insert_with(|| {
            groups.push(Group {
                path: mapping.path.to_vec(),
                areas: Vec::new(),
                bytes: 0,
                marks: Marks::default(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.areas.push(at);
            group.bytes = group.bytes.saturating_add(mapping.end.saturating_sub(mapping.start));
            group.marks.add(Marks::of(mapping));
        }
    }
    sorting::sort_by_key(&mut groups, |group| !group.marks.any());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_proc::maps::parse;

    #[test]
    fn unusual_memory_comes_first() {
        let text = b"1000-2000 r-xp 00000000 08:01 5 /usr/bin/sh\n\
            2000-3000 rw-p 00001000 08:01 5 /usr/bin/sh\n\
            3000-5000 rw-p 00000000 00:00 0 \n\
            5000-6000 rwxp 00000000 00:00 0 \n\
            6000-7000 r-xp 00000000 08:01 6 /lib/x.so (deleted)\n\
            7000-8000 r-xs 00000000 00:01 7 /memfd:a (deleted)\n\
            8000-9000 r-xp 00000000 00:00 0 [vdso]\n";
        let (mappings, problems) = parse(text);
        assert!(problems.is_empty());
        let groups = groups(&mappings);
        let names: Vec<_> = groups.iter().map(|group| String::from_utf8_lossy(&group.path)).collect();
        assert_eq!(names, ["", "/lib/x.so (deleted)", "/memfd:a (deleted)", "/usr/bin/sh", "[vdso]"]);
        assert_eq!(groups[0].marks.words(), ["writable and executable", "code without a file"]);
        assert_eq!(groups[1].marks.words(), ["deleted"]);
        assert_eq!(groups[2].marks.words(), ["in memory only"]);
        assert_eq!((groups[3].areas.len(), groups[3].bytes, groups[3].marks.any()), (2, 0x2000, false));
        assert!(!groups[4].marks.any(), "the kernel's own");
    }
}
