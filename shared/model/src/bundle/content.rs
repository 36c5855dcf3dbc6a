//! Bytes inside JSON: a string where they are valid UTF-8, `{"base64": "..."}` where they are not.

use super::file_content::FileContent;
use base64::Engine as _;
pub(super) use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de;
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
        Err(_) => one(serializer, "base64", &BASE64.encode(bytes)),
    }
}

/// An object with one key.
pub(super) fn one<S: Serializer, T: Serialize>(
    serializer: S,
    key: &str,
    value: &T,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match FileContent::deserialize(deserializer)? {
            FileContent::Inline(content) => Ok(content),
            _ => Err(de::Error::custom("only a string or {\"base64\": ...} is allowed here")),
        }
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

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes: Vec<u8>) {
            let json = serde_json::to_vec(&Content(bytes.clone())).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Content>(&json).unwrap().0, bytes);
        }
    }
}
