//! One cell of an answer.

use procglass_model::Timestamp;
use procglass_model::bundle::serialize_bytes;
use procglass_model::text::visible;
use procglass_opened::Opened;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A value that knows its JSON and its text form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Not collected, or not known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number that is never negative.
    Number(u64),
    /// A number that may be negative.
    Signed(i64),
    /// Evidence: in JSON exactly, in text with visible escapes.
    Bytes(&'a [u8]),
    /// Our own words.
    Text(Cow<'a, str>),
    /// A time: RFC 3339 in UTC.
    Time(Timestamp),
    /// Several.
    List(Vec<Value<'a>>),
    /// Named ones.
    Object(Vec<(&'static str, Value<'a>)>),
}

impl Value<'_> {
    /// For tables and CSV. Lists are joined by spaces, strings with spaces in them quoted as a shell would.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "yes" } else { "no" }),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Signed(number) => Cow::Owned(number.to_string()),
            Self::Bytes(bytes) => visible(bytes),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Time(time) => Cow::Owned(time.to_string()),
            Self::List(values) => {
                let quoted = |value: &Value<'_>| match value.text() {
                    text if text.is_empty() || text.contains([' ', '"', '\'']) => format!("{text:?}"),
                    text => text.into_owned(),
                };
                Cow::Owned(values.iter().map(quoted).collect::<Vec<_>>().join(" "))
            }
            Self::Object(entries) => {
                Cow::Owned(entries.iter().map(|(_, value)| value.text()).collect::<Vec<_>>().join("/"))
            }
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(yes) => serializer.serialize_bool(*yes),
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Signed(number) => serializer.serialize_i64(*number),
            Self::Bytes(bytes) => serialize_bytes(bytes, serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Time(time) => time.serialize(serializer),
            Self::List(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(value)?;
                }
                list.end()
            }
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (name, value) in entries {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'a> Value<'a> {
    /// A number, where there is one.
    pub fn number(number: Option<impl Into<u64>>) -> Self {
        number.map_or(Self::Null, |number| Self::Number(number.into()))
    }

    /// A number that may be negative, where there is one.
    pub fn signed(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Null, |number| Self::Signed(number.into()))
    }

    /// Evidence, where there is some.
    #[must_use]
    pub fn bytes(bytes: Option<&'a bstr::BString>) -> Self {
        bytes.map_or(Self::Null, |bytes| Self::Bytes(bytes))
    }
}

/// One column of a view. Its name is a contract of `show --format json`.
pub struct Column<R> {
    /// Field name.
    pub name: &'static str,
    /// What it says.
    pub why: &'static str,
    /// The cell for one row.
    pub value: for<'a> fn(&'a Opened, R) -> Value<'a>,
}
