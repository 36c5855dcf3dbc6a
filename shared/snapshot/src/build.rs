//! Building a snapshot: member by member, so that a browser can show progress and stop in between.

use super::assembly::{Assembly, Parts};
use super::standing::Cuts;
use super::summary::{self, Around, Loaded};
use super::tables::Tables;
use super::{Members, OpenFile, Problem, Process, Snapshot, Users};
use procglass_model::bundle::{FORMAT, Integrity, MANIFEST_NAME, Manifest, Member, OUTCOMES_NAME, Outcomes};

/// Takes members in any order (those that need the manifest's clock and byte order work best after it, where a bundle
/// has them) and ends with a [`Snapshot`].
#[derive(Default)]
pub struct SnapshotBuilder {
    manifest: Option<Manifest>,
    outcomes: Option<Outcomes>,
    members: Members,
    loaded: Vec<Loaded>,
    /// Bytes of the file in front of the first process.
    before: usize,
    files: Vec<OpenFile>,
    tables: Tables,
    users: Users,
    cuts: Cuts,
    problems: Vec<Problem>,
}

impl SnapshotBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Processes taken so far.
    #[must_use]
    pub fn processes(&self) -> usize {
        self.loaded.len()
    }

    /// Says that `read` of `all` bytes of the file were taken, so that tables grow to what they will be and not bit by bit: to
    /// move them takes a browser longer than to fill them.
    pub fn expect(&mut self, read: usize, all: usize) {
        if self.loaded.is_empty() {
            self.before = read;
        }
        let (read, left) = (read.saturating_sub(self.before), all.saturating_sub(read));
        reserve(&mut self.loaded, read, left);
        reserve(&mut self.files, read, left);
    }

    /// Takes one member. What is not understood becomes a problem of the snapshot.
    pub fn member(&mut self, member: Member) {
        let mut parts = member.name.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(MANIFEST_NAME), None, None) => self.manifest(&member),
            (Some(OUTCOMES_NAME), None, None) => self.outcomes = self.json(&member),
            (Some("process"), Some(_), None) => self.process(&member),
            (Some("net"), Some(netns), Some(table)) => match netns.parse() {
                Ok(netns) => self.tables.add(netns, table, self.members.len()),
                Err(_) => {
                    self.problems.push(Problem::new(&*member.name, "the network namespace is no number"));
                }
            },
            (Some("host"), Some("etc"), Some("passwd")) => self.users.add(None, &member.data),
            (Some("mount"), Some(mnt), Some("etc/passwd")) => {
                if let Ok(mnt) = mnt.parse() {
                    self.users.add(Some(mnt), &member.data);
                }
            }
            _ => {}
        }
        self.members.push(member);
    }

    /// Puts everything together at once.
    #[must_use]
    pub fn finish(self, integrity: Integrity) -> Snapshot {
        let mut assembly = self.assemble();
        while assembly.step() {}
        assembly.finish(integrity)
    }

    /// Puts everything together in steps, for a page that must stay alive.
    #[must_use]
    pub fn assemble(self) -> Assembly {
        let Self { manifest, outcomes, members, loaded, files, tables, users, cuts, problems, .. } = self;
        Assembly::new(Parts {
            manifest: manifest.unwrap_or_default(),
            outcomes,
            members,
            loaded,
            files,
            tables,
            users,
            cuts,
            problems,
        })
    }

    /// The names and pids of the first `count` processes that were read: something to look at while the rest comes.
    pub fn first(&self, count: usize) -> impl Iterator<Item = &Process> {
        self.loaded.iter().take(count).map(|loaded| &loaded.process)
    }

    /// The host's name, once the manifest was read.
    #[must_use]
    pub fn host_name(&self) -> Option<String> {
        let manifest = self.manifest.as_ref()?;
        Some(procglass_model::text::visible(&manifest.hostname).into_owned()).filter(|name| !name.is_empty())
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self, member: &Member) -> Option<T> {
        match serde_json::from_slice(&member.data) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(not_ours(&member.name, &error));
                None
            }
        }
    }

    fn manifest(&mut self, member: &Member) {
        self.manifest = self.json(member);
        if let Some(manifest) = self.manifest.as_ref().filter(|manifest| manifest.format > FORMAT) {
            let what = format!(
                "made by a newer procglass (format {}, this one reads {FORMAT}): what is understood is shown",
                manifest.format
            );
            self.problems.push(Problem::new(MANIFEST_NAME, what));
        }
    }

    fn process(&mut self, member: &Member) {
        let page_size = self.manifest.as_ref().map_or(4096, |manifest| manifest.page_size);
        let Self { members, files, cuts, problems, .. } = self;
        match summary::read(member, &mut Around { members, page_size, cuts, problems }, files) {
            Ok(loaded) => self.loaded.push(loaded),
            Err(error) => self.problems.push(not_ours(&member.name, &error)),
        }
    }
}

/// Makes room for what is `left`, when `read` gave these rows. A file may be unlike its beginning, so it is never very much.
fn reserve<T>(rows: &mut Vec<T>, read: usize, left: usize) {
    /// Of so many rows it can be told what the rest will be like.
    const ENOUGH: usize = 500;
    /// Bytes.
    const MOST: usize = 32 << 20;
    if rows.len() > ENOUGH && rows.capacity() - rows.len() < rows.len() / 4 {
        // In whole times: rows times bytes is more than a browser's `usize` holds.
        let wanted = rows.len().saturating_mul(left.div_ceil(read.max(1)));
        rows.reserve(wanted.saturating_add(rows.len() / 4).min(MOST / size_of::<T>().max(1)));
    }
}

fn not_ours(member: &str, error: &serde_json::Error) -> Problem {
    Problem::new(member, format!("not the JSON of this format: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_grow_to_what_they_will_be_and_not_to_what_a_file_claims() {
        let mut rows = vec![0_u64; 1000];
        rows.shrink_to_fit();
        reserve(&mut rows, 100, 900);
        assert!((10_000..11_000).contains(&rows.capacity()), "{}", rows.capacity());
        let before = rows.capacity();
        reserve(&mut rows, 100, 900);
        assert_eq!(rows.capacity(), before, "there is room");
        for (read, left) in [(1, usize::MAX), (0, 5), (1, usize::MAX / 2000)] {
            let mut rows = vec![0_u64; 1000];
            reserve(&mut rows, read, left);
            assert!(rows.capacity() <= 1000 + (32 << 20) / 8, "{}", rows.capacity());
        }
    }
}
