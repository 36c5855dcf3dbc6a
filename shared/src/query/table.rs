//! Views as tables: rows that pass a filter, under named columns.

use super::columns::{FILES, PROBLEMS, PROCESSES, SOCKETS, TREE};
use super::{Column, Filter, Value, source};
use crate::model::{ProcessIndex, Snapshot, SocketIndex};

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

impl<'a> Table<'a> {
    /// The rows of `view` that pass `filter`. In the tree, ancestors of a match are kept.
    #[must_use]
    pub fn of(snapshot: &'a Snapshot, view: View, filter: &Filter) -> Self {
        let processes = || snapshot.indices().filter(|index| filter.process(snapshot, *index));
        match view {
            View::Processes => Self::build(snapshot, PROCESSES, processes()),
            View::Tree => tree(snapshot, filter),
            View::Sockets => {
                let all = (0..).map(SocketIndex).take(snapshot.sockets.len());
                Self::build(snapshot, SOCKETS, all.filter(|index| filter.socket(snapshot, *index)))
            }
            View::Files => {
                let all = (0..).map(FileIndex).take(snapshot.files.len());
                Self::build(snapshot, FILES, all.filter(|index| filter.file(snapshot, *index)))
            }
            View::Problems => Self {
                columns: PROBLEMS.iter().map(|(name, _)| *name).collect(),
                rows: snapshot
                    .problems()
                    .into_iter()
                    .filter(|problem| filter.text(&[problem.member.as_bytes(), problem.what.as_bytes()]))
                    .map(|problem| vec![Value::Text(problem.member.into()), Value::Text(problem.what.into())])
                    .collect(),
            },
        }
    }

    /// As [`Table::of`], with a last column `sources`: for each field the member and the place in it.
    #[must_use]
    pub fn with_sources(snapshot: &'a Snapshot, view: View, filter: &Filter) -> Self {
        let mut table = Self::of(snapshot, view, filter);
        let sources: Vec<Value<'a>> = match view {
            View::Processes => {
                let kept = snapshot.indices().filter(|index| filter.process(snapshot, *index));
                kept.map(|index| source::process(snapshot, index)).collect()
            }
            View::Tree => {
                let keep = filter.processes_with_ancestors(snapshot);
                let nodes = snapshot.tree.walk(|_| true).map(|node| node.process);
                let kept = nodes.filter(|index| keep.get(index.0 as usize).copied().unwrap_or(false));
                kept.map(|index| source::process(snapshot, index)).collect()
            }
            View::Sockets => {
                let all = (0..).map(SocketIndex).take(snapshot.sockets.len());
                let kept = all.filter(|index| filter.socket(snapshot, *index));
                kept.map(|index| source::socket(snapshot, index)).collect()
            }
            View::Files => {
                let all = (0..).map(FileIndex).take(snapshot.files.len());
                let kept = all.filter(|index| filter.file(snapshot, *index));
                kept.map(|index| source::file(snapshot, index)).collect()
            }
            // A problem's own field says where it is.
            View::Problems => return table,
        };
        table.columns.push("sources");
        for (row, source) in table.rows.iter_mut().zip(sources) {
            row.push(source);
        }
        table
    }

    fn build<R: Copy>(snapshot: &'a Snapshot, columns: &[Column<R>], rows: impl Iterator<Item = R>) -> Self {
        Self {
            columns: columns.iter().map(|column| column.name).collect(),
            rows: rows
                .map(|row| columns.iter().map(|column| (column.value)(snapshot, row)).collect())
                .collect(),
        }
    }
}

fn tree<'a>(snapshot: &'a Snapshot, filter: &Filter) -> Table<'a> {
    let keep = filter.processes_with_ancestors(snapshot);
    let mut table = Table {
        columns: TREE.iter().map(|c| c.name).chain(PROCESSES.iter().map(|c| c.name)).collect(),
        rows: Vec::new(),
    };
    for node in snapshot.tree.walk(|_| true) {
        let ProcessIndex(at) = node.process;
        if keep.get(at as usize).copied().unwrap_or(false) {
            let depth = TREE.iter().map(|column| (column.value)(snapshot, (node.process, node.depth)));
            let rest = PROCESSES.iter().map(|column| (column.value)(snapshot, node.process));
            table.rows.push(depth.chain(rest).collect());
        }
    }
    table
}
