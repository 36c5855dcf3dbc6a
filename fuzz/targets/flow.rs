//! Logs of flows: whatever the bytes and the pieces they come in, every record is counted, and the pieces change nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_logs::{Columns, FORMATS, LogReader, Options, is_bundle};

fuzz_target!(|data: &[u8]| {
    let Some(([which, size], data)) = data.split_first_chunk() else { return };
    let _ = is_bundle(data);
    // One number more than there are formats leaves the format to be recognised.
    let format = FORMATS.get(usize::from(*which) % (FORMATS.len() + 1)).map(|about| about.format);
    let columns = (which & 128 > 0).then(|| Columns::parse("source=1,destination=2,time=3").ok()).flatten();
    let options = Options { format, columns, ..Options::default() };
    let read = |size: usize| {
        let (mut lines, mut reader) = (Vec::new(), LogReader::new(options.clone()));
        for piece in data.chunks(size.max(1)) {
            reader.push(piece, &mut |record| lines.push(format!("{record:?}")));
        }
        let (tally, format) = reader.finish(&mut |record| lines.push(format!("{record:?}")));
        assert_eq!(tally.records, lines.len() as u64);
        (lines, tally, format)
    };
    assert_eq!(read(usize::MAX), read(usize::from(*size)));
});
