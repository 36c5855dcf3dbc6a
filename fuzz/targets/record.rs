//! A process's record with any JSON in it, through the model and every view.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::bundle::{Integrity, Member};
use procglass_model::model::SnapshotBuilder;
use procglass_model::query::{Filter, Table, View};

fuzz_target!(|data: &[u8]| {
    let mut builder = SnapshotBuilder::new();
    // Two records, so that they can be each other's parents and share sockets.
    for (pid, data) in data.split(|byte| *byte == 0xff).take(3).enumerate() {
        builder.member(Member { name: format!("process/{pid}.json"), data: data.to_vec(), sha256: [0; 32] });
    }
    let snapshot = builder.finish(Integrity::default());
    for index in snapshot.indices() {
        let record = snapshot.record(index).unwrap_or_default();
        for path in record.files.keys() {
            let _ = snapshot.members.file(&record, path);
        }
    }
    for view in [View::Tree, View::Processes, View::Sockets, View::Files, View::Problems] {
        let table = Table::of(&snapshot, view, &Filter::default());
        for value in table.rows.iter().flatten() {
            let _ = value.text();
        }
    }
});
