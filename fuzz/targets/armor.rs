//! The armor finder: any text, in pieces of any size, gives the same bytes as in one piece.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_model::bundle::{ARMOR_BEGIN, ARMOR_END, ArmorReader};

fn read(text: &[u8], piece: usize) -> Vec<u8> {
    let (mut out, mut reader) = (Vec::new(), ArmorReader::default());
    for piece in text.chunks(piece) {
        reader.push(piece, &mut out);
    }
    reader.finish(&mut out);
    out
}

fuzz_target!(|data: &[u8]| {
    let Some((piece, data)) = data.split_first() else { return };
    let text = [ARMOR_BEGIN.as_bytes(), b"\n", data, b"\n", ARMOR_END.as_bytes(), b"\n"].concat();
    for text in [data, &text] {
        assert_eq!(read(text, usize::from(*piece) + 1), read(text, text.len().max(1)));
    }
});
