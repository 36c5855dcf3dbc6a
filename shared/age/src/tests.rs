//! Files of the age tool, our own, and hostile ones.

mod hostile;

use super::header;
use super::payload::CHUNK;
use super::*;
use procglass_model::bundle::ArmorWriter;
use proptest::prelude::*;
use std::io::Write as _;

/// Made by `age-keygen` for this test.
const RECIPIENT: &str = "age13ushujvd2ak87kwggld3q4y9ukua2tff3nqthnxq22wezu6pw94svcwvq3";
const IDENTITY: &str = "AGE-SECRET-KEY-1FYGQLYPCFWCTFT9YDA6XA3L59JR5W6NH0PR5FZG4WCPYYRS3Q6VSFR5ZUT";

/// `age -a -r`, version 1.1.1.
const FOR_RECIPIENT: &str = "-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA0WnRQeXZEMk05dVRqQVNs
dTJRbnlwWHllbmZORHNJMG54ZVV5VXdjUjFRClU0SXpucVNOU0ZnWVl0Znlpcnlw
SDJCcTJTeUVzOVhoOVNWMXdneEZrbmMKLS0tIEFpejdEcU5JSER4Nmg0eVRsSjhh
U3NZd2NxNFY3aVZpNDhXVUkxcENHbGMK+Rm+DVZHuxkfqoFRECtEMI5jDQUJD16g
o6u3DKGAe32zo16sRhd6cS2df3z1bZg=
-----END AGE ENCRYPTED FILE-----
";
/// `age -a -p`, version 1.1.1, with the passphrase `correct horse`.
const FOR_PASSPHRASE: &str = "-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCB4Y1NzWjVELzIya2VnUzlT
TnR6SXlBIDE4ClhuRE0vbThnTGZZNjJ4NlUrdEtIMU5PMHorY2t6SHBEcjBtVmo0
OFdCVlkKLS0tIG52VTlFUERMa0lFcWdmVDdWM083ZDZMemNnOHRBMEM1cG9HT0ZR
UEN4RjgKgEaQdqPc0MR+mwp9G/y9T2bMwJW1U7w47EsLWRdKExVvYYiOvC+7tSt9
wpm8z9o=
-----END AGE ENCRYPTED FILE-----
";

/// Bytes that are different each time, and the same in each run.
fn random(seed: u8) -> impl FnMut(&mut [u8]) -> std::io::Result<()> {
    let mut next = seed;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_mul(77).wrapping_add(43);
            *byte = next;
        }
        Ok(())
    }
}

fn seal(to: &To, data: &[u8]) -> Vec<u8> {
    let mut sealer = Sealer::new(Vec::new(), to, &mut random(1)).unwrap();
    sealer.write_all(data).unwrap();
    sealer.finish().unwrap()
}

/// Quick: two KiB.
fn passphrase() -> To {
    To::Passphrase(Stretched::new(b"secret", [3; 16], 1).unwrap())
}

fn recipient() -> To {
    To::Recipients(vec![RECIPIENT.parse().unwrap()])
}

fn me() -> Vec<Identity> {
    identities(&format!("# mine\n\n{IDENTITY}\r\n")).unwrap()
}

/// What came out before it ended or failed.
fn open(
    file: &[u8],
    piece: usize,
    key: impl Fn(&Header) -> Result<FileKey, SealError>,
) -> (Vec<u8>, Result<(), SealError>) {
    let (mut envelope, mut out) = (Envelope::default(), Vec::new());
    let mut pieces = file.chunks(piece.max(1));
    let outcome = (|| {
        let mut found = None;
        while found.is_none() {
            found = match pieces.next() {
                Some(piece) => envelope.push(piece)?,
                None => Some(envelope.end()?),
            };
        }
        let Some(Found::Sealed(header)) = found else { return Err(SealError::Header("plain")) };
        let mut unsealer = std::mem::take(&mut envelope).unlock(key(&header)?);
        for piece in pieces {
            unsealer.push(piece, &mut out)?;
        }
        unsealer.finish(&mut out)
    })();
    (out, outcome)
}

fn by_passphrase(file: &[u8], passphrase: &str) -> (Vec<u8>, Result<(), SealError>) {
    open(file, 1000, |header| header.open_passphrase(passphrase.as_bytes(), MOST_WORK))
}

fn by_identity(file: &[u8]) -> (Vec<u8>, Result<(), SealError>) {
    open(file, 1000, |header| header.open_identities(&me()))
}

#[test]
fn what_the_age_tool_wrote_opens() {
    for piece in [1, 70, 10_000] {
        let opened = open(FOR_RECIPIENT.as_bytes(), piece, |header| header.open_identities(&me()));
        assert_eq!(opened, (b"what age wrote\n".to_vec(), Ok(())), "{piece}");
    }
    assert_eq!(
        by_passphrase(FOR_PASSPHRASE.as_bytes(), "correct horse"),
        (b"what age wrote\n".to_vec(), Ok(()))
    );
    assert_eq!(by_passphrase(FOR_PASSPHRASE.as_bytes(), "wrong horse").1, Err(SealError::WrongPassphrase));
}

#[test]
fn a_terminal_log_around_it_does_no_harm() {
    let text = FOR_RECIPIENT.replace('\n', "\r\n").replacen("\r\nSDJ", "\r\n[ 1.2] eth0: up\r\nSDJ", 1);
    let log = format!("$ procglass-collect --armor\r\n{text}$ exit\r\n");
    assert_eq!(by_identity(log.as_bytes()), (b"what age wrote\n".to_vec(), Ok(())));
}

