//! Columns for people.

use super::Answer;
use std::io::{self, Write};

/// Wider cells are cut when they are not the last column: one long argument must not push everything off the screen.
const WIDEST: usize = 48;
/// The last column, cut as well: a command line can be 1.5 MB.
const WIDEST_LAST: usize = 400;

pub(super) fn print(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut grid = vec![header(answer)];
    for (system, table) in &answer.tables {
        for values in &table.rows {
            let mut cells: Vec<String> = values.iter().map(|value| value.text().into_owned()).collect();
            if answer.tree {
                indent(&mut cells);
            }
            if answer.with_system {
                cells.insert(0, system.clone());
            }
            grid.push(cells);
        }
    }
    // What people read last belongs last: arguments.
    if let Some(from) = grid.first().and_then(|header| header.iter().position(|name| name == "CMDLINE")) {
        for cells in &mut grid {
            if from < cells.len() {
                let cell = cells.remove(from);
                cells.push(cell);
            }
        }
    }
    let widths = widths(&grid);
    for cells in &grid {
        let mut line = String::new();
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let last = at + 1 == cells.len();
            let cell = cut(cell, if last { WIDEST_LAST } else { *width });
            line.push_str(&cell);
            if !last {
                let fill = width.saturating_sub(cell.chars().count()) + 2;
                line.extend(std::iter::repeat_n(' ', fill));
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn header(answer: &Answer<'_>) -> Vec<String> {
    let columns = answer.tables.first().map(|(_, table)| table.columns.as_slice()).unwrap_or_default();
    let skip = usize::from(answer.tree);
    let system = answer.with_system.then(|| "SYSTEM".to_owned());
    system.into_iter().chain(columns.iter().skip(skip).map(|name| name.to_uppercase())).collect()
}

/// Takes the depth in front away and indents the name by it.
fn indent(cells: &mut Vec<String>) {
    const NAME: usize = 2;
    let depth = cells.remove(0).parse().unwrap_or(0);
    if let Some(name) = cells.get_mut(NAME) {
        // A chain of thousands would leave nothing but blanks.
        *name = format!("{}{name}", "  ".repeat(std::cmp::min(depth, 16)));
    }
}

fn widths(grid: &[Vec<String>]) -> Vec<usize> {
    let columns = grid.first().map_or(0, Vec::len);
    let width = |at: usize| {
        grid.iter().filter_map(|cells| cells.get(at)).map(|cell| cell.chars().take(WIDEST + 1).count()).max()
    };
    (0..columns).map(|at| width(at).unwrap_or(0).min(WIDEST)).collect()
}

fn cut(cell: &str, width: usize) -> String {
    match cell.char_indices().nth(width) {
        None => cell.to_owned(),
        Some(_) => cell.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Table, Value};

    #[test]
    fn columns_line_up_and_long_cells_are_cut() {
        let row = |depth, name: &'static str| {
            let cells = ["1", "0"].map(|n| Value::Text(n.into()));
            [Value::Number(depth)]
                .into_iter()
                .chain(cells)
                .chain([Value::Text(name.into()), Value::Null])
                .collect()
        };
        let long: &'static str = "x".repeat(60).leak();
        let table = Table {
            columns: vec!["depth", "pid", "ppid", "name", "exe"],
            rows: vec![row(0, "init"), row(1, "sh"), row(0, long)],
        };
        let answer = Answer { tables: vec![("web".into(), table)], with_system: true, tree: true };
        let mut out = Vec::new();
        print(&answer, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[1], "web     1    0     init");
        assert_eq!(lines[2], "web     1    0       sh");
        assert!(lines[3].ends_with("x…") && lines[3].chars().count() < 70, "{}", lines[3]);
    }
}
