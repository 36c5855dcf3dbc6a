//! The content of a collected file in the forms that a process's record has for it.

use super::content::{BASE64, Content, one};
use super::template::{Bases, TemplateError, fill, words};
use base64::Engine as _;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// The content of one collected file: here or in the member `text/<sha256>`, as it is or relative to the
/// [`Bases`] of its process. [`FileContent::bytes`] gives the kernel's bytes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileContent {
    /// The bytes themselves.
    Inline(Content),
    /// Lower-case hex SHA-256 of the bytes, which the member `text/<sha256>` holds.
    Shared(String),
    /// A template, to be filled.
    Relative(Content),
    /// Lower-case hex SHA-256 of a template, which the member `text/<sha256>` holds, and the words for its numbered holes, with
    /// commas between them.
    Template(String, Content),
    /// A template that, filled, lists numbers of 8 bytes each.
    Words(Content),
}

/// Why content cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// The member `text/<sha256>` is not there.
    Missing(String),
    /// The template makes no sense with the bases of its process.
    Template(TemplateError),
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(hash) => {
                write!(f, "its bytes are those of text/{}, which is missing", hash.escape_debug())
            }
            Self::Template(error) => write!(f, "its bytes cannot be put together: {error}"),
        }
    }
}

impl std::error::Error for ContentError {}

impl From<TemplateError> for ContentError {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

impl FileContent {
    /// The bytes as the kernel gave them. `bases` are those of the process's record, `text` looks up the member
    /// `text/<sha256>` by its hash. Work is done for the forms with holes only, in proportion to the result.
    ///
    /// # Errors
    /// [`ContentError`], for what a damaged or hostile bundle may hold.
    pub fn bytes<'a>(
        &'a self,
        bases: &Bases,
        text: impl FnOnce(&str) -> Option<&'a [u8]>,
    ) -> Result<Cow<'a, [u8]>, ContentError> {
        let shared = |hash: &String| text(hash).ok_or_else(|| ContentError::Missing(hash.clone()));
        Ok(match self {
            Self::Inline(content) => Cow::Borrowed(content),
            Self::Shared(hash) => Cow::Borrowed(shared(hash)?),
            Self::Relative(template) => fill(template, bases, b"")?.into(),
            Self::Template(hash, given) => fill(shared(hash)?, bases, given)?.into(),
            Self::Words(template) => words(&fill(template, bases, b"")?)?.into(),
        })
    }
}

impl Serialize for FileContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Inline(content) => content.serialize(serializer),
            Self::Shared(hash) => one(serializer, "text", hash),
            Self::Relative(template) => one(serializer, "relative", template),
            Self::Template(hash, given) if given.is_empty() => one(serializer, "template", hash),
            Self::Template(hash, given) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("template", hash)?;
                map.serialize_entry("given", given)?;
                map.end()
            }
            Self::Words(template) => one(serializer, "words", template),
        }
    }
}

/// What the object of a form may hold.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Base64,
    Text,
    Relative,
    Template,
    Given,
    Words,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for FileContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = FileContent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or {...} with base64, text, relative, template or words")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FileContent, E> {
                Ok(FileContent::Inline(Content(text.as_bytes().to_vec())))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<FileContent, E> {
                Ok(FileContent::Inline(Content(text.into_bytes())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FileContent, A::Error> {
                let (mut found, mut given) = (None, Content::default());
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Base64 => {
                            let text = map.next_value::<String>()?;
                            let bytes = BASE64.decode(text).map_err(de::Error::custom)?;
                            found = Some(FileContent::Inline(Content(bytes)));
                        }
                        Key::Text => found = Some(FileContent::Shared(map.next_value()?)),
                        Key::Relative => found = Some(FileContent::Relative(map.next_value()?)),
                        Key::Template => {
                            found = Some(FileContent::Template(map.next_value()?, Content::default()));
                        }
                        Key::Given => given = map.next_value()?,
                        Key::Words => found = Some(FileContent::Words(map.next_value()?)),
                        Key::Other => {
                            map.next_value::<de::IgnoredAny>()?;
                        }
                    }
                }
                if let Some(FileContent::Template(_, words)) = &mut found {
                    *words = given;
                }
                found.ok_or_else(|| de::Error::missing_field("base64"))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(json: &str, bases: &[u64]) -> Result<Vec<u8>, ContentError> {
        let content: FileContent = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&content).unwrap(), json);
        let text = |hash: &str| match hash {
            "00" => Some(&b"{a+1} x"[..]),
            "22" => Some(&b"A={0}{{\0B={1}-{0}\0"[..]),
            _ => None,
        };
        Ok(content.bytes(&bases.iter().copied().into(), text)?.into_owned())
    }

    #[test]
    fn each_form_gives_its_bytes() {
        assert_eq!(bytes(r#""{a}""#, &[1]).unwrap(), b"{a}");
        assert_eq!(bytes(r#"{"base64":"/w=="}"#, &[]).unwrap(), [0xff]);
        assert_eq!(bytes(r#"{"text":"00"}"#, &[]).unwrap(), b"{a+1} x");
        assert_eq!(bytes(r#"{"template":"00"}"#, &[1]).unwrap(), b"00000002 x");
        assert_eq!(
            bytes(r#"{"template":"22","given":{"base64":"Nyz/"}}"#, &[]).unwrap(),
            b"A=7{\0B=\xff-7\0"
        );
        assert_eq!(bytes(r#"{"relative":"{a:d}\n"}"#, &[10]).unwrap(), b"10\n");
        assert_eq!(bytes(r#"{"relative":{"base64":"/w=="}}"#, &[]).unwrap(), [0xff]);
        assert_eq!(
            bytes(r#"{"words":"{a-1} 1"}"#, &[1]).unwrap(),
            [[0; 8], [1, 0, 0, 0, 0, 0, 0, 0]].concat()
        );
    }

    #[test]
    fn what_cannot_be_put_together_says_why() {
        assert_eq!(bytes(r#"{"text":"11"}"#, &[]), Err(ContentError::Missing("11".into())));
        assert_eq!(bytes(r#"{"template":"11"}"#, &[]), Err(ContentError::Missing("11".into())));
        assert!(matches!(bytes(r#"{"template":"00"}"#, &[]), Err(ContentError::Template(_))));
        assert!(matches!(bytes(r#"{"template":"22","given":"7"}"#, &[]), Err(ContentError::Template(_))));
        assert!(matches!(bytes(r#"{"words":"x"}"#, &[]), Err(ContentError::Template(_))));
    }

    #[test]
    fn a_reference_is_not_content() {
        for json in [r#"{"text":"00"}"#, r#"{"template":"00"}"#, r#"{"relative":"x"}"#] {
            assert!(serde_json::from_str::<Content>(json).is_err());
        }
        assert!(serde_json::from_str::<FileContent>(r#"{"other":1}"#).is_err());
        let deep = r#"{"relative":"#.repeat(100_000);
        assert!(serde_json::from_str::<FileContent>(&deep).is_err(), "and not a stack overflow");
    }
}
