//! Encrypted files: any bytes, as a header and as a payload behind a right one, in pieces of any size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use procglass_age::{Envelope, FileKey, Found, Header, Identity, SealError, Sealer, To, identities};

/// What came out, and how it ended.
fn open(file: &[u8], piece: usize, me: &[Identity]) -> (Vec<u8>, Result<(), SealError>) {
    let (mut envelope, mut out, mut pieces) = (Envelope::default(), Vec::new(), file.chunks(piece));
    let mut found: Option<Header> = None;
    while found.is_none() {
        let next = match pieces.next() {
            Some(piece) => envelope.push(piece),
            None => envelope.end().map(Some),
        };
        match next {
            Ok(Some(Found::Sealed(header))) => found = Some(header),
            Ok(Some(Found::Plain)) => return (out, Ok(())),
            Ok(None) => {}
            Err(error) => return (out, Err(error)),
        }
    }
    let key: Result<FileKey, SealError> = found.map_or(Err(SealError::WrongIdentity), |header| {
        let _ = header.lock(4);
        header.open_identities(me)
    });
    let mut unsealer = match key {
        Ok(key) => envelope.unlock(key),
        Err(error) => return (out, Err(error)),
    };
    for piece in pieces {
        if let Err(error) = unsealer.push(piece, &mut out) {
            return (out, Err(error));
        }
    }
    let end = unsealer.finish(&mut out);
    (out, end)
}

fuzz_target!(|data: &[u8]| {
    let Some((piece, data)) = data.split_first() else { return };
    let me = [Identity::new([7; 32])];
    let _ = identities(&String::from_utf8_lossy(data));
    let to = To::Recipients(vec![me[0].recipient()]);
    let mut random = |bytes: &mut [u8]| {
        bytes.fill(3);
        Ok(())
    };
    let sealer = Sealer::new(Vec::new(), &to, &mut random).expect("a header");
    // Without its nonce's chunks: what follows is the attacker's.
    let mut behind = sealer.finish().expect("a file");
    behind.truncate(behind.len() - 16);
    behind.extend_from_slice(data);
    for file in [data, &behind] {
        let whole = open(file, file.len().max(1), &me);
        assert_eq!(open(file, usize::from(*piece) + 1, &me), whole);
    }
    let (out, _) = open(&behind, behind.len(), &me);
    assert!(out.is_empty(), "bytes that nobody sealed");
});
