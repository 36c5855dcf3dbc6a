//! Which rows the grid has, and in what order. Pure: tested natively.

use procglass_model::sorting;
use procglass_snapshot::ProcessIndex;
use procglass_snapshot::Snapshot;
use std::collections::HashSet;
use std::rc::Rc;

/// One row of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The process.
    pub(super) process: ProcessIndex,
    /// Ancestors shown above it.
    pub(super) depth: u32,
    /// Whether it has rows below it, shown or not.
    pub(super) parent: bool,
    /// Whether these are shown.
    pub(super) open: bool,
    /// Stays only because something below it passes the filter.
    pub(super) dimmed: bool,
    /// Place among its siblings, from 1.
    pub(super) place: u32,
    /// How many siblings there are, itself included.
    pub(super) siblings: u32,
}

/// All rows, and where each process is among them. Compared by pointer.
#[derive(Clone, Default)]
pub(super) struct Rows {
    pub(super) list: Rc<[Row]>,
    /// What each row stands for.
    pub(super) ids: Rc<[u64]>,
    places: Rc<[u32]>,
    /// Processes that pass the filter.
    pub(super) matches: usize,
    /// Processes that have no row and are not inside a collapsed one.
    pub(super) hidden: usize,
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.list, &other.list)
    }
}

impl Rows {
    fn new(list: Vec<Row>, processes: usize) -> Self {
        let mut places = vec![u32::MAX; processes];
        for (at, row) in (0..).zip(&list) {
            if let Some(place) = places.get_mut(row.process.0 as usize) {
                *place = at;
            }
        }
        let ids = list.iter().map(|row| row.process.0.into()).collect();
        Self { list: list.into(), ids, places: places.into(), matches: 0, hidden: 0 }
    }

    /// The row of a process.
    pub(super) fn place(&self, process: ProcessIndex) -> Option<usize> {
        self.places.get(process.0 as usize).filter(|at| **at != u32::MAX).map(|at| *at as usize)
    }

    /// A row by its number.
    pub(super) fn get(&self, at: usize) -> Option<Row> {
        self.list.get(at).copied()
    }
}

/// Which processes pass, and which stay for the sake of one below.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Passes by itself.
    pub(super) passes: Vec<bool>,
    /// Passes, or has one below that does.
    pub(super) kept: Vec<bool>,
}

fn at(list: &[bool], index: ProcessIndex) -> bool {
    list.get(index.0 as usize).copied().unwrap_or(false)
}

impl Marks {
    /// Marks what `passes` says, within the subtree of `root` where there is one.
    pub(super) fn new(
        snapshot: &Snapshot,
        root: Option<ProcessIndex>,
        passes: impl Fn(ProcessIndex) -> bool,
    ) -> Self {
        let mut marks = Self {
            passes: vec![false; snapshot.processes.len()],
            kept: vec![false; snapshot.processes.len()],
        };
        for index in below(snapshot, root) {
            if !passes(index) {
                continue;
            }
            if let Some(mark) = marks.passes.get_mut(index.0 as usize) {
                *mark = true;
            }
            marks.keep(snapshot, index, root);
        }
        marks
    }

    /// Keeps everything below what passes as well.
    pub(super) fn keep_below(&mut self, snapshot: &Snapshot) {
        // Parents come before what is below them in a walk of the tree, so one pass is enough.
        let mut below = vec![false; self.kept.len()];
        for node in snapshot.tree.walk(|_| true) {
            let parent = snapshot.process(node.process).and_then(|process| process.parent);
            let inherits = parent.is_some_and(|parent| at(&below, parent) || at(&self.passes, parent));
            if let Some(mark) = below.get_mut(node.process.0 as usize).filter(|_| inherits) {
                *mark = true;
            }
        }
        for (kept, below) in self.kept.iter_mut().zip(below) {
            *kept |= below;
        }
    }

    fn keep(&mut self, snapshot: &Snapshot, from: ProcessIndex, root: Option<ProcessIndex>) {
        let mut next = Some(from);
        while let Some(index) = next {
            match self.kept.get_mut(index.0 as usize) {
                // Stops at the first one that is kept already, so all marks together are linear.
                Some(kept) if !*kept => *kept = true,
                _ => return,
            }
            next = if root == Some(index) { None } else { snapshot.process(index).and_then(|p| p.parent) };
        }
    }
}

