//! Matches as text, made once for each system and process: millions of rows name the same ones.

use super::cell::{Cell, is_plain, put_json, put_text};
use super::strength::{Match, STRENGTHS, Side};
use procglass_query::write::Form;
use procglass_systems::System;

/// Names of a match's fields, in JSON.
const NAMES: [&str; 7] = ["system", "bundle", "pid", "process", "side", "strength", "ambiguous"];
/// So many of them are of the system and the process; the rest is of this match.
const OWN: usize = 4;
const SIDES: [Side; 3] = [Side::Source, Side::Destination, Side::Reporter];

/// A match, in the order of [`NAMES`].
pub(super) fn cells<'s>(systems: &'s [System], each: &Match) -> [Cell<'s>; 7] {
    let system = usize::try_from(each.system.0).ok().and_then(|at| systems.get(at));
    let process = each.process.and_then(|row| system?.processes.get(usize::try_from(row.0).ok()?));
    let text = |text: Option<&'s String>| text.map_or(Cell::Null, |text| Cell::Bytes(text.as_bytes()));
    [
        text(system.map(|system| &system.name)),
        text(system.map(|system| &system.bundle)),
        process.map_or(Cell::Null, |process| Cell::Number(process.pid.into())),
        process.map_or(Cell::Null, |process| Cell::Bytes(&process.name)),
        Cell::Word(each.side.word()),
        Cell::Word(each.strength.about().name),
        Cell::Bool(each.ambiguous),
    ]
}

/// The text of a system and a process.
#[derive(Clone)]
struct Head {
    text: Box<[u8]>,
    /// Whether it can stand in a field of CSV as it is.
    plain: bool,
}

/// Texts that were made.
pub(super) struct Fragments<'s> {
    form: Form,
    systems: &'s [System],
    /// By system, and there the one without a process and then the processes.
    heads: Vec<Vec<Option<Head>>>,
    /// By side, strength and whether it is ambiguous.
    tails: Vec<Vec<u8>>,
}

impl<'s> Fragments<'s> {
    pub(super) fn new(form: Form, systems: &'s [System]) -> Self {
        let strengths = STRENGTHS.iter().rev().flat_map(|about| [(about.name, false), (about.name, true)]);
        let all = SIDES.iter().flat_map(|side| strengths.clone().map(|rest| (side.word(), rest)));
        let tails = all.map(|(side, (strength, ambiguous))| {
            let mut tail = Vec::new();
            put(form, OWN, &[Cell::Word(side), Cell::Word(strength), Cell::Bool(ambiguous)], &mut tail);
            if form == Form::Json {
                tail.push(b'}');
            }
            tail
        });
        Self { form, systems, heads: vec![Vec::new(); systems.len()], tails: tails.collect() }
    }

    /// Appends a match. False when it has characters that cannot stand in a field of CSV as they are, or is of no system that
    /// is known: nothing was appended.
    pub(super) fn put(&mut self, each: &Match, out: &mut Vec<u8>) -> bool {
        let Self { form, systems, heads, tails } = self;
        let side = SIDES.iter().position(|side| *side == each.side).unwrap_or(0);
        let tail = (side * STRENGTHS.len() + each.strength as usize) * 2 + usize::from(each.ambiguous);
        let Some(tail) = tails.get(tail) else { return false };
        let at = usize::try_from(each.system.0).unwrap_or(usize::MAX);
        let (Some(system), Some(heads)) = (systems.get(at), heads.get_mut(at)) else { return false };
        let row = each.process.map_or(Some(0), |row| usize::try_from(row.0).ok()?.checked_add(1));
        if heads.is_empty() {
            heads.resize(1 + system.processes.len(), None);
        }
        let Some(head) = row.and_then(|row| heads.get_mut(row)) else { return false };
        let head = head.get_or_insert_with(|| {
            let [name, bundle, pid, process, ..] = cells(systems, each);
            let mut head = Vec::new();
            put(*form, 0, &[name, bundle, pid, process], &mut head);
            head.push(if *form == Form::Json { b',' } else { b'/' });
            Head { plain: is_plain(&head), text: head.into() }
        });
        if *form == Form::Csv && !head.plain {
            return false;
        }
        out.extend_from_slice(&head.text);
        out.extend_from_slice(tail);
        true
    }
}

/// Appends the fields from the one at `from` on: as members of an object that is open, or with `/` between them.
fn put(form: Form, from: usize, cells: &[Cell<'_>], out: &mut Vec<u8>) {
    for ((at, name), cell) in NAMES.iter().enumerate().skip(from).zip(cells) {
        if form == Form::Json {
            let mark = match at {
                0 => "{",
                _ if at == from => "",
                _ => ",",
            };
            out.extend_from_slice(format!("{mark}\"{name}\":").as_bytes());
            put_json(cell, out);
        } else {
            out.extend_from_slice(if at > from { b"/" } else { b"" });
            put_text(cell, out);
        }
    }
}

/// Appends a match as text, whatever its characters.
pub(super) fn put_slowly(systems: &[System], each: &Match, out: &mut Vec<u8>) {
    put(Form::Csv, 0, &cells(systems, each), out);
}

/// Appends a match as an object, whatever it is of.
pub(super) fn put_object(systems: &[System], each: &Match, out: &mut Vec<u8>) {
    put(Form::Json, 0, &cells(systems, each), out);
    out.push(b'}');
}
