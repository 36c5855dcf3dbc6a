//! From a fact back to the bytes that it came from: `process/812.json#files/status`.

use crate::{Members, Snapshot};
use procglass_model::bundle::{Bases, descriptor};
use serde_json::Value;
use std::borrow::Cow;

/// A piece of evidence, located.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes as the kernel gave them.
    Bytes(Vec<u8>),
    /// A structure of the bundle's own, as indented JSON.
    Json(String),
    /// Nothing of that name is there.
    Missing,
}

/// The piece of `member` that `part` names: keys joined by `/`, which may hold slashes themselves (`links/ns/net`);
/// an element of a list by its `fd` or `tid`. Without a part, the whole member. Shared texts are followed.
#[must_use]
pub fn piece(snapshot: &Snapshot, member: &str, part: &str) -> Piece {
    let Some(data) = snapshot.members.data(member) else {
        return Piece::Missing;
    };
    if part.is_empty() {
        return Piece::Bytes(data.to_vec());
    }
    let Ok(root) = serde_json::from_slice::<Value>(data) else {
        return Piece::Missing;
    };
    let root = with_descriptors(root);
    let mut at = &root;
    let mut rest = part;
    while !rest.is_empty() {
        let Some((next, left)) = step(at, rest) else {
            return Piece::Missing;
        };
        (at, rest) = (next, left);
    }
    let bases = root.get("bases").cloned().and_then(|bases| serde_json::from_value(bases).ok());
    bytes(&snapshot.members, at, &bases.unwrap_or_default())
        .map_or_else(|| Piece::Json(serde_json::to_string_pretty(at).unwrap_or_default()), Piece::Bytes)
}

/// The record with its descriptors as they were read: stored, an `fdinfo` may have a hole and a `stat` no names.
fn with_descriptors(mut root: Value) -> Value {
    if let Some(stored) = root.get_mut("fds")
        && let Ok(read) = descriptor::list(&*stored)
        && let Ok(plain) = serde_json::to_value(read)
    {
        *stored = plain;
    }
    root
}

/// The parts that `member` has, each a name for [`piece`]: what a list to choose from needs.
#[must_use]
pub fn parts(snapshot: &Snapshot, member: &str) -> Vec<String> {
    let Some(Value::Object(root)) =
        snapshot.members.data(member).and_then(|data| serde_json::from_slice(data).ok())
    else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for (key, value) in root {
        match value {
            Value::Object(map) if key == "files" => {
                names.extend(map.keys().map(|inner| format!("{key}/{inner}")));
            }
            Value::Object(_) | Value::Array(_) => names.push(key),
            _ => {}
        }
    }
    names.sort_unstable();
    names
}

/// One key further: the longest that fits, since keys are paths.
fn step<'a, 'p>(at: &'a Value, rest: &'p str) -> Option<(&'a Value, &'p str)> {
    let ends = rest.match_indices('/').map(|(end, _)| end).chain([rest.len()]);
    let mut found = None;
    for end in ends {
        let key = rest.get(..end)?;
        let next = match at {
            Value::Object(map) => map.get(key),
            Value::Array(list) => {
                let number = key.parse::<u64>().ok();
                let named = |item: &&Value| {
                    let is = |name: &&str| item.get(name).and_then(Value::as_u64) == number;
                    ["fd", "tid"].iter().any(is)
                };
                list.iter().find(|item| number.is_some() && named(item))
            }
            _ => None,
        };
        if let Some(next) = next {
            found = Some((next, rest.get(end + 1..).unwrap_or_default()));
        }
    }
    found
}

/// The bytes that a JSON value stands for, if it is of the form of [`FileContent`](procglass_model::bundle::FileContent).
fn bytes(members: &Members, value: &Value, bases: &Bases) -> Option<Vec<u8>> {
    let content = serde_json::from_value(value.clone()).ok()?;
    members.content(&content, bases).ok().map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SnapshotBuilder;
    use procglass_model::bundle::{Integrity, Member};

    fn snapshot() -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        let process = r#"{"pid":7,"files":{"status":"Name:\tx","attr/current":{"base64":"/w=="},"limits":{"text":"ab"},
            "maps":{"relative":"{a}-{a+1000} x"},"auxv":{"words":"{b}"}},"bases":["55a4c0000000"],
            "links":{"ns/net":"net:[1]"},"fds":[{"fd":3,"target":"/a","fdinfo":"pos:\t0"},
            {"fd":5,"target":"pipe:[8]","info":"ino:\t{a:d}"},{"fd":6,"target":"pipe:[9]","info":5}],"threads":[]}"#;
        for (name, data) in [("process/7.json", process), ("text/ab", "Limit\n"), ("host/proc/stat", "cpu 1")]
        {
            builder.member(Member::new(name, data.into()));
        }
        builder.finish(Integrity::default())
    }

    #[test]
    fn parts_lead_to_bytes() {
        let snapshot = snapshot();
        let cases: [(&str, &[u8]); 8] = [
            ("files/maps", b"55a4c0000000-55a4c0001000 x"),
            ("files/status", b"Name:\tx"),
            ("files/attr/current", b"\xff"),
            ("files/limits", b"Limit\n"),
            ("links/ns/net", b"net:[1]"),
            ("fds/3/target", b"/a"),
            ("fds/3/fdinfo", b"pos:\t0"),
            ("fds/6/fdinfo", b"ino:\t9"),
        ];
        for (part, expected) in cases {
            assert_eq!(piece(&snapshot, "process/7.json", part), Piece::Bytes(expected.to_vec()), "{part}");
        }
        assert_eq!(piece(&snapshot, "host/proc/stat", ""), Piece::Bytes(b"cpu 1".to_vec()));
    }

    #[test]
    fn structures_are_json_and_the_rest_is_missing() {
        let snapshot = snapshot();
        let Piece::Json(text) = piece(&snapshot, "process/7.json", "fds/3") else {
            panic!("a structure");
        };
        assert!(text.contains("\"fd\": 3"));
        // What cannot be put together is shown as it is.
        assert_eq!(
            piece(&snapshot, "process/7.json", "files/auxv"),
            Piece::Json("{\n  \"words\": \"{b}\"\n}".into())
        );
        for (member, part) in [
            ("process/7.json", "files/none"),
            ("process/7.json", "fds/4"),
            ("process/8.json", ""),
            ("host/proc/stat", "x"),
        ] {
            assert_eq!(piece(&snapshot, member, part), Piece::Missing, "{member}#{part}");
        }
        assert_eq!(
            parts(&snapshot, "process/7.json"),
            [
                "bases",
                "fds",
                "files/attr/current",
                "files/auxv",
                "files/limits",
                "files/maps",
                "files/status",
                "links",
                "threads"
            ]
        );
    }
}