/// `root` and all processes below it, or all processes.
fn below(snapshot: &Snapshot, root: Option<ProcessIndex>) -> Vec<ProcessIndex> {
    let Some(root) = root else { return snapshot.indices().collect() };
    let (mut found, mut next) = (vec![root], 0);
    while let Some(index) = found.get(next).copied() {
        found.extend(snapshot.tree.children(index));
        next += 1;
    }
    found
}

/// Places in an order: the n-th is that of the n-th process. Empty for the order of the tree itself.
pub(super) fn ranks(order: &[ProcessIndex]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, index) in (0..).zip(order) {
        if let Some(place) = ranks.get_mut(index.0 as usize) {
            *place = rank;
        }
    }
    ranks
}

/// The rows of the tree. Below a process in `collapsed` nothing is shown. Siblings stand by `ranks`, where there are any.
pub(super) fn tree(
    snapshot: &Snapshot,
    root: Option<ProcessIndex>,
    marks: &Marks,
    collapsed: &HashSet<ProcessIndex>,
    ranks: &[u32],
) -> Rows {
    let kept = |list: &[ProcessIndex]| {
        let mut kept = list.iter().copied().filter(|index| at(&marks.kept, *index)).collect::<Vec<_>>();
        if !ranks.is_empty() {
            sorting::sort_by_key(&mut kept, |index| ranks.get(index.0 as usize).copied());
        }
        kept
    };
    let mut rows = Vec::with_capacity(snapshot.processes.len());
    let mut stack = Vec::new();
    let push = |stack: &mut Vec<Row>, list: Vec<ProcessIndex>, depth| {
        let siblings = u32::try_from(list.len()).unwrap_or(u32::MAX);
        for (before, process) in list.into_iter().enumerate().rev() {
            let place = u32::try_from(before + 1).unwrap_or(u32::MAX);
            stack.push(Row {
                process,
                depth,
                parent: false,
                open: false,
                dimmed: !at(&marks.passes, process),
                place,
                siblings,
            });
        }
    };
    push(&mut stack, root.map_or_else(|| kept(snapshot.tree.roots()), |root| kept(&[root])), 0);
    while let Some(mut row) = stack.pop() {
        let children = snapshot.tree.children(row.process);
        // Nearly all processes have none.
        row.parent = children.iter().any(|index| at(&marks.kept, *index));
        row.open = row.parent && !collapsed.contains(&row.process);
        if row.open {
            push(&mut stack, kept(children), row.depth + 1);
        }
        rows.push(row);
    }
    count(Rows::new(rows, snapshot.processes.len()), marks)
}

/// The rows of the list: only what passes, in the order given.
pub(super) fn list(snapshot: &Snapshot, order: &[ProcessIndex], marks: &Marks) -> Rows {
    let passing = order.iter().copied().filter(|index| at(&marks.passes, *index));
    let rows = passing.map(|process| Row {
        process,
        depth: 0,
        parent: false,
        open: false,
        dimmed: false,
        place: 0,
        siblings: 0,
    });
    count(Rows::new(rows.collect(), snapshot.processes.len()), marks)
}

fn count(mut rows: Rows, marks: &Marks) -> Rows {
    rows.matches = marks.passes.iter().filter(|mark| **mark).count();
    rows.hidden = marks.kept.iter().filter(|mark| !**mark).count();
    rows
}

/// Processes that start out collapsed: kernel threads, which are many and all alike.
pub(super) fn folded_at_first(snapshot: &Snapshot) -> HashSet<ProcessIndex> {
    let folds = |index: &ProcessIndex| {
        let kernel = snapshot.process(*index).is_some_and(|process| process.is_kernel_thread());
        kernel && !snapshot.tree.children(*index).is_empty()
    };
    snapshot.indices().filter(folds).collect()
}

/// Every process with children, within the rows' reach.
pub(super) fn parents(snapshot: &Snapshot) -> HashSet<ProcessIndex> {
    snapshot.indices().filter(|index| !snapshot.tree.children(*index).is_empty()).collect()
}

