//! Views as tables: rows that pass a filter, under named columns.

use super::columns::{FILES, PROBLEMS, PROCESSES, SOCKETS, TREE};
use super::{Column, Filter, Value, findings, source};
use crate::model::{Problem, ProcessIndex, Snapshot, SocketIndex};

/// A descriptor by its place in [`Snapshot::files`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileIndex(pub u32);

/// What to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// One row a process, by pid.
    Processes,
    /// The same in the order of the tree, with the depth in front.
    Tree,
    /// One row a socket.
    Sockets,
    /// One row an open descriptor.
    Files,
    /// One row a finding, the most serious first.
    Findings,
    /// What could not be read or understood.
    Problems,
}

/// An answer.
#[derive(Debug, Default)]
pub struct Table<'a> {
    /// Field names.
    pub columns: Vec<&'static str>,
    /// Rows, each with a value a column.
    pub rows: Vec<Vec<Value<'a>>>,
}

/// Where a row's fields were read, when asked for.
type Sources<R> = for<'a> fn(&'a Snapshot, R) -> Value<'a>;

impl<'a> Table<'a> {
    /// The rows of `view` that pass `filter`. In the tree, ancestors of a match are kept.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, view: View, filter: &Filter) -> Self {
        Self::make(snapshot, view, filter, false)
    }

    /// As [`Table::of`], with a last column `sources`: for each field the member and the place in it.
    #[must_use]
    pub fn with_sources(snapshot: &'a Snapshot, view: View, filter: &Filter) -> Self {
        Self::make(snapshot, view, filter, true)
    }

    fn make(snapshot: &'a Snapshot, view: View, filter: &Filter, sources: bool) -> Self {
        if filter.asks_for_findings() {
            snapshot.findings();
        }
        match view {
            View::Findings => findings::table(snapshot, filter),
            View::Processes => {
                let rows = snapshot.indices().filter(|index| filter.process(snapshot, *index));
                Self::build(snapshot, PROCESSES, sources.then_some(source::process), rows)
            }
            View::Tree => tree(snapshot, filter, sources),
            View::Sockets => {
                let all = (0..).map(SocketIndex).take(snapshot.sockets.len());
                let rows = all.filter(|index| filter.socket(snapshot, *index));
                Self::build(snapshot, SOCKETS, sources.then_some(source::socket), rows)
            }
            View::Files => {
                let all = (0..).map(FileIndex).take(snapshot.files.len());
                let rows = all.filter(|index| filter.file(snapshot, *index));
                Self::build(snapshot, FILES, sources.then_some(source::file), rows)
            }
            // A problem's own field says where it is.
            View::Problems => Self::problems(
                snapshot
                    .problems()
                    .into_iter()
                    .filter(|problem| filter.text(&[problem.member.as_bytes(), problem.what.as_bytes()])),
            ),
        }
    }

    /// These processes, in this order, with the columns of [`View::Processes`].
    #[must_use]
    pub fn of_processes(snapshot: &'a Snapshot, rows: impl Iterator<Item = ProcessIndex>) -> Self {
        Self::build(snapshot, PROCESSES, None, rows)
    }

    /// The same, each with its depth, as [`View::Tree`] has it.
    #[must_use]
    pub fn of_tree(snapshot: &'a Snapshot, rows: impl Iterator<Item = (ProcessIndex, u32)>) -> Self {
        let (processes, depths): (Vec<_>, Vec<_>) = rows.unzip();
        let mut table = Self::of_processes(snapshot, processes.iter().copied());
        table.columns.splice(0..0, TREE.iter().map(|column| column.name));
        for (row, node) in table.rows.iter_mut().zip(processes.into_iter().zip(depths)) {
            row.splice(0..0, TREE.iter().map(|column| (column.value)(snapshot, node)));
        }
        table
    }

    /// These sockets.
    #[must_use]
    pub fn of_sockets(snapshot: &'a Snapshot, rows: impl Iterator<Item = SocketIndex>) -> Self {
        Self::build(snapshot, SOCKETS, None, rows)
    }

    /// These descriptors.
    #[must_use]
    pub fn of_files(snapshot: &'a Snapshot, rows: impl Iterator<Item = FileIndex>) -> Self {
        Self::build(snapshot, FILES, None, rows)
    }

    /// These problems.
    #[must_use]
    pub fn problems(rows: impl Iterator<Item = Problem>) -> Self {
        let cells =
            |problem: Problem| vec![Value::Text(problem.member.into()), Value::Text(problem.what.into())];
        Self { columns: PROBLEMS.iter().map(|(name, _)| *name).collect(), rows: rows.map(cells).collect() }
    }

    fn build<R: Copy>(
        snapshot: &'a Snapshot,
        columns: &[Column<R>],
        sources: Option<Sources<R>>,
        rows: impl Iterator<Item = R>,
    ) -> Self {
        let cells = |row: R| {
            let fields = columns.iter().map(|column| (column.value)(snapshot, row));
            fields.chain(sources.map(|source| source(snapshot, row))).collect()
        };
        let names = columns.iter().map(|column| column.name);
        Self { columns: names.chain(sources.map(|_| "sources")).collect(), rows: rows.map(cells).collect() }
    }
}

/// The columns of the processes in the order of the tree, with the depth in front.
fn tree<'a>(snapshot: &'a Snapshot, filter: &Filter, sources: bool) -> Table<'a> {
    let keep = filter.processes_with_ancestors(snapshot);
    let kept = |process: ProcessIndex| keep.get(process.0 as usize).copied().unwrap_or(false);
    let nodes: Vec<_> = snapshot.tree.walk(|_| true).filter(|node| kept(node.process)).collect();
    let rows = nodes.iter().map(|node| node.process);
    let mut table = Table::build(snapshot, PROCESSES, sources.then_some(source::process), rows);
    table.columns.splice(0..0, TREE.iter().map(|column| column.name));
    for (row, node) in table.rows.iter_mut().zip(&nodes) {
        row.splice(0..0, TREE.iter().map(|column| (column.value)(snapshot, (node.process, node.depth))));
    }
    table
}
