//! Columns for people.

use super::Answer;
use crate::Value;
use std::borrow::Cow;
use std::io::{self, Write};

/// Wider cells are cut when they are not the last column: one long argument must not push everything off the screen.
const WIDEST: usize = 48;
/// The last column, cut as well: a command line can be 1.5 MB.
const WIDEST_LAST: usize = 400;

pub(super) fn print(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut grid = vec![header(answer)];
    for (system, table) in &answer.tables {
        for values in &table.rows {
            let mut cells: Vec<Cow<'_, str>> = values.iter().map(Value::text).collect();
            if answer.tree {
                indent(&mut cells);
            }
            if answer.with_system {
                cells.insert(0, system.into());
            }
            grid.push(cells);
        }
    }
    // What people read last belongs last: arguments.
    if let Some(from) = grid.first().and_then(|header| header.iter().position(|name| name == "CMDLINE")) {
        for cells in grid.iter_mut().filter(|cells| from < cells.len()) {
            let cell = cells.remove(from);
            cells.push(cell);
        }
    }
    let widths = widths(&grid);
    let mut line = String::new();
    for cells in &grid {
        line.clear();
        for (at, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            if at + 1 == cells.len() {
                push(&mut line, cell, WIDEST_LAST);
            } else {
                let fill = width.saturating_sub(push(&mut line, cell, *width)) + 2;
                line.extend(std::iter::repeat_n(' ', fill));
            }
        }
        line.truncate(line.trim_end().len());
        line.push('\n');
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn header<'a>(answer: &Answer<'_>) -> Vec<Cow<'a, str>> {
    let columns = answer.tables.first().map(|(_, table)| table.columns.as_slice()).unwrap_or_default();
    let skip = usize::from(answer.tree);
    let system = answer.with_system.then(|| "SYSTEM".into());
    system.into_iter().chain(columns.iter().skip(skip).map(|name| name.to_uppercase().into())).collect()
}

/// Takes the depth in front away and indents the name by it.
fn indent(cells: &mut Vec<Cow<'_, str>>) {
    const NAME: usize = 2;
    let depth = cells.remove(0).parse().unwrap_or(0);
    if let Some(name) = cells.get_mut(NAME) {
        // A chain of thousands would leave nothing but blanks.
        *name = format!("{}{name}", "  ".repeat(std::cmp::min(depth, 16))).into();
    }
}

fn widths(grid: &[Vec<Cow<'_, str>>]) -> Vec<usize> {
    let mut widths = vec![0; grid.first().map_or(0, Vec::len)];
    for cells in grid {
        for (width, cell) in widths.iter_mut().zip(cells) {
            // No text has more characters than bytes.
            if cell.len() > *width {
                *width = cell.chars().take(WIDEST).count().max(*width);
            }
        }
    }
    widths
}

/// Appends a cell, cut to this width; says how wide it became.
fn push(line: &mut String, cell: &str, width: usize) -> usize {
    if cell.len() <= width || cell.char_indices().nth(width).is_none() {
        line.push_str(cell);
        return cell.chars().count();
    }
    line.extend(cell.chars().take(width.saturating_sub(1)).chain(['…']));
    width
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Table;

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
