//! Content that is parsed while its JSON is read. A bundle of 10,000 processes has some 300,000 pieces of which only a
//! number or two is wanted; to keep each as text first would cost more than all the rest of loading.

use procglass_model::bundle::FileContent;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// What can be told from bytes alone, whatever they are.
pub(super) trait Parse: Sized {
    /// Reads them.
    fn parse(bytes: &[u8]) -> Self;
}

/// Content in the form that bundles have it, parsed at once where it is text.
pub(super) enum Early<T> {
    /// The usual case.
    Parsed(T),
    /// Not plain text: bytes, or content relative to the bases of the process.
    Later(FileContent),
}

impl<T: Parse> Early<T> {
    /// The value, of content that stands in the record and has no holes.
    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Parsed(value) => Some(value),
            Self::Later(FileContent::Inline(bytes)) => Some(T::parse(&bytes)),
            Self::Later(_) => None,
        }
    }
}

impl<'de, T: Parse> Deserialize<'de> for Early<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads<T>(PhantomData<T>);
        impl<'de, T: Parse> Visitor<'de> for Reads<T> {
            type Value = Early<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("content")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Early<T>, E> {
                Ok(Early::Parsed(T::parse(text.as_bytes())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Early<T>, A::Error> {
                FileContent::deserialize(MapAccessDeserializer::new(map)).map(Early::Later)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Early<T>, A::Error> {
                FileContent::deserialize(SeqAccessDeserializer::new(list)).map(Early::Later)
            }

            fn visit_unit<E: de::Error>(self) -> Result<Early<T>, E> {
                Ok(Early::Later(FileContent::Malformed))
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Early<T>, E> {
                self.visit_unit()
            }

            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Early<T>, E> {
                self.visit_unit()
            }

            fn visit_u64<E: de::Error>(self, _: u64) -> Result<Early<T>, E> {
                self.visit_unit()
            }

            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Early<T>, E> {
                self.visit_unit()
            }
        }
        deserializer.deserialize_any(Reads(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Length(usize);
    impl Parse for Length {
        fn parse(bytes: &[u8]) -> Self {
            Self(bytes.len())
        }
    }

    #[test]
    fn text_bytes_and_references() {
        let value =
            |json: &str| serde_json::from_str::<Early<Length>>(json).unwrap().value().map(|length| length.0);
        assert_eq!(value(r#""a\nb""#), Some(3));
        assert_eq!(value(r#"{"base64":"/w=="}"#), Some(1));
        assert_eq!(value(r#"{"text":"00"}"#), None);
        for wrong in ["7", "-7", "0.5", "true", "null", "[1]", "{}"] {
            assert_eq!(value(wrong), None, "{wrong}");
        }
    }
}
