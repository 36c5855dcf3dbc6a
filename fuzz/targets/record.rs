//! A process's record with any JSON in it, through the model and every view.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_fuzz::{PART, look};
use procglass_model::bundle::{Integrity, Member};
use procglass_opened::Opened;
use procglass_snapshot::SnapshotBuilder;

fuzz_target!(|data: &[u8]| {
    let mut builder = SnapshotBuilder::new();
    // Three records, so that they can be each other's parents and share sockets.
    for (pid, data) in data.split(|byte| *byte == PART).take(3).enumerate() {
        builder.member(Member::new(format!("process/{pid}.json"), data.to_vec()));
    }
    look(&Opened::new(builder.finish(Integrity::default())));
});
