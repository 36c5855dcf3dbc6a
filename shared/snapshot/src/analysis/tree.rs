//! The process tree. No recursion: evidence may be a chain of 100,000 processes, or a ring.

use crate::{Process, ProcessIndex};
use foldhash::HashMap;
use procglass_model::sorting;

/// Children of each process and the roots, each by start time.
#[derive(Debug, Default)]
pub struct Tree {
    roots: Vec<ProcessIndex>,
    children: Vec<Vec<ProcessIndex>>,
}

/// A process in depth-first order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The process.
    pub process: ProcessIndex,
    /// Ancestors above it.
    pub depth: u32,
}

impl Tree {
    /// Processes whose parent is not among the processes.
    #[must_use]
    pub fn roots(&self) -> &[ProcessIndex] {
        &self.roots
    }

    /// Children by start time.
    #[must_use]
    pub fn children(&self, of: ProcessIndex) -> &[ProcessIndex] {
        self.children.get(of.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Every process once, parents before children. `open` says whether to go below a process.
    pub fn walk<'a>(&'a self, open: impl Fn(ProcessIndex) -> bool + 'a) -> impl Iterator<Item = Node> + 'a {
        let mut stack: Vec<Node> =
            self.roots.iter().rev().map(|root| Node { process: *root, depth: 0 }).collect();
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            if open(node.process) {
                let below = self.children(node.process).iter().rev();
                stack.extend(below.map(|child| Node { process: *child, depth: node.depth + 1 }));
            }
            Some(node)
        })
    }

    /// Number of processes below each process, by index.
    #[must_use]
    pub fn descendants(&self) -> Vec<u32> {
        let mut counts = vec![0_u32; self.children.len()];
        let order: Vec<_> = self.walk(|_| true).map(|node| node.process).collect();
        // Children come after their parent, so backwards every count is complete before it is added.
        for process in order.into_iter().rev() {
            let below: u32 = self
                .children(process)
                .iter()
                .map(|c| 1 + counts.get(c.0 as usize).copied().unwrap_or(0))
                .sum();
            if let Some(count) = counts.get_mut(process.0 as usize) {
                *count = below;
            }
        }
        counts
    }
}

/// Links each process to its parent and returns the tree. The parent is the process with pid `ppid` that started last
/// among those that started no later than the child: a recycled pid is nobody's parent.
pub(crate) fn build(processes: &mut [Process]) -> Tree {
    let mut by_pid: HashMap<u32, Vec<ProcessIndex>> = HashMap::default();
    for (at, process) in (0..).zip(processes.iter()) {
        by_pid.entry(process.pid).or_default().push(ProcessIndex(at));
    }
    let start =
        |index: ProcessIndex| processes.get(index.0 as usize).map_or(0, |process| process.start_ticks);
    let mut parents: Vec<Option<ProcessIndex>> = (0..)
        .zip(processes.iter())
        .map(|(at, process)| {
            let candidates = by_pid.get(&process.ppid.filter(|ppid| *ppid != 0)?)?;
            let older = candidates.iter().copied().filter(|c| c.0 != at && start(*c) <= process.start_ticks);
            older.max_by_key(|candidate| start(*candidate))
        })
        .collect();
    cut_rings(&mut parents);

    let mut tree = Tree { roots: Vec::new(), children: vec![Vec::new(); processes.len()] };
    let mut order: Vec<ProcessIndex> = (0..).map(ProcessIndex).take(processes.len()).collect();
    sorting::sort_by_key(&mut order, |index| (start(*index), index.0));
    for index in order {
        let parent = parents.get(index.0 as usize).copied().flatten();
        match parent.and_then(|parent| tree.children.get_mut(parent.0 as usize)) {
            Some(siblings) => siblings.push(index),
            None => tree.roots.push(index),
        }
    }
    for (process, parent) in processes.iter_mut().zip(parents) {
        process.parent = parent;
    }
    tree
}

/// Forged evidence can make a process its own ancestor: such a ring is cut at the member found first.
fn cut_rings(parents: &mut [Option<ProcessIndex>]) {
    // 0 unknown, 1 on the present path, 2 leads to a root.
    let mut marks = vec![0_u8; parents.len()];
    for start in 0..parents.len() {
        let (mut path, mut at) = (Vec::new(), start);
        loop {
            match marks.get(at) {
                Some(0) => {}
                Some(1) => {
                    if let Some(parent) = parents.get_mut(at) {
                        *parent = None;
                    }
                    break;
                }
                _ => break,
            }
            if let Some(mark) = marks.get_mut(at) {
                *mark = 1;
            }
            path.push(at);
            match parents.get(at).copied().flatten() {
                Some(parent) => at = parent.0 as usize,
                None => break,
            }
        }
        for at in path {
            if let Some(mark) = marks.get_mut(at) {
                *mark = 2;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn process(pid: u32, ppid: u32, start_ticks: u64) -> Process {
        Process { pid, ppid: Some(ppid), start_ticks, ..Process::default() }
    }

    fn shape(mut processes: Vec<Process>) -> String {
        let tree = build(&mut processes);
        let line = |node: Node| {
            format!("{}{}", ".".repeat(node.depth as usize), processes[node.process.0 as usize].pid)
        };
        tree.walk(|_| true).map(line).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn children_stand_by_start_time_below_their_parent() {
        assert_eq!(
            shape(vec![process(1, 0, 0), process(5, 1, 9), process(7, 1, 3), process(9, 7, 4)]),
            "1 .7 ..9 .5"
        );
    }

    #[test]
    fn a_recycled_pid_is_nobodys_parent() {
        assert_eq!(shape(vec![process(1, 0, 0), process(5, 1, 50), process(9, 5, 20)]), "1 .5 9");
    }

    #[test]
    fn missing_parents_and_rings() {
        assert_eq!(shape(vec![process(3, 2, 1), process(4, 3, 1)]), "3 .4");
        assert_eq!(shape(vec![process(3, 4, 1), process(4, 3, 1), process(5, 5, 1)]), "3 .4 5");
    }

    #[test]
    fn counts_below() {
        let mut processes = vec![process(1, 0, 0), process(2, 1, 1), process(3, 2, 2), process(4, 1, 3)];
        assert_eq!(build(&mut processes).descendants(), [3, 1, 0, 0]);
    }

    #[test]
    fn a_long_chain_is_no_danger() {
        let mut processes: Vec<_> = (1..=200_000).map(|pid| process(pid, pid - 1, u64::from(pid))).collect();
        let tree = build(&mut processes);
        assert_eq!(tree.descendants()[0], 199_999);
    }

    proptest! {
        #[test]
        fn everybody_appears_once(rows in prop::collection::vec((1..20u32, 0..20u32, 0..5u64), 0..40)) {
            let mut processes: Vec<_> = rows.into_iter().map(|(pid, ppid, start)| process(pid, ppid, start)).collect();
            let tree = build(&mut processes);
            let mut seen: Vec<_> = tree.walk(|_| true).map(|node| node.process.0).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..).take(processes.len()).collect::<Vec<u32>>());
        }
    }
}
