//! Views as tables: rows that pass a filter, under named columns.

use super::columns::{FILES, PROBLEMS, PROCESSES, SOCKETS, TREE};
use super::{Column, Filter, Value, findings, notes, source};
use procglass_opened::Opened;
use procglass_snapshot::{FileIndex, Problem, ProcessIndex, SocketIndex};

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

/// Columns that stand behind those of the view, for whoever asks for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// `sources`: for each field the member and the place in it.
    pub sources: bool,
    /// `notes`: what people say of the row.
    pub notes: bool,
}

impl Extra {
    /// The columns, from those that a kind of row has.
    fn columns<R>(self, sources: Cell<R>, notes: Cell<R>) -> Vec<(&'static str, Cell<R>)> {
        let sources = self.sources.then_some(("sources", sources));
        sources.into_iter().chain(self.notes.then_some(("notes", notes))).collect()
    }
}

/// Makes one cell of a row.
type Cell<R> = for<'a> fn(&'a Opened, R) -> Value<'a>;

impl<'a> Table<'a> {
    /// The rows of `view` that pass `filter`. In the tree, ancestors of a match are kept.
    #[must_use]
    pub fn of(snapshot: &'a Opened, view: View, filter: &Filter) -> Self {
        Self::with(snapshot, view, filter, Extra::default())
    }

    /// The same with more columns.
    #[must_use]
    pub fn with(snapshot: &'a Opened, view: View, filter: &Filter, extra: Extra) -> Self {
        if filter.asks_for_findings() {
            snapshot.findings();
        }
        match view {
            View::Findings => findings::table(snapshot, filter, extra.notes),
            View::Processes => {
                let rows = snapshot.indices().filter(|index| filter.process(snapshot, *index));
                Self::build(snapshot, PROCESSES, &extra.columns(source::process, notes::process), rows)
            }
            View::Tree => tree(snapshot, filter, extra),
            View::Sockets => {
                let all = (0..).map(SocketIndex).take(snapshot.sockets.len());
                let rows = all.filter(|index| filter.socket(snapshot, *index));
                Self::build(snapshot, SOCKETS, &extra.columns(source::socket, notes::socket), rows)
            }
            View::Files => {
                let all = (0..).map(FileIndex).take(snapshot.files.len());
                let rows = all.filter(|index| filter.file(snapshot, *index));
                Self::build(snapshot, FILES, &extra.columns(source::file, notes::file), rows)
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
    pub fn of_processes(snapshot: &'a Opened, rows: impl Iterator<Item = ProcessIndex>) -> Self {
        Self::build(snapshot, PROCESSES, &[], rows)
    }

    /// The same, each with its depth, as [`View::Tree`] has it.
    #[must_use]
    pub fn of_tree(snapshot: &'a Opened, rows: impl Iterator<Item = (ProcessIndex, u32)>) -> Self {
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
    pub fn of_sockets(snapshot: &'a Opened, rows: impl Iterator<Item = SocketIndex>) -> Self {
        Self::build(snapshot, SOCKETS, &[], rows)
    }

    /// These descriptors.
    #[must_use]
    pub fn of_files(snapshot: &'a Opened, rows: impl Iterator<Item = FileIndex>) -> Self {
        Self::build(snapshot, FILES, &[], rows)
    }

    /// These problems.
    #[must_use]
    pub fn problems(rows: impl Iterator<Item = Problem>) -> Self {
        let cells =
            |problem: Problem| vec![Value::Text(problem.member.into()), Value::Text(problem.what.into())];
        Self { columns: PROBLEMS.iter().map(|(name, _)| *name).collect(), rows: rows.map(cells).collect() }
    }

    fn build<R: Copy>(
        snapshot: &'a Opened,
        columns: &[Column<R>],
        extra: &[(&'static str, Cell<R>)],
        rows: impl Iterator<Item = R>,
    ) -> Self {
        let cells = |row: R| {
            let fields = columns.iter().map(|column| (column.value)(snapshot, row));
            fields.chain(extra.iter().map(|(_, cell)| cell(snapshot, row))).collect()
        };
        let names = columns.iter().map(|column| column.name);
        let columns = names.chain(extra.iter().map(|(name, _)| *name)).collect();
        Self { columns, rows: rows.map(cells).collect() }
    }
}

/// The columns of the processes in the order of the tree, with the depth in front.
fn tree<'a>(snapshot: &'a Opened, filter: &Filter, extra: Extra) -> Table<'a> {
    let keep = filter.processes_with_ancestors(snapshot);
    let kept = |process: ProcessIndex| keep.get(process.0 as usize).copied().unwrap_or(false);
    let nodes: Vec<_> = snapshot.tree.walk(|_| true).filter(|node| kept(node.process)).collect();
    let rows = nodes.iter().map(|node| node.process);
    let mut table = Table::build(snapshot, PROCESSES, &extra.columns(source::process, notes::process), rows);
    table.columns.splice(0..0, TREE.iter().map(|column| column.name));
    for (row, node) in table.rows.iter_mut().zip(&nodes) {
        row.splice(0..0, TREE.iter().map(|column| (column.value)(snapshot, (node.process, node.depth))));
    }
    table
}
