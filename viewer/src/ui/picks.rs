//! Rows that somebody chose, one or many, by mouse and keyboard as in every table. Pure but for the hook.

use std::collections::HashSet;
use std::rc::Rc;
use yew::prelude::*;

/// What stands for a row while rows come, go and move.
pub(crate) type RowId = u64;

/// How a row is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// It alone.
    Alone,
    /// It as well, or no longer: Ctrl.
    Toggle,
    /// Everything up to it: Shift.
    UpTo,
}

impl How {
    /// From the keys that are held.
    pub(crate) fn of(shift: bool, ctrl: bool) -> Self {
        match (shift, ctrl) {
            (true, _) => Self::UpTo,
            (false, true) => Self::Toggle,
            (false, false) => Self::Alone,
        }
    }
}

/// What is chosen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picks {
    /// Where the keyboard is.
    pub(crate) cursor: Option<RowId>,
    anchor: Option<RowId>,
    set: Rc<HashSet<RowId>>,
}

impl PartialEq for Picks {
    fn eq(&self, other: &Self) -> bool {
        (self.cursor, self.anchor) == (other.cursor, other.anchor) && Rc::ptr_eq(&self.set, &other.set)
    }
}

impl Picks {
    /// One row.
    pub(crate) fn one(row: RowId) -> Self {
        Self { cursor: Some(row), anchor: Some(row), set: Rc::new(HashSet::from([row])) }
    }

    /// Whether a row is chosen.
    pub(crate) fn has(&self, row: RowId) -> bool {
        self.set.contains(&row)
    }

    /// How many are.
    pub(crate) fn len(&self) -> usize {
        self.set.len()
    }

    /// How many of these are: a filter may hide some.
    pub(crate) fn among(&self, ids: &[RowId]) -> usize {
        if self.set.is_empty() { 0 } else { ids.iter().filter(|id| self.has(**id)).count() }
    }

    /// After row number `at` was chosen, among rows that stand for `ids`.
    pub(crate) fn pick(&self, at: usize, how: How, ids: &[RowId]) -> Self {
        let Some(row) = ids.get(at).copied() else { return self.clone() };
        let place = |id: RowId| ids.iter().position(|other| *other == id);
        match how {
            How::Alone => Self::one(row),
            How::Toggle => {
                let mut set = (*self.set).clone();
                if set.insert(row) {
                    return Self { cursor: Some(row), anchor: Some(row), set: Rc::new(set) };
                }
                set.remove(&row);
                // The keyboard stays on something that is chosen: the next one, or the one before.
                let (above, below) = ids.split_at(at);
                let near = below.iter().chain(above.iter().rev()).copied().find(|id| set.contains(id));
                let cursor = self.cursor.filter(|cursor| set.contains(cursor)).or(near);
                Self { cursor, anchor: cursor, set: Rc::new(set) }
            }
            How::UpTo => {
                let anchor = self.anchor.or(self.cursor).filter(|anchor| place(*anchor).is_some());
                let from = anchor.and_then(place).unwrap_or(at);
                let set = ids.get(from.min(at)..=from.max(at)).unwrap_or_default().iter().copied().collect();
                Self { cursor: Some(row), anchor: anchor.or(Some(row)), set: Rc::new(set) }
            }
        }
    }

    /// All rows.
    pub(crate) fn all(&self, ids: &[RowId]) -> Self {
        let set = ids.iter().copied().collect();
        Self { cursor: self.cursor.or(ids.first().copied()), anchor: self.anchor, set: Rc::new(set) }
    }
}

/// What a key does with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// The keyboard goes to a row.
    To(usize),
    /// Everything is chosen.
    All,
    /// Nothing is.
    Nothing,
}

/// The move for a key; `at` is where the keyboard is, `page` the number of rows on the screen.
pub(crate) fn moved(key: &str, ctrl: bool, at: Option<usize>, count: usize, page: usize) -> Option<Move> {
    let last = count.checked_sub(1)?;
    let to = match key {
        "a" | "A" if ctrl => return Some(Move::All),
        "Escape" => return Some(Move::Nothing),
        _ if ctrl => return None,
        "ArrowDown" => at.map_or(0, |at| at + 1),
        "ArrowUp" => at.map_or(last, |at| at.saturating_sub(1)),
        "PageDown" => at.unwrap_or(0) + page,
        "PageUp" => at.unwrap_or(0).saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(Move::To(to.min(last)))
}

/// What a table needs to let its rows be chosen.
#[derive(Clone, PartialEq)]
pub(crate) struct Picking {
    /// What is chosen.
    pub(crate) picks: Picks,
    /// Chooses.
    pub(crate) set: Callback<Picks>,
}

/// Keeps what is chosen among rows.
#[hook]
pub(crate) fn use_picking() -> Picking {
    let picks = use_state_eq(Picks::default);
    let set = use_callback((), {
        let picks = picks.setter();
        move |next: Picks, ()| picks.set(next)
    });
    Picking { picks: (*picks).clone(), set }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(picks: &Picks, at: usize, how: How) -> Picks {
        picks.pick(at, how, &(0..9).map(|at| at * 10).collect::<Vec<_>>())
    }

    fn chosen(picks: &Picks) -> Vec<u64> {
        let mut all: Vec<u64> = picks.set.iter().copied().collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn one_more_and_ranges() {
        let one = pick(&Picks::default(), 3, How::Alone);
        assert_eq!((chosen(&one), one.cursor), (vec![30], Some(30)));
        let range = pick(&one, 5, How::UpTo);
        assert_eq!((chosen(&range), range.cursor), (vec![30, 40, 50], Some(50)));
        let back = pick(&range, 2, How::UpTo);
        assert_eq!(chosen(&back), [20, 30], "from where it began");
        let more = pick(&back, 7, How::Toggle);
        assert_eq!((chosen(&more), more.cursor), (vec![20, 30, 70], Some(70)));
        let less = pick(&more, 7, How::Toggle);
        assert_eq!((chosen(&less), less.cursor), (vec![20, 30], Some(30)), "to what is near");
        assert_eq!(chosen(&pick(&Picks::default(), 4, How::UpTo)), [40]);
        assert_eq!(pick(&one, 3, How::Toggle).len(), 0);
    }

    #[test]
    fn keys() {
        assert_eq!(moved("ArrowDown", false, None, 3, 2), Some(Move::To(0)));
        assert_eq!(moved("ArrowDown", false, Some(2), 3, 2), Some(Move::To(2)));
        assert_eq!(moved("PageUp", false, Some(1), 3, 2), Some(Move::To(0)));
        assert_eq!(moved("End", false, None, 3, 2), Some(Move::To(2)));
        assert_eq!(moved("a", true, None, 3, 2), Some(Move::All));
        assert_eq!(moved("a", false, None, 3, 2), None);
        assert_eq!(moved("Escape", false, None, 3, 2), Some(Move::Nothing));
        assert_eq!(moved("ArrowDown", false, None, 0, 2), None);
    }
}
