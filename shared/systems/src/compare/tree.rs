//! Both trees in one.

use super::item::Mark;
use super::pair::Pairs;
use super::side::Side;
use procglass_model::sorting;
use procglass_snapshot::ProcessIndex;
use std::collections::{HashMap, HashSet};

/// A process of either side, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedRow {
    /// Ancestors above it.
    pub depth: u32,
    /// What became of it.
    pub mark: Mark,
    /// The process before.
    pub before: Option<ProcessIndex>,
    /// The process after.
    pub after: Option<ProcessIndex>,
}

/// A process in the merged tree: the one after, where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Node {
    After(ProcessIndex),
    Before(ProcessIndex),
}

/// What is on both sides stands where it is after; what is gone stands below its parent, wherever that is now. Neither leads
/// to a ring: what is gone hangs from what stayed, and what stayed hangs as it does after.
pub(super) fn merge(
    before: &Side<'_>,
    after: &Side<'_>,
    pairs: &Pairs,
    changed: &HashSet<ProcessIndex>,
) -> Vec<MergedRow> {
    let kept_after: HashSet<ProcessIndex> = after.processes().map(|(index, _)| index).collect();
    let kept_before: HashSet<ProcessIndex> = before.processes().map(|(index, _)| index).collect();
    let old = |index: ProcessIndex| {
        pairs.to_after.get(&index).map_or(Node::Before(index), |after| Node::After(*after))
    };
    let mut children: HashMap<Option<Node>, Vec<Node>> = HashMap::new();
    let mut add = |parent, node| children.entry(parent).or_default().push(node);
    for (index, process) in after.processes() {
        let parent = process.parent.filter(|parent| kept_after.contains(parent)).map(Node::After);
        add(parent, Node::After(index));
    }
    for (index, process) in before.processes().filter(|(index, _)| !pairs.to_after.contains_key(index)) {
        let parent = process.parent.filter(|parent| kept_before.contains(parent)).map(old);
        add(parent, Node::Before(index));
    }
    let start = |node: &Node| match node {
        Node::After(index) => {
            after.snapshot.process(*index).map(|process| (process.start_ticks, process.pid))
        }
        Node::Before(index) => {
            before.snapshot.process(*index).map(|process| (process.start_ticks, process.pid))
        }
    };
    for list in children.values_mut() {
        // The last one is taken first.
        sorting::sort_by_key(list, |node| std::cmp::Reverse((matches!(node, Node::Before(_)), start(node))));
    }
    let mut stack: Vec<(Node, u32)> =
        children.remove(&None).unwrap_or_default().into_iter().map(|node| (node, 0)).collect();
    let mut rows = Vec::new();
    while let Some((node, depth)) = stack.pop() {
        let (mark, old, new) = match node {
            Node::Before(index) => (Mark::Gone, Some(index), None),
            Node::After(index) => match pairs.to_before.get(&index) {
                None => (Mark::Added, None, Some(index)),
                Some(old) if changed.contains(&index) => (Mark::Changed, Some(*old), Some(index)),
                Some(old) => (Mark::Same, Some(*old), Some(index)),
            },
        };
        rows.push(MergedRow { depth, mark, before: old, after: new });
        stack.extend(
            children.remove(&Some(node)).unwrap_or_default().into_iter().map(|child| (child, depth + 1)),
        );
    }
    rows
}
