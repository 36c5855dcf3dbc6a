//! What is left of a process's record when a part of it is not of this format.

use super::record::{CUT, Fd, ProcessRecord};
use serde_json::{Map, Value};

/// A record without its malformed parts.
#[derive(Debug)]
pub struct Salvaged {
    /// The record as JSON of this format.
    pub json: Vec<u8>,
    /// The parts that were left out, as `files/stat`, each with the reason.
    pub lost: Vec<(String, String)>,
}

/// Leaves out each part of a record that does not read as the format says, so that it costs itself and not the process. A malformed
/// descriptor is named in the record's `errors` under `fd`, since a list without it is no whole list. `None`: the bytes are no JSON
/// object with a pid.
#[must_use]
pub fn salvage(json: &[u8]) -> Option<Salvaged> {
    let Value::Object(whole) = serde_json::from_slice(json).ok()? else { return None };
    let pid = whole.get("pid")?.clone();
    let reads = |key: &str, value: Value| -> Result<(), String> {
        let one = Map::from_iter([("pid".to_owned(), pid.clone()), (key.to_owned(), value)]);
        serde_json::from_value::<ProcessRecord>(Value::Object(one))
            .map(drop)
            .map_err(|error| error.to_string())
    };
    reads("pid", pid.clone()).ok()?;
    let (mut kept, mut lost) = (Map::new(), Vec::new());
    for (key, value) in whole {
        let Err(reason) = reads(&key, value.clone()) else {
            kept.insert(key, value);
            continue;
        };
        let mut lose = |part: String, reason: String| lost.push((part, reason));
        match value {
            Value::Object(entries) => {
                let mut rest = Map::new();
                for (name, entry) in entries {
                    let one = Map::from_iter([(name.clone(), entry.clone())]);
                    match reads(&key, Value::Object(one)) {
                        Ok(()) => drop(rest.insert(name, entry)),
                        Err(reason) => lose(format!("{key}/{name}"), reason),
                    }
                }
                // An object that is malformed as a whole has no part that reads.
                if reads(&key, Value::Object(rest.clone())).is_ok() && !rest.is_empty() {
                    kept.insert(key, Value::Object(rest));
                }
            }
            Value::Array(entries) if key == "fds" => {
                let mut rest = Vec::new();
                for (at, entry) in entries.into_iter().enumerate() {
                    match serde_json::from_value::<Fd>(without_info(entry.clone())) {
                        Ok(_) => rest.push(entry),
                        Err(error) => lose(format!("{key}/{at}"), error.to_string()),
                    }
                }
                // `info` may point to that of an earlier descriptor, so it is judged for all of them at once.
                if let Err(reason) = reads(&key, Value::Array(rest.clone())) {
                    rest = rest.into_iter().map(without_info).collect();
                    lose(format!("{key}/info"), reason);
                }
                kept.insert(key, Value::Array(rest));
            }
            _ => lose(key, reason),
        }
    }
    let descriptors = lost.iter().filter(|(part, _)| part.starts_with("fds/")).count();
    if descriptors > 0 {
        let errors = kept.entry("errors").or_insert_with(|| Value::Object(Map::new()));
        if let Some(errors) = errors.as_object_mut() {
            errors.insert("fd".into(), format!("{CUT}: {descriptors} malformed in the bundle").into());
        }
    }
    Some(Salvaged { json: serde_json::to_vec(&Value::Object(kept)).ok()?, lost })
}

fn without_info(mut descriptor: Value) -> Value {
    if let Some(descriptor) = descriptor.as_object_mut() {
        descriptor.remove("info");
    }
    descriptor
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(record: &Value) -> (ProcessRecord, Vec<String>) {
        let salvaged = salvage(record.to_string().as_bytes()).unwrap();
        let parts = salvaged.lost.into_iter().map(|(part, _)| part).collect();
        (serde_json::from_slice(&salvaged.json).unwrap(), parts)
    }

    #[test]
    fn a_malformed_part_costs_itself() {
        let stat = "7 (a) S";
        for (key, value, part) in [
            ("fds", json!(7), "fds"),
            ("errors", json!([1]), "errors"),
            ("errors", json!({ "stat": 5 }), "errors/stat"),
            ("executable", json!("no"), "executable"),
            ("links", json!({ "exe": [[]] }), "links/exe"),
            ("bases", json!({ "a": 1 }), "bases/a"),
            ("start_time", json!("soon"), "start_time"),
            ("read_after_us", json!(-1), "read_after_us"),
            ("threads", json!({ "a": 1 }), "threads/a"),
        ] {
            let (record, lost) = of(&json!({ "pid": 7, "files": { "stat": stat }, key: value }));
            assert_eq!((record.pid, record.files.len()), (7, 1), "{key}");
            assert_eq!(lost, [part], "{key}");
        }
    }

    #[test]
    fn one_link_of_several_is_lost() {
        let (record, lost) =
            of(&json!({ "pid": 7, "files": { "comm": "a" }, "links": { "exe": [[]], "cwd": "/" } }));
        assert_eq!(lost, ["links/exe"]);
        assert!(record.files.contains_key("comm") && record.links.contains_key("cwd"));
    }

    #[test]
    fn a_list_of_descriptors_says_that_some_are_missing() {
        let (record, lost) = of(&json!({ "pid": 7, "fds": [{ "fd": 0 }, { "fd": "x" }, { "fd": 2 }] }));
        assert_eq!(record.fds.iter().map(|fd| fd.fd).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(lost, ["fds/1"]);
        assert!(record.errors["fd"].starts_with(CUT));
        let (record, lost) = of(&json!({ "pid": 7, "fds": [{ "fd": 0, "info": [] }, { "fd": 1 }] }));
        assert_eq!((record.fds.len(), lost), (2, vec!["fds/info".to_owned()]));
    }

    #[test]
    fn without_a_pid_there_is_no_process() {
        for record in ["", "[]", "{}", "{\"pid\":\"a\"}", "{\"pid\":-1}", "{\"pid\":1"] {
            assert!(salvage(record.as_bytes()).is_none(), "{record}");
        }
    }
}
