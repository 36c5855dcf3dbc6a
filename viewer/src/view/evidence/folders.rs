//! The members as a tree of folders. Pure: tested natively.

use procglass_model::bundle::Member;
use procglass_model::sorting;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;

/// Folders in folders: what is deeper stands in the last of them. Names of a bundle may be of anybody's making.
const DEEP: usize = 12;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A folder by its number.
    Folder(usize),
    /// A member by its place in the bundle.
    Member(usize),
}

/// One folder.
#[derive(Debug, Default)]
pub(super) struct Folder {
    /// Its name from the top: `host/proc`.
    pub(super) path: String,
    pub(super) parent: Option<usize>,
    /// What is directly in it: folders first, both by name.
    entries: Vec<Entry>,
}

/// What is below a folder, as far as it passes the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) members: usize,
    pub(super) bytes: u64,
    /// Members that are not what was written.
    pub(super) bad: usize,
}

/// The tree.
#[derive(Debug, Default)]
pub(super) struct Folders {
    pub(super) list: Vec<Folder>,
    top: Vec<Entry>,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) entry: Entry,
    /// Folders around it.
    pub(super) depth: u32,
    /// Whether what is in it is shown; false for members.
    pub(super) open: bool,
    /// Place among its siblings, from 1, and how many there are.
    pub(super) place: (usize, usize),
}

impl Folders {
    /// From the members in the order of the bundle.
    pub(super) fn new<'a>(members: impl Iterator<Item = &'a Member>) -> Self {
        let mut tree = Self::default();
        let mut numbers: HashMap<&'a str, usize> = HashMap::new();
        let mut names = Vec::new();
        for (at, member) in members.enumerate() {
            let name = &*member.name;
            names.push(name);
            let (path, _) = split(name);
            let folder = path.and_then(|path| tree.folder(path, &mut numbers));
            tree.entries(folder).push(Entry::Member(at));
        }
        // At the top the bundle's own order: it begins with what says what it is.
        let paths: Vec<String> = tree.list.iter().map(|folder| folder.path.clone()).collect();
        let name = |entry: &Entry| match entry {
            Entry::Folder(at) => paths.get(*at).map_or("", String::as_str),
            Entry::Member(at) => names.get(*at).copied().unwrap_or_default(),
        };
        let kind = |entry: &Entry| matches!(entry, Entry::Member(_));
        let by_name = |a: &Entry, b: &Entry| kind(a).cmp(&kind(b)).then_with(|| natural(name(a), name(b)));
        for folder in &mut tree.list {
            sorting::sort_by(&mut folder.entries, by_name);
        }
        sorting::sort_by(&mut tree.top, |a, b| match (a, b) {
            (Entry::Folder(_), Entry::Folder(_)) => by_name(a, b),
            _ => kind(b).cmp(&kind(a)),
        });
        tree
    }

    /// The number of a folder, made with those around it.
    fn folder<'a>(&mut self, path: &'a str, numbers: &mut HashMap<&'a str, usize>) -> Option<usize> {
        if let Some(known) = numbers.get(path) {
            return Some(*known);
        }
        let parent = path.rfind('/').and_then(|end| self.folder(path.get(..end)?, numbers));
        let number = self.list.len();
        self.list.push(Folder { path: path.to_owned(), parent, entries: Vec::new() });
        self.entries(parent).push(Entry::Folder(number));
        numbers.insert(path, number);
        Some(number)
    }

    fn entries(&mut self, folder: Option<usize>) -> &mut Vec<Entry> {
        match folder.and_then(|at| self.list.get_mut(at)) {
            Some(folder) => &mut folder.entries,
            None => &mut self.top,
        }
    }

    /// What each folder holds of the members for which `of` gives something.
    pub(super) fn sums(&self, of: impl Fn(usize) -> Option<Sum>) -> Vec<Sum> {
        let mut sums = vec![Sum::default(); self.list.len()];
        for (at, folder) in self.list.iter().enumerate() {
            for sum in folder.entries.iter().filter_map(|entry| match entry {
                Entry::Member(member) => of(*member),
                Entry::Folder(_) => None,
            }) {
                let mut around = Some(at);
                while let Some(folder) = around {
                    if let Some(total) = sums.get_mut(folder) {
                        total.members += sum.members;
                        total.bytes += sum.bytes;
                        total.bad += sum.bad;
                    }
                    around = self.list.get(folder).and_then(|folder| folder.parent);
                }
            }
        }
        sums
    }

    /// The rows: folders with nothing in them have none; `passes` says which members have one, `open` which folders show
    /// what is in them.
    pub(super) fn rows(
        &self,
        sums: &[Sum],
        passes: impl Fn(usize) -> bool,
        open: impl Fn(&str) -> bool,
    ) -> Rc<[Row]> {
        let shown = |entry: &Entry| match entry {
            Entry::Folder(at) => sums.get(*at).is_some_and(|sum| sum.members > 0),
            Entry::Member(at) => passes(*at),
        };
        let mut rows = Vec::new();
        // What is still to be shown, the next at the end.
        let mut waiting: Vec<(Entry, u32, (usize, usize))> = Vec::new();
        let push = |entries: &[Entry], depth, waiting: &mut Vec<_>| {
            let list: Vec<Entry> = entries.iter().copied().filter(|entry| shown(entry)).collect();
            let placed = (1..).zip(&list).map(|(place, entry)| (*entry, depth, (place, list.len())));
            let at = waiting.len();
            waiting.extend(placed);
            waiting.get_mut(at..).unwrap_or_default().reverse();
        };
        push(&self.top, 0, &mut waiting);
        while let Some((entry, depth, place)) = waiting.pop() {
            let folder = match entry {
                Entry::Folder(at) => self.list.get(at),
                Entry::Member(_) => None,
            };
            let open = folder.filter(|folder| open(&folder.path));
            rows.push(Row { entry, depth, open: open.is_some(), place });
            if let Some(folder) = open {
                push(&folder.entries, depth + 1, &mut waiting);
            }
        }
        rows.into()
    }
}

