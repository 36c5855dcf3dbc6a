//! Files that were cut, changed or made to do harm.

use super::*;

#[test]
fn a_cut_file_gives_what_is_whole() {
    let data: Vec<u8> = (0..=250).cycle().take(2 * CHUNK + 500).collect();
    let file = seal(&passphrase(), &data);
    let header = file.len() - data.len() - 16 - 3 * 16;
    let behind = Err(SealError::Header("the file is cut behind it"));
    for length in [header, header + 15] {
        assert_eq!(by_passphrase(&file[..length], "secret"), (Vec::new(), behind.clone()), "{length}");
    }
    for (length, whole) in [
        (header + 16, 0),
        (header + 16 + 5, 0),
        (header + 16 + CHUNK + 16, CHUNK),
        (header + 16 + CHUNK + 17, CHUNK),
        (header + 16 + 2 * (CHUNK + 16), 2 * CHUNK),
        (file.len() - 1, 2 * CHUNK),
    ] {
        let (out, outcome) = by_passphrase(&file[..length], "secret");
        assert!(out == data[..whole], "{length}");
        assert_eq!(outcome, Err(SealError::Cut { at: whole as u64 }), "{length}");
    }
    assert_eq!(by_passphrase(&file[..40], "secret").1, Err(SealError::Header("it is cut")));
}

#[test]
fn chunks_cannot_be_dropped_swapped_or_added() {
    let data = vec![1; 2 * CHUNK + 9];
    let file = seal(&passphrase(), &data);
    let start = file.len() - data.len() - 3 * 16;
    let (head, chunks) = file.split_at(start);
    let pieces: Vec<&[u8]> = chunks.chunks(CHUNK + 16).collect();
    for (order, at) in
        [(&[1, 0, 2][..], 0), (&[0, 2], CHUNK), (&[0, 1, 1, 2], 2 * CHUNK), (&[0, 1, 2, 2], 2 * CHUNK)]
    {
        let mut made = head.to_vec();
        order.iter().for_each(|n| made.extend_from_slice(pieces[*n]));
        let (out, outcome) = by_passphrase(&made, "secret");
        assert!(outcome.is_err() && out == data[..at], "{order:?}");
    }
}

#[test]
fn what_follows_the_last_chunk_is_named_and_hides_nothing() {
    let data = vec![1; 2 * CHUNK];
    let file = seal(&passphrase(), &data);
    let tail = file[file.len() - CHUNK - 16..].to_vec();
    for (more, piece) in
        [(&b"x"[..], 1000), (&[0; 70_000], 1000), (&[0; 200_000], 1 << 20), (&tail, 65_552), (&tail[..9], 1)]
    {
        let made = [file.as_slice(), more].concat();
        let (out, outcome) = open(&made, piece, |header| header.open_passphrase(b"secret", MOST_WORK));
        assert!(out == data, "{} bytes", more.len());
        assert_eq!(outcome, Err(SealError::After { at: data.len() as u64 }), "{} bytes", more.len());
    }
}

#[test]
fn armor_without_its_end_is_named_and_hides_nothing() {
    let text = FOR_RECIPIENT.trim_end();
    let (whole, end) = text.rsplit_once('\n').unwrap();
    for piece in [1, 100, 1000] {
        let by = |text: &str| open(text.as_bytes(), piece, |header| header.open_identities(&me()));
        assert_eq!(by(text), (b"what age wrote\n".to_vec(), Ok(())));
        assert_eq!(by(&text.replace('\n', "\r\n")), (b"what age wrote\n".to_vec(), Ok(())));
        for cut in [whole, &format!("{whole}\n{}", &end[..end.len() - 1])] {
            let (out, outcome) = by(cut);
            assert_eq!(out, b"what age wrote\n");
            assert!(matches!(outcome, Err(SealError::Armor(_))), "{outcome:?}");
        }
    }
}

#[test]
fn memory_that_is_not_there_is_an_error() {
    for work in [50, 53] {
        let error = stretch(b"x", &[0; 16], work).map(drop).unwrap_err();
        assert_eq!(error, SealError::NoMemory { work });
        assert!(error.to_string().contains("GiB of memory"), "{error}");
    }
    let error = stretch(b"x", &[0; 16], 64).map(drop).unwrap_err();
    assert!(matches!(error, SealError::TooMuchWork { work: 64, .. }), "{error:?}");
}

