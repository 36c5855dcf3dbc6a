//! Reading a file of notes, which anybody may have written: a bad note costs itself, and says so.

use super::document::{Document, MAGIC, Section, VERSION};
use super::note::{Note, Tag};
use super::on::On;
use procglass_model::Timestamp;
use serde_json::{Map, Value};
use std::fmt;

/// What is taken of a file at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit;

impl Limit {
    /// Bytes of a file.
    pub const FILE: usize = 16 << 20;
    /// Bytes of a text.
    pub const TEXT: usize = 16 << 10;
    /// Bytes of an author's name.
    pub const AUTHOR: usize = 100;
    /// Bytes of a key, and of a name of a bundle or system.
    pub const KEY: usize = 2 << 10;
    /// Notes on one bundle.
    pub const NOTES: usize = 10_000;
    /// Bundles in one file.
    pub const BUNDLES: usize = 1_000;
}

/// Why a file gives no notes at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotNotes {
    /// It is larger than [`Limit::FILE`].
    TooLarge(usize),
    /// It is no JSON.
    NotJson(String),
    /// It is JSON of another kind.
    OtherJson,
}

impl fmt::Display for NotNotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(bytes) => {
                write!(f, "{bytes} bytes are too many for notes: {} are taken at most", Limit::FILE)
            }
            Self::NotJson(error) => write!(f, "this is no file of notes: it is not JSON ({error})"),
            Self::OtherJson => {
                write!(f, "this is no file of notes: it has no field `{MAGIC}` (docs/notes.md has the form)")
            }
        }
    }
}

impl std::error::Error for NotNotes {}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What it holds.
    pub document: Document,
    /// What was left out or cut, as sentences.
    pub problems: Vec<String>,
}

impl Reading {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is no file of notes. What is wrong inside costs only itself: see [`Reading::problems`].
    pub fn of(text: &[u8]) -> Result<Self, NotNotes> {
        if text.len() > Limit::FILE {
            return Err(NotNotes::TooLarge(text.len()));
        }
        let value: Value =
            serde_json::from_slice(text).map_err(|error| NotNotes::NotJson(error.to_string()))?;
        let Value::Object(mut fields) = value else { return Err(NotNotes::OtherJson) };
        let mut reading = Self::default();
        match fields.remove(MAGIC).as_ref().map(Value::as_u64) {
            None => return Err(NotNotes::OtherJson),
            Some(version) if version.is_none_or(|version| version > VERSION) => {
                reading.say("it was written by a later version; what this one does not know is kept");
            }
            Some(_) => {}
        }
        for (at, value) in list(fields.remove("bundles")).into_iter().enumerate() {
            if at == Limit::BUNDLES {
                reading.say(&format!("bundles after the first {at} were left out"));
                break;
            }
            match value {
                Value::Object(fields) => reading.section(fields),
                _ => reading.say("a bundle that is no object was left out"),
            }
        }
        reading.document.more = fields;
        Ok(reading)
    }

    fn say(&mut self, what: &str) {
        // A hostile file could say the same thing a million times.
        if self.problems.len() < 20 && !self.problems.iter().any(|said| said == what) {
            self.problems.push(what.to_owned());
        }
    }

    fn section(&mut self, mut fields: Map<String, Value>) {
        let mut text = |name: &str| cut(&string(fields.remove(name)), Limit::KEY).0.to_owned();
        let mut section = Section::new(&text("sha256").to_ascii_lowercase(), &text("name"), &text("system"));
        let notes = list(fields.remove("notes"));
        if notes.len() > Limit::NOTES {
            self.say(&format!(
                "{} notes were left out: {} are taken",
                notes.len() - Limit::NOTES,
                Limit::NOTES
            ));
        }
        for value in notes.into_iter().take(Limit::NOTES) {
            match value {
                Value::Object(fields) => {
                    if let Some(note) = self.note(fields) {
                        section.put(note);
                    }
                }
                _ => self.say("a note that is no object was left out"),
            }
        }
        section.more = fields;
        match self.document.bundles.iter_mut().find(|other| other.sha256 == section.sha256) {
            Some(other) => drop(other.merge(&section)),
            None => self.document.bundles.push(section),
        }
    }

