//! One note.

use super::on::On;
use procglass_model::Timestamp;
use procglass_model::text::visible;
use serde_json::{Map, Value};

/// What an author thinks of a thing, in a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tag {
    /// Only a text.
    #[default]
    None,
    /// It has a harmless reason, which the text should name.
    Explained,
    /// To be cleared up.
    Question,
    /// It belongs to what went wrong.
    Bad,
}

impl Tag {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Bad, Self::Explained, Self::Question, Self::None];

    /// Its word in files and queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "note",
            Self::Explained => "explained",
            Self::Question => "question",
            Self::Bad => "bad",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.word() == word)
    }
}

/// What one author says of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The thing.
    pub on: On,
    /// The author's judgement.
    pub tag: Tag,
    /// The author's words; lines end in `\n`.
    pub text: String,
    /// Who; empty where the file does not say.
    pub author: String,
    /// When it was last changed, UTC; `None` where the file does not say, or not in RFC 3339.
    pub time: Option<Timestamp>,
    /// Deleted by its author: only the trace is kept.
    pub removed: bool,
    /// What else the file says of it.
    pub more: Map<String, Value>,
}

impl Note {
    /// A new one.
    #[must_use]
    pub fn new(on: On, tag: Tag, text: &str, author: &str, time: Timestamp) -> Self {
        let (text, author) = (text.trim().replace('\r', ""), author.trim().to_owned());
        Self { on, tag, text, author, time: Some(time), removed: false, more: Map::new() }
    }

    /// The trace of it, once its author has deleted it.
    #[must_use]
    pub fn without(self, time: Timestamp) -> Self {
        Self {
            tag: Tag::None,
            text: String::new(),
            time: Some(time),
            removed: true,
            more: Map::new(),
            ..self
        }
    }

    /// Whether it counts instead of another by the same author on the same thing.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        // The text breaks ties, so that the order of merging does not matter.
        (self.time, self.removed, &self.text, self.tag) > (other.time, other.removed, &other.text, other.tag)
    }

    /// Who and when, for people: `Ada, 2026-11-24 07:00:12 UTC`.
    #[must_use]
    pub fn signature(&self) -> String {
        let author = visible(self.author.as_bytes());
        let author = if author.is_empty() { "author not given" } else { &author };
        match self.time {
            Some(time) => format!("{author}, {} UTC", time.to_the_second()),
            None => format!("{author}, at an unknown time"),
        }
    }

    /// The text in lines that are safe to show.
    pub fn lines(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.text.lines().map(|line| visible(line.as_bytes()))
    }

    /// Word and text in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let text = self.lines().collect::<Vec<_>>().join(" ");
        match (self.tag, text.is_empty()) {
            (Tag::None, _) => text,
            (tag, true) => tag.word().to_owned(),
            (tag, false) => format!("{}: {text}", tag.word()),
        }
    }
}
