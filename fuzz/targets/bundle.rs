//! The reader: any bytes, in pieces of any size, as a file or as the archive in a sound file; and then the whole model over
//! what came out.
#![no_main]

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use procglass_fuzz::look;
use procglass_model::bundle::{Kind, Limits, Reader};
use procglass_opened::Opened;
use procglass_snapshot::SnapshotBuilder;
use std::borrow::Cow;
use std::io::Write as _;

fuzz_target!(|data: &[u8]| {
    let Some((piece, data)) = data.split_first() else { return };
    let _ = Kind::of(data);
    // Few changed files are sound gzip, so that what is behind it would hardly be seen.
    let data = match piece % 2 {
        0 => Cow::Borrowed(data),
        _ => {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(data).expect("memory takes it");
            Cow::Owned(gzip.finish().expect("memory takes it"))
        }
    };
    let limits = Limits {
        total: 64 << 20,
        member: 8 << 20,
        members: 10_000,
        ratio: 150,
        recovered: 64,
        recovered_total: 32 << 20,
    };
    let (mut reader, mut builder) = (Reader::new(limits), SnapshotBuilder::new());
    for piece in data.chunks(usize::from(*piece) * 16 + 1) {
        if reader.push(piece, |member| builder.member(member)).is_err() {
            break;
        }
    }
    if let Ok(integrity) = reader.finish(|member| builder.member(member)) {
        let (_, _) = (integrity.sentence(), integrity.verdict());
        look(&Opened::new(builder.finish(integrity)));
    }
});