#[test]
fn keys_are_read_and_written_as_the_age_tool_does() {
    assert_eq!(me()[0].recipient().to_string(), RECIPIENT);
    assert_eq!(RECIPIENT.to_uppercase().parse::<Recipient>().unwrap(), me()[0].recipient());
    for wrong in [
        &RECIPIENT[..20],
        "age1",
        "",
        IDENTITY,
        "Age13ushujvd2ak87kwggld3q4y9ukua2tff3nqthnxq22wezu6pw94svcwvq3",
    ] {
        assert!(wrong.parse::<Recipient>().is_err(), "{wrong}");
    }
    assert!("ssh-ed25519 AAAA".parse::<Recipient>().unwrap_err().to_string().contains("age tool"));
    for (text, word) in [
        ("", "no identity"),
        ("\n# only this\n", "no identity"),
        (RECIPIENT, "line 1"),
        ("\n-----BEGIN OPENSSH PRIVATE KEY-----", "line 2: keys of SSH"),
        ("age-encryption.org/v1", "itself encrypted"),
    ] {
        assert!(identities(text).unwrap_err().to_string().contains(word), "{text}");
    }
    let secret = IDENTITY.replace("FYGQ", "FYGP");
    let error = identities(&secret).unwrap_err().to_string();
    assert!(error.contains("line 1") && !error.contains("FYG"), "{error}");
}

#[test]
fn a_wrong_key_says_so() {
    let other = [Identity::new([9; 32])];
    let opened =
        |to: &To, by: &dyn Fn(&Header) -> Result<FileKey, SealError>| open(&seal(to, b"x"), 100, by).1;
    assert_eq!(opened(&recipient(), &|h| h.open_identities(&other)), Err(SealError::WrongIdentity));
    assert_eq!(opened(&recipient(), &|h| h.open_passphrase(b"secret", 22)), Err(SealError::NeedsIdentity));
    assert_eq!(opened(&passphrase(), &|h| h.open_identities(&me())), Err(SealError::NeedsPassphrase));
    assert_eq!(opened(&passphrase(), &|h| h.open_passphrase(b"", 22)), Err(SealError::WrongPassphrase));
}

#[test]
fn any_of_several_recipients_opens_it() {
    let others: Vec<_> = (1..40).map(|n| Identity::new([n; 32])).collect();
    let mut list: Vec<_> = others.iter().map(Identity::recipient).collect();
    list.push(RECIPIENT.parse().unwrap());
    let to = To::Recipients(list);
    let file = seal(&to, b"for many");
    assert!(file.len() as u64 <= 8 + to.overhead(8));
    assert_eq!(by_identity(&file), (b"for many".to_vec(), Ok(())));
    assert_eq!(open(&file, 9, |header| header.open_identities(&others[20..21])).0, b"for many");
    assert!(Sealer::new(Vec::new(), &To::Recipients(Vec::new()), &mut random(1)).is_err());
}

#[test]
fn every_length_around_a_chunk_comes_back() {
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1] {
        let data = vec![7; length];
        let file = seal(&passphrase(), &data);
        assert!(file.len() as u64 <= length as u64 + passphrase().overhead(length as u64), "{length}");
        assert_eq!(by_passphrase(&file, "secret"), (data, Ok(())), "{length}");
    }
}

#[test]
fn plain_files_are_told_from_encrypted_ones() {
    for (bytes, sealed) in [
        (&b"\x1f\x8b\x08 a bundle"[..], false),
        (b"-----BEGIN PROCGLASS BUNDLE-----\nAAAA\n", false),
        (b"text", false),
        (b"", false),
        (FOR_RECIPIENT.as_bytes(), true),
        (&seal(&passphrase(), b"x"), true),
    ] {
        let mut envelope = Envelope::default();
        let found = match envelope.push(bytes).unwrap() {
            Some(found) => found,
            None => envelope.end().unwrap(),
        };
        assert_eq!(matches!(found, Found::Sealed(_)), sealed, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_passphrase_is_one_line() {
    assert_eq!(first_line(b" a b \r\n").unwrap(), b" a b ");
    assert_eq!(first_line(b"a").unwrap(), b"a");
    for wrong in [&b""[..], b"\n", b"a\nb\n", b"\r\n"] {
        assert!(first_line(wrong).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_sealed_comes_back(length in 0..200_000_usize, piece in 1..90_000_usize, armored: bool) {
        let data: Vec<u8> = (0..=255).cycle().take(length).collect();
        let mut file = seal(&recipient(), &data);
        if armored {
            let mut armor = ArmorWriter::age(Vec::new()).unwrap();
            armor.write_all(&file).unwrap();
            file = armor.finish().unwrap();
        }
        let (out, outcome) = open(&file, piece, |header| header.open_identities(&me()));
        prop_assert!(out == data);
        prop_assert_eq!(outcome, Ok(()));
    }

    #[test]
    fn one_changed_bit_gives_no_wrong_byte(at in 0..70_000_usize, bit in 0..8_u32) {
        let data: Vec<u8> = (0..=255).cycle().take(CHUNK + 3000).collect();
        let mut file = seal(&recipient(), &data);
        let at = at % file.len();
        file[at] ^= 1_u8 << bit;
        let (out, outcome) = by_identity(&file);
        prop_assert!(outcome.is_err());
        prop_assert!(data.starts_with(&out));
    }

    #[test]
    fn no_header_breaks_the_reader(tail: Vec<u8>, lines in proptest::collection::vec("(-> |---)?[ -~]{0,70}", 0..6), piece in 1..50_usize) {
        let mut file = format!("{FIRST_LINE}\n{}\n", lines.join("\n")).into_bytes();
        file.extend(tail);
        let whole = open(&file, file.len(), |header| header.open_identities(&me()));
        let pieces = open(&file, piece, |header| header.open_identities(&me()));
        prop_assert_eq!(whole, pieces);
    }
}
