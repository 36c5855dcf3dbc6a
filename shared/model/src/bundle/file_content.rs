//! The content of a collected file in the forms that a process's record has for it.

use super::content::{BASE64, Content, one};
use super::template::{Bases, TemplateError, fill, words};
use base64::Engine as _;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
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
    /// Of no form that is known here: the bytes cannot be had. It costs this file, not the record around it.
    Malformed,
}

/// Why content cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// The member `text/<sha256>` is not there.
    Missing(String),
    /// The template makes no sense with the bases of its process.
    Template(TemplateError),
    /// It stands in the record in a form that the format does not have.
    Form,
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(hash) => {
                write!(f, "its bytes are those of text/{}, which is missing", hash.escape_debug())
            }
            Self::Template(error) => write!(f, "its bytes cannot be put together: {error}"),
            Self::Form => f.write_str("it stands in the record in a form that is not of this format"),
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
            Self::Malformed => return Err(ContentError::Form),
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
            Self::Malformed => serializer.serialize_unit(),
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

/// A value inside a form: text, bytes, or something that does not belong there.
enum Loose {
    Text(String),
    Bytes(Vec<u8>),
    Wrong,
}

impl Loose {
    /// Bytes in either of their forms.
    fn content(self) -> Option<Content> {
        match self {
            Self::Text(text) => Some(Content(text.into_bytes())),
            Self::Bytes(bytes) => Some(Content(bytes)),
            Self::Wrong => None,
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn decoded(self) -> Option<Content> {
        Some(Content(BASE64.decode(self.text()?).ok()?))
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => Self::Text(text),
            Form::Of(FileContent::Inline(content)) => Self::Bytes(content.0),
            Form::Of(_) => Self::Wrong,
        })
    }
}

/// Content as it stands in JSON. Reading it fails only where that is no JSON.
enum Form {
    Text(String),
    Of(FileContent),
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Forms)
    }
}

struct Forms;

/// Whatever is no content.
macro_rules! wrong {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name<E: de::Error>(self, _: $kind) -> Result<Form, E> {
            Ok(Form::Of(FileContent::Malformed))
        })*
    };
}

impl<'de> Visitor<'de> for Forms {
    type Value = Form;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or {...} with base64, text, relative, template or words")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Form, E> {
        Ok(Form::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Form, E> {
        Ok(Form::Text(text))
    }

    wrong!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);

    fn visit_unit<E: de::Error>(self) -> Result<Form, E> {
        Ok(Form::Of(FileContent::Malformed))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Form, A::Error> {
        while list.next_element::<de::IgnoredAny>()?.is_some() {}
        Ok(Form::Of(FileContent::Malformed))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Form, A::Error> {
        let (mut found, mut given) = (None, None);
        while let Some(key) = map.next_key()? {
            if let Key::Other = key {
                map.next_value::<de::IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<Loose>()?;
            found = match key {
                Key::Base64 => value.decoded().map(FileContent::Inline),
                Key::Text => value.text().map(FileContent::Shared),
                Key::Relative => value.content().map(FileContent::Relative),
                Key::Template => value.text().map(|hash| FileContent::Template(hash, Content::default())),
                Key::Words => value.content().map(FileContent::Words),
                Key::Given | Key::Other => {
                    given = Some(value.content());
                    continue;
                }
            }
            .or(Some(FileContent::Malformed));
        }
        Ok(Form::Of(match (found, given) {
            (Some(FileContent::Template(hash, _)), Some(Some(words))) => FileContent::Template(hash, words),
            (Some(FileContent::Template(..)), Some(None)) | (None, _) => FileContent::Malformed,
            (Some(found), _) => found,
        }))
    }
}

impl<'de> Deserialize<'de> for FileContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Form::deserialize(deserializer)? {
            Form::Text(text) => Self::Inline(Content(text.into_bytes())),
            Form::Of(content) => content,
        })
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
        let deep = r#"{"relative":"#.repeat(100_000);
        assert!(serde_json::from_str::<FileContent>(&deep).is_err(), "and not a stack overflow");
    }

    #[test]
    fn what_is_of_no_form_costs_itself() {
        for json in [
            "5",
            "-5",
            "0.5",
            "null",
            "true",
            "[1,{}]",
            "{}",
            r#"{"other":1}"#,
            r#"{"base64":"!!!"}"#,
            r#"{"base64":5}"#,
            r#"{"text":{"base64":"AA=="}}"#,
            r#"{"text":null}"#,
            r#"{"relative":[]}"#,
            r#"{"relative":{"text":"00"}}"#,
            r#"{"template":"00","given":5}"#,
            r#"{"template":5,"given":"1"}"#,
            r#"{"given":"1"}"#,
            r#"{"words":{"x":[{}]}}"#,
        ] {
            let content: FileContent = serde_json::from_str(json).unwrap();
            assert_eq!(content, FileContent::Malformed, "{json}");
            let bytes = content.bytes(&Bases::default(), |_| Some(b"x"));
            assert_eq!(bytes, Err(ContentError::Form), "{json}");
            let list: Vec<FileContent> = serde_json::from_str(&format!("[{json},\"next\"]")).unwrap();
            assert_eq!(list[1], FileContent::Inline("next".into()), "{json}");
        }
        let again = serde_json::to_string(&FileContent::Malformed).unwrap();
        assert_eq!(serde_json::from_str::<FileContent>(&again).unwrap(), FileContent::Malformed);
    }
}