    fn note(&mut self, mut fields: Map<String, Value>) -> Option<Note> {
        let on = string(fields.remove("on"));
        if on.is_empty() || on.len() > Limit::KEY {
            self.say("a note that does not say what it is on was left out");
            return None;
        }
        let mut text = |name: &str, limit: usize| {
            let whole = string(fields.remove(name));
            let (text, was_cut) = cut(&whole, limit);
            if was_cut {
                self.say(&format!("a {name} was cut after {limit} bytes"));
            }
            text.replace('\r', "")
        };
        let (body, author) = (text("text", Limit::TEXT), text("author", Limit::AUTHOR));
        let tag = match fields.get("tag").and_then(Value::as_str) {
            Some(word) => Tag::parse(word),
            None => Some(Tag::None),
        };
        // What is not understood stays in the file under its name.
        if tag.is_some() {
            fields.remove("tag");
        } else {
            self.say("a tag is not known here; the note is shown without it");
        }
        let time = fields.get("time").and_then(Value::as_str).and_then(Timestamp::parse);
        if time.is_some() {
            fields.remove("time");
        }
        let removed = fields.remove("removed") == Some(Value::Bool(true));
        let (text, tag) = if removed { (String::new(), Tag::None) } else { (body, tag.unwrap_or_default()) };
        let author = author.trim().to_owned();
        Some(Note { on: On::parse(&on), tag, text, author, time, removed, more: fields })
    }
}

fn list(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

fn string(value: Option<Value>) -> String {
    match value {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// At most `limit` bytes of a text, and whether some are missing.
fn cut(text: &str, limit: usize) -> (&str, bool) {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    (text.get(..end).unwrap_or_default(), end < text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = r#"{"procglass_notes": 1, "tool": "x", "bundles": [{"sha256": "AB", "name": "w.tar.gz", "system": "web",
        "color": 1, "notes": [
        {"on": "process 812 284512", "tag": "bad", "text": "the shell", "author": "Ada", "time": "2026-11-24T07:00:12Z", "seen": [1]},
        {"on": "summary", "text": "All of it.", "author": "Ada", "time": "yesterday"},
        {"on": "process 7 1", "tag": "purple", "text": "?", "author": "Bob"}, 5, {"text": "nowhere"}]}]}"#;

    #[test]
    fn what_is_unknown_is_kept_and_what_is_bad_costs_itself() {
        let Reading { document, problems } = Reading::of(FILE.as_bytes()).unwrap();
        let section = document.section("ab").unwrap();
        assert_eq!(section.len(), 3);
        assert_eq!(problems.len(), 3, "{problems:?}");
        let note = section.by(&On::parse("process 812 284512"), "Ada").unwrap();
        assert_eq!((note.tag, note.signature().as_str()), (Tag::Bad, "Ada, 2026-11-24 07:00:12 UTC"));
        assert_eq!(section.summaries().next().unwrap().signature(), "Ada, at an unknown time");
        let json = document.to_json();
        for kept in ["\"tool\":\"x\"", "\"color\":1", "\"seen\":[1]", "\"purple\"", "\"yesterday\""] {
            assert!(json.contains(kept), "{kept}: {json}");
        }
        let again = Reading::of(json.as_bytes()).unwrap().document;
        assert_eq!(again.to_json(), json);
    }

    #[test]
    fn limits_say_so() {
        let long = "x".repeat(Limit::TEXT + 1);
        let file = format!(
            r#"{{"procglass_notes":2,"bundles":[{{"sha256":"a","notes":[{{"on":"summary","text":"{long}"}}]}}]}}"#
        );
        let reading = Reading::of(file.as_bytes()).unwrap();
        assert_eq!(reading.document.bundles[0].summaries().next().unwrap().text.len(), Limit::TEXT);
        assert_eq!(reading.problems.len(), 2, "{:?}", reading.problems);
        assert_eq!(Reading::of(b"[]"), Err(NotNotes::OtherJson));
        assert_eq!(Reading::of(b"{}"), Err(NotNotes::OtherJson));
        assert!(matches!(Reading::of(b"\x1f\x8b"), Err(NotNotes::NotJson(_))));
        assert!(matches!(Reading::of(&vec![b' '; Limit::FILE + 1]), Err(NotNotes::TooLarge(_))));
        let many =
            format!(r#"{{"procglass_notes":1,"bundles":[{{"notes":[{}5]}}]}}"#, "5,".repeat(Limit::NOTES));
        assert!(Reading::of(many.as_bytes()).unwrap().problems[0].contains("1 notes were left out"));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(texts in prop::collection::vec(("[^\r]{0,12}", "[a-z]{0,3}"), 1..8)) {
            let notes: Vec<Value> = texts
                .iter()
                .map(|(text, author)| serde_json::json!({"on": format!("process {} 1", text.len()), "text": text, "author": author}))
                .collect();
            let file = serde_json::json!({"procglass_notes": 1, "bundles": [{"sha256": "00", "notes": notes}]});
            let document = Reading::of(file.to_string().as_bytes()).unwrap().document;
            let again = Reading::of(document.to_json().as_bytes()).unwrap();
            prop_assert_eq!(again.document, document);
            prop_assert!(again.problems.is_empty());
        }

        #[test]
        fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Reading::of(&bytes);
        }
    }
}
