//! The test vectors of the age format through the library, in pieces of any size.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "age/vectors.rs"]
mod vectors;

use procglass_age::{Envelope, FileKey, Found, Header, Identity, MOST_WORK, SealError};
use procglass_model::bundle::{hex, sha256};
use vectors::{DEVIATIONS, Expected, Vector, all};

/// The key of a file, with whatever the vector gives.
fn unlock(vector: &Vector, header: &Header) -> Result<FileKey, SealError> {
    let identities: Vec<Identity> = vector.identities.iter().filter_map(|text| text.parse().ok()).collect();
    let mut outcome = header.open_identities(&identities);
    for passphrase in &vector.passphrases {
        if outcome.is_err() {
            outcome = header.open_passphrase(passphrase.as_bytes(), MOST_WORK);
        }
    }
    outcome
}

/// What came out, and how it ended; `Ok(None)` for a file that is not taken for an encrypted one.
fn open(vector: &Vector, piece: usize) -> (Vec<u8>, Result<Option<()>, SealError>) {
    let (mut envelope, mut out) = (Envelope::default(), Vec::new());
    let mut pieces = vector.file.chunks(piece.max(1));
    let mut run = || {
        let header = loop {
            let found = match pieces.next() {
                Some(piece) => envelope.push(piece)?,
                None => Some(envelope.end()?),
            };
            match found {
                Some(Found::Sealed(header)) => break header,
                Some(_) => return Ok(None),
                None => {}
            }
        };
        let mut unsealer = std::mem::take(&mut envelope).unlock(unlock(vector, &header)?);
        for piece in pieces.by_ref() {
            unsealer.push(piece, &mut out)?;
        }
        unsealer.finish(&mut out).map(Some)
    };
    let outcome = run();
    (out, outcome)
}

fn class(vector: &Vector, outcome: &Result<Option<()>, SealError>) -> Expected {
    match outcome {
        Ok(Some(())) => Expected::Success,
        // It is not taken for an age file: for armored text, since no armor is found.
        Ok(None) if vector.armored => Expected::ArmorFailure,
        Ok(None) | Err(SealError::Header(_) | SealError::TooMuchWork { .. }) => Expected::HeaderFailure,
        Err(SealError::Changed) => Expected::HmacFailure,
        Err(SealError::Damaged { .. } | SealError::Cut { .. } | SealError::After { .. }) => {
            Expected::PayloadFailure
        }
        Err(SealError::Armor(_)) => Expected::ArmorFailure,
        Err(SealError::WrongPassphrase | SealError::WrongIdentity | SealError::UnknownRecipients(_)) => {
            Expected::NoMatch
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn every_vector_ends_as_it_should_but_for_what_is_listed() {
    let vectors = all();
    assert_eq!(vectors.len(), 143);
    let nothing = || hex(&sha256(b""));
    let authentic: Vec<_> = vectors
        .iter()
        .filter(|vector| vector.expected == Expected::Success)
        .filter_map(|vector| vector.payload.clone())
        .chain([nothing()])
        .collect();
    let mut wrong = Vec::new();
    for vector in &vectors {
        let listed = DEVIATIONS.iter().find(|(name, ..)| *name == vector.name);
        let payload = vector.payload.clone().unwrap_or_else(nothing);
        for piece in [1, 7, 65_552, usize::MAX] {
            let (out, outcome) = open(vector, piece);
            let (got, out) = (class(vector, &outcome), hex(&sha256(&out)));
            let as_expected = got == vector.expected && out == payload;
            let fits = match listed {
                None => as_expected,
                Some((_, expected, _)) => !as_expected && got == *expected && authentic.contains(&out),
            };
            if !fits {
                let expected = listed.map_or(vector.expected, |(_, expected, _)| *expected);
                wrong.push(format!(
                    "{} in pieces of {piece}: {got:?} with {out}, not {expected:?} with {payload}",
                    vector.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_deviation_is_of_a_vector_and_says_why() {
    let vectors = all();
    for (name, _, why) in DEVIATIONS {
        assert!(vectors.iter().any(|vector| vector.name == *name) && !why.is_empty(), "{name}");
    }
}