/// The folder that a member is in, and what it is called there.
pub(super) fn split(name: &str) -> (Option<&str>, &str) {
    match name.match_indices('/').take(DEEP).last() {
        Some((end, _)) => (name.get(..end), name.get(end + 1..).unwrap_or_default()),
        None => (None, name),
    }
}

/// The part of a name behind its last slash.
pub(super) fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Names in the order in which people count: 9 before 10.
fn natural(a: &str, b: &str) -> Ordering {
    let number = |name: &str| {
        let name = last(name);
        let end = name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len());
        name.get(..end).and_then(|digits| digits.parse::<u64>().ok())
    };
    match (number(a), number(b)) {
        (Some(one), Some(other)) if one != other => one.cmp(&other),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 10] = [
        "manifest.json",
        "process/10.json",
        "process/9.json",
        "host/proc/stat",
        "host/proc/sys/kernel/tainted",
        "host/etc/passwd",
        "text/ab",
        "net/7/tcp",
        "outcomes.json",
        "SHA256SUMS",
    ];

    fn tree() -> (Folders, Vec<Sum>) {
        let members = NAMES.map(|name| Member::new(name, vec![0; 10]));
        let folders = Folders::new(members.iter());
        let sums = folders.sums(|_| Some(Sum { members: 1, bytes: 10, bad: 0 }));
        (folders, sums)
    }

    fn shown(tree: &Folders, rows: &[Row]) -> Vec<String> {
        let name = |entry| match entry {
            Entry::Folder(at) => format!("{}/", last(&tree.list[at].path)),
            Entry::Member(at) => split(NAMES[at]).1.to_owned(),
        };
        rows.iter().map(|row| format!("{}{}", "  ".repeat(row.depth as usize), name(row.entry))).collect()
    }

    #[test]
    fn closed_it_says_what_there_is() {
        let (tree, sums) = tree();
        let rows = tree.rows(&sums, |_| true, |_| false);
        assert_eq!(
            shown(&tree, &rows),
            ["manifest.json", "outcomes.json", "SHA256SUMS", "host/", "net/", "process/", "text/"]
        );
        assert_eq!((rows[3].place, rows[3].open), ((4, 7), false));
        let host = tree.list.iter().position(|folder| folder.path == "host").unwrap();
        assert_eq!(sums[host], Sum { members: 3, bytes: 30, bad: 0 });
    }

    #[test]
    fn open_folders_show_what_is_in_them() {
        let (tree, sums) = tree();
        let rows = tree.rows(&sums, |_| true, |path| ["host", "host/proc", "process"].contains(&path));
        assert_eq!(
            shown(&tree, &rows)[3..],
            [
                "host/",
                "  etc/",
                "  proc/",
                "    sys/",
                "    stat",
                "net/",
                "process/",
                "  9.json",
                "  10.json",
                "text/"
            ]
        );
    }

    #[test]
    fn a_filter_leaves_what_leads_to_its_matches() {
        let (tree, _) = tree();
        let passes = |at: usize| NAMES[at].contains("kernel") || NAMES[at].contains("10");
        let sums = tree.sums(|at| passes(at).then_some(Sum { members: 1, bytes: 10, bad: 1 }));
        let rows = tree.rows(&sums, passes, |_| true);
        assert_eq!(
            shown(&tree, &rows),
            ["host/", "  proc/", "    sys/", "      kernel/", "        tainted", "process/", "  10.json"]
        );
    }

    #[test]
    fn hostile_names_are_survived() {
        let deep = "a/".repeat(60_000);
        let members = [deep.as_str(), "/", "//", "", "x//y"].map(|name| Member::new(name, Vec::new()));
        let tree = Folders::new(members.iter());
        let sums = tree.sums(|_| Some(Sum { members: 1, bytes: 0, bad: 0 }));
        assert!(tree.list.len() < DEEP + 5);
        assert_eq!(tree.rows(&sums, |_| true, |_| true).len(), tree.list.len() + 5);
    }
}