#[test]
fn a_share_of_low_order_is_no_recipient() {
    for share in [[0; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let words = format!("X25519 {}", base64_of(&share));
        let (header, _) = Header::read(&file_with(&[(&words, &[1; 32])])).unwrap().unwrap();
        assert!(matches!(header.open_identities(&me()), Err(SealError::Header(_))));
    }
    let low = To::Recipients(vec![low_order()]);
    assert!(Sealer::new(Vec::new(), &low, &mut random(1)).is_err());
}

fn base64_of(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes)
}

fn low_order() -> Recipient {
    let hrp = bech32::Hrp::parse_unchecked("age");
    bech32::encode::<bech32::Bech32>(hrp, &[0; 32]).unwrap().parse().unwrap()
}

/// A header with a right code over whatever it says.
fn file_with(stanzas: &[(&str, &[u8])]) -> Vec<u8> {
    let stanzas: Vec<_> = stanzas.iter().map(|(first, body)| ((*first).to_owned(), body.to_vec())).collect();
    header::write(&FileKey::new([5; 16]), &stanzas).unwrap()
}

#[test]
fn headers_that_break_the_rules_are_refused() {
    let body: &[u8] = &[1; 32];
    let salt = "AAAAAAAAAAAAAAAAAAAAAA";
    let scrypt = format!("scrypt {salt} 10");
    let share = "X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let sound = file_with(&[(share, body), ("another kind", &[2; 96]), ("grease", b"")]);
    assert!(Header::read(&sound).unwrap().is_some());
    for (what, file) in [
        ("two passphrases", file_with(&[(&scrypt, body), (&scrypt, body)])),
        ("passphrase and key", file_with(&[(&scrypt, body), (share, body)])),
        ("passphrase and unknown", file_with(&[(&scrypt, body), ("grease", b"")])),
        ("zeros in front", file_with(&[(&format!("scrypt {salt} 010"), body)])),
        ("a sign", file_with(&[(&format!("scrypt {salt} +10"), body)])),
        ("no work", file_with(&[(&format!("scrypt {salt} 0"), body)])),
        ("much work", file_with(&[(&format!("scrypt {salt} 256"), body)])),
        ("short salt", file_with(&[("scrypt AAAA 10", body)])),
        ("loose bits", file_with(&[("scrypt AAAAAAAAAAAAAAAAAAAAAB 10", body)])),
        ("padding", file_with(&[(&format!("scrypt {salt}== 10"), body)])),
        ("short key", file_with(&[(share, &body[1..])])),
        ("long key", file_with(&[(share, &[1; 33])])),
        ("two arguments", file_with(&[(&format!("{share} x"), body)])),
        ("no argument", file_with(&[("X25519", body)])),
        ("two spaces", file_with(&[("a  b", body)])),
        ("no kind", file_with(&[("", body)])),
        ("not ASCII", file_with(&[("é", body)])),
        ("nobody", file_with(&[])),
        ("next version", sound.iter().map(|byte| if *byte == b'1' { b'2' } else { *byte }).collect()),
        ("no line break", {
            let mut file = sound.clone();
            let end = file.len() - 1;
            file[end] = b' ';
            file.extend_from_slice(&[b'x'; 100_000]);
            file
        }),
    ] {
        let read = Header::read(&file);
        assert!(matches!(read, Err(SealError::Header(_))), "{what}: {read:?}");
    }
}

#[test]
fn work_that_would_never_end_is_refused() {
    let file = file_with(&[("scrypt AAAAAAAAAAAAAAAAAAAAAA 63", &[1; 32])]);
    let (header, _) = Header::read(&file).unwrap().unwrap();
    let error = header.open_passphrase(b"x", MOST_WORK).unwrap_err();
    assert_eq!(error, SealError::TooMuchWork { work: 63, most: 22 });
    assert!(error.to_string().contains("2^63"));
}

#[test]
fn a_changed_header_is_noticed_with_the_right_key() {
    let file = seal(&recipient(), b"x");
    let text = String::from_utf8_lossy(&file).into_owned();
    let at = text.find("\n---").unwrap() + 1;
    let mut made = file[..at].to_vec();
    made.extend_from_slice(b"-> added\n\n");
    made.extend_from_slice(&file[at..]);
    assert_eq!(by_identity(&made).1, Err(SealError::Changed));
    let foreign = file_with(&[("ssh-ed25519 abc", b"x"), ("piv-p256 d", b"y")]);
    let (header, _) = Header::read(&foreign).unwrap().unwrap();
    let error = header.open_identities(&me()).unwrap_err();
    assert!(error.to_string().contains("ssh-ed25519, piv-p256"), "{error}");
    assert_eq!(header.lock(22).unwrap_err(), error);
}
