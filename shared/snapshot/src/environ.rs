//! The environment in a record that was not parsed: most have nothing in it that is looked for, which is told faster than they
//! are parsed.

use super::Members;
use procglass_model::bundle::{Bases, FileContent};
use std::borrow::Cow;

/// Whether the environment may hold what `looked_for` finds. Of content that cannot be had without the rest of the record the
/// answer is always yes. Names with a quote or a control character in them have their JSON escapes here.
pub fn may_hold(members: &Members, record: &[u8], looked_for: impl Fn(&[u8]) -> bool) -> bool {
    places(record).any(|text| match referred(members, text) {
        Some(known) => looked_for(&known),
        None => text.starts_with(b"{") || looked_for(text),
    })
}

/// Where it may stand. An object is given with all that follows.
fn places(record: &[u8]) -> impl Iterator<Item = &[u8]> {
    const KEY: &[u8] = b"\"environ\"";
    // Inside of text a quote has a backslash in front, so this is a key, if not always that of the environment.
    memchr::memmem::find_iter(record, KEY).filter_map(|at| {
        let value = record.get(at + KEY.len()..)?.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        let Some(text) = value.strip_prefix(b"\"") else { return Some(value) };
        let mut escaped = false;
        let end = text.iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        end.and_then(|end| text.get(..end)).or(Some(text))
    })
}

/// What a reference stands for, read without the rest of the record. `None`: it is none, or needs the record.
fn referred(members: &Members, text: &[u8]) -> Option<Vec<u8>> {
    let reference = text.starts_with(b"{").then_some(text)?;
    let content: FileContent = serde_json::Deserializer::from_slice(reference).into_iter().next()?.ok()?;
    members.content(&content, &Bases::default()).ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use procglass_model::bundle::Member;
    use proptest::prelude::*;

    #[test]
    fn where_it_stands() {
        let found = |record: &str| {
            let texts = places(record.as_bytes()).map(|text| String::from_utf8_lossy(text).into_owned());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(found(r#"{"files":{"environ":"A=\"b\\","stat":"10.0.0.1"}}"#), [r#"A=\"b\\"#]);
        assert_eq!(found(r#"{"cmdline":"\"environ\":x","environ" : {"base64":""}}"#), [r#"{"base64":""}}"#]);
        assert_eq!(
            found(r#"{"errors":{"environ":"refused"},"environ":"A=10.0.0.1"#),
            ["refused", "A=10.0.0.1"]
        );
        assert_eq!(found(r#"{"environ"#), [""; 0]);
    }

    #[test]
    fn what_is_shared_is_looked_into() {
        let mut members = Members::default();
        members.push(Member::new("text/ab", b"PEER_{0}=10.0.0.{0}\0".to_vec()));
        let holds = |record: &str, what: &str| {
            may_hold(&members, record.as_bytes(), |text| {
                memchr::memmem::find(text, what.as_bytes()).is_some()
            })
        };
        let record = r#"{"files":{"environ":{"template":"ab","given":"12"},"stat":"x"}}"#;
        assert!(holds(record, "PEER_12=10.0.0.12") && !holds(record, "13") && !holds(record, "stat"));
        assert!(
            holds(r#"{"environ":{"base64":"QT0x"}}"#, "A=1")
                && !holds(r#"{"environ":{"base64":"QT0x"}}"#, "B")
        );
        assert!(holds(r#"{"environ":{"template":"missing"}}"#, "anything"), "not known, so it may");
        assert!(holds(r#"{"environ":"A=1"}"#, "A=1") && !holds(r#"{"environ":"A=1"}"#, "B"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(record: Vec<u8>, tail: Vec<u8>) {
            let record = [b"\"environ\":".as_slice(), &record, b"{", &tail].concat();
            may_hold(&Members::default(), &record, |_| false);
        }
    }
}
