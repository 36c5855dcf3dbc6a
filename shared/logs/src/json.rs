//! The leaves of a JSON document, each with the names that lead to it. One walk serves every format, takes duplicate
//! names as they come, and builds nothing.

use super::column::{Column, Draft, Value, Why};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::Write as _;

/// Why a document is bad.
pub(super) const BROKEN: Why = "it is no whole JSON";

/// Calls `leaf` with each string and number of `text`, and the names above it joined by points. Places in arrays have no
/// name. Nesting is limited by `serde_json`.
pub(super) fn leaves(text: &[u8], leaf: &mut dyn FnMut(&str, Value<'_>)) -> Result<(), Why> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    Node { path: &mut String::new(), leaf }.deserialize(&mut reader).map_err(|_| BROKEN)?;
    reader.end().map_err(|_| "something follows the JSON on its line")
}

struct Node<'w> {
    path: &'w mut String,
    leaf: &'w mut dyn FnMut(&str, Value<'_>),
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let above = self.path.len();
        while map.next_key_seed(Name { path: self.path, top: above == 0 })?.is_some() {
            map.next_value_seed(Node { path: self.path, leaf: self.leaf })?;
            self.path.truncate(above);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Node { path: self.path, leaf: self.leaf })?.is_some() {}
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        (self.leaf)(self.path, Value::Text(text.as_bytes()));
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        (self.leaf)(self.path, Value::Number(number));
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        // Nothing that is asked for here is below zero.
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        (self.leaf)(self.path, Value::Float(number));
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A name of an object, put at the end of the path.
struct Name<'w> {
    path: &'w mut String,
    top: bool,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        if !self.top {
            self.path.push('.');
        }
        self.path.push_str(name);
        Ok(())
    }
}

/// Fields of one document, kept until all of it was read: JSON's names come in any order, and its strings may have to be
/// unescaped. Used again for every document.
#[derive(Debug, Default)]
pub(super) struct Fields {
    text: Vec<u8>,
    all: Vec<(Column, Kept)>,
}

#[derive(Clone, Copy, Debug)]
enum Kept {
    Text(usize, usize),
    Number(u64),
    Float(f64),
}

impl Fields {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.all.clear();
    }

    pub(super) fn push(&mut self, column: Column, value: Value<'_>) {
        let kept = match value {
            // What other formats write as `-`.
            Value::Text(b"" | b"-") => return,
            Value::Text(text) => {
                let start = self.text.len();
                self.text.extend_from_slice(text);
                Kept::Text(start, self.text.len())
            }
            // An account, which some program wrote without quotes.
            Value::Number(number) if column.is_words() => {
                let start = self.text.len();
                let _ = write!(self.text, "{number}");
                Kept::Text(start, self.text.len())
            }
            Value::Number(number) => Kept::Number(number),
            Value::Float(float) => Kept::Float(float),
        };
        self.all.push((column, kept));
    }

    /// Fills a draft with everything.
    pub(super) fn fill<'a>(&'a self, draft: &mut Draft<'a>) -> Result<(), Why> {
        for (column, kept) in &self.all {
            let value = match *kept {
                Kept::Text(start, end) => Value::Text(self.text.get(start..end).unwrap_or_default()),
                Kept::Number(number) => Value::Number(number),
                Kept::Float(float) => Value::Float(float),
            };
            draft.fill(*column, value)?;
        }
        Ok(())
    }

    /// Whether it is said that there was no traffic.
    pub(super) fn has_status(&self) -> bool {
        self.all.iter().any(|(column, _)| *column == Column::Status)
    }

    /// Whether an address is among them.
    pub(super) fn has_address(&self) -> bool {
        self.all.iter().any(|(column, _)| matches!(column, Column::Source | Column::Destination))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Result<Vec<String>, Why> {
        let mut all = Vec::new();
        leaves(text.as_bytes(), &mut |path, value| {
            all.push(match value {
                Value::Text(text) => format!("{path}={}", text.escape_ascii()),
                Value::Number(number) => format!("{path}={number}"),
                Value::Float(float) => format!("{path}={float}f"),
            });
        })?;
        Ok(all)
    }

    #[test]
    fn leaves_have_the_names_above_them() {
        let text =
            r#"{"a":{"b":1,"c":[{"d":"x\ny"},{"d":2.5}]},"e":null,"f":true,"g":-1,"id.h":"z","a":{"b":3}}"#;
        assert_eq!(all(text).unwrap(), ["a.b=1", "a.c.d=x\\ny", "a.c.d=2.5f", "id.h=z", "a.b=3"]);
    }

    #[test]
    fn broken_and_deep_ones_are_refused() {
        for text in ["", "{", "{\"a\":1} x", "{\"a\":\"\u{1}\"}", &"[".repeat(100_000)] {
            assert!(all(text).is_err());
        }
    }
}
