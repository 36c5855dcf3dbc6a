//! The notes of one or several bundles, as a file holds them.

use super::note::Note;
use super::on::On;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Version of the form. Readers take a higher one too, as far as they understand it.
pub(super) const VERSION: u64 = 1;
/// The field that tells a file of notes.
pub const MAGIC: &str = "procglass_notes";

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Notes by bundle.
    pub bundles: Vec<Section>,
    /// What else it says.
    pub more: Map<String, Value>,
}

/// The notes on one bundle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// SHA-256 of the bundle, lower-case hex.
    pub sha256: String,
    /// The bundle's name, for people.
    pub name: String,
    /// The system's name, for people.
    pub system: String,
    /// What else the file says of it.
    pub more: Map<String, Value>,
    notes: BTreeMap<(On, String), Note>,
}

impl Section {
    /// None yet.
    #[must_use]
    pub fn new(sha256: &str, name: &str, system: &str) -> Self {
        Self { sha256: sha256.into(), name: name.into(), system: system.into(), ..Self::default() }
    }

    /// Takes a note; of two by the same author on the same thing the newer stays. True when it was this one.
    pub fn put(&mut self, note: Note) -> bool {
        let key = (note.on.clone(), note.author.clone());
        if self.notes.get(&key).is_some_and(|old| !note.is_newer_than(old)) {
            return false;
        }
        self.notes.insert(key, note);
        true
    }

    /// Takes the notes of another section, and says how many were new or newer.
    pub fn merge(&mut self, other: &Self) -> usize {
        for (name, value) in &other.more {
            self.more.entry(name.clone()).or_insert_with(|| value.clone());
        }
        other.notes.values().filter(|note| self.put((*note).clone())).count()
    }

    /// The same, where there is another section.
    pub fn extend(&mut self, other: Option<&Self>) {
        if let Some(other) = other {
            self.merge(other);
        }
    }

    /// Everything, also the traces of what was deleted: by thing, then by author.
    pub fn all(&self) -> impl Iterator<Item = &Note> {
        self.notes.values()
    }

    /// What is not deleted.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        self.notes.values().filter(|note| !note.removed)
    }

    /// How many are not deleted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.notes().count()
    }

    /// Whether nothing was ever written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// The texts in front, one an author.
    pub fn summaries(&self) -> impl Iterator<Item = &Note> {
        self.notes().filter(|note| note.on == On::Summary && !note.text.is_empty())
    }

    /// An author's note on a thing.
    #[must_use]
    pub fn by(&self, on: &On, author: &str) -> Option<&Note> {
        self.notes.get(&(on.clone(), author.to_owned())).filter(|note| !note.removed)
    }
}

impl Document {
    /// Of these sections; those without a note are left out.
    pub fn of(sections: impl IntoIterator<Item = Section>) -> Self {
        let bundles = sections.into_iter().filter(|section| !section.is_empty()).collect();
        Self { bundles, more: Map::new() }
    }

    /// The section of a bundle.
    #[must_use]
    pub fn section(&self, sha256: &str) -> Option<&Section> {
        self.bundles.iter().find(|section| section.sha256.eq_ignore_ascii_case(sha256))
    }

    /// The file. Empty when there is nothing in it.
    #[must_use]
    pub fn to_json(&self) -> String {
        if self.bundles.is_empty() {
            return String::new();
        }
        let mut fields = self.more.clone();
        fields.insert(MAGIC.into(), json!(VERSION));
        fields.insert("bundles".into(), self.bundles.iter().map(section).collect());
        Value::Object(fields).to_string()
    }
}

fn section(section: &Section) -> Value {
    let mut fields = section.more.clone();
    let mut text = |name: &str, text: &str| fields.insert(name.into(), text.into());
    text("sha256", &section.sha256);
    text("name", &section.name);
    text("system", &section.system);
    fields.insert("notes".into(), section.all().map(note).collect());
    Value::Object(fields)
}

fn note(note: &Note) -> Value {
    let mut fields = note.more.clone();
    fields.insert("on".into(), note.on.to_string().into());
    fields.insert("author".into(), note.author.as_str().into());
    if let Some(time) = note.time {
        fields.insert("time".into(), time.to_string().into());
    }
    if note.removed {
        fields.insert("removed".into(), true.into());
    } else {
        // A word that this version does not know stays.
        fields.entry("tag").or_insert_with(|| note.tag.word().into());
        fields.insert("text".into(), note.text.as_str().into());
    }
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tag;
    use procglass_model::Timestamp;
    use proptest::prelude::*;

    fn note(on: &str, text: &str, author: &str, seconds: i64) -> Note {
        Note::new(On::parse(on), Tag::Bad, text, author, Timestamp::from_seconds(seconds))
    }

    fn section(notes: &[Note]) -> Section {
        let mut section = Section::new("ab", "x.tar.gz", "web");
        for note in notes {
            section.put(note.clone());
        }
        section
    }

    #[test]
    fn the_newer_counts_for_each_author_and_nothing_else_is_lost() {
        let mut mine =
            section(&[note("process 7 1", "old", "Ada", 1), note("process 8 1", "kept", "Ada", 1)]);
        let theirs = section(&[
            note("process 7 1", "new", "Ada", 2),
            note("process 7 1", "other", "Bob", 1),
            note("process 8 1", "stale", "Ada", 0),
        ]);
        assert_eq!(mine.merge(&theirs), 2);
        let texts: Vec<&str> = mine.notes().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, ["new", "other", "kept"]);
    }

    #[test]
    fn what_is_deleted_does_not_come_back() {
        let old = note("process 7 1", "secret", "Ada", 1);
        let mut mine = section(std::slice::from_ref(&old));
        mine.put(old.clone().without(Timestamp::from_seconds(2)));
        assert_eq!(mine.merge(&section(&[old])), 0);
        assert_eq!((mine.len(), mine.is_empty()), (0, false));
        let json = Document::of([mine]).to_json();
        assert!(json.contains("removed") && !json.contains("secret"), "{json}");
    }

    proptest! {
        #[test]
        fn the_order_of_merging_does_not_matter(
            notes in prop::collection::vec((0..3_u8, "[ab]{0,2}", 0..2_u8, 0..3_i64), 0..12),
            cut in 0..12_usize,
        ) {
            let notes: Vec<Note> = notes
                .iter()
                .map(|(on, text, author, time)| note(&format!("process {on} 1"), text, &author.to_string(), *time))
                .collect();
            let (front, back) = notes.split_at(cut.min(notes.len()));
            let (mut one, mut other) = (section(front), section(back));
            let (first, second) = (one.clone(), other.clone());
            one.merge(&second);
            other.merge(&first);
            prop_assert_eq!(&one, &other);
            prop_assert_eq!(&one, &section(&notes));
        }
    }
}
