//! What is inside a protected report, which whoever made it chose freely: the same in pieces of any size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_report::Contents;

type Bundles = std::collections::BTreeMap<usize, Vec<u8>>;

fn read(data: &[u8], piece: usize) -> Option<(usize, String, Bundles)> {
    let (mut contents, mut bundles) = (Contents::default(), Bundles::new());
    for piece in data.chunks(piece.max(1)) {
        let mut take =
            |number: usize, data: &[u8]| bundles.entry(number).or_default().extend_from_slice(data);
        contents.push(piece, &mut take).ok()?;
    }
    let (list, notes) = contents.finish().ok()?;
    Some((list.len(), notes, bundles))
}

fuzz_target!(|data: &[u8]| {
    let Some((piece, data)) = data.split_first() else { return };
    assert_eq!(read(data, usize::from(*piece)), read(data, usize::MAX));
});
