//! One array of objects. The field names are a contract.

use super::Answer;
use crate::Value;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::io::{self, Write};

struct Row<'a, 'b> {
    system: Option<&'a str>,
    columns: &'a [&'static str],
    values: &'a [Value<'b>],
}

impl Serialize for Row<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(system) = self.system {
            map.serialize_entry("system", system)?;
        }
        for (name, value) in self.columns.iter().zip(self.values) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

pub(super) fn print(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"[")?;
    let mut first = true;
    for (system, table) in &answer.tables {
        for values in &table.rows {
            out.write_all(if first { b"\n" } else { b",\n" })?;
            first = false;
            let row = Row { system: answer.with_system.then_some(system), columns: &table.columns, values };
            serde_json::to_writer(&mut *out, &row)?;
        }
    }
    out.write_all(b"\n]\n")
}
