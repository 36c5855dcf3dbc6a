//! What keys do in the grid. Pure: tested natively.

use super::rows::Rows;
use procglass_snapshot::ProcessIndex;
use procglass_snapshot::Snapshot;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Select another row.
    Select(ProcessIndex),
    /// Open or close the row.
    Toggle(ProcessIndex),
    /// Open everything below the row.
    Below(ProcessIndex),
    /// Go to the page of the process.
    Page(ProcessIndex),
}

/// The action for a key; `page` is the number of rows on the screen.
pub(super) fn action(
    key: &str,
    rows: &Rows,
    selected: Option<ProcessIndex>,
    page: usize,
    snapshot: &Snapshot,
) -> Option<Action> {
    let at = selected.and_then(|index| rows.place(index));
    let last = rows.list.len().checked_sub(1)?;
    let go = |at: usize| rows.get(at.min(last)).map(|row| Action::Select(row.process));
    match key {
        "ArrowDown" => return go(at.map_or(0, |at| at + 1)),
        "ArrowUp" => return go(at.map_or(last, |at| at.saturating_sub(1))),
        "PageDown" => return go(at.unwrap_or(0) + page),
        "PageUp" => return go(at.unwrap_or(0).saturating_sub(page)),
        "Home" => return go(0),
        "End" => return go(last),
        _ => {}
    }
    let row = rows.get(at?)?;
    match key {
        "ArrowRight" if row.parent && !row.open => Some(Action::Toggle(row.process)),
        "ArrowRight" if row.open => go(at? + 1),
        "ArrowLeft" if row.open => Some(Action::Toggle(row.process)),
        "ArrowLeft" => {
            let parent = snapshot.process(row.process)?.parent?;
            rows.place(parent).map(|_| Action::Select(parent))
        }
        "*" => Some(Action::Below(row.process)),
        "Enter" => Some(Action::Page(row.process)),
        _ => None,
    }
}

/// The next row after the selected one whose name begins with what was typed, from the top again at the end.
pub(super) fn type_ahead(
    typed: &str,
    rows: &Rows,
    selected: Option<ProcessIndex>,
    snapshot: &Snapshot,
) -> Option<ProcessIndex> {
    let begins = |index: ProcessIndex| {
        let name = snapshot.process(index).map(|process| process.name.as_slice()).unwrap_or_default();
        name.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed.as_bytes()))
    };
    let at = selected.and_then(|index| rows.place(index));
    // A single letter goes on to the next such name; more letters may stay where they are.
    let from = at.map_or(0, |at| at + usize::from(typed.chars().count() == 1));
    let all = rows.list.iter().map(|row| row.process);
    all.clone()
        .skip(from)
        .find(|index| begins(*index))
        .or_else(|| all.take(from).find(|index| begins(*index)))
}

#[cfg(test)]
mod tests {
    use super::super::rows::{Marks, tree};
    use super::*;
    use procglass_model::bundle::{Integrity, Member};
    use procglass_snapshot::SnapshotBuilder;
    use std::collections::HashSet;

    fn snapshot() -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        for (pid, ppid, name) in [(1, 0, "init"), (2, 1, "sshd"), (3, 2, "sh"), (4, 1, "cron")] {
            let stat = format!(
                "{pid} ({name}) S {ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 {pid} 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0"
            );
            builder.member(Member::new(
                format!("process/{pid}.json"),
                format!(r#"{{"pid":{pid},"files":{{"stat":"{stat}"}}}}"#).into_bytes(),
            ));
        }
        builder.finish(Integrity::default())
    }

    #[test]
    fn keys_as_in_every_tree() {
        use Action::{Below, Page, Select, Toggle};
        let snapshot = snapshot();
        let p = ProcessIndex;
        let rows = tree(&snapshot, None, &Marks::new(&snapshot, None, |_| true), &HashSet::from([p(1)]), &[]);
        let press = |key, selected| action(key, &rows, selected, 2, &snapshot);
        assert_eq!(press("ArrowDown", None), Some(Select(p(0))));
        assert_eq!(press("ArrowDown", Some(p(1))), Some(Select(p(3))), "over what is collapsed");
        assert_eq!(press("ArrowDown", Some(p(3))), Some(Select(p(3))));
        assert_eq!(press("End", Some(p(0))), Some(Select(p(3))));
        assert_eq!(press("PageDown", Some(p(0))), Some(Select(p(3))));
        assert_eq!(press("ArrowRight", Some(p(1))), Some(Toggle(p(1))));
        assert_eq!(press("ArrowRight", Some(p(0))), Some(Select(p(1))));
        assert_eq!(press("ArrowLeft", Some(p(0))), Some(Toggle(p(0))));
        assert_eq!(press("ArrowLeft", Some(p(3))), Some(Select(p(0))));
        assert_eq!(press("*", Some(p(1))), Some(Below(p(1))));
        assert_eq!(press("Enter", Some(p(3))), Some(Page(p(3))));
        assert_eq!(press("Enter", None), None);
        assert_eq!(press("Enter", Some(p(2))), None, "it has no row");
    }

    #[test]
    fn letters_jump_to_names() {
        let snapshot = snapshot();
        let rows = tree(&snapshot, None, &Marks::new(&snapshot, None, |_| true), &HashSet::new(), &[]);
        let jump = |typed, selected| type_ahead(typed, &rows, selected, &snapshot).map(|index| index.0);
        assert_eq!(jump("s", None), Some(1));
        assert_eq!(jump("s", Some(ProcessIndex(1))), Some(2));
        assert_eq!(jump("S", Some(ProcessIndex(2))), Some(1));
        assert_eq!(jump("sh", Some(ProcessIndex(2))), Some(2));
        assert_eq!(jump("x", None), None);
    }
}
