//! Records of any log joined to systems, and the rows that are written of them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_correlate::{Correlator, LogIndex, RowWriter, processes, talkers};
use procglass_fuzz::{PART, members};
use procglass_logs::{FORMATS, LogReader, Options};
use procglass_query::write::Form;
use procglass_systems::System;
use std::cell::OnceCell;

thread_local! {
    static SYSTEMS: OnceCell<Vec<System>> = const { OnceCell::new() };
}

const PROCESS: &str = "process/7.json\n{\"pid\":7,\"files\":{\"stat\":\"7 (nginx) S 0 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 \
0 11 4096 1 18446744073709551615\"},\"links\":{\"ns/net\":\"net:[9]\"},\"fds\":[{\"fd\":3,\"target\":\"socket:[77]\"}]}";
// 10.0.3.4:443 to 203.0.113.7:50000, and its listener.
const TABLE: &str = "net/9/tcp\n  sl\n   0: 0403000A:01BB 077100CB:C350 01 00000000:00000000 00:00000000 00000000  0  0 77 1\n   \
1: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 78 1";

fuzz_target!(|data: &[u8]| SYSTEMS.with(|cell| {
    let Some((which, data)) = data.split_first() else { return };
    let systems = cell.get_or_init(|| {
        let snapshot = members([PROCESS.as_bytes(), TABLE.as_bytes()].join(&PART).as_slice());
        vec![System::of(&snapshot, "a"), System::of(&snapshot, "b")]
    });
    let format = FORMATS.get(usize::from(*which) % (FORMATS.len() + 1)).map(|about| about.format);
    let mut reader = LogReader::new(Options { format, ..Options::default() });
    let mut correlator = Correlator::new(systems, 10);
    let mut writers = [Form::Text, Form::Csv, Form::Json].map(|form| RowWriter::new(form, systems));
    let mut each = |record: &procglass_logs::Record<&[u8]>| {
        let matches = correlator.record(LogIndex(0), record);
        for writer in &mut writers {
            writer.row("log", record, matches, &mut Vec::new()).expect("memory takes it");
        }
    };
    reader.push(data, &mut each);
    let (tally, _) = reader.finish(&mut each);
    assert!(correlator.counts().matched <= tally.records);
    let _ = (processes(&correlator, systems), talkers(&correlator, systems, 5));
}));
