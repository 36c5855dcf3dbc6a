//! Bytes inside JSON: a string where they are valid UTF-8, `{"base64": "..."}` where they are not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::ops::Deref;

/// Bytes exactly as the kernel gave them.
///
/// The JSON form is a string when the bytes are valid UTF-8 and an object with one key, `base64`
/// (RFC 4648, standard alphabet, padded), when they are not. Either form gives the same bytes back.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Content(pub Vec<u8>);

impl Deref for Content {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<T: Into<Vec<u8>>> From<T> for Content {
    fn from(bytes: T) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_bytes(&self.0, serializer)
    }
}

/// Writes `bytes` in the JSON form of [`Content`] without copying them into one.
///
/// # Errors
/// Only what the serializer itself reports.
pub fn serialize_bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry("base64", &BASE64.encode(bytes))?;
            map.end()
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match FileContent::deserialize(deserializer)? {
            FileContent::Inline(content) => Ok(content),
            FileContent::Shared(_) => {
                Err(de::Error::custom("a reference to a shared text is not allowed here"))
            }
        }
    }
}

/// The content of one collected file: here, or in the member `text/<sha256>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileContent {
    /// The bytes themselves.
    Inline(Content),
    /// Lower-case hex SHA-256 of the bytes, which the member `text/<sha256>` holds.
    Shared(String),
}

impl Serialize for FileContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Inline(content) => content.serialize(serializer),
            Self::Shared(hash) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry("text", hash)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for FileContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = FileContent;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, {\"base64\": ...} or {\"text\": ...}")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FileContent, E> {
                Ok(FileContent::Inline(Content(text.as_bytes().to_vec())))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<FileContent, E> {
                Ok(FileContent::Inline(Content(text.into_bytes())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FileContent, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "base64" => {
                            let text = map.next_value::<String>()?;
                            let bytes = BASE64.decode(text).map_err(de::Error::custom)?;
                            found = Some(FileContent::Inline(Content(bytes)));
                        }
                        "text" => found = Some(FileContent::Shared(map.next_value()?)),
                        _ => {
                            map.next_value::<de::IgnoredAny>()?;
                        }
                    }
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
    use proptest::prelude::*;

    #[test]
    fn utf8_is_a_string_and_the_rest_is_base64() {
        assert_eq!(serde_json::to_string(&Content::from("a\0b\n")).unwrap(), r#""a\u0000b\n""#);
        assert_eq!(serde_json::to_string(&Content::from(vec![0xff])).unwrap(), r#"{"base64":"/w=="}"#);
    }

    #[test]
    fn a_reference_is_not_content() {
        assert!(serde_json::from_str::<Content>(r#"{"text":"00"}"#).is_err());
        assert!(serde_json::from_str::<FileContent>(r#"{"other":1}"#).is_err());
        let shared: FileContent = serde_json::from_str(r#"{"text":"00"}"#).unwrap();
        assert_eq!(shared, FileContent::Shared("00".into()));
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes: Vec<u8>) {
            let json = serde_json::to_vec(&Content(bytes.clone())).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Content>(&json).unwrap().0, bytes);
        }
    }
}