/// Opens `root` and all below it.
pub(super) fn expand_below(snapshot: &Snapshot, root: ProcessIndex, collapsed: &mut HashSet<ProcessIndex>) {
    for index in below(snapshot, Some(root)) {
        collapsed.remove(&index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::{Integrity, Member};
    use procglass_snapshot::SnapshotBuilder;

    /// Processes from `(pid, parent)`.
    fn snapshot(list: &[(u32, u32)]) -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        for (pid, ppid) in list {
            let stat = format!(
                "{pid} (p{pid}) S {ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
            );
            builder.member(Member::new(
                format!("process/{pid}.json"),
                format!(r#"{{"pid":{pid},"files":{{"stat":"{stat}"}}}}"#).into_bytes(),
            ));
        }
        builder.finish(Integrity::default())
    }

    fn sample() -> Snapshot {
        snapshot(&[(1, 0), (2, 1), (3, 2), (4, 1), (5, 4)])
    }

    fn shown(rows: &Rows) -> Vec<(u32, u32, bool)> {
        rows.list.iter().map(|row| (row.process.0 + 1, row.depth, row.dimmed)).collect()
    }

    #[test]
    fn all_rows_then_collapsed() {
        let snapshot = sample();
        let marks = Marks::new(&snapshot, None, |_| true);
        let rows = tree(&snapshot, None, &marks, &HashSet::new(), &[]);
        assert_eq!(shown(&rows), [(1, 0, false), (2, 1, false), (3, 2, false), (4, 1, false), (5, 2, false)]);
        assert_eq!((rows.list[3].place, rows.list[3].siblings), (2, 2));
        let rows = tree(&snapshot, None, &marks, &HashSet::from([ProcessIndex(1)]), &[]);
        assert_eq!(shown(&rows).len(), 4);
        assert!(rows.list[1].parent && !rows.list[1].open);
        assert_eq!((rows.place(ProcessIndex(2)), rows.place(ProcessIndex(3))), (None, Some(2)));
        assert_eq!(rows.hidden, 0, "what is inside a collapsed row is not hidden by the filter");
    }

    #[test]
    fn matches_keep_their_dimmed_ancestors() {
        let snapshot = sample();
        let marks = Marks::new(&snapshot, None, |index| index.0 == 2);
        let rows = tree(&snapshot, None, &marks, &HashSet::new(), &[]);
        assert_eq!(shown(&rows), [(1, 0, true), (2, 1, true), (3, 2, false)]);
        assert_eq!((rows.matches, rows.hidden), (1, 2));
        assert_eq!((rows.list[1].place, rows.list[1].siblings), (1, 1), "among what is shown");
    }

    #[test]
    fn what_is_below_a_match_comes_on_request() {
        let snapshot = sample();
        let mut marks = Marks::new(&snapshot, None, |index| index.0 == 3);
        marks.keep_below(&snapshot);
        let rows = tree(&snapshot, None, &marks, &HashSet::new(), &[]);
        assert_eq!(shown(&rows), [(1, 0, true), (4, 1, false), (5, 2, true)]);
        assert_eq!((rows.matches, rows.hidden), (1, 2));
    }

    #[test]
    fn siblings_stand_in_another_order() {
        let snapshot = sample();
        let marks = Marks::new(&snapshot, None, |_| true);
        let order: Vec<_> = snapshot.indices().collect::<Vec<_>>().into_iter().rev().collect();
        let rows = tree(&snapshot, None, &marks, &HashSet::new(), &ranks(&order));
        assert_eq!(rows.list.iter().map(|row| row.process.0 + 1).collect::<Vec<_>>(), [1, 4, 5, 2, 3]);
    }

    #[test]
    fn one_subtree_only() {
        let snapshot = sample();
        let root = Some(ProcessIndex(3));
        let rows = tree(&snapshot, root, &Marks::new(&snapshot, root, |_| true), &HashSet::new(), &[]);
        assert_eq!(shown(&rows), [(4, 0, false), (5, 1, false)]);
        assert_eq!((rows.matches, rows.hidden), (2, 3));
    }

    #[test]
    fn a_list_has_no_ancestors() {
        let snapshot = sample();
        let marks = Marks::new(&snapshot, None, |index| index.0 > 2);
        let order: Vec<_> = snapshot.indices().collect::<Vec<_>>().into_iter().rev().collect();
        assert_eq!(shown(&list(&snapshot, &order, &marks)), [(5, 0, false), (4, 0, false)]);
    }

    #[test]
    fn a_chain_of_many_is_no_problem() {
        let list: Vec<_> = (1..=20_000).map(|pid| (pid, pid - 1)).collect();
        let snapshot = snapshot(&list);
        let last = ProcessIndex(19_999);
        let marks = Marks::new(&snapshot, None, |index| index == last);
        let rows = tree(&snapshot, None, &marks, &HashSet::new(), &[]);
        assert_eq!(rows.list.last().map(|row| row.depth), Some(19_999));
        let mut collapsed = parents(&snapshot);
        assert_eq!(tree(&snapshot, None, &marks, &collapsed, &[]).list.len(), 1);
        expand_below(&snapshot, ProcessIndex(0), &mut collapsed);
        assert!(collapsed.is_empty());
    }
}
