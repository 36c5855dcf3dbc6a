//! The reader: any bytes, in pieces of any size, and then the whole model over what came out.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::bundle::{Limits, Reader};
use procglass_model::finding::Verdict;
use procglass_model::model::SnapshotBuilder;
use procglass_model::query::{Filter, Table, View};
use procglass_model::report::{Source, summary};

fuzz_target!(|data: &[u8]| {
    let Some((piece, data)) = data.split_first() else { return };
    let limits = Limits { total: 64 << 20, member: 8 << 20, members: 10_000, ratio: 150 };
    let (mut reader, mut builder) = (Reader::new(limits), SnapshotBuilder::new());
    for piece in data.chunks(usize::from(*piece) * 16 + 1) {
        if reader.push(piece, |member| builder.member(member)).is_err() {
            break;
        }
    }
    if let Ok(integrity) = reader.finish(|member| builder.member(member)) {
        let (_, _) = (integrity.sentence(), integrity.verdict());
        let snapshot = builder.finish(integrity);
        for view in [View::Tree, View::Processes, View::Sockets, View::Files, View::Findings, View::Problems]
        {
            let _ = Table::of(&snapshot, view, &Filter::default());
        }
        let _ = Verdict::of(&snapshot, snapshot.findings());
        let _ = summary(&[Source { file: "a", sha256: "b", snapshot: &snapshot }]);
    }
});
