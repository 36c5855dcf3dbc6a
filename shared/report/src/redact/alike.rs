//! The same for the same.

use std::collections::HashMap;
use std::hash::Hash;

/// Values and what stands for each.
pub(super) struct Alike<K, V> {
    all: HashMap<K, V>,
}

impl<K, V> Default for Alike<K, V> {
    fn default() -> Self {
        Self { all: HashMap::new() }
    }
}

impl<K: Eq + Hash, V> Alike<K, V> {
    pub(super) fn get(&self, value: &K) -> Option<&V> {
        self.all.get(value)
    }

    pub(super) fn insert(&mut self, value: K, pseudonym: V) {
        self.all.insert(value, pseudonym);
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}

/// Texts that become a word with a number.
pub(super) struct Numbered {
    word: &'static str,
    all: HashMap<Box<[u8]>, usize>,
}

impl Numbered {
    pub(super) fn new(word: &'static str) -> Self {
        Self { word, all: HashMap::new() }
    }

    /// The pseudonym of a text, a new one if it has none.
    pub(super) fn of(&mut self, text: &[u8]) -> String {
        let number = self.number(text);
        format!("{}{number}", self.word)
    }

    /// The number of a text.
    pub(super) fn number(&mut self, text: &[u8]) -> usize {
        if let Some(number) = self.all.get(text) {
            return *number;
        }
        let number = self.all.len() + 1;
        self.all.insert(text.into(), number);
        number
    }

    /// The pseudonym of a text that has one.
    pub(super) fn known(&self, text: &[u8]) -> Option<String> {
        self.all.get(text).map(|number| format!("{}{number}", self.word))
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}
