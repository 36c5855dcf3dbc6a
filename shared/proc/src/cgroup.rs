//! `/proc/<pid>/cgroup`: lines `hierarchy:controllers:path`, cgroups(7).

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Hierarchy id; 0 is cgroup v2.
    pub hierarchy: u32,
    /// Controllers, comma-separated; empty for v2.
    pub controllers: &'a [u8],
    /// Path below the hierarchy's root, as the reader's cgroup namespace shows it.
    pub path: &'a [u8],
}

/// The lines; one of another form is passed over.
pub fn parse(bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    super::error::lines(bytes).filter_map(|(_, line)| {
        let mut parts = line.splitn(3, |byte| *byte == b':');
        let hierarchy = super::error::number(parts.next()?)?;
        Some(Entry { hierarchy, controllers: parts.next()?, path: parts.next()? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions() {
        let text = b"12:memory,cpu:/docker/ab:cd\n0::/system.slice/x.service\nnonsense\n";
        let entries: Vec<_> = parse(text).collect();
        assert_eq!(entries[0], Entry { hierarchy: 12, controllers: b"memory,cpu", path: b"/docker/ab:cd" });
        assert_eq!(entries[1].path, b"/system.slice/x.service");
        assert_eq!(entries.len(), 2);
    }
}
